#!/usr/bin/python
"""Documentation of the action `demote`."""

DOCUMENTATION = r"""
module: demote
short_description: Say what a demotion writes into which ledger, and whether something is removed with it
description:
  - Refuses a component that is not above the stage wanted.
  - Runs on the control node and writes nothing; M(tta.ops.release) records the event and removes.
options:
  operation:
    description: The fact C(operation); C(stage_wanted) is the stage it is demoted to, none for the one below.
    type: dict
    required: true
  standing:
    description: The fact C(standing).
    type: dict
    required: true
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Say what the ledger is to write
  tta.ops.demote:
    operation: "{{ operation }}"
    standing: "{{ standing }}"
  register: demoted
"""

RETURN = r"""
event:
  description: The event C(demoted); empty when the component has that stage already.
  type: dict
  returned: success
environment:
  description: The environment whose ledger it belongs into.
  type: str
  returned: success
removes:
  description: Whether what runs in staging is stopped and removed.
  type: bool
  returned: success
"""
