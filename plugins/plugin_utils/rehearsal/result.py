"""What came of a rehearsal: the data of the ledger's event `rehearsed`. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from ..gates import soak
from . import legs as of_legs
from .legs import Leg

DAYS = 14
_NO_TESTS = "declares no integration tests"


def data(
    plan: Mapping[str, Any], legs: Sequence[Leg], halted: Mapping[str, Any], now: str, days: int = DAYS
) -> dict[str, Any]:
    """Return the event's data, without what the page of it adds.

    `{checks, failed, inconclusive: [why], findings: [what], mode, first, from, to, steps: [{name, seconds, release}],
    recovery_seconds, receipts: [{name, release, swap_ms, …}], traffic, clean, why: [what is not as it was], expires}`.
    `plan` is what `action/rehearse.py` returned; `halted` is `{current, traffic}` of the host; `now` as the ledger
    writes it. Only what was looked at counts as a check; what could not be looked at stands in `inconclusive`.
    """
    own = [leg for leg in legs if leg["name"] != "home"]
    boxes = [box for leg in own for box in of_legs.boxes(leg)]
    traffic = halted.get("traffic")
    judged = [box for box in boxes if box["state"] in ("pass", "fail")]
    failed = [of_legs.sentence(box) for box in judged if box["state"] == "fail"]
    lost = _lost(own, traffic)
    failed += lost or []
    away = next((leg for leg in own if leg["name"] == "away"), None)
    return {
        "checks": len(judged) + (lost is not None),
        "failed": len(failed),
        "findings": failed,
        "inconclusive": _inconclusive(plan, own, traffic),
        "mode": plan["mode"],
        "first": not plan["goal"],
        "from": plan["origin"]["number"],
        "to": plan["goal"]["number"] if plan["goal"] else None,
        "steps": of_legs.steps(own),
        "recovery_seconds": of_legs.recovery_seconds(away) if away else None,
        "receipts": [of_legs.receipt(leg) for leg in own],
        "traffic": traffic,
        "why": why(plan, own, halted),
        "clean": not why(plan, own, halted),
        "expires": _later(now, days),
    }


def why(plan: Mapping[str, Any], own: Sequence[Leg], halted: Mapping[str, Any]) -> list[str]:
    """Return what is not as it was before; nothing: the environment is clean."""
    origin = plan["origin"]["number"]
    if halted.get("current") != origin:
        return [f"{halted.get('current') or 'nothing'} serves instead of {origin}"]
    last = own[-1] if own else None
    if last is None or last["release"] != origin or last["failure"]:
        return []  # the host has brought it back by itself, and has verified that
    bad = [box for box in of_legs.boxes(last) if box["state"] == "fail" and box["criterion"] != "latency"]
    return [of_legs.sentence(box) for box in bad]


def _lost(own: Sequence[Leg], traffic: Mapping[str, Any] | None) -> list[str] | None:
    """Return which requests failed although no change was of a kind that interrupts; None where that says nothing."""
    if not traffic or not traffic["requests"] or any(of_legs.interrupts(leg) for leg in own):
        return None
    failures = traffic["failures"]
    return [f"{failures} of {traffic['requests']} requests failed"] if failures else []


def _inconclusive(plan: Mapping[str, Any], own: Sequence[Leg], traffic: Mapping[str, Any] | None) -> list[str]:
    found = [] if traffic else ["nobody can say what users saw: what sends the requests was lost"]
    names = {leg["name"] for leg in own if not leg["failure"]}
    found += [] if "away" in names else ["the release before did not serve"]
    found += [] if {"back", "again"} & names else ["the current release did not serve again by the rehearsal"]
    for leg in own:
        for box in of_legs.boxes(leg):
            reason = box["gates"][0]["found"] if box["state"] == "not-judged" else ""
            if reason and box["criterion"] != "latency" and _NO_TESTS not in reason:
                found.append(of_legs.sentence(box))
    return found


def _later(now: str, days: int) -> str:
    return (soak.moment(now) + timedelta(days=days)).isoformat(timespec="seconds").replace("+00:00", "Z")
