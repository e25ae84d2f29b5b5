#!/usr/bin/python
"""Documentation of the action `audit`."""

DOCUMENTATION = r"""
module: audit
short_description: Follow the chain of every ledger, and export the entries
description:
  - Says whether every ledger is whole, and as long as the other ledgers and the promotion requests remember it.
  - A ledger that could not be read is a problem too. Writes nothing itself; runs on the control node.
  - Expects C(host_kept), what M(tta.ops.release) with the verb C(kept) returned, on each environment's first host.
options:
  operation:
    description: The fact C(operation); with a C(target) only that environment's ledger.
    type: dict
    required: true
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Audit the ledgers
  tta.ops.audit:
    operation: "{{ operation }}"
"""

RETURN = r"""
files:
  description: One for each ledger, with C(name) (the environment) and C(text) (JSON).
  type: list
  elements: dict
  returned: always
problems:
  description: A sentence for everything that does not fit.
  type: list
  elements: str
  returned: always
"""
