"""Documentation of the action `place`."""

from __future__ import annotations

DOCUMENTATION = r"""
module: place
short_description: Write many small files into a folder
description:
  - Replaces each file as a whole, and only when it differs. What else is in the folder is left alone.
author: The tta.ops authors (@theinterneti)
options:
  folder:
    description: The folder; it is made when it is missing.
    type: str
    required: true
  files:
    description: Files, each with C(name) below the folder, and C(text).
    type: list
    elements: dict
    required: true
attributes:
  check_mode:
    support: full
    description: Says what would be written.
"""

EXAMPLES = r"""
- name: Write them
  tta.ops.place:
    folder: /etc/prometheus/tta
    files: "{{ prometheus_files.files }}"
"""

RETURN = r"""
written:
  description: The names of what was changed.
  returned: always
  type: list
  elements: str
"""
