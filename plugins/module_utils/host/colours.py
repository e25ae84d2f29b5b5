"""The two colours of a component: which release runs in which, which of them serves, and until when the other is warm.

Kept in ``colours.json`` of the component's folder, written at one moment; no such file: the component runs stop-first.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Dict, Optional

from . import canonical, files

BLUE, GREEN = "blue", "green"
OTHER = {BLUE: GREEN, GREEN: BLUE}
FILE = "colours.json"


@dataclass(frozen=True)
class Colours:
    """``live`` serves since ``since``; ``releases`` has the number that each colour runs.

    ``warm_until`` is when the colour that does not serve will be stopped; None: it does not run. ``alike``: the edge
    has all that either release needs, so that switching its map is all it takes to go from one to the other.
    """

    live: str
    since: str
    releases: Dict[str, int] = field(default_factory=dict)
    warm_until: Optional[str] = None
    alike: bool = False

    @property
    def idle(self) -> str:
        """The colour that does not serve."""
        return OTHER[self.live]

    def colour_of(self, number: int) -> Optional[str]:
        """Return the colour that runs release ``number``, the serving one first."""
        return next((one for one in (self.live, self.idle) if self.releases.get(one) == number), None)

    def serving(self, colour: str, number: int, now: str, warm_until: Optional[str], alike: bool = False) -> Colours:
        """Return what is true once ``colour`` with release ``number`` serves."""
        since = self.since if (self.live, self.releases.get(colour)) == (colour, number) else now
        kept = {one: self.releases[one] for one in (OTHER[colour],) if one in self.releases and warm_until}
        return Colours(colour, since, {**kept, colour: number}, warm_until if kept else None, alike and bool(kept))

    def kept_until(self, moment: str) -> Colours:
        """Return what is true once the other colour is known to be kept until ``moment``."""
        return replace(self, warm_until=moment if len(self.releases) > 1 else None)

    def cooled(self) -> Colours:
        """Return what is true once the colour that does not serve is stopped."""
        return replace(self, releases={self.live: self.releases[self.live]}, warm_until=None, alike=False)


def read(folder: Path) -> Optional[Colours]:
    """Return the colours of a component, or None when it does not run in colours; a damaged file is named."""
    path = folder / FILE
    if not path.exists():
        return None
    facts: Dict[str, Any] = files.read_json(path)
    return Colours(**{key: facts[key] for key in Colours.__dataclass_fields__ if key in facts})


def write(folder: Path, colours: Colours) -> None:
    """Replace the record at one moment; the same again writes nothing."""
    if read(folder) != colours:
        files.write(folder / FILE, canonical.encode({"schema": 1, **asdict(colours)}) + b"\n")


def forget(folder: Path) -> None:
    """Have no colours any more."""
    with files.explained(folder / FILE):
        (folder / FILE).unlink(missing_ok=True)


def later(now: str, seconds: float) -> str:
    """Return the moment ``seconds`` after ``now``, both as the ledger writes them."""
    moment = _moment(now) + timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_between(now: str, then: str) -> float:
    """Return how many seconds ``then`` is after ``now``; negative when it is over."""
    return (_moment(then) - _moment(now)).total_seconds()


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
