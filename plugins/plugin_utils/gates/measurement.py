"""What an indicator brings home: a document to judge, and the evidence of how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .process import Finished


@dataclass(frozen=True)
class Measurement:
    """The result of one indicator.

    `document` is JSON-like data that gates look into. `problem` is one sentence saying why nothing could be measured:
    whatever the document holds then, the verdict is inconclusive. `note` is a sentence that belongs to the cause of
    anything but a pass. `claims_findings` says that the tool's own exit code speaks of findings. `reports` are files
    for the evidence, by name.
    """

    document: Any = None
    problem: str = ""
    note: str = ""
    claims_findings: bool = False
    commands: tuple[Finished, ...] = ()
    reports: Mapping[str, str] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    attested: Mapping[str, str] | None = None
    by_hand: str = ""
