"""Documentation of the action `notify`; the work is done on the control node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: notify
short_description: Tell those who want to know of a deploy, a rollback, an incident or a plan
description:
  - Tells the variables C(environment_webhook) (JSON) and C(environment_notify) (JSON, Slack's shape, or a command) of
    the target's hosts. Where both are empty nothing is sent.
  - Never fails. What did not arrive is warned of, without the address, which is a secret, and sent by the next run.
author: The tta.ops authors (@theinterneti)
options:
  operation:
    description: The fact C(operation) of this run.
    type: dict
    required: true
  event:
    description: What happened, one of the moments of hooks, C(announced) or C(incident).
    type: str
    required: true
  result:
    description: What M(tta.ops.release) returned.
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    description: Sends nothing.
"""

EXAMPLES = r"""
- name: Tell the address of your choice
  tta.ops.notify:
    operation: "{{ operation }}"
    event: post_deploy
    result: "{{ release_result }}"
"""

RETURN = r"""
notified:
  description: Whether the address was told.
  returned: always
  type: bool
"""
