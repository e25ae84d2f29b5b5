"""Documentation of the action `prometheus`, which stays on the control node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: prometheus
short_description: Observe by Prometheus in place of the recorder
description:
  - V(files) makes the scrape configuration, the blackbox exporter's modules, recording and alert rules with promtool's
    tests of them, and Grafana's provisioning, of what serves in an environment.
  - V(report) counts uptime out of the server's raw samples. What was not probed is unknown, never up.
  - V(conclude) shows it.
author: The tta.ops authors (@theinterneti)
options:
  step:
    description: What to do.
    type: str
    required: true
    choices: [files, report, conclude]
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  environment:
    description: The environment.
    type: str
    required: true
  settings:
    description: C(url) of Prometheus, C(blackbox) as ADDRESS:PORT, C(folder) of the files, C(grafana) if there is one.
    type: dict
    required: true
  statuses:
    description: What M(tta.ops.release) returned for V(status), one a host.
    type: list
    elements: dict
    default: []
  observed:
    description: What V(report) returned as C(observed), for V(conclude).
    type: list
    elements: dict
    default: []
attributes:
  check_mode:
    support: full
    description: Only reads.
"""

EXAMPLES = r"""
- name: Ask Prometheus
  tta.ops.prometheus:
    step: report
    operation: "{{ operation }}"
    environment: staging
    settings: "{{ observation_prometheus }}"
    statuses: "{{ [host_status] }}"
"""
