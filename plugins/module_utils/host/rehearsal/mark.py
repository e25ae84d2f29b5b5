"""The mark of a rehearsal: declared before anything moves, gone once all is as it was, left where it could not be.

``rehearsal.json`` of the component's folder: ``{schema, run, actor, reason, process, mode, from, to, at, until, seq,
state, why}``. ``from`` served before and shall serve again, ``to`` is what is gone back to (None: nothing is left),
``until`` the end of the declared time, ``seq`` the ledger's length then; ``state`` is ``under-way`` or ``dirty``,
and ``why`` says what is not as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional

from .. import canonical, colours, files, times
from ..errors import HostError, LockedError, UsageError

LONGEST = 4 * 3600.0  # as plugin_utils/gates/soak.py has it; a day's restore is no rehearsal
SHORTEST = 60.0
UNDER_WAY, DIRTY = "under-way", "dirty"
_MOVES = ("deployed", "returned", "removed", "promoted")
Mark = Dict[str, Any]


def path_in(folder: Path) -> Path:
    """Return where the mark of a component's folder is."""
    return folder / "rehearsal.json"


def read(folder: Path) -> Optional[Mark]:
    """Return the mark that is there, or None."""
    path = path_in(folder)
    return dict(files.read_json(path)) if path.exists() else None


def live(folder: Path, entries: Iterable[Dict[str, Any]]) -> Optional[Mark]:
    """Return the mark if it still says something: none that somebody's later deploy or rollback has made obsolete.

    ``entries`` are the component's own of the ledger.
    """
    found = read(folder)
    if found is None:
        return None
    later = (one for one in entries if one["seq"] > found["seq"] and one["event"] in _MOVES)
    moved = any((one.get("data") or {}).get("rehearsal") != found["run"] for one in later)
    return None if moved else found


def is_over(mark: Mark) -> bool:
    """Say whether the declared time of a rehearsal is over."""
    return colours.seconds_between(times.now(), str(mark["until"])) <= 0


def write(folder: Path, mark: Mark) -> None:
    """Leave the mark."""
    files.write(path_in(folder), canonical.encode(mark) + b"\n")


def clear(folder: Path) -> None:
    """Take the mark away."""
    with files.explained(path_in(folder)):
        path_in(folder).unlink(missing_ok=True)


def of_run(folder: Path, run: str) -> Mark:
    """Return the mark of a rehearsal that ``run`` has declared; raises ``UsageError`` when there is none."""
    found = read(folder)
    if found is None or found["run"] != run:
        raise UsageError(f"the rehearsal {run} of {folder.name} was never declared: type tta-ops status")
    return found


def admit(folder: Path, entries: List[Dict[str, Any]], rehearsal: Optional[str], number: Optional[int] = None) -> None:
    """Let an act begin, unless somebody else rehearses now; to go back to what served before is always allowed.

    ``rehearsal`` is the one that the act belongs to, ``number`` the release that it goes to.
    """
    found = live(folder, entries)
    if found is None or found["run"] == rehearsal or found["state"] == DIRTY or is_over(found):
        return
    if number is not None and number == found["from"]:
        return
    raise LockedError(sentence(folder.name, found), {key: found.get(key) for key in ("run", "actor", "reason")})


def window(seconds: Any) -> float:
    """Return a declared length in seconds; raises ``HostError`` outside of what is allowed."""
    if isinstance(seconds, (int, float)) and SHORTEST <= seconds <= LONGEST:
        return float(seconds)
    raise HostError(f"a rehearsal is declared for {SHORTEST:g} to {LONGEST:g} seconds, not {seconds!r}")


def sentence(component: str, mark: Mark) -> str:
    """Say who rehearses, and how to end it."""
    why = f" ({mark['reason']})" if mark.get("reason") else ""
    return (
        f"{mark.get('actor') or 'somebody'}{why} rehearses the way back of {component} since {mark['at']}, run "
        f"{mark['run']}, until {mark['until']} at most: wait, or bring back what served before with "
        f"tta-ops rollback {component} --release {mark['from']}"
    )


def lines(component: str, mark: Optional[Mark]) -> List[str]:
    """Return what `status` says of it."""
    if mark is None:
        return []
    if mark["state"] == UNDER_WAY and not is_over(mark):
        return [f"    rehearses its way back since {mark['at']}, run {mark['run']}, until {mark['until']}"]
    why = "; ".join(mark.get("why") or []) or "it was cut off"
    again = f"tta-ops rollback {component} --release {mark['from']}"
    return [f"    DIRTY since a rehearsal of {mark['at']}: {why}; {mark['from']} should serve: {again}"]
