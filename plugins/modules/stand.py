#!/usr/bin/python
"""Documentation of the action `stand`; the work is done on the control node."""

DOCUMENTATION = r"""
module: stand
short_description: Fold the ledgers of both environments into the stage of every component
description:
  - Expects what M(tta.ops.release) with C(verb=status) returned, as C(host_status) on each host that answered.
  - Refuses when a host of the target is silent or its Docker Engine does not answer.
author: The tta.ops authors
options:
  operation:
    description: What M(tta.ops.ask) returned.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Fold the ledgers into stages
  tta.ops.stand:
    operation: "{{ operation }}"
  run_once: true
  register: stood
"""

RETURN = r"""
standing:
  description: Stage of every component, entries of the target's ledger, and the promotion that still stands, if any.
  returned: success
  type: dict
"""
