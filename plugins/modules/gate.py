#!/usr/bin/python
"""Documentation of the action `gate`."""

DOCUMENTATION = r"""
module: gate
short_description: Judge a component by a list of gates
description:
  - Judges an export of the operation's commit, never the working tree. Gates run side by side; every gate speaks, then
    the task fails once, naming each gate that said no, what it found, what it wanted and what to do next.
  - What could not be measured is inconclusive, and inconclusive lets nothing through.
  - Runs on the control node. Writes nothing but evidence; in check mode not even that.
options:
  operation:
    description: The fact C(operation) of a component.
    type: dict
    required: true
  catalogues:
    description:
      - Names of the variables that hold gate definitions, by stage (C(staging), C(production)), and of those for
        C(verification). The defaults of the role C(quality_gates) hold and explain definitions.
    type: dict
    required: true
  extra:
    description: >-
      Gates beside those of the inventory: new ones, or known ones with a stricter objective. Loosening is refused.
    type: list
    elements: dict
    default: []
  stages:
    description: Stage of every component, by name; one that is missing is unknown.
    type: dict
    required: true
  environment:
    description: Settings of the target besides those of the operation; for C(verify) the C(published) ports.
    type: dict
    default: {}
  ledger:
    description: The entries of all ledgers.
    type: list
    elements: dict
    default: []
  issues:
    description: The tracked issues, C(asked), C(problem) and C(entries), as the fact C(standing) has them.
    type: dict
    default: {}
  evidence:
    description: Folder that gets a folder named after the run.
    type: path
    required: true
  moment:
    description: Before the deployment (C(judge)), or once it runs (C(verify)); each has criteria of its own.
    type: str
    choices: [judge, verify]
    default: judge
author: The tta.ops authors
"""

EXAMPLES = r"""
- name: Judge the component
  tta.ops.gate:
    operation: "{{ operation }}"
    catalogues: {staging: quality_gates_catalogue, production: quality_gates_production}
    stages: "{{ standing.stages }}"
    ledger: "{{ standing.entries }}"
    evidence: ~/.local/state/tta-ops/evidence
"""

RETURN = r"""
verdicts:
  description: One verdict (schema 1) a gate.
  type: list
  elements: dict
  returned: when gates were judged
criteria:
  description: The criteria with their verdict and their gates' found, wanted, by_hand, remedy, cause and again.
  type: list
  elements: dict
  returned: when gates were judged
met:
  description: How many of the counted criteria are met.
  type: str
  returned: when gates were judged
  sample: 7/7
promotable:
  description: Whether every criterion is met, those that are not counted too.
  type: bool
  returned: when gates were judged
evidence:
  description: The folder of this run's evidence and the hash over all of its files; both empty in check mode.
  type: dict
  returned: when gates were judged
pages:
  description: The paths of the report by C(html), C(md) and C(json); empty in check mode.
  type: dict
  returned: when gates were judged
warned:
  description: How many gates passed with a warning.
  type: int
  returned: when gates were judged
waived:
  description: How many criteria were let through by waivers only.
  type: int
  returned: when gates were judged
reused:
  description: How many verdicts were taken over from earlier runs.
  type: int
  returned: when gates were judged
coverage:
  description: The coverage of the component's own files in percent, by the kind of tests.
  type: dict
  returned: when gates were judged
  sample: {unit: 76.1}
report:
  description: What the callback C(tta.ops.promotion) shows.
  type: dict
  returned: always
"""
