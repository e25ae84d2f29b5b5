"""The allow-list: errors that somebody answers for, for a while, up to a number.

An entry is `{pattern, owner, reason, expires, cap}`: `pattern` a regular expression on the message, or a fingerprint,
`expires` YYYY-MM-DD (the last day), `cap` how many in 24 hours are borne.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Dict, List, Mapping, Optional, Sequence

KEYS = ("pattern", "owner", "reason", "expires", "cap")
LONGEST_DAYS = 90  # longer is no exception any more
_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


def problems(entries: Sequence[Any], today: date, where: str = "observation.logs.allow") -> List[str]:
    """Return what is wrong with the entries, a sentence each; an entry that has expired is no mistake."""
    return [
        f"{where}[{number}] {said}" for number, entry in enumerate(entries) for said in _wrong(entry, today) if said
    ]


def _wrong(entry: Any, today: date) -> List[str]:
    if not isinstance(entry, Mapping):
        return [f"is {entry!r}; wanted: {', '.join(KEYS)}"]
    said = [
        f"has no {key}; every entry says who bears it, why, until when and how much"
        for key in KEYS
        if not entry.get(key)
    ]
    said += [f"has {key}, which is no key; known: {', '.join(KEYS)}" for key in sorted(set(entry) - set(KEYS))]
    if said:
        return said
    try:
        re.compile(str(entry["pattern"]))
    except re.error as error:
        said.append(f"pattern is no regular expression: {error}")
    else:
        if re.search(str(entry["pattern"]), ""):
            said.append(f"pattern {entry['pattern']!r} allows everything; wanted: what this one message says")
    until = _day(entry["expires"])
    if until is None:
        said.append(f"expires is {entry['expires']!r}; wanted: a day such as {today.isoformat()}")
    elif (until - today).days > LONGEST_DAYS:
        said.append(
            f"expires on {until}, more than {LONGEST_DAYS} days from now; wanted: sooner, and to be said again then"
        )
    if not isinstance(entry["cap"], int) or isinstance(entry["cap"], bool) or entry["cap"] < 1:
        said.append(f"cap is {entry['cap']!r}; wanted: how many in 24 hours are borne, 1 or more")
    return said


def entry_for(
    finding: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], today: date
) -> Optional[Dict[str, Any]]:
    """Return the entry that allows a finding, with `expired: bool`; None when there is none.

    One that holds wins over one that has expired.
    """
    fitting = [entry for entry in entries if _fits(str(entry["pattern"]), finding)]
    marked = [{**entry, "expired": (_day(entry["expires"]) or date.min) < today} for entry in fitting]
    return min(marked, key=lambda entry: bool(entry["expired"])) if marked else None


def _fits(pattern: str, finding: Mapping[str, Any]) -> bool:
    if _FINGERPRINT.fullmatch(pattern):
        return bool(pattern == finding["fingerprint"])
    return bool(
        re.search(pattern, f"{finding['exception']}: {finding['text']}" if finding["exception"] else finding["text"])
    )


def _day(value: Any) -> Optional[date]:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None
