#!/usr/bin/python
"""Documentation of the action `report`."""

DOCUMENTATION = r"""
module: report
short_description: Say what runs where and what is missing for the next stage
description:
  - Reads the answers of the hosts (C(host_status), registered from M(tta.ops.release)), the notes of what silent hosts
    said last, and the evidence that the operator keeps.
  - Notes in the operator's state what each host that answers says, for the day on which it does not.
  - Runs on the control node.
options:
  operation:
    description: The fact C(operation); its C(component) may be null, which means all.
    type: dict
    required: true
  stages:
    description: Stage of every component, by name.
    type: dict
    required: true
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Say what runs where
  tta.ops.report:
    operation: "{{ operation }}"
    stages: "{{ standing.stages }}"
"""

RETURN = r"""
report:
  description: The report, with a table of components and environments.
  type: dict
  returned: success
"""
