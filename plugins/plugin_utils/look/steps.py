"""The lines of a run while it goes on: steps, long tasks, the one line that lives."""

from __future__ import annotations

from .style import Look
from .wrap import cut, message_lines

LONG_TASK = 10.0
"""Seconds after which a task is worth a line."""

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


def duration(seconds: float) -> str:
    """``0.4 s``, ``34 s``, ``2 min 5 s``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def step_line(number: int, name: str, look: Look) -> str:
    """The line that a step begins with."""
    return look.plain(look.paint(f"{number} {name}", "strong"))


def step_done(verdict: str, seconds: float, look: Look) -> str:
    """The line that a step ends with; verdict ``pass`` or ``fail``."""
    return f"  {look.painted_mark(verdict)} {look.paint(duration(seconds), 'quiet')}"


def live_line(name: str, seconds: float, frame: int, look: Look) -> str:
    """The one line that is rewritten while a task runs; never wider than the terminal."""
    mark = _FRAMES[frame % len(_FRAMES)] if look.symbols and look.unicode else "|/-\\"[frame % 4]
    tail = f"  {duration(seconds)}"
    return look.paint(look.plain(cut(f"  {mark}  {name}", look.width - len(tail) - 1)) + tail, "quiet")


def still_running(name: str, seconds: float, look: Look) -> str:
    """Says, without a terminal, that a task is taking its time."""
    return look.plain(f"     {name} ... {duration(seconds)}, still running")


def long_task_done(name: str, seconds: float, look: Look) -> str:
    """Says how long a long task took."""
    return look.plain(look.paint(f"     {name}: {duration(seconds)}", "quiet"))


def task_failed(name: str, host: str, look: Look, ignored: bool = False) -> str:
    """A task that failed; what it said follows, or stands at the end of the run."""
    where = "" if host == "localhost" else f" [{host}]"
    verdict = "inconclusive" if ignored else "fail"
    return look.plain(f"  {look.painted_mark(verdict)} {name}{where}{' (the run goes on)' if ignored else ''}")


def task_message(message: str, look: Look) -> list[str]:
    """What a failed task said, below its line."""
    return [look.plain(line) for line in message_lines(message, look.width, 5)]


def would_change(name: str, host: str, look: Look) -> str:
    """A task that check mode found something to do for."""
    return look.plain(f"     would change: {name} [{host}]")
