"""What a run comes down to: which report, failure or silence its end speaks of."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from .report import render
from .steps import duration
from .style import Look
from .wrap import message_lines

_BAD = {"refused", "failed", "returned"}


@dataclasses.dataclass(frozen=True)
class Trouble:
    """A task that failed, or a host that did not answer (``unreachable``)."""

    step: str
    task: str
    host: str
    message: str
    unreachable: bool = False


@dataclasses.dataclass
class Facts:
    """What was seen of a run until its end.

    ``trouble``: the last task that failed, even one whose failure was to be ignored; ``planned`` and ``begun``: plays;
    ``seconds`` since it began.
    """

    report: Mapping[str, Any] | None = None
    trouble: Trouble | None = None
    failed: bool = False
    planned: int = 0
    begun: int = 0
    tasks: int = 0
    changed: int = 0
    seconds: float = 0.0

    def saw(self, report: Mapping[str, Any]) -> None:
        """Remember a report as the last one."""
        self.report = report


def ending(facts: Facts, look: Look) -> list[str]:
    """Lines of the end; the first is the headline.

    A failed run never ends with a report of success: a judgement that passed says nothing about the
    deployment that failed after it.
    """
    # Ansible stops before the last play only after a failure, but counts one that was to be ignored nowhere
    if facts.failed or facts.begun < facts.planned:
        if facts.report and facts.report.get("outcome") in _BAD:
            return render(facts.report, look)
        return [look.plain(line) for line in _trouble(facts.trouble, look)]
    if facts.report:
        return render(facts.report, look)
    if not facts.tasks:
        return [look.headline("NOTHING DONE: no host was meant", "failed")]
    changes = f", {facts.changed} changed" if facts.changed else ""
    return [look.headline(f"DONE in {duration(facts.seconds)}{changes}", "done")]


def _trouble(trouble: Trouble | None, look: Look) -> list[str]:
    if trouble is None:
        return [look.headline("FAILED: Ansible stopped without saying why; again with -v", "failed")]
    if trouble.unreachable:
        said = " ".join(trouble.message.split())
        text = f"NO ANSWER from {trouble.host} in step {trouble.step}: {said}"
    else:
        text = f"FAILED in step {trouble.step}: {trouble.message.strip()}"
    return [look.headline(line, "failed") for line in message_lines(text, look.width, 0)]
