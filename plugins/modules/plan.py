"""Documentation of the action `plan`; the work is done on the control node."""

from __future__ import annotations

DOCUMENTATION = r"""
module: plan
short_description: Say what a rollback will do before it does, or refuse it
description:
  - Reads what M(tta.ops.release) with the verb C(status) registered as C(host_status) on the hosts of the target.
  - Says from which release to which it goes, whether that one is still warm, how many seconds it took before, and that
    data stays as it is.
  - Fails, with what to type instead, for a release that is unknown, pruned, current or never served, where there is
    none before, where an image of a component with data or a data schema lies between, and where hosts are not alike.
author: The tta.ops authors (@theinterneti)
options:
  operation:
    description: The fact C(operation) of this run.
    type: dict
    required: true
attributes:
  check_mode:
    support: full
    description: Reads only; in check mode its report is the run's.
"""

EXAMPLES = r"""
- name: Say from where to where it goes
  tta.ops.plan:
    operation: "{{ operation }}"
  register: release_way
"""

RETURN = r"""
number:
  description: The release that is returned to.
  returned: success
  type: int
origin:
  description: The release that serves now, as C(status) tells of it.
  returned: success
  type: dict
goal:
  description: The release that is returned to, as C(status) tells of it.
  returned: success
  type: dict
subject:
  description: An operation about the artifact of that release, for the tests that follow.
  returned: success
  type: dict
untested:
  description: Why the integration tests cannot run here; empty when they can.
  returned: success
  type: str
"""
