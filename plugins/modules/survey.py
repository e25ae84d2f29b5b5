#!/usr/bin/python
"""Documentation of the action `survey`."""

DOCUMENTATION = r"""
module: survey
short_description: Judge all components of the catalogue side by side
description:
  - Judges each component for the stage after its own, or for the one asked for, as M(tta.ops.gate) judges one. One in
    production is judged only when a stage was asked for.
  - Fails only when verdicts could not be had for reasons of the machine, which are in C(problems); what it returns is
    whole even then.
  - Runs on the control node. Writes evidence and reports, and in check mode not even that.
author: The tta.ops authors
options:
  operation:
    description: The fact C(operation), without a component.
    type: dict
    required: true
  catalogues:
    description: Names of the variables that hold gate definitions, by stage.
    type: dict
    required: true
  extra:
    description: Gates beside those of the inventories, as in M(tta.ops.gate).
    type: list
    elements: dict
    default: []
  stages:
    description: Stage of every component, by name.
    type: dict
    required: true
  evidence:
    description: Folder that gets a folder for each component, named after run and component.
    type: path
    required: true
  ledger:
    description: The entries of all ledgers.
    type: list
    elements: dict
    default: []
  issues:
    description: The tracked issues, C(asked), C(problem) and C(entries), as the fact C(standing) has them.
    type: dict
    default: {}
"""

EXAMPLES = r"""
- name: Judge all components side by side
  tta.ops.survey:
    operation: "{{ operation }}"
    catalogues: {staging: quality_gates_catalogue, production: quality_gates_production}
    stages: "{{ standing.stages }}"
    ledger: "{{ standing.entries }}"
    evidence: ~/.local/state/tta-ops/evidence
"""

RETURN = r"""
problems:
  description: A sentence for each component whose verdicts could not be had for reasons of the machine.
  type: list
  elements: str
  returned: when components were judged
files:
  description: COMPONENT_MATURITY_STATUS.md as it is to be, path and text; none when only some gates were judged.
  type: list
  elements: dict
  returned: when components were judged
pages:
  description: The paths of the report, by C(html), C(md) and C(json); empty in check mode.
  type: dict
  returned: when components were judged
report:
  description: What the callback C(tta.ops.promotion) shows.
  type: dict
  returned: always
"""
