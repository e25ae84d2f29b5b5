"""Indicator `approval`: whether somebody has approved exactly this artifact for production, and may.

Document: `{examined, findings, said}`; `examined` counts the component's entries in the ledgers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from ..gates.bench import Bench
from ..gates.measurement import Measurement
from ..production import approval
from .indicator import Indicator


class Approval(Indicator):
    """Reads the ledgers' entries that came with the subject, and `environment_approval` of the target."""

    reusable: ClassVar[bool] = False  # an approval grows old

    def measure(self, bench: Bench) -> Measurement:
        """Look for the approval, and for what keeps it from counting."""
        subject = bench.subject
        artifact: Mapping[str, Any] = {**subject.operation["artifact"], "component": subject.component}
        settings = {**approval.DEFAULTS, **(subject.environment.get("approval") or {})}
        own = [entry for entry in subject.ledger if entry.get("component") == subject.component]
        actor, now = str(subject.operation.get("actor")), datetime.now(UTC)
        try:
            findings = approval.missing(own, artifact, settings, actor, now)
        except ValueError as error:
            return Measurement(problem=f"the ledger has an entry without a time: {error}")
        given = approval.newest(own, subject.component, str(artifact["tree"]))
        said = f"approved by {(given.get('data') or {}).get('by')} on {str(given['at'])[:10]}" if given else "nobody"
        return Measurement(document={"examined": len(own), "findings": findings, "said": said})
