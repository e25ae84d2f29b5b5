#!/usr/bin/python
"""Documentation of the action `track`."""

DOCUMENTATION = r"""
module: track
short_description: Compute what a promotion leaves in writing
description:
  - Returns the texts of the promotion request, of MATURITY.md and of the page of all components. Writes nothing itself.
  - Runs on the control node.
options:
  moment:
    description: Before the deployment (C(request)), once verified (C(record)), then C(complete).
    type: str
    required: true
    choices: [request, record, complete]
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  judgement:
    description: What M(tta.ops.gate) returned. Needed for C(request), and in check mode.
    type: dict
    default: {}
  stages:
    description: Stage of every component, by name.
    type: dict
    default: {}
  ledger:
    description: Entries of the ledgers. C(complete) works from the event C(promoted) of this artifact.
    type: list
    elements: dict
    default: []
  deployed:
    description: What M(tta.ops.release) returned for the deployment; empty when there was nothing to deploy.
    type: dict
    default: {}
  anchors:
    description: Heads (C(seq), C(hash)) of the environments' ledgers, by environment; the request keeps them.
    type: dict
    default: {}
  known:
    description: The request's JSON that is already there, base64-encoded; empty when there is none.
    type: str
    default: ""
  page:
    description: The page of all components, relative to the monorepo.
    type: str
    required: true
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Write down what the promotion changed
  tta.ops.track:
    moment: complete
    operation: "{{ operation }}"
    ledger: "{{ standing.entries }}"
    page: docs/component-promotion/COMPONENT_MATURITY_STATUS.md
"""

RETURN = r"""
request:
  description: Texts of the request's two files, by ending.
  type: dict
  returned: success
  sample: {json: "{}", md: "# [PROMOTION] carbon: development → staging"}
files:
  description: Files of the monorepo, with absolute paths; empty for C(request).
  type: list
  elements: dict
  returned: success
event:
  description: What the ledger is to write.
  type: dict
  returned: with C(record)
report:
  description: The end of the promotion, as the terminal shows it.
  type: dict
  returned: with C(complete)
"""
