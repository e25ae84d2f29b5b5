#!/usr/bin/python
"""Documentation of the action `ask`; the work is done on the control node."""

DOCUMENTATION = r"""
module: ask
short_description: Check what the operator typed and say what the run is about
description:
  - Checks every front-door variable before any template sees it, reads the catalogue and the monorepo's commit, and
    returns the operation that every later step works from.
  - Refuses with one sentence; nothing has changed by then.
author: The tta.ops authors
options:
  verb:
    description: The verb that the playbook stands for.
    type: str
    required: true
  target:
    description: The environment that the verb acts on; empty when the operator's C(target) says it, or none is needed.
    type: str
    choices: ["", staging, production]
    default: ""
  needs:
    description: Front-door variables that must be there, each with what would be right.
    type: dict
    default: {}
  reads_monorepo:
    description: Whether the verb works from the component's files.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Check what was typed
  tta.ops.ask:
    verb: promote-staging
    target: staging
    needs:
      component: the component to promote
  run_once: true
  register: asked
"""

RETURN = r"""
operation:
  description: Component, artifact, environments, actor and run; see docs/architecture.md.
  returned: success
  type: dict
report:
  description: What the terminal shows when the input is refused.
  returned: failure
  type: dict
"""
