#!/usr/bin/python
"""Documentation of the action `foretell`."""

DOCUMENTATION = r"""
module: foretell
short_description: Say what a component lacks for production, how long that takes, and when production can be
description:
  - Works from a judgement, the ledgers and the calendar; promotes and writes nothing.
options:
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  judgement:
    description: The fact C(judgement); empty when the promotion already stands.
    type: dict
    default: {}
  standing:
    description: The fact C(standing).
    type: dict
    required: true
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Say what is missing, how long it takes, and when it can be
  tta.ops.foretell:
    operation: "{{ operation }}"
    judgement: "{{ judgement }}"
    standing: "{{ standing }}"
"""

RETURN = r"""
report:
  description: What the terminal shows.
  type: dict
  returned: success
"""
