"""Documentation of the action `health`; samples are taken on the host by the host program, or on the control node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: health
short_description: Ask a service until it was healthy several times in a row
description:
  - Takes samples over HTTP, HTTPS or TCP, or asks a container's own health check.
  - It is healthy when O(consecutive) samples in a row were good.
  - There is one O(deadline) for all of them. What was not healthy by then fails the task.
author: The tta.ops authors (@theinterneti)
options:
  from:
    description: Where the samples are taken, on the task's host or on the control node.
    type: str
    choices: [host, operator]
    default: host
  service:
    description: The service's name, for messages.
    type: str
    required: true
  url:
    description: What to get over HTTP or HTTPS; an answer of 200 to 299 is good. Redirects are not followed.
    type: str
  tcp:
    description: What to connect to, as address:port.
    type: str
  container:
    description: The name or id of a container whose own health check counts; without one it is never healthy.
    type: str
  host_header:
    description: The Host header to send instead of the URL's host.
    type: str
  ca:
    description: A PEM file on the control node with the only CA to trust for O(url).
    type: path
  expect:
    description: A JMESPath expression over the JSON answer of O(url) that must give true.
    type: str
  consecutive:
    description: How many samples in a row must be good.
    type: int
    default: 3
  deadline:
    description: Seconds after which it is given up.
    type: float
    default: 60
  interval:
    description: Seconds between two samples.
    type: float
    default: 1
attributes:
  check_mode:
    support: full
    description: Reads only.
"""

EXAMPLES = r"""
- name: Ask from where the users are
  tta.ops.health:
    from: operator
    service: carbon
    url: http://192.0.2.10:8091/health
    expect: "status == 'ok'"
"""

RETURN = r"""
samples:
  description: How many samples were taken.
  returned: always
  type: int
in_a_row:
  description: How many good ones came last in a row.
  returned: always
  type: int
last:
  description: The last sample, with C(ok), C(status), C(body), C(ms), C(error).
  returned: always
  type: dict
seconds:
  description: How long it took.
  returned: always
  type: float
report:
  description: What the terminal shows of a failure.
  returned: failure
  type: dict
"""
