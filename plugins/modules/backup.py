"""Documentation of the action `backup`; the work is done through the connection by the host program."""

from __future__ import annotations

DOCUMENTATION = r"""
module: backup
short_description: Take restore points of components, say what a restore would lose, restore
description:
  - Has the host program C(tta-ops) dump the data of components, store them in a restic repository, restore them once
    into throw-away containers without network, and put them back when asked to.
  - See docs/backups.md for what is dumped how.
author: The tta.ops authors (@theinterneti)
options:
  verb:
    description:
      - V(configure) makes the repository and keeps its key on the control node, V(backup) takes restore points.
      - V(plan_restore) says what a restore would lose and refuses unless O(accept_loss) names it, V(restore) does it.
      - V(forget) removes the restore points that no rule keeps.
    type: str
    required: true
    choices: [configure, backup, plan_restore, restore, forget]
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  settings:
    description: For V(configure), the environment's C(environment_backups). Has secrets.
    type: dict
    default: {}
  components:
    description: The components; default is the operation's own, or all that run where it has none.
    type: list
    elements: str
    default: []
  environment:
    description: The environment; default is the one that the host belongs to.
    type: str
  verify:
    description: Whether a restore point, or a restore's safety dump, is restored once now or later.
    type: str
    choices: [full, deferred]
    default: full
  point:
    description: The restore point; default is the newest verified one.
    type: str
  accept_loss:
    description: What is lost by a restore, as a length of time such as V(2h15m).
    type: str
attributes:
  check_mode:
    support: full
    description: V(plan_restore) does the same, everything else says what it would do.
"""

EXAMPLES = r"""
- name: Take restore points of everything that runs in staging
  tta.ops.backup:
    verb: backup
    operation: "{{ operation }}"
"""

RETURN = r"""
points:
  description: The records of the restore points by component; see docs/backups.md.
  returned: backup
  type: dict
point:
  description: The restore point that is, or would be, restored.
  returned: plan_restore, restore
  type: str
lost_seconds:
  description: How many seconds' changes a restore would lose.
  returned: plan_restore
  type: int
escrow:
  description: The file on the control node that has the repository's key; empty where the inventory has it.
  returned: configure
  type: str
report:
  description: What the terminal shows.
  returned: always
  type: dict
"""
