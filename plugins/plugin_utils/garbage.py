"""Keeps Python from searching, again and again, what a run needs until its end.

A run builds much and drops little, so that the collector's many passes over Ansible's own objects find nothing: they
were measured as a sixth of a run that takes over all its verdicts. What was there when this is imported is not looked
at any more, here and in the forks; what comes later is, less often.
"""

from __future__ import annotations

import gc

_ALLOCATIONS = 100_000  # before the youngest generation is looked at; Python's own 700 suits programs that stay small

gc.freeze()
gc.set_threshold(_ALLOCATIONS)
