#!/usr/bin/python
"""Documentation of the action `issues`."""

DOCUMENTATION = r"""
module: issues
short_description: Read or write what is tracked of an environment
description:
  - Promotion requests, blockers, incidents and retrospectives lie beside the ledger, on the environment's first host.
  - Delegate it there.
options:
  do:
    description: Whether to read all issues or to put some.
    type: str
    choices: [read, put]
    default: read
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  environment:
    description: Whose issues.
    type: str
    required: true
  issues:
    description: With C(put), the wanted states. An issue is told by its C(key); the same again changes nothing.
    type: list
    elements: dict
    default: []
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Read what is tracked in staging
  tta.ops.issues:
    operation: "{{ operation }}"
    environment: staging
  delegate_to: "{{ operation.environments.staging.hosts[0] }}"
"""

RETURN = r"""
entries:
  description: All issues, by number.
  type: list
  elements: dict
  returned: with C(read)
problem:
  description: Why they could not be read; empty when they could.
  type: str
  returned: with C(read)
issues:
  description: What was put, each with C(key), C(number), C(state) and C(changed).
  type: list
  elements: dict
  returned: with C(put)
"""
