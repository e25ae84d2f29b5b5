#!/usr/bin/python
"""Documentation of the action `watch`; the work is done by the host program."""

DOCUMENTATION = r"""
module: watch
short_description: Have the host watch a new release, and take it back by itself when a trigger fires
description:
  - The host goes on when this run is over and the connection is gone; see docs/production.md.
  - C(note) keeps which kinds of errors are logged before a deploy, so that new ones can be told.
options:
  operation:
    description: The fact C(operation); C(environment_watch) of the target says how long, how often and which triggers.
    type: dict
    required: true
  do:
    description: What to do.
    type: str
    choices: [note, start]
    default: start
  release:
    description: The number of the release that is to be watched.
    type: int
  webhook:
    description: The address that the host tells of what it did; a secret.
    type: str
    default: ""
  tells_only:
    description: Whether the host takes nothing back, and only tells; so it is after a rollback.
    type: bool
    default: false
author: The tta.ops authors
attributes:
  check_mode:
    support: full
    description: Watches nothing.
"""

EXAMPLES = r"""
- name: Watch it
  tta.ops.watch:
    operation: "{{ operation }}"
    release: "{{ release_result.release.number }}"
"""

RETURN = r"""
watch:
  description: What is watched since when and until when, and what was seen.
  type: dict
  returned: success
report:
  description: What the terminal shows when a trigger fired within the first minutes.
  type: dict
  returned: failure
"""
