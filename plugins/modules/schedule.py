"""Documentation of the action `schedule`; the work is done through the connection by the host program."""

from __future__ import annotations

DOCUMENTATION = r"""
module: schedule
short_description: Say what a host does by itself, again and again
description:
  - Jobs are commands of the host program. They are kept in C(<state>/jobs.json) and started by systemd timers where
    systemd runs, else by cron where that runs, else by a loop of the host program.
  - A job never runs twice at once and never longer than it may; how its last run ended is kept.
  - Installs the host program first where it is missing or another version.
author: The tta.ops authors (@theinterneti)
options:
  state:
    description: The state folder of the host program.
    type: str
    required: true
  jobs:
    description:
      - Jobs to add, or to replace by name.
      - Each is C(name), C(argv) (the words after C(tta-ops), without C(--state)), either C(every_s) or C(at)
        (V("HH:MM") UTC), and C(timeout_s).
    type: list
    elements: dict
    default: []
  absent:
    description: Names of jobs to take away.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Stop what is kept warm beyond its time
  tta.ops.schedule:
    state: /var/lib/tta-ops
    jobs: [{name: cool, argv: [drain], every_s: 300, timeout_s: 120}]
"""

RETURN = r"""
mechanism:
  description: What starts the jobs, V(systemd), V(cron) or V(loop).
  type: str
  returned: success
works:
  description: Whether it does so now; null without jobs.
  type: bool
  returned: success
jobs:
  description: All jobs of the host, each with its C(last) run.
  type: list
  returned: success
"""
