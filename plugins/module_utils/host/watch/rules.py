"""What a watch makes of a look, and when it has seen enough. Pure: the record and a look in, the record out.

A look is ``{at, ok: true|false|null, why, restarts, errors: [{fingerprint, text}], traffic: {answers, failed}|null}``;
``ok`` is null when nobody could say (the engine did not answer): that is no proof of anything, and fires nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Dict, List, Optional, Tuple

from .. import colours
from ..log_classes import allowed
from .record import Watch

Look = Dict[str, Any]
SEVERITY = {"health": "critical", "error_rate": "high", "restarts": "high", "logs": "high"}
_MOST_NEW = 50
_OVER = -1  # over its cap: nobody bears it any more
_TEXT = 300


def seen(watch: Watch, look: Look) -> Watch:
    """Return the record with one more look in it."""
    now, settings = look["at"], watch["settings"]
    minutes = float((settings["triggers"].get("error_rate") or {"minutes": 5})["minutes"])
    asked, failed = _weight(watch, look)
    recent = [*watch["recent"], [now, asked, failed]] if asked else watch["recent"]
    more = _restarts(watch, look)
    borne = _borne(watch, look)
    new = _new(watch, look, borne)
    bad = look["ok"] is False or more > watch["more"] or len(new) > len(watch["new"])
    return {
        **watch,
        "looks": watch["looks"] + 1,
        "failed": watch["failed"] + (look["ok"] is False),
        "unknown": watch["unknown"] + (look["ok"] is None),
        "row": watch["row"] + 1 if look["ok"] is False else 0 if look["ok"] else watch["row"],
        "recent": [one for one in recent if colours.seconds_between(one[0], now) < minutes * 60],
        "more": more,
        "new": new,
        "borne": borne,
        "cursor": now,
        "traffic": look["traffic"] or watch["traffic"],
        "last": {"at": now, "ok": look["ok"], "why": look["why"]},
        "first_bad": watch["first_bad"] or (now if bad else None),
    }


def fires(watch: Watch) -> Optional[Dict[str, str]]:
    """Return the trigger that fires now, ``{trigger, severity, why}``, or None."""
    triggers = watch["settings"]["triggers"]
    for name, check in (("health", _health), ("restarts", _restarted), ("error_rate", _rate), ("logs", _logs)):
        why = check(watch, triggers[name]) if triggers.get(name) else None
        if why:
            return {"trigger": name, "severity": SEVERITY[name], "why": why}
    return None


def _health(watch: Watch, limit: Dict[str, float]) -> Optional[str]:
    if watch["row"] < limit["failed"]:
        return None
    return f"not healthy {watch['row']} times in a row: {watch['last']['why']}"


def _restarted(watch: Watch, limit: Dict[str, float]) -> Optional[str]:
    if watch["more"] < limit["more"]:
        return None
    return f"its containers were restarted {watch['more']} times since the watch began"


def _rate(watch: Watch, limit: Dict[str, float]) -> Optional[str]:
    asked = sum(one[1] for one in watch["recent"])
    failed = sum(one[2] for one in watch["recent"])
    percent = 100.0 * failed / asked if asked else 0.0
    if asked < limit["at_least"] or percent <= limit["percent"]:
        return None
    return f"{failed} of {asked} requests failed within {limit['minutes']:g} minutes ({percent:.1f} %)"


def _logs(watch: Watch, limit: Dict[str, float]) -> Optional[str]:
    new: List[Dict[str, Any]] = sorted(watch["new"].values(), key=lambda one: str(one["at"]))
    if len(new) < limit["new"]:
        return None
    more = f" and {len(new) - 1} more" if len(new) > 1 else ""
    return f"an error that the release before did not log: {new[0]['text']}{more}"


def _weight(watch: Watch, look: Look) -> Tuple[int, int]:
    """Return requests and failures since the last look: the look itself, and what the edge has answered meanwhile."""
    asked, failed = (0, 0) if look["ok"] is None else (1, int(look["ok"] is False))
    now, before = look["traffic"], watch["traffic"]
    if now and before and now["answers"] >= before["answers"] and now["failed"] >= before["failed"]:
        asked += now["answers"] - before["answers"]
        failed += now["failed"] - before["failed"]
    return asked, failed


def _restarts(watch: Watch, look: Look) -> int:
    """Return how often its containers were restarted; a container that is new counts from nothing."""
    before: Dict[str, int] = watch["restarts"]
    now: Dict[str, int] = look["restarts"] or {}
    return max(int(watch["more"]), sum(max(0, count - before.get(one, 0)) for one, count in now.items()))


def _borne(watch: Watch, look: Look) -> Dict[str, int]:
    """Return how often each error came that somebody bears by the allow-list."""
    today = date.fromisoformat(look["at"][:10])
    found = dict(watch["borne"])
    for one in look["errors"]:
        entry = allowed.entry_for(one, watch["allow"], today)
        count = found.get(one["fingerprint"], 0) + int(one.get("count", 1))
        if entry and not entry["expired"]:
            found[one["fingerprint"]] = count if count <= entry["cap"] else _OVER
    return found


def _new(watch: Watch, look: Look, borne: Dict[str, int]) -> Dict[str, Any]:
    found = dict(watch["new"])
    for one in look["errors"]:
        kind = one["fingerprint"]
        if kind in watch["known"] or borne.get(kind, _OVER) != _OVER:
            continue
        if kind not in found and len(found) >= _MOST_NEW:
            continue
        count = found.get(kind, {}).get("count", 0) + int(one.get("count", 1))
        found[kind] = {"at": look["at"], "text": one["text"][:_TEXT], **found.get(kind, {}), "count": count}
    return found
