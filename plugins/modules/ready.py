#!/usr/bin/python
"""Documentation of the action `ready`."""

DOCUMENTATION = r"""
module: ready
short_description: See that production may still be changed, right before it is
description:
  - Refuses when a freeze has begun, or a window has closed, since the judgement.
  - A waiver of the gate C(change-calendar) lets through.
options:
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  judgement:
    description: The fact C(judgement).
    type: dict
    default: {}
  ledger:
    description: The entries of all ledgers, for declared maintenance.
    type: list
    elements: dict
    default: []
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Look at the clock once more
  tta.ops.ready:
    operation: "{{ operation }}"
    judgement: "{{ judgement }}"
"""

RETURN = r"""
msg:
  description: That production may be changed.
  type: str
  returned: success
"""
