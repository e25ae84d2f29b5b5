"""Documentation of the action `release`; the work is done through the connection by the host program."""

from __future__ import annotations

DOCUMENTATION = r"""
module: release
short_description: Deploy a component's release on a host, return to an earlier one, see what runs
description:
  - Has the host program C(tta-ops) do one uninterrupted act, in one call, with everything streamed over stdin.
  - Installs or updates the host program when an act needs it. V(status) only reads, and runs it from memory then.
  - A deploy that fails goes back to the release before; a failed first one is removed, its volumes stay.
  - Either fails the task.
author: The tta.ops authors (@theinterneti)
options:
  verb:
    description:
      - What to do. V(install) puts the host program and the state folder in their places.
      - V(keep) copies a folder of evidence to the host, V(kept) tells and compares what is kept there.
      - V(errors) looks into the logs of the release that serves, since the last act began.
      - V(look) looks on at it for C(seconds), and fails as soon as it is not healthy, ends, or has errors in its logs
        that the release before did not have.
      - V(remove) stops and removes what serves; its volumes, releases and ledger stay.
      - V(abort) gives up what is prepared and brings an act that was cut off to its end.
    type: str
    required: true
    choices: [status, deploy, rollback, abort, record, install, keep, kept, errors, look, remove, edge]
  operation:
    description: The fact C(operation); every verb but V(install) and V(edge) needs it.
    type: dict
  state:
    description: The state folder on the host; default is the one of the environment.
    type: str
  environment:
    description: The environment; default is the one that the host belongs to.
    type: str
  component:
    description: The component; default is the operation's own.
    type: str
  artifact:
    description: What V(deploy) deploys; default is the operation's, or another component at the same commit.
    type: dict
  environment_file:
    description: The text of the environment file for V(deploy). Secret.
    type: str
  only_if_stopped:
    description: Whether V(deploy) leaves a release alone that is running and healthy, and starts one that is stopped.
    type: bool
    default: false
  release:
    description: The kept release that V(rollback) returns to; 0 or nothing for the one before the current.
    type: int
  undo:
    description:
      - Whether V(rollback) takes back what this run itself has deployed, and nothing else.
      - A first release is removed then. The release that was taken back is not a way back any more.
    type: bool
    default: false
  event:
    description: What V(record) writes to the ledger, C(event) at least; once for a run, event and component.
    type: dict
  anchors:
    description:
      - The heads of all ledgers by environment, each with C(seq) and C(hash); those of the other environments go into
        the event that V(record) writes, as C(data.anchors).
    type: dict
    default: {}
  evidence:
    description: The evidence that V(keep) copies, C(path) on the control node and C(root_sha256).
    type: dict
  run:
    description: The run whose evidence V(kept) gives back as a tar in base64; without it all that is kept is told.
    type: str
  edge:
    description:
      - What V(edge) makes the image of the edges from, as C(environment_blue_green) says, when it is not there.
    type: dict
  seconds:
    description: For how long V(look) looks on; it looks at least once.
    type: float
    default: 0
attributes:
  check_mode:
    support: full
    description: Changes nothing and says in C(msg) what it would do.
"""

EXAMPLES = r"""
- name: Replace the running release
  tta.ops.release:
    verb: deploy
    operation: "{{ operation }}"
    environment_file: "{{ lookup('tta.ops.environment_file', operation, 'staging', values=environment_values) }}"
  register: deployed

- name: Let the release before serve again
  tta.ops.release:
    verb: rollback
    operation: "{{ operation }}"
"""

RETURN = r"""
outcome:
  description:
    - Good are V(deployed), V(unchanged), V(started) (was stopped), V(planned) (check mode), V(returned) (a rollback).
    - Bad are V(returned) (the old one serves again), V(removed) (it was the first), V(failed), V(locked),
      V(unfinished) (the same again brings it to its end).
  returned: deploy, rollback, abort
  type: str
release:
  description: The record of the release that the act was about.
  returned: deploy, rollback
  type: dict
current:
  description: The number of the release that serves now.
  returned: deploy, rollback
  type: int
previous:
  description: The number of the release that a rollback returns to.
  returned: deploy, rollback
  type: int
containers:
  description: What runs now, with C(service), C(id), C(image), C(state), C(health), C(started).
  returned: deploy, rollback
  type: list
  elements: dict
published:
  description: By service and container port, the address and port where it can be reached.
  returned: deploy, rollback
  type: dict
  sample: {carbon: {"8080": "127.0.0.1:8091"}}
receipt:
  description: How long each step took, and for how many seconds nothing answered.
  returned: deploy, rollback
  type: dict
status:
  description: Whether the engine answers, and by environment the components with what runs, and the ledger.
  returned: status
  type: dict
entry:
  description: The ledger's entry.
  returned: record
  type: dict
runs:
  description: By run, the C(root_sha256), the C(bytes) and the C(findings) of the evidence that is kept.
  returned: kept
  type: dict
ledger:
  description: The bytes of the environment's ledger in base64.
  returned: kept
  type: str
tar:
  description: The evidence of one run as a compressed tar in base64.
  returned: kept with C(run)
  type: str
disk:
  description: How many bytes all evidence takes on the host, C(used_bytes), and how many are free, C(free_bytes).
  returned: keep
  type: dict
report:
  description: What the terminal shows of a failure.
  returned: failure
  type: dict
"""
