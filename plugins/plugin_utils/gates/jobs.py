"""Jobs: gates that look at the same measurement are one job, measured once for all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..indicators import KNOWN
from .definition import Gate


@dataclass(frozen=True)
class Job:
    """One indicator with all of its gates; `after` are the numbers of the jobs that come before."""

    gates: tuple[Gate, ...]
    after: tuple[int, ...]

    @property
    def names(self) -> str:
        """The gates' names."""
        return ", ".join(gate.name for gate in self.gates)

    @property
    def heavy(self) -> bool:
        """Whether it mostly waits, and runs beside the others."""
        return KNOWN[self.gates[0].indicator["type"]].heavy

    @property
    def weight(self) -> int:
        """The cores it takes."""
        return max(gate.weight for gate in self.gates)

    @property
    def seconds(self) -> int:
        """The time it has."""
        return max(gate.seconds for gate in self.gates)


def jobs_of(gates: Sequence[Gate]) -> list[Job]:
    """Return the jobs of gates; those of one indicator share a job if they also come after the same gates.

    (Else two of them could be before and after a third; so no circle arises that the gates have not.)
    """
    together: dict[str, list[Gate]] = {}
    for gate in gates:
        key = json.dumps([gate.indicator, sorted(gate.after)], sort_keys=True)
        together.setdefault(key, []).append(gate)
    number_of = {gate.name: number for number, some in enumerate(together.values()) for gate in some}
    return [
        Job(tuple(some), tuple(sorted({number_of[name] for name in some[0].after if name in number_of})))
        for some in together.values()
    ]
