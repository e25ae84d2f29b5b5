"""How bad an incident is and until when something has to be done: the plan's "Assess Severity". Pure.

Critical: roll back at once. High: within 24 hours. Medium: fix in staging. Low: document for a future fix.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

WHAT_TO_DO = {
    "critical": "Immediate rollback",
    "high": "Rollback within 24 hours",
    "medium": "Fix in staging",
    "low": "Document for a future fix",
}
DUE_DAYS = {"critical": 0, "high": 1, "medium": 7, "low": 30}
"""Days until the fix is due. The plan gives the first two; medium is its observation period, low a month."""


def due(severity: str, at: str) -> str:
    """The day (YYYY-MM-DD) until which an incident of ``at`` has to be dealt with."""
    return (date.fromisoformat(at[:10]) + timedelta(days=DUE_DAYS[severity])).isoformat()


def severity(incident: Mapping[str, Any]) -> tuple[str, str]:
    """(severity, why), from what is known.

    ``environment``, ``failed_requests`` (None: nobody probed), ``data_lost`` (None: unknown, "" none), ``served``: the
    bad release had answered users; ``act``: what took it back, ``deploy``, ``undo`` and ``remove`` within its own
    promotion; ``verified``: the release before serves again and was seen healthy; ``word``: what a person or the watch
    said, which wins.
    """
    if incident.get("word") in DUE_DAYS:
        return str(incident["word"]), "as it was given"
    production = incident["environment"] == "production"
    failed, lost = incident.get("failed_requests"), incident.get("data_lost")
    if incident.get("verified") is False:
        return ("critical" if production else "high"), "the release before was not seen healthy again"
    if production and (failed or lost):
        return "critical", "users of production were affected"
    if production and incident.get("served"):
        return "high", "it had served in production"
    if incident.get("served") and incident.get("act") not in ("deploy", "undo", "remove"):
        return "medium", "it had served in staging"
    return "low", "it was turned away before its promotion was complete"
