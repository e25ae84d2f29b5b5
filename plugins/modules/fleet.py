"""Documentation of the action `fleet`; the work is done through the connection by the host program."""

from __future__ import annotations

DOCUMENTATION = r"""
module: fleet
short_description: One host's part in changing all hosts of an environment together
description:
  - Each step leaves the host's state, to be registered as C(release_fleet), and reads those of all other hosts.
  - No step but V(conclude) fails, so that all hosts hear of what went wrong on one and end alike.
  - Used by the role P(tta.ops.release#role), whose C(fleet.yml) has the steps in their order.
author: The tta.ops authors (@theinterneti)
options:
  step:
    description:
      - V(ready) sees what serves; V(lease) keeps other operators out; V(start) starts what the component depends on.
      - V(prepare) makes and judges the release beside what serves; V(carry) brings the images; V(switch) lets it serve.
      - V(return) lets an earlier release serve, when all hosts before this one could.
      - V(back) returns to what served before when another host could not change; V(conclude) says how it ended.
    type: str
    required: true
    choices: [ready, lease, start, carry, prepare, switch, return, back, conclude]
  turn:
    description: Which hosts act; the others keep their state.
    type: str
    choices: [first, others, all]
    default: all
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  environment:
    description: The environment; default is the one that the host belongs to.
    type: str
  component:
    description: The component; default is the operation's own.
    type: str
  artifact:
    description: The artifact; default is the operation's, or another component at the same commit.
    type: dict
  environment_file:
    description: The text of the environment file for V(start) and V(prepare). Secret.
    type: str
  release:
    description: The kept release that V(return) lets serve; nothing or 0 for the one before the current.
    type: int
"""

EXAMPLES = r"""
- name: Switch the first host, as the canary
  tta.ops.fleet:
    step: switch
    turn: first
    operation: "{{ operation }}"
  register: release_fleet
"""

RETURN = r"""
before:
  description: What served on this host before, C(number), C(tree) and C(previous).
  returned: always
  type: dict
result:
  description: The host program's last answer; see M(tta.ops.release).
  returned: after V(prepare)
  type: dict
fence:
  description: The number of the lease.
  returned: after V(lease), on the first host
  type: int
problem:
  description: Why this host cannot change.
  returned: when it cannot
  type: str
lost:
  description: What the connection said.
  returned: when the host cannot be reached
  type: str
report:
  description: What the terminal shows of a failure.
  returned: failure
  type: dict
"""
