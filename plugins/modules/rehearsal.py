"""Documentation of the action `rehearsal`; the work is done through the connection by the host program."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rehearsal
short_description: Declare a rehearsal of the way back on a host, and enter it into the ledger
description:
  - V(begin) leaves the mark of the rehearsal and begins to send requests; others cannot change the component meanwhile.
  - V(halt) ends the requests and tells what became of them.
  - V(end) enters the result into the ledger. It takes the mark away if the same release serves as before, else it fails
    and the mark stays there as dirty.
author: The tta.ops authors (@theinterneti)
options:
  step:
    description: What to do.
    type: str
    required: true
    choices: [begin, halt, end]
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  plan:
    description: What M(tta.ops.rehearse) planned, for V(begin).
    type: dict
    default: {}
  data:
    description: The data of the event C(rehearsed), for V(end).
    type: dict
    default: {}
attributes:
  check_mode:
    support: none
"""

EXAMPLES = r"""
- name: Declare it, and begin to send requests
  tta.ops.rehearsal:
    step: begin
    operation: "{{ operation }}"
    plan: "{{ rehearsal_plan }}"
"""

RETURN = r"""
mark:
  description: The mark that was left.
  returned: begin
  type: dict
traffic:
  description: C(requests), C(failures) and C(longest_gap_seconds) over the whole rehearsal; nothing when that was lost.
  returned: halt
  type: dict
current:
  description: The number of the release that serves.
  returned: halt
  type: int
entry:
  description: The ledger's entry, on the environment's first host.
  returned: end
  type: dict
why:
  description: What is not as it was before.
  returned: end
  type: list
  elements: str
"""
