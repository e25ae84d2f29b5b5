"""Documentation of the action `carry`; the work is done by the control node and the host program of two hosts."""

from __future__ import annotations

DOCUMENTATION = r"""
module: carry
short_description: Bring the images of an artifact from the host that built them to another
description:
  - Streams what is missing (layers, not whole images, where both engines keep them alike) through the control node,
    piece by piece over the connections that Ansible has; nothing of it touches the control node's disk.
  - Every image is compared on arrival. What was cut off or altered is refused, and nothing gets a name then.
  - Where the environment has a registry, the source pushes there and this host pulls by digest.
  - A release that is prepared afterwards builds nothing.
author: The tta.ops authors (@theinterneti)
options:
  operation:
    description: The fact C(operation).
    type: dict
    required: true
  source:
    description: The host that has the images; default is the first one of the environment.
    type: str
  component:
    description: The component; default is the operation's own.
    type: str
  environment:
    description: The environment; default is the one that the host belongs to.
    type: str
  artifact:
    description: The artifact; default is the operation's, or another component at the same commit.
    type: dict
  if_there:
    description: Carry nothing, and be content, where the source has nothing of the artifact.
    type: bool
    default: false
attributes:
  check_mode:
    support: full
    description: Carries nothing.
"""

EXAMPLES = r"""
- name: Bring to production what was built and judged in staging
  tta.ops.carry:
    operation: "{{ operation }}"
    source: staging-1
"""

RETURN = r"""
bytes:
  description: How big the images are that were missing.
  returned: success
  type: int
carried:
  description: How many bytes went over; fewer than C(bytes) where layers were there.
  returned: success
  type: int
seconds:
  description: How long it took.
  returned: success
  type: float
artifact:
  description: The artifact as this host has it, with the ids of its images.
  returned: success
  type: dict
report:
  description: What the terminal shows of a failure.
  returned: failure
  type: dict
"""
