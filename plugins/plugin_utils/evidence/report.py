"""What a verification shows in the terminal."""

from __future__ import annotations

from typing import Any

from .verify import Verification, counted

MOST = 30


def is_verified(found: Verification) -> bool:
    """Say whether something was verified, and all of it is as it was."""
    return bool(found.verdicts) and not found.problems


def report(found: Verification) -> dict[str, Any]:
    """Return the report of the action `verify_evidence`."""
    looked = (
        f"{counted(found.verdicts, 'verdict')} of {counted(len(found.runs), 'run')}, {counted(found.ledgers, 'ledger')}"
    )
    if found.problems:
        number = len(found.problems)
        headline = (
            f"NOT VERIFIED {'1 thing is not as it' if number == 1 else f'{number} things are not as they'} should be"
        )
    elif not found.verdicts:
        headline = f"NOTHING VERIFIED no verdict is kept yet ({looked})"
    else:
        headline = f"VERIFIED {looked}: every verdict follows from its evidence, and no byte was changed"
    shown = [["found", problem] for problem in found.problems[:MOST]]
    more = len(found.problems) - len(shown)
    rows = [*shown, *([["found", f"… and {more} more"]] if more > 0 else [])]
    rows += [["decided again", f"{looked} with {counted(found.entries, 'entry')}"]] if found.problems else []
    return {
        "headline": headline,
        "outcome": "done" if is_verified(found) else "refused",
        "criteria": [],
        "rows": [*rows, *([["note", remark] for remark in found.remarks])],
        "next": _next(found),
    }


def _next(found: Verification) -> list[str]:
    if found.problems:
        return ["see docs/evidence.md for how to look by hand, and how to put a copy back"]
    return [] if found.verdicts else ["ansible-playbook gates.yml"]
