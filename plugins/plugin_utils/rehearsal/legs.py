"""The legs of a rehearsal: each a change of what serves, and what was seen of it. Pure.

A leg as the role leaves it: `{name, release, began, served, healthy, verified, result, failure, removed, health, tests,
untested, errors}`. The times are seconds of one clock; `result` is what the change returned; `failure` why it did not
serve; `health` and `tests` what is wrong, or empty; `untested` why there were no tests; `errors` the answer about logs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..look import returned

Leg = Mapping[str, Any]
_NOUNS = {
    "served": "serving",
    "started": "containers",
    "health": "health",
    "tests": "integration tests",
    "logs": "logs",
    "latency": "latency",
}


def boxes(leg: Leg) -> list[dict[str, Any]]:
    """Return the boxes of a rollback for a leg; one that did not serve has only that."""
    number = leg["release"]
    if leg["failure"]:
        return [_did_not_serve(str(number or "the component"), str(leg["failure"]))]
    if leg.get("removed"):
        return []
    found = {key: leg.get(key) for key in ("health", "tests", "untested", "errors")}
    return [{**box, "title": f"{number}: {box['title']}"} for box in returned.boxes(leg["result"] or {}, found)]


def sentence(box: Mapping[str, Any]) -> str:
    """Return what a box found, such as `2, health: HTTP 500`."""
    number, _, _ = str(box["title"]).partition(":")
    return f"{number}, {_NOUNS[box['criterion']]}: {box['gates'][0]['found']}"


def steps(legs: Iterable[Leg]) -> list[dict[str, Any]]:
    """Return `{name, seconds, release}` of each change and each look at what came of it, in their order."""
    found = []
    for leg in legs:
        done = "removed" if leg.get("removed") else "served"
        found.append({"name": f"{leg['name']}: {done}", "seconds": _between(leg, "began", "served")})
        if leg.get("verified") and not leg["failure"] and not leg.get("removed"):
            found.append({"name": f"{leg['name']}: verified", "seconds": _between(leg, "served", "verified")})
        for step in found:
            step.setdefault("release", leg["release"])
    return [step for step in found if step["seconds"] is not None]


def recovery_seconds(leg: Leg) -> float | None:
    """Return how long the way back took, from the first moment until the release before was seen healthy."""
    if leg["failure"]:
        return None
    return _between(leg, "began", "served" if leg.get("removed") else "healthy")


def receipt(leg: Leg) -> dict[str, Any]:
    """Return what the change did to its users, with the name of the leg."""
    found = (leg.get("result") or {}).get("receipt") or {}
    probe = found.get("probe") or {}
    told = {key: found.get(key) for key in ("swap_ms", "healthy_seconds", "gap_seconds")}
    return {"name": leg["name"], "release": leg["release"], **told, **_seen(probe)}


def interrupts(leg: Leg) -> bool:
    """Say whether the change was of a kind that interrupts: stop-first, or a removal."""
    return bool(leg.get("removed")) or (leg.get("result") or {}).get("strategy") != "blue-green"


def _seen(probe: Mapping[str, Any]) -> dict[str, Any]:
    return {"requests": probe.get("requests"), "failures": probe.get("failures")}


def _did_not_serve(number: str, why: str) -> dict[str, Any]:
    gate = {"gate": "served", "verdict": "fail", "state": "fail", "found": why[:300]}
    title = f"{number}: serves again"
    return {"criterion": "served", "title": title, "verdict": "fail", "state": "fail", "gates": [gate]}


def _between(leg: Leg, first: str, last: str) -> float | None:
    begun, ended = leg.get(first), leg.get(last)
    return None if begun is None or ended is None else round(float(ended) - float(begun), 2)
