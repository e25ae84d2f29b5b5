"""What the ledger says about the promotion or the demotion that a MATURITY.md is brought in line with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Promotion:
    """What the ledger says about the promotion that a component stands on.

    ``stage`` and ``came_from`` as in the header ("Staging"); ``date`` YYYY-MM-DD; ``run`` names the evidence;
    ``passed``: criterion → (name, date) of who vouches for it, None for a measured one; criteria that did not
    pass are not in it. ``criteria``: all that were judged. ``met`` like "7/7"; ``coverage`` in percent.
    ``earlier``: (date, stage, run) of promotions before this one, oldest first. ``waived``: criterion → (until, by,
    reason) of each waiver that is in force for it. ``numbers``: run → number of its request in the tracker. ``facts``:
    everything else that the template has a place for (``fill``); None leaves those places alone.
    """

    stage: str
    came_from: str
    date: str
    run: str
    criteria: tuple[str, ...]
    passed: Mapping[str, tuple[str, str] | None]
    met: str
    coverage: float | None
    earliest_production: str | None
    earlier: tuple[tuple[str, str, str], ...] = ()
    waived: Mapping[str, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Demotion:
    """``stage`` and ``came_from`` as in the header; ``date`` YYYY-MM-DD; ``facts`` as for a promotion."""

    stage: str
    came_from: str
    date: str
    facts: Mapping[str, Any]
