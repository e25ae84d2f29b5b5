"""What ``status`` shows of a component's restore points: how old the newest is, and how long the last drill took."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from .. import files
from . import durations

ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")
_KEYS = ("id", "at", "verified_at", "release", "bytes", "kind", "problem", "data_schema")
_ALERT_AFTER = 26 * 3600.0


def summary(folder: Path) -> List[Dict[str, Any]]:
    """Return the restore points in a component's folder ``backups/<component>``, the oldest first."""
    found = []
    for path in sorted(folder.glob("*.json")):
        one = files.read_json(path) if ID.fullmatch(path.stem) else {"forgetting": True}
        if not one.get("forgetting"):
            found.append({**{key: one.get(key) for key in _KEYS}, "seconds": one.get("seconds") or {}})
    return found


def facts(base: Path, component: str, events: Sequence[Dict[str, Any]] = ()) -> Dict[str, Any]:
    """Return ``{backups, backup}`` for the environment's folder ``base`` and the component's ``events``.

    ``backup`` is ``{rpo_seconds, rto_seconds, alert}``: the age of the newest verified restore point, how long the last
    drill took (a full rehearsal or a restore, else the verification of that point), and a sentence when it is too old;
    None where backups are not set up.
    """
    known, settings = summary(base / "backups" / component), base / "backups" / "settings.json"
    if not settings.exists():
        return {"backups": known, "backup": None}
    limit = float(files.read_json(settings).get("alert_after") or _ALERT_AFTER)
    now = time.time()
    verified = [one for one in known if one["verified_at"] and one["kind"] != "safety"]
    newest = verified[-1] if verified else None
    return {
        "backups": known,
        "backup": {
            "rpo_seconds": round(max(0.0, now - durations.moment(newest["at"]))) if newest else None,
            "rto_seconds": _drilled(events) or (newest["seconds"].get("verify") if newest else None),
            "alert": alert(known, limit, component, now),
        },
    }


def _drilled(events: Sequence[Dict[str, Any]]) -> Optional[float]:
    """Return how long the last way back with data took, by the ledger."""
    found = None
    for entry in events:
        data = entry.get("data") or {}
        if entry["event"] == "rehearsed" and data.get("mode") == "full" and not data.get("failed"):
            found = data.get("recovery_seconds") or found
        elif entry["event"] == "restored":
            seconds = data.get("seconds")
            found = (seconds.get("total") if isinstance(seconds, dict) else seconds) or found
    return found


def alert(known: List[Dict[str, Any]], after: float, component: str, now: float) -> Optional[str]:
    """Return what is wrong with the age of a component's restore points, or None."""
    verified = [one for one in known if one["verified_at"] and one["kind"] != "safety"]
    if not verified:
        return f"{component} has no verified restore point"
    age = now - durations.moment(verified[-1]["at"])
    if age > after:
        newest, limit = durations.text(age), durations.text(after)
        return f"the newest verified restore point of {component} is {newest} old, more than {limit}"
    return None


def lines(told: Dict[str, Any]) -> List[str]:
    """Return the facts as lines for a person."""
    if not told.get("backup"):
        return []
    age, drill = told["backup"]["rpo_seconds"], told["backup"]["rto_seconds"]
    last = f", the last drill took {drill:g} s" if drill else ""
    own = [] if age is None else [f"    newest verified restore point {durations.text(age)} old{last}"]
    return own + ([f"    {told['backup']['alert']}"] if told["backup"]["alert"] else [])
