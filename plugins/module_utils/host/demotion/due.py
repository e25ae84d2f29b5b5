"""Which components have lost the right to their stage, by the ledgers alone. Pure.

A promotion that leant on a waiver falls with it. One to production falls when the component was observed there for at
least a week and was up for less than 99.9 % of that time even if every unknown slot had been up.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, NamedTuple, Optional

Entry = Dict[str, Any]
UPTIME = 99.9  # the monorepo's own rule for production
WEEK = 7 * 1440  # slots of a minute: below that a single incident would decide
BELOW = {"production": "staging", "staging": "development"}


class Due(NamedTuple):
    """A component that is to be demoted in an environment: to which stage, why (``waiver`` or ``uptime``), in words."""

    component: str
    environment: str
    stage: str
    cause: str
    why: str
    since: str
    entry: Entry


def due(entries: Iterable[Entry], environment: str, today: str) -> List[Due]:
    """Return what is to be demoted in an environment on ``today`` (YYYY-MM-DD); ``entries`` are its ledger's."""
    books: Dict[str, List[Entry]] = {}
    for entry in entries:
        if entry["component"] and entry["environment"] == environment:
            books.setdefault(entry["component"], []).append(entry)
    found = (_of(book, environment, today) for _, book in sorted(books.items()))
    return [one for one in found if one]


def expired(promotion: Entry, today: str) -> List[Dict[str, Any]]:
    """Return the waivers that a promotion leant on and that have ended before ``today``; a day counts to its end."""
    criteria = (promotion.get("data") or {}).get("criteria") or []
    waivers = [one for criterion in criteria for one in criterion.get("waivers") or []]
    return [one for one in waivers if today and str(one.get("until")) < today]


def _of(own: List[Entry], environment: str, today: str) -> Optional[Due]:
    standing = _standing(own)
    if standing is None:
        return None
    name, stage = standing["component"], BELOW[environment]
    ended = expired(standing, today)
    if ended:
        one = ended[0]
        why = f"the waiver of {one.get('gate')} by {one.get('owner')} ended on {one['until']}"
        return Due(name, environment, stage, "waiver", why, str(one["until"]), standing)
    seen = _observed(own, standing) if environment == "production" else None
    if seen:
        data = seen["data"]
        why = (
            f"it was up for at most {float(data['upper_percent']):g} % from {data.get('from')} until "
            f"{data.get('until')}, {UPTIME:g} % are wanted in production"
        )
        return Due(name, environment, stage, "uptime", why, str(data.get("from")), standing)
    return None


def _standing(own: List[Entry]) -> Optional[Entry]:
    """Return the promotion that stands: the last word about the stage is it, and not a demotion or a return."""
    said = [one for one in own if one["event"] in ("promoted", "demoted", "returned", "removed")]
    said = [one for one in said if not (one["data"] or {}).get("rehearsal")]
    return said[-1] if said and said[-1]["event"] == "promoted" else None


def _observed(own: List[Entry], standing: Entry) -> Optional[Entry]:
    """Return the newest observation of what was promoted, if it shows that too little of a whole week was up."""
    tree = (standing["artifact"] or {}).get("tree")
    fitting = [
        one
        for one in own
        if one["event"] == "observed" and one["seq"] > standing["seq"] and (one["artifact"] or {}).get("tree") == tree
    ]
    data = (fitting[-1]["data"] or {}) if fitting else {}
    slots, upper = data.get("slots"), data.get("upper_percent")
    if not isinstance(slots, int) or not isinstance(upper, (int, float)):
        return None
    return fitting[-1] if slots >= WEEK and upper < UPTIME else None
