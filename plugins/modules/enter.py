#!/usr/bin/python
"""Documentation of the action `enter`."""

DOCUMENTATION = r"""
module: enter
short_description: Say what the genesis record of a component is to hold
description:
  - A component that ran before the toolkit enters the ledger on a named person's word.
  - Runs on the control node and writes nothing; M(tta.ops.release) with C(verb=record) writes the event.
options:
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  ledger:
    description: Entries of the environment's ledger.
    type: list
    elements: dict
    default: []
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Say what the ledger is to write
  tta.ops.enter:
    operation: "{{ operation }}"
    ledger: "{{ standing.entries }}"
  register: genesis
"""

RETURN = r"""
event:
  description: The event to record; empty when the same word was given before.
  type: dict
  returned: success
"""
