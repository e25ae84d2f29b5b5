#!/usr/bin/python
"""Documentation of the action `track`."""

DOCUMENTATION = r"""
module: track
short_description: Compute what a promotion leaves in writing
description:
  - Returns what the tracker is to hold of a promotion, the texts of MATURITY.md and of the page of all components, and
    the ledger's entry. Writes nothing itself.
  - Runs on the control node.
options:
  moment:
    description:
      - C(known) puts together what was read; C(admit) refuses what open blockers and incidents do not let through.
      - Then C(judged), whatever came of it, C(record) once it is verified, and C(complete).
      - C(blocker) and C(incident) are what a person typed; C(happened) writes the incident reports that are due;
        C(retrospective) is the page of a promotion; C(demoted) follows a demotion.
    type: str
    required: true
    choices: [known, admit, judged, record, complete, blocker, incident, happened, retrospective, demoted]
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  judgement:
    description: What M(tta.ops.gate) returned. Needed for C(judged) and C(record), and in check mode.
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
  tracked:
    description: What is tracked of the component, as C(known) returned it.
    type: dict
    default: {}
  read:
    description: With C(known), what M(tta.ops.issues) read (C(entries), C(problem)).
    type: dict
    default: {}
  there:
    description: With C(known), what M(tta.ops.mirror) read.
    type: dict
    default: {}
  numbers:
    description: Numbers of issues in the tracker elsewhere, by key; they win over those of the environment.
    type: dict
    default: {}
  page:
    description: The page of all components, relative to the monorepo.
    type: str
    default: ""
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Write down what the promotion changed
  tta.ops.track:
    moment: complete
    operation: "{{ operation }}"
    stages: "{{ standing.stages }}"
    ledger: "{{ standing.entries }}"
    tracked: "{{ tracked }}"
    page: docs/component-promotion/COMPONENT_MATURITY_STATUS.md
"""

RETURN = r"""
issues:
  description: The wanted states of issues, for M(tta.ops.issues) and M(tta.ops.mirror).
  type: list
  elements: dict
  returned: with C(judged) and C(complete)
files:
  description: Files of the monorepo, each with C(path) and C(text).
  type: list
  elements: dict
  returned: with C(complete)
event:
  description: The entry for the ledger.
  type: dict
  returned: with C(record)
tracked:
  description: What is tracked of the component.
  type: dict
  returned: with C(known)
fixes:
  description: The incidents that the promotion fixes, each with C(incident), C(number) and C(fix).
  type: list
  elements: dict
  returned: with C(admit)
report:
  description: How it ended, for the terminal.
  type: dict
  returned: with C(complete)
"""
