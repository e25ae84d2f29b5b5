"""What is to be said of the errors of a release: which are new, which were there before, which somebody bears."""

from __future__ import annotations

from datetime import date
from typing import Any, Collection, Dict, List, Mapping, Optional, Sequence

from . import allowed


def compare(
    found: Sequence[Mapping[str, Any]],
    previous: Optional[Collection[str]],
    entries: Sequence[Mapping[str, Any]],
    today: date,
) -> Dict[str, List[Dict[str, Any]]]:
    """Return `{new, known, allowed, over_cap, expired}`, each a list of findings with `said`, a sentence.

    `found` are the findings of at most 24 hours (`events.errors`), `previous` the fingerprints of the release before;
    None when nobody knows them: then all count as new. What is over its cap or expired is borne by nobody,
    and is listed in `new` or `known` too.
    """
    sorted_out: Dict[str, List[Dict[str, Any]]] = {
        key: [] for key in ("new", "known", "allowed", "over_cap", "expired")
    }
    for finding in found:
        entry = allowed.entry_for(finding, entries, today)
        if entry and not entry["expired"] and finding["count"] <= entry["cap"]:
            sorted_out["allowed"].append(
                _with(finding, f"{entry['owner']} bears it until {entry['expires']}: {entry['reason']}")
            )
            continue
        if entry and entry["expired"]:
            sorted_out["expired"].append(
                _with(finding, f"{entry['owner']} bore it until {entry['expires']}: {entry['reason']}")
            )
        elif entry:
            said = f"{finding['count']} in 24 hours, {entry['owner']} bears {entry['cap']}: {entry['reason']}"
            sorted_out["over_cap"].append(_with(finding, said))
        if previous is None:
            sorted_out["new"].append(_with(finding, "nobody knows what the release before logged: it counts as new"))
        elif finding["fingerprint"] in previous:
            sorted_out["known"].append(_with(finding, "the release before had it too"))
        else:
            sorted_out["new"].append(_with(finding, "the release before did not have it"))
    return sorted_out


def merged(days: Sequence[Sequence[Mapping[str, Any]]]) -> List[Dict[str, Any]]:
    """Return findings of several readings as one list, counts added."""
    together: Dict[str, Dict[str, Any]] = {}
    for findings in days:
        for finding in findings:
            known = together.setdefault(finding["fingerprint"], {**finding, "count": 0})
            known["count"] += finding["count"]
    return list(together.values())


def _with(finding: Mapping[str, Any], said: str) -> Dict[str, Any]:
    return {**finding, "said": said}
