"""Indicators: the few typed ways in which gates measure. One class a file; this is the list of them."""

from __future__ import annotations

from .command import Command
from .compose import Compose
from .container import Container
from .dependencies import Dependencies
from .deployed import Deployed
from .document import Document
from .http import Http
from .indicator import Indicator
from .integration import Integration
from .ledger import Ledger
from .prometheus import Prometheus
from .readme import Readme
from .tests import Tests

KNOWN: dict[str, type[Indicator]] = {
    "command": Command,
    "compose": Compose,
    "container": Container,
    "deployed": Deployed,
    "dependencies": Dependencies,
    "document": Document,
    "http": Http,
    "integration": Integration,
    "ledger": Ledger,
    "prometheus": Prometheus,
    "readme": Readme,
    "tests": Tests,
}
