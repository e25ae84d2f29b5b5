"""Documentation of the action `receipt`; the work is done on the control node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: receipt
short_description: Say what came of a deploy or a rollback, who serves since when, and what users saw of it
description:
  - Shows the guide's five boxes, the release that serves, and the requests that the host itself sent meanwhile.
  - Fails when a box is not as it should be. A box that could not be looked at says why, and does not fail.
author: The tta.ops authors (@theinterneti)
options:
  operation:
    description: The fact C(operation) of this run.
    type: dict
    required: true
  way:
    description: What M(tta.ops.plan) returned; empty after a deploy.
    type: dict
    default: {}
  result:
    description: What M(tta.ops.release) returned.
    type: dict
    required: true
  boxes:
    description:
      - What the verification found. C(health) and C(tests) say what is wrong, or are empty, C(untested) why no test
        ran, C(errors) is what M(tta.ops.release) with the verb C(errors) returned.
    type: dict
    default: {}
attributes:
  check_mode:
    support: full
    description: Reads only.
"""

EXAMPLES = r"""
- name: Say who serves since when, and whether all is well
  tta.ops.receipt:
    operation: "{{ operation }}"
    way: "{{ release_way }}"
    result: "{{ release_result }}"
    boxes: {health: "", tests: "", untested: "", errors: "{{ logged }}"}
"""

RETURN = r"""
report:
  description: What the terminal shows at the end.
  returned: always
  type: dict
"""
