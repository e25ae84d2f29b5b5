"""What gate definitions need to know that only the ledgers can tell, without loading the indicators."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# Types of indicators that look at stages, or at what the ledgers recorded.
LEDGER_INDICATORS = frozenset({"approval", "blockers", "calendar", "dependencies", "ledger"})
_LAST_PROMOTED = "{last_promoted"

Definitions = Sequence[Mapping[str, Any]]


def stage_of(names: Iterable[str], catalogues: Mapping[str, Definitions]) -> str | None:
    """Return the only stage whose catalogue has all the gates named; None when none or several have."""
    wanted = {*names}
    having = [
        stage for stage, gates in catalogues.items() if wanted and wanted <= {str(gate.get("name")) for gate in gates}
    ]
    return having[0] if len(having) == 1 else None


def ledgers(names: Sequence[str], gates: Definitions) -> bool:
    """Say whether one of the gates named (of all of them, when none is) depends on the ledgers."""
    chosen = [gate for gate in gates if not names or gate.get("name") in names]
    return any(_depends(gate) for gate in chosen)


def _depends(gate: Mapping[str, Any]) -> bool:
    indicator = gate.get("indicator")
    kind = indicator.get("type") if isinstance(indicator, Mapping) else None
    return kind in LEDGER_INDICATORS or _LAST_PROMOTED in json.dumps([indicator, gate.get("by_hand")], default=str)
