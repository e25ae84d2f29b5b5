"""A week as a page's document: the reports of the recorder with what the page draws of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ...module_utils.host.recorder.slots import SLOT_S
from ...module_utils.host.recorder.windows import moment
from . import chart, strip
from .terminal import TITLES

_EVENTS = ("deployed", "returned", "removed", "promoted", "demoted", "incident")
_NOTHING: dict[str, Any] = {"since": None, "begin": 0, "end": 0, "findings": {}, "readings": {}, "errors": []}
_STATES = {"pass": "pass", "fail": "fail", "inconclusive": "inconclusive"}


def document(
    reports: Sequence[Mapping[str, Any]], problems: Sequence[str], components: Mapping[str, Any], run: str
) -> dict[str, Any]:
    """Return the document of kind `week`; `components` are the catalogue's entries."""
    shown = [_component(one, components.get(one["component"]) or {}) for one in reports]
    return {
        "schema": 1,
        "kind": "week",
        "run": run,
        "at": max((one["at"] for one in reports), default=""),
        "components": shown,
        "problems": list(problems),
    }


def _component(found: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    happened = [one for one in found.get("events") or [] if one["event"] in _EVENTS]
    marks = [(int(moment(one["at"]) // SLOT_S), one["event"]) for one in happened]
    promised = {
        f"promised {key[:3]}": float(value) for key, value in (entry.get("sla") or {}).items() if key == "p95_ms"
    }
    drawn = {**_NOTHING, **found}
    days = strip.days(found)
    for day in days:
        day["marks"] = [
            {"hour": int(one["at"][11:13]), "event": one["event"], "at": one["at"], "release": one["release"]}
            for one in happened
            if one["at"].startswith(day["date"])
        ]
        day["lost"] = ", ".join(
            f"{strip.minutes(day[key])} {key}" for key in ("down", "unknown", "maintenance") if day[key]
        )
    return {
        **drawn,
        "state": _STATES.get(found["verdict"], "inconclusive"),
        "between": strip.between(found),
        "week": days,
        "happened": happened,
        "latency": chart.draw(drawn, {"p50": 1, "p95": 2, "p99": 3}, promised, marks),
        "use": chart.draw(drawn, {"cpu %": 4}, {}, marks),
        "memory": chart.draw(drawn, {"MB": 5}, {}, marks),
        "titles": TITLES,
        "why": [_why(one) for one in found.get("spans") or [] if one[2] in ("down", "unknown")][-40:],
    }


def _why(span: Sequence[Any]) -> dict[str, str]:
    begin, length, state, reason = span
    at = datetime.fromtimestamp(begin * SLOT_S, UTC)
    return {"at": f"{at:%a %d %b %H:%M}", "length": strip.minutes(length), "state": state, "reason": reason or state}
