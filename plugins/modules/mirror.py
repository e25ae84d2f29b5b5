#!/usr/bin/python
"""Documentation of the action `mirror`."""

DOCUMENTATION = r"""
module: mirror
short_description: Bring issues to where they are tracked besides
description:
  - Brings each issue into the state that its document wants, in the tracker that the catalogue's C(monorepo.tracker)
    names. Doing it twice changes nothing.
  - What cannot be sent waits beside the environment's ledger, and is sent by the next run, in order and once. Nothing
    of that fails the run.
  - The token comes from the control node's environment, never from a variable.
  - Delegate it to the environment's first host, whose connection it uses for what waits. HTTP goes from the
    control node.
options:
  do:
    description: Whether to send issues, or to read those of a component.
    type: str
    default: send
    choices: [send, read]
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  environment:
    description: The environment beside whose ledger they stand; the host's own unless given.
    type: str
  issues:
    description: >-
      The documents (C(kind), C(key), C(title), C(labels), C(body), C(state), C(comments), C(milestone), C(board),
      C(links)).
    type: list
    elements: dict
    default: []
  component:
    description: Whose issues to read; the operation's unless given.
    type: str
  labels:
    description: Which issues to read besides blockers and incidents. A C(*) at the end stands for anything.
    type: list
    elements: str
    default: []
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Publish the promotion request
  tta.ops.mirror:
    operation: "{{ operation }}"
    issues: "{{ documents }}"
  delegate_to: "{{ operation.environments.staging.hosts[0] }}"
"""

RETURN = r"""
numbers:
  description: Numbers of all issues that are known there, by key.
  type: dict
  returned: with C(send)
  sample: {promotion/carbon/staging/0123456789ab: 46}
url:
  description: Their addresses, by key.
  type: dict
  returned: with C(send)
queued:
  description: How many documents wait to be sent.
  type: int
  returned: with C(send)
found:
  description: Issues, each with C(key) (none for a person's), C(number), C(url), C(title), C(state), C(labels), C(by).
  type: list
  elements: dict
  returned: with C(read)
known:
  description: Whether the tracker answered; if not, an empty C(found) says nothing.
  type: bool
  returned: with C(read)
msg:
  description: What kept something from being sent or read, what would be right, what to do next; or nothing.
  type: str
  returned: always
"""
