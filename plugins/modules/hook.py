"""Documentation of the action `hook`; the work is done on the control node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: hook
short_description: Run a hook of the operator's on the control node
description:
  - Runs a command with the release in its environment (C(TTA_COMPONENT), C(TTA_RELEASE) and others, see
    C(docs/releases.md)), or says which file of tasks is to be included.
  - Fails when the command ends with anything but 0 or is not done in time.
author: The tta.ops authors (@theinterneti)
options:
  operation:
    description: The fact C(operation) of this run.
    type: dict
    required: true
  moment:
    description: When it runs.
    type: str
    choices: [pre_deploy, post_deploy, post_rollback, on_failure]
    required: true
  hook:
    description: The hook, C(command), C(tasks) and C(seconds).
    type: dict
    required: true
  result:
    description: What M(tta.ops.release) returned; empty before it.
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    description: Runs nothing and says what it would run.
"""

EXAMPLES = r"""
- name: Run a command of yours
  tta.ops.hook:
    operation: "{{ operation }}"
    moment: post_deploy
    hook: {command: [notify-send, deployed], tasks: "", seconds: 10}
    result: "{{ release_result }}"
"""

RETURN = r"""
told:
  description: What the hook finds in its environment.
  returned: always
  type: dict
tasks:
  description: The file of tasks; empty for a command.
  returned: always
  type: str
"""
