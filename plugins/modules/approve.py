#!/usr/bin/python
"""Documentation of the action `approve`."""

DOCUMENTATION = r"""
module: approve
short_description: Say what the ledger is to hold when the operator approves an artifact for production
description:
  - Refuses who is not among C(environment_approval.people).
  - Runs on the control node and writes nothing; M(tta.ops.release) with C(verb=record) writes the event.
options:
  operation:
    description: The fact C(operation).
    type: dict
    required: true
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Say what the ledger is to write
  tta.ops.approve:
    operation: "{{ operation }}"
  register: approved
"""

RETURN = r"""
event:
  description: The event C(approved), for the ledger of production.
  type: dict
  returned: success
presumed:
  description: The entry as a plan (check mode) takes it for written.
  type: dict
  returned: success
"""
