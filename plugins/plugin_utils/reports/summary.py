"""What a judgement's gates come to, in one or two sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_SAID = (("fail", "fails", "fail"), ("inconclusive", "is inconclusive", "are inconclusive"))


def sentence(rows: Sequence[Mapping[str, Any]]) -> str:
    """`2 gates fail (lint, types), 1 gate is inconclusive (types).`; or that all pass, and how many were judged."""
    said = []
    for state, one, many in _SAID:
        names = [row["gate"] for row in rows if row["state"] == state]
        if names:
            gates = "gate" if len(names) == 1 else "gates"
            said.append(f"{len(names)} {gates} {one if len(names) == 1 else many} ({', '.join(names)})")
    if said:
        return ", ".join(said) + "."
    passed = sum(row["verdict"] == "pass" for row in rows)
    reused = sum(bool(row["reused_from"]) for row in rows)
    if passed == len(rows) == 1:
        return "Its one gate passes."
    of = "All" if passed == len(rows) else f"{passed} of"
    return f"{of} {len(rows)} gates pass{f', {reused} of them earned before' if reused else ''}."
