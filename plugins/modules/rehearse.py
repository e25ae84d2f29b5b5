"""Documentation of the action `rehearse`, which stays on the control node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: rehearse
short_description: Plan a rehearsal of the way back, judge it, say what came of it
description:
  - V(plan) decides from C(host_status) of the target's hosts from which release to which and back it goes, or refuses.
  - V(judge) makes the data of the ledger's event C(rehearsed) of what the legs left, and the page for operators.
  - V(conclude) ends the run with the report; it fails unless all was looked at, was well, and is as it was before.
author: The tta.ops authors (@theinterneti)
options:
  step:
    description: What to do.
    type: str
    required: true
    choices: [plan, judge, conclude]
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  seconds:
    description: For how long the rehearsal is declared.
    type: float
    default: 3600.0
  days:
    description: For how many days its result counts.
    type: int
    default: 14
  plan:
    description: What V(plan) returned.
    type: dict
    default: {}
  legs:
    description: What the role has left of each change, as C(plugin_utils/rehearsal/legs.py) describes it.
    type: list
    elements: dict
    default: []
  halted:
    description: What the module M(tta.ops.rehearsal) returned for V(halt) of that one.
    type: dict
    default: {}
  data:
    description: What V(judge) returned as C(data).
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    description: V(plan) shows the plan.
"""

EXAMPLES = r"""
- name: Say what is rehearsed
  tta.ops.rehearse:
    step: plan
    operation: "{{ operation }}"
  register: rehearsal_plan
"""

RETURN = r"""
legs:
  description: By name (V(away), V(back), V(home)) what a change takes, such as its C(operation) and C(number).
  returned: plan
  type: dict
origin:
  description: The release that serves, and shall serve again.
  returned: plan
  type: dict
goal:
  description: The release before; nothing for a first release, which is taken away instead.
  returned: plan
  type: dict
home:
  description: The mark of an earlier rehearsal that has to be brought to its end first.
  returned: plan
  type: dict
data:
  description: The data of the event C(rehearsed).
  returned: judge
  type: dict
files:
  description: The page, C(path) and C(text); none without a checkout.
  returned: judge
  type: list
  elements: dict
report:
  description: What the terminal shows.
  returned: conclude, and plan in check mode
  type: dict
"""
