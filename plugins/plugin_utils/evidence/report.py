"""What a verification shows in the terminal."""

from __future__ import annotations

from typing import Any

from .verify import Verification, counted

MOST = 30


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
    else:
        headline = f"VERIFIED {looked}: every verdict follows from its evidence, and no byte was changed"
    shown = [["found", problem] for problem in found.problems[:MOST]]
    more = len(found.problems) - len(shown)
    rows = [*shown, *([["found", f"… and {more} more"]] if more > 0 else [])]
    rows += [["decided again", f"{looked} with {counted(found.entries, 'entry')}"]] if found.problems else []
    return {
        "headline": headline,
        "outcome": "refused" if found.problems else "done",
        "criteria": [],
        "rows": [*rows, *([["note", remark] for remark in found.remarks])],
        "next": ["see docs/evidence.md for how to look by hand, and how to put a copy back"] if found.problems else [],
    }
