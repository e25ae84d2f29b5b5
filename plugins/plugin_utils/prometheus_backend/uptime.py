"""Uptime of one artifact out of Prometheus's raw samples, slot by slot as the recorder counts it. Pure.

Raw samples, not a query over steps: a step takes the sample before it for up to five minutes, and gaps vanish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...module_utils.host.recorder import prospects, report, slots, stays, windows
from ...module_utils.host.recorder.slots import DOWN, SLOT_S, UNKNOWN, UP, WEEK, Span

ABSENT = "Prometheus has no sample: nobody probed"


def states(series: Iterable[Sequence[tuple[float, float]]], expected: int, slot_s: float = SLOT_S) -> list[Span]:
    """Return the known slots in order.

    `series` has of each target its samples (time, 1 or 0). A slot is down when one of its samples is; up when
    all `expected` targets have one and all are up; else nothing is known of it.
    """
    seen: dict[int, tuple[int, bool]] = {}
    for samples in series:
        own: dict[int, bool] = {}
        for at, value in samples:
            slot = int(at // slot_s)
            own[slot] = own.get(slot, True) and value == 1
        for slot, up in own.items():
            count, all_up = seen.get(slot, (0, True))
            seen[slot] = (count + 1, all_up and up)
    found = []
    for slot, (count, up) in sorted(seen.items()):
        if not up:
            found.append(Span(slot, slot + 1, DOWN, "a probe failed"))
        elif count >= expected:
            found.append(Span(slot, slot + 1, UP))
        else:
            found.append(Span(slot, slot + 1, UNKNOWN, f"{count} of {expected} targets were probed"))
    return found


def observed(
    component: str,
    entries: Sequence[Mapping[str, Any]],
    series: Sequence[Sequence[tuple[float, float]]],
    expected: int,
    now: float,
) -> dict[str, Any] | None:
    """Return the `data` of the ledger's `observed` for the present stay, with `artifact` and `release`.

    None when nothing serves.

    The window is as the recorder's: the last seven days of the stay, or all of it while it is shorter.
    """
    own = stays.own([dict(entry) for entry in entries], component)
    since = stays.present(own)
    if since is None:
        return None
    begin, first, end = window(str(since["at"]), now)
    whole = slots.spans(begin, end, states(series, expected), lambda _: ABSENT)
    whole = slots.without(whole, windows.windows(own))
    shown = [one._replace(begin=max(one.begin, first)) for one in whole if one.end > first]
    found = slots.uptime(shown)
    return {
        "artifact": since["artifact"],
        "release": since.get("release"),
        "data": {
            "source": "prometheus",
            "from": windows.text_of(first * SLOT_S),
            "until": windows.text_of(end * SLOT_S),
            **found.told(),
            "cause": report.cause(found, shown),
            "earliest": windows.text_of(prospects.earliest(whole, begin, end) * SLOT_S),
            "days": [
                {"date": windows.text_of(day * 86400)[:10], **counts}
                for day, counts in sorted(slots.by_day(shown).items())
            ],
        },
    }


def stay_began(component: str, entries: Sequence[Mapping[str, Any]]) -> str | None:
    """Return when the present stay began, None when nothing serves."""
    since = stays.present(stays.own([dict(entry) for entry in entries], component))
    return str(since["at"]) if since else None


def window(since: str, now: float) -> tuple[int, int, int]:
    """Return the slots at which the stay began, from which the report counts, and before which it ends."""
    end = int(now // SLOT_S)
    begin = -int(-windows.moment(since) // SLOT_S)
    return begin, max(begin, end - WEEK), end
