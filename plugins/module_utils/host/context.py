"""What every step of an act needs: who acts on what, where it is kept, and how to say what is going on."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Optional

from .engine import Engine
from .ledger import Ledger
from .lock import Lock
from .prober import Prober
from .state import State
from .store import Store


@dataclass
class Context:
    """One act on one component. ``tell`` gets a step's name and a sentence for the operator.

    ``marks`` are the moments of the act, ``facts`` what it measured for its receipt. ``rehearsal`` is {run, until} of
    the declared rehearsal that it belongs to.
    """

    state: State
    engine: Engine
    environment: str
    component: str
    run: str
    actor: str
    reason: str
    tell: Callable[[str, str], None]
    lock: Optional[Lock] = None
    fence: Optional[int] = None
    rehearsal: Optional[Dict[str, str]] = None
    marks: Dict[str, float] = field(default_factory=dict)
    facts: Dict[str, Any] = field(default_factory=dict)
    prober: Optional[Prober] = None

    @property
    def store(self) -> Store:
        """The component's releases."""
        return self.state.store(self.environment, self.component)

    @property
    def ledger(self) -> Ledger:
        """The environment's ledger."""
        return self.state.ledger(self.environment)

    @property
    def title(self) -> str:
        """The component and where, for sentences."""
        return f"{self.component} on {self.environment}"

    def enter(self, step: str, text: str) -> None:
        """Announce a step to those who watch and to those who wait for the lock, and note when it began."""
        self.marks[step] = time.monotonic()
        if self.lock:
            self.lock.phase(step)
        self.tell(step, text)

    def mark(self, moment: str) -> None:
        """Note that ``moment`` is now, unless it was before."""
        self.marks.setdefault(moment, time.monotonic())

    def serving(self) -> str:
        """Say what serves now, by the store."""
        current = self.store.current()
        return f"{self.component} {current.number} still serves" if current else f"{self.component} does not run"

    def seconds(self, begin: str, end: str) -> Optional[float]:
        """Return the seconds between two steps, or None when one of them was not reached."""
        if begin in self.marks and end in self.marks:
            return round(self.marks[end] - self.marks[begin], 2)
        return None
