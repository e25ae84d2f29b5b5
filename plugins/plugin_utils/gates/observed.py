"""What an `observed` entry of the ledger is worth: is it whole, of now, and certain enough to judge by? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ...module_utils.host.recorder.slots import FAIL, WANTED, WEEK, Uptime
from . import soak
from .comparison import is_number

FRESH = timedelta(hours=26)
_COUNTS = ("slots", "up", "down", "unknown", "maintenance")
AGAIN = "ansible-playbook observe.yml"


def judged(entry: Mapping[str, Any], stay: soak.Stay, now: datetime) -> dict[str, Any]:
    """Return `{percent, slots, said, stale, problems}` of an entry; `stay` is the artifact's present one.

    `stale` says why the entry tells nothing of now; `problems` are these, and why the percent is not certain. A verdict
    is counted anew from the slots: what the entry says of itself is not believed.
    """
    data = entry.get("data") or {}
    stale = _stale(entry, data, stay, now)
    if not all(is_number(data.get(key)) and data[key] >= 0 for key in _COUNTS):
        said = f"the entry of {entry.get('at')} has not all of {', '.join(_COUNTS)}"
        return {"percent": None, "slots": 0, "said": "", "stale": stale, "problems": [*stale, said]}
    counts = [int(data[key]) for key in _COUNTS]
    found = Uptime(*counts)
    problems = list(stale)
    if sum(counts[1:]) != found.expected:
        problems.append(f"{found.expected} slots were expected, but {sum(counts[1:])} are told of")
    elif found.verdict() != FAIL:
        problems += _unknown(found, str(data.get("cause") or ""))
    said = f"{found.up} of {found.counted} minutes up; {data.get('cause') or 'all were looked at'}"
    return {"percent": found.lower, "slots": found.counted, "said": said, "stale": stale, "problems": problems}


def _unknown(found: Uptime, cause: str) -> list[str]:
    if found.lower is None or found.upper is None:
        return ["no minute of it counts"]
    if found.expected < WEEK:
        return [f"{found.expected} of {WEEK} minutes are over: {cause or 'too few'}"]
    if found.lower < WANTED:
        return [f"up {found.lower:.2f} % to {found.upper:.2f} %: {cause or 'too much is unknown'}"]
    return []


def _stale(entry: Mapping[str, Any], data: Mapping[str, Any], stay: soak.Stay, now: datetime) -> list[str]:
    """Return why an entry says nothing of the present stay: it is of before, or its last minute is long over."""
    try:
        begin, end = soak.moment(str(data.get("from"))), soak.moment(str(data.get("until")))
    except ValueError:
        return [f"the entry of {entry.get('at')} does not say from when until when"]
    component = entry.get("component") or ""
    if stay.since is None:
        return ["exactly this artifact is not in staging"]
    # Deployed a moment before it was promoted: an observation may well begin there.
    if begin < soak.time_of(stay.since) - timedelta(hours=1):
        return [
            f"it was observed from {data['from']}, before it came to staging for good; {AGAIN} -e component={component}"
        ]
    if now - end > FRESH:
        return [f"the last minute that was observed is {data['until']}; {AGAIN} -e component={component}"]
    return []
