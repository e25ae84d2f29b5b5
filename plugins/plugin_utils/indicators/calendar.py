"""Indicator `calendar`: whether production may be changed now.

Document: `{examined, findings, opens, said}`; `examined` names what was looked into, `opens` is when it may be.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from ..gates.bench import Bench
from ..gates.measurement import Measurement
from ..production import calendar
from .indicator import Indicator


class Calendar(Indicator):
    """Compares the clock with `environment_calendar` of the target and the maintenance that the ledger declares."""

    reusable: ClassVar[bool] = False  # the clock goes on

    def measure(self, bench: Bench) -> Measurement:
        """Look at the clock."""
        subject = bench.subject
        known, now = subject.environment.get("calendar") or {}, datetime.now(UTC)
        try:
            findings = calendar.closed(known, subject.ledger, now)
            opens = calendar.opens(known, subject.ledger, now) if findings else now
        except (ValueError, KeyError, TypeError) as error:
            return Measurement(problem=f"the ledger declares a maintenance whose times cannot be read: {error}")
        later = f"; it opens {opens:%Y-%m-%d %H:%M} UTC" if opens and opens > now else ""
        windows = calendar.in_words(known)
        document = {
            "examined": ["freezes", "windows", "declared maintenance"],
            "findings": [f"{one}{later}" for one in findings],
            "opens": f"{opens:%Y-%m-%dT%H:%MZ}" if opens else None,
            "said": f"open ({windows})" if windows else "open: no windows are declared, and no freeze is on",
        }
        return Measurement(document=document)
