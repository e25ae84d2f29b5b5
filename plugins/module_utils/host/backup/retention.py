"""Which restore points are kept. Pure: records in, reasons out."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Iterable, List, Mapping, Sequence

from ..errors import UsageError
from . import durations

_SAFETY_SECONDS = 7 * 86400.0


def reasons(
    known: Sequence[Mapping[str, Any]], keep: Mapping[str, int], kept_releases: Iterable[int], now: float
) -> Dict[str, List[str]]:
    """Return why each restore point is kept, by its id; one without a reason may go.

    ``keep``: how many of the last, and of the last days, weeks and months that have one, the newest of each. Beyond
    that never goes: the newest verified one, and the newest verified one of each kept release (unverified, when that
    release has no other). Raises ``UsageError`` when ``keep`` keeps nothing.
    """
    if not any(keep.values()):
        raise UsageError("keep is all zero, which would prune every restore point: keep at least one")
    newest = sorted(known, key=lambda one: str(one["id"]), reverse=True)
    found: Dict[str, List[str]] = {str(one["id"]): [] for one in known}
    backups = [one for one in newest if one["kind"] != "safety"]
    for one in backups[: keep["last"]]:
        found[one["id"]].append("last")
    for rule, period in _PERIODS.items():
        seen: List[str] = []
        for one in backups:
            name = period(durations.moment(one["at"]))
            if name not in seen and len(seen) < keep[rule]:
                seen.append(name)
                found[one["id"]].append(rule)
    for one in newest:
        if one["kind"] == "safety" and now - durations.moment(one["at"]) < _SAFETY_SECONDS:
            found[one["id"]].append("safety")
    verified = [one for one in newest if one["verified_at"]]
    if verified:
        found[verified[0]["id"]].append("last verified")
    for release in sorted(set(kept_releases)):
        of = [one for one in newest if one["release"] == release]
        needed = next((one for one in of if one["verified_at"]), of[0] if of else None)
        if needed:
            found[needed["id"]].append(f"release {release}")
    return found


def _of_time(form: str) -> Callable[[float], str]:

    return lambda moment: time.strftime(form, time.gmtime(moment))


_PERIODS: Dict[str, Callable[[float], str]] = {
    "daily": _of_time("%Y-%m-%d"),
    "weekly": _of_time("%G-%V"),
    "monthly": _of_time("%Y-%m"),
}
