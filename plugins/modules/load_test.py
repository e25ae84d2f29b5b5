"""Documentation of the action `load_test`."""

from __future__ import annotations

DOCUMENTATION = r"""
module: load_test
short_description: Put load on a component and judge how it bears it
description:
  - V(run) runs the monorepo's locustfile, as of the commit that serves there, with locust on the control node.
    Latency is counted from the intended start of each request; the warm-up is left out.
  - Meanwhile the host says what CPU and memory it takes.
  - V(conclude) ends the run with the report; it fails unless the verdict is pass.
author: The tta.ops authors (@theinterneti)
options:
  step:
    description: What to do.
    type: str
    choices: [run, conclude]
    default: run
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  status:
    description: What M(tta.ops.release) returned for V(status) on this host.
    type: dict
    default: {}
  users:
    description: How many users ask at once.
    type: int
    default: 100
  rate:
    description: How many of them begin in a second.
    type: float
    default: 10.0
  seconds:
    description: How long it lasts, warm-up and all.
    type: int
    default: 300
  data:
    description: C(event.data) of V(run), for V(conclude).
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    description: Says what would be loaded.
"""

EXAMPLES = r"""
- name: Put load on it
  tta.ops.load_test:
    operation: "{{ operation }}"
    status: "{{ host_status }}"
  register: load_test_result
"""

RETURN = r"""
event:
  description: What the ledger is to write, as M(tta.ops.release) takes it for V(record).
  returned: for V(run)
  type: dict
"""
