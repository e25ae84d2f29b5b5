"""The end of a rollback: the guide's five boxes, who serves since when, and what its users saw. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import receipt

TITLES = {
    "started": "Containers started",
    "health": "Health checks pass",
    "tests": "Integration tests pass",
    "logs": "No new errors in the logs",
    "latency": "Latency normal against before",
}
# A median that is not above twice the one before, and some milliseconds besides, is normal. A few requests within half
# a second tell less than many do: a busy moment of the machine must not look like a slow release.
_TIMES, _MANY, _MORE, _MORE_OF_FEW = 2.0, 50, 20.0, 250.0
_LONGEST = 300

Box = dict[str, Any]


def boxes(result: Mapping[str, Any], found: Mapping[str, Any]) -> list[Box]:
    """Return the five boxes; `found` has `health` and `tests` (what is wrong, or empty), `untested`, `errors`.

    A box that could not be looked at is `not-judged` and says why: it is neither a pass nor a failure.
    """
    return [
        _started(result.get("containers") or []),
        _box("health", found.get("health") or ""),
        _box("tests", found.get("tests") or "", found.get("untested") or ""),
        _logs(found.get("errors") or {}),
        _latency((result.get("receipt") or {}).get("probe") or {}),
    ]


def report(
    operation: Mapping[str, Any], way: Mapping[str, Any], result: Mapping[str, Any], all_boxes: Sequence[Box]
) -> dict[str, Any]:
    """Return the report; its outcome is `failed` when a box is."""
    bad = [box["title"].lower() for box in all_boxes if box["state"] == "fail"]
    component, where = operation["component"], operation["target"]
    step = f"{component} {way['origin']['number']} → {way['goal']['number']} on {where}"
    seen = receipt.shown(result.get("receipt"))
    probe = (result.get("receipt") or {}).get("probe") or {}
    requests = f"; {probe['failures']} of {probe['requests']} requests failed" if probe.get("requests") else ""
    but = f", but not: {', '.join(bad)}" if bad else ""
    commit = str(way["goal"]["commit"])[:12]
    return {
        "headline": f"ROLLED BACK {step}{but}{requests}",
        "outcome": "failed" if bad else "done",
        "criteria": list(all_boxes),
        "table": seen["table"],
        "rows": [
            ["serves now", f"{component} {result.get('current')}, commit {commit}, since {result.get('at')}"],
            ["data", _data(way, result)],
            *_back(result, way),
            *seen["rows"],
        ],
        "next": ["ansible-playbook status.yml"],
    }


def _data(way: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    point = way.get("point")
    if not point:
        return "as it was: no volume was touched"
    kept = (result.get("restored") or {}).get("safety_point")
    safety = f"; what there was before is in the safety dump {kept}" if kept else ""
    return f"that of {point['id']}, made on {point['at']} under release {point['release']}{safety}"


def _back(result: Mapping[str, Any], way: Mapping[str, Any]) -> list[list[str]]:
    until = (result.get("colours") or {}).get("warm_until")
    kept = f"{way['origin']['number']} is kept{f', warm until {until}' if until else ''}"
    return [["taken back", f"{kept}; its artifact has to be judged anew before it is deployed again"]]


def _started(containers: Sequence[Mapping[str, Any]]) -> Box:
    idle = [str(one["service"]) for one in containers if one.get("state") != "running"]
    if not containers:
        return _box("started", "nothing runs")
    return _box("started", f"not running: {', '.join(idle)}" if idle else "")


def _logs(answer: Mapping[str, Any]) -> Box:
    errors = answer.get("errors")
    if errors is None or not answer.get("looked_at"):
        return _box("logs", "", str(answer.get("msg") or "there was no container to look at"))
    if not errors:
        return _box("logs", "")
    first = errors[0]
    more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    return _box("logs", f"{first['service']}: {first['text']}{more}")


def _latency(probe: Mapping[str, Any]) -> Box:
    before, after = ((probe.get(phase) or {}).get("p50_ms") for phase in ("before", "after"))
    if before is None or after is None:
        return _box("latency", "", "too few requests were answered before or after to compare")
    many = min(probe[phase]["requests"] for phase in ("before", "after")) >= _MANY
    if after <= _TIMES * before + (_MORE if many else _MORE_OF_FEW):
        return _box("latency", "")
    return _box("latency", f"the median was {before:g} ms before, is {after:g} ms")


def _box(name: str, wrong: str, unknown: str = "") -> Box:
    state = "not-judged" if unknown else "fail" if wrong else "pass"
    verdict = {"not-judged": "inconclusive"}.get(state, state)
    text = (unknown or wrong)[:_LONGEST]
    gates = [] if state == "pass" else [{"gate": name, "verdict": verdict, "state": state, "found": text}]
    return {"criterion": name, "title": TITLES[name], "verdict": verdict, "state": state, "gates": gates}
