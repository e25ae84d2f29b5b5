#!/usr/bin/python
"""Documentation of the action `refuse`."""

DOCUMENTATION = r"""
module: refuse
short_description: End a play in failure with a report
description:
  - For C(rescue), which has to end in failure lest the play end green.
  - Keeps the report of the task that failed and adds what serves now.
options:
  failure:
    description: C(ansible_failed_result), the result of the task that failed.
    type: dict
    required: true
  headline:
    description: The first line of the end; empty for that of the failed task's own report.
    type: str
    default: ""
  serving:
    description: What serves now, in one sentence; empty where the report says it already.
    type: str
    default: ""
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Say what went wrong and what serves now
  tta.ops.refuse:
    failure: "{{ ansible_failed_result }}"
    headline: NOT PROMOTED carbon → staging, it does not work there
    serving: "{{ release_result.msg }}"
"""

RETURN = r"""
report:
  description: What the callback C(tta.ops.promotion) shows.
  type: dict
  returned: always
"""
