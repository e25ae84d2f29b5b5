#!/usr/bin/python
"""Documentation of the action `replay`."""

DOCUMENTATION = r"""
module: replay
short_description: Judge past promotions by another catalogue of gates
description:
  - Judges the stored evidence of every promotion in the ledgers by the gates in the file C(policy) of the operation,
    and says which of them it would have refused. Runs no tool and writes nothing.
  - Evidence that is missing, or not what the ledger's root hash was made of, and a gate whose indicator has left no
    document, are inconclusive, and inconclusive would have been refused.
  - Runs on the control node.
author: The tta.ops authors
options:
  operation:
    description: The fact C(operation), with C(policy), and perhaps a component.
    type: dict
    required: true
  ledger:
    description: The entries of all ledgers.
    type: list
    elements: dict
    default: []
  evidence:
    description: The operator's folder of evidence.
    type: path
    required: true
"""

EXAMPLES = r"""
- name: Judge past promotions by another policy
  tta.ops.replay:
    operation: "{{ operation }}"
    ledger: "{{ standing.entries }}"
    evidence: ~/.local/state/tta-ops/evidence
"""

RETURN = r"""
promotions:
  description: Component, stage, at, run and reasons of each promotion, oldest first; without reasons it is let through.
  type: list
  elements: dict
  returned: success
report:
  description: What the callback C(tta.ops.promotion) shows.
  type: dict
  returned: always
"""
