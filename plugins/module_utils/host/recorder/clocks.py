"""Time as the recorder sees it: the wall clock, and one that no one can set, to see when somebody set the other."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Optional

from .database import Database
from .slots import SLOT_S

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
JUMP_S = 30.0


def _boottime() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _boot_id() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


@dataclass(frozen=True)
class Clock:
    """`wall`: seconds since 1970; `steady`: seconds since the machine named by `boot` started, also while it slept."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = _boottime
    boot: Callable[[], str] = field(default=_boot_id)

    def slot(self) -> int:
        """Return the present slot."""
        return int(self.wall() // SLOT_S)


def jumped(database: Database, clock: Clock) -> Optional[str]:
    """Compare both clocks with those of the sample before; return the sentence about one that was set, if any."""
    wall, steady, boot = clock.wall(), clock.steady(), clock.boot()
    before = database.value("clock")
    database.note_value("clock", f"{wall:.3f} {steady:.3f} {boot}")
    if not before:
        return None
    parts = before.split(" ")
    if len(parts) != 3:
        return None
    passed, shown = steady - float(parts[1]), wall - float(parts[0])
    if parts[2] != boot:
        return None if shown >= 0 else f"the clock is {-shown:.0f} s earlier than before the machine was started"
    jump = shown - passed
    if abs(jump) < JUMP_S:
        return None
    return f"the clock was set {'forward' if jump > 0 else 'back'} by {abs(jump):.0f} s"
