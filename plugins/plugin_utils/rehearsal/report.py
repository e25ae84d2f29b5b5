"""What the terminal shows of a rehearsal: before it, what it will do; after it, what came of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..look import way
from ..operations_page import seconds
from ..way_back import WayBack
from . import legs as of_legs
from .legs import Leg
from .plan import Plan


def numbers(plan: Mapping[str, Any]) -> str:
    """Return the releases of a rehearsal, such as `3 → 2 → 3`."""
    origin, goal = plan["origin"]["number"], (plan["goal"] or {}).get("number")
    return f"{origin} → {goal or 'nothing'} → {origin}"


def before(operation: Mapping[str, Any], plan: Plan, window: float, untested: Sequence[str]) -> list[list[str]]:
    """Return label and text of what is worth knowing before anything is touched."""
    component, origin = operation["component"], plan.origin
    there = f"{component} {origin['number']}, commit {str(origin['commit'])[:12]}"
    home = plan.home
    found = [["rehearses", f"{there}, which serves there, away and back; mode {plan.mode}"]]
    if home:
        found.insert(
            0,
            [
                "first",
                f"{home['from']} is brought back: the rehearsal of {home['at']} left {operation['target']} dirty",
            ],
        )
    if plan.away is None:
        found.append(
            [
                "away",
                "it was the first release: it is taken away (its volumes stay), then serves again; this interrupts",
            ]
        )
    else:
        found += [[f"away: {label}", text] for label, text in _way(operation, plan.away)]
        found += [[f"back: {label}", text] for label, text in _way(operation, plan.back)]
    found.append(["data", _data(plan.mode)])
    found.append(["declared for", f"{window / 60:g} minutes; the soak's clock goes on if it is back by then"])
    return [*found, *(["tests", f"will not run: {reason}"] for reason in dict.fromkeys(untested) if reason)]


def after(
    operation: Mapping[str, Any], plan: Mapping[str, Any], legs: Sequence[Leg], data: Mapping[str, Any], page: str
) -> dict[str, Any]:
    """Return the report; `failed` when a check failed, could not be made, or something is not as it was."""
    component, where = operation["component"], operation["target"]
    traffic = data.get("traffic") or {}
    users = f"; {traffic['failures']} of {traffic['requests']} requests failed" if traffic.get("requests") else ""
    good = data["clean"] and not data["failed"] and not data["inconclusive"]
    what = f"{component} {numbers(plan)} on {where}"
    if not data["clean"]:
        not_so = "; ".join(data["why"])
        headline = f"{where.upper()} IS DIRTY {not_so}: the rehearsal of {component} did not come back as it was"
    elif good:
        headline = f"REHEARSED {what}{users}; the way back takes {seconds(data['recovery_seconds'])}"
    else:
        headline = f"NOT REHEARSED {what}; {where} is as it was{users}"
    origin = plan["origin"]["number"]
    home = f"ansible-playbook rollback.yml -e component={component} -e target={where} -e release={origin}"
    rows = [
        ["serves now", f"{component} {origin}, as before" if data["clean"] else f"NOT {component} {origin} as before"],
        *(["not as before", one] for one in data["why"]),
        *(
            [["requests", f"sent to {traffic['target']}, {traffic['rate']:g} a second"]]
            if traffic.get("target")
            else []
        ),
        *(["longest gap", f"{traffic['longest_gap_seconds']:.2f} s"] for _ in [0] if traffic.get("requests")),
        *(["failed", one] for one in data["findings"]),
        *(["inconclusive", one] for one in data["inconclusive"]),
        ["worth until", data["expires"]],
        ["page", page],
    ]
    return {
        "headline": headline,
        "outcome": "done" if good else "failed",
        "criteria": [box for leg in legs for box in of_legs.boxes(leg)],
        "table": _table(data),
        "rows": rows,
        "next": [_next(component, home, data)],
    }


def _next(component: str, home: str, data: Mapping[str, Any]) -> str:
    if data["clean"]:
        return f"ansible-playbook gates.yml -e component={component}"
    nothing = any(one.startswith("nothing serves") for one in data["why"])
    return f"ansible-playbook rollback-rehearsal.yml -e component={component}" if nothing else home


def _table(data: Mapping[str, Any]) -> dict[str, Any]:
    receipts = {one["name"]: one for one in data["receipts"]}
    rows = []
    for step in data["steps"]:
        own = receipts.get(step["name"].partition(":")[0], {}) if not step["name"].endswith("verified") else {}
        sent = own.get("requests")
        rows.append(
            [
                step["name"],
                str(step["release"] or ""),
                f"{step['seconds']:.2f} s",
                f"{own['swap_ms']:g} ms" if own.get("swap_ms") is not None else "",
                f"{own['failures']} of {sent}" if sent else "",
            ]
        )
    return {"columns": ["step", "release", "took", "traffic moved in", "requests failed"], "rows": rows}


def _way(operation: Mapping[str, Any], found: WayBack) -> list[list[str]]:
    return [row for row in way.rows(operation, found, "") if row[0] in ("to", "how", "takes")]


def _data(mode: str) -> str:
    if mode == "full":
        return "is returned to the restore point of the release before, and afterwards to what it is now"
    return "stays as it is: no volume is touched"
