"""Documentation of the action `stand`; the work is done on the control node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: stand
short_description: Fold the ledgers of both environments into the stage of every component
description:
  - Expects the result of M(tta.ops.release) with C(verb=status) registered as C(host_status) on each host that answered.
  - Refuses when a host of the target is silent or its Docker Engine does not answer.
author: The tta.ops authors (@theinterneti)
options:
  operation:
    description: What M(tta.ops.ask) returned.
    type: dict
    required: true
attributes:
  check_mode:
    support: full
    description: Reads only.
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
