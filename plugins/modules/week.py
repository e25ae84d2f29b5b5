"""Documentation of the action `week`, which runs on the control node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: week
short_description: Show what recorders saw, in the terminal and on a page
description:
  - One mark an hour, and what the week lacks. The page needs no network and no script.
author: The tta.ops authors (@theinterneti)
options:
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  reports:
    description: The reports of M(tta.ops.observe).
    type: list
    elements: dict
    default: []
  problems:
    description: What could not be told.
    type: list
    elements: str
    default: []
  page:
    description: Where the page is written to; empty for the operator's state.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Show it
  tta.ops.week:
    operation: "{{ operation }}"
    reports: "{{ observation_report.reports }}"
"""

RETURN = r"""
page:
  description: The page's path.
  type: str
  returned: success
report:
  description: What the terminal shows.
  type: dict
  returned: always
"""
