"""Lengths of time as people type and read them: ``45s``, ``10m``, ``2h15m``, ``3d``."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Tuple

from ..errors import UsageError

_UNITS: Tuple[Tuple[str, int], ...] = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
_TYPED = re.compile(r"(?=\d)(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,7})s)?")


def parse(text: object) -> int:
    """Return the seconds that ``text`` means; raises ``UsageError`` for anything else."""
    match = _TYPED.fullmatch(str(text))
    if match is None:
        raise UsageError(f"{str(text)[:40]!r} is no length of time: type it as 45s, 10m, 2h15m or 3d")
    return sum(int(match[place] or 0) * seconds for place, (_, seconds) in enumerate(_UNITS, start=1))


def text(seconds: float) -> str:
    """Return the two largest units of a length of time: ``2h15m``, ``40s``, ``0s``."""
    left, parts = max(0, round(seconds)), []
    for unit, size in _UNITS:
        if left >= size:
            parts.append(f"{left // size}{unit}")
            left %= size
    return "".join(parts[:2]) or "0s"


def moment(at: str) -> float:
    """Return the seconds since the epoch of a time as the ledger writes it."""
    return datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()
