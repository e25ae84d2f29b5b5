"""How a component is changed while it serves: the key ``blue_green`` of a bundle's spec and of its catalogue entry.

The spec's are the environment's, the entry's win.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Dict, Optional, Tuple

from .errors import UsageError

BLUE_GREEN, STOP_FIRST = "blue-green", "stop-first"
STRATEGIES = (STOP_FIRST, BLUE_GREEN)


@dataclass(frozen=True)
class Settings:
    """``drain``: seconds to wait for the old colour's sessions; ``warm``: seconds it is kept running after that.

    ``http``: further container ports that speak HTTP; ``shares``: volumes and folders of the host that two releases
    may write at once; ``image``: the edge's image, else one is built from ``base`` with Debian's package;
    ``probes``: requests a second of the receipt's own prober, 0 for none.
    """

    drain: float = 30.0
    warm: float = 900.0
    http: Tuple[int, ...] = ()
    shares: Tuple[str, ...] = ()
    image: Optional[str] = None
    base: str = "debian:bookworm-slim"
    probes: float = 20.0


def parse(given: Optional[Dict[str, Any]]) -> Settings:
    """Return the settings that a spec or a release's record gives; raises ``UsageError`` for what makes no sense."""
    known = {one.name for one in fields(Settings)}
    unknown = sorted(set(given or {}) - known)
    if unknown:
        raise UsageError(f"blue_green has no {', '.join(unknown)}: known are {', '.join(sorted(known))}")
    values = dict(given or {})
    for name, most in (("drain", 86400), ("warm", 604800), ("probes", 200)):
        if name in values:
            values[name] = _number(name, values[name], most)
    for name in ("http", "shares"):
        values[name] = tuple(values.get(name) or ())
    return Settings(**values)


def record(settings: Settings) -> Dict[str, Any]:
    """Return the settings as a release's record has them."""
    return {**asdict(settings), "http": list(settings.http), "shares": list(settings.shares)}


def strategy(given: object) -> str:
    """Return the strategy of a catalogue entry; none is stop-first."""
    if given in (None, ""):
        return STOP_FIRST
    if given not in STRATEGIES:
        raise UsageError(f"{given!r} is no strategy: known are {', '.join(STRATEGIES)}")
    return str(given)


def _number(name: str, value: object, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise UsageError(f"blue_green.{name} is {value!r}: wanted is a number from 0 to {most}")
    return float(value)
