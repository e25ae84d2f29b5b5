"""Documentation of the action `observe`; the work is done through the connection by the host program."""

from __future__ import annotations

DOCUMENTATION = r"""
module: observe
short_description: Have a host's recorder begin, end or tell what it saw
description:
  - The recorder looks at every observed component once a minute, from the host itself.
  - Used by the role P(tta.ops.observation#role).
author: The tta.ops authors (@theinterneti)
options:
  do:
    description:
      - V(start) observes from now on, V(stop) no longer; V(report) tells what was seen.
      - V(maintenance) declares a window that lies ahead, C(from) and C(until) of the operation.
      - V(tests) notes how the integration tests of the day went.
    type: str
    required: true
    choices: [start, stop, report, maintenance, tests]
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  environment:
    description: The environment; default is the one that the host belongs to.
    type: str
  component:
    description: The component; default is the operation's own, for V(report) all without one.
    type: str
  record:
    description: Whether V(report) writes what it tells into the ledger.
    type: bool
    default: false
  tests:
    description: For V(tests), C(ok) (null when they could not be run) and C(said).
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Observe it from now on
  tta.ops.observe:
    do: start
    operation: "{{ operation }}"
"""

RETURN = r"""
reports:
  description: For V(report), a report of each observed component; see docs/observation.md.
  type: list
  returned: report
problems:
  description: What could not be told.
  type: list
  returned: report
"""
