#!/usr/bin/python
"""Documentation of the action `verify_evidence`; the work is done on the control node."""

DOCUMENTATION = r"""
module: verify_evidence
short_description: Decide every kept verdict again and name what is not what it was
description:
  - Reads the operator's evidence, the hosts' copies and the ledgers; decides every verdict again from its folder alone.
  - Fails when a byte was changed, when a line, a tail or a file is missing or new, when a verdict does not follow from
    its evidence, when a ledger is shorter than others remember it, or when a copy could not be looked at.
  - Expects what M(tta.ops.release) with C(verb=kept) returned, as C(host_kept) on each environment's first host.
  - The variables C(run) and C(component) narrow down which evidence is looked at; the ledgers always are.
author: The tta.ops authors
options:
  operation:
    description: What M(tta.ops.ask) returned.
    type: dict
    required: true
  moment:
    description: V(look) says which evidence only hosts have, V(verify) verifies all there is.
    type: str
    choices: [look, verify]
    default: verify
  fetched:
    description: Results of M(tta.ops.release) with C(verb=kept) and C(run), in a loop over C(only_on_hosts).
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Verify all there is
  tta.ops.verify_evidence:
    operation: "{{ operation }}"
"""

RETURN = r"""
only_on_hosts:
  description: The C(environment), C(host) and C(run) of evidence that the operator does not have.
  returned: look
  type: list
  elements: dict
problems:
  description: A sentence for everything that does not fit.
  returned: verify
  type: list
  elements: str
verdicts:
  description: How many verdicts were decided again.
  returned: verify
  type: int
report:
  description: What the terminal shows.
  returned: verify
  type: dict
"""
