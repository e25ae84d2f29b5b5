"""Indicators: the few typed ways in which gates measure. One class a file; this is the list of them."""

from __future__ import annotations

from .command import Command
from .compose import Compose
from .dependencies import Dependencies
from .deployed import Deployed
from .document import Document
from .indicator import Indicator
from .integration import Integration
from .readme import Readme
from .tests import Tests

KNOWN: dict[str, type[Indicator]] = {
    "command": Command,
    "compose": Compose,
    "deployed": Deployed,
    "dependencies": Dependencies,
    "document": Document,
    "integration": Integration,
    "readme": Readme,
    "tests": Tests,
}
