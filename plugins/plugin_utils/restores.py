"""Which restore point a restore takes, and whether what it loses was accepted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..module_utils.host.backup import durations, putting_back
from ..module_utils.host.errors import UsageError
from .refusal import Refusal


def chosen(
    known: Sequence[Mapping[str, Any]], wanted: str | None, component: str, environment: str
) -> Mapping[str, Any]:
    """Return the restore point `wanted`, else the newest verified one that is no safety dump."""
    if wanted:
        found = next((one for one in known if one["id"] == wanted), None)
        what = f"{component} on {environment} has no restore point {wanted}"
    else:
        found = next((one for one in reversed(known) if one["verified_at"] and one["kind"] != "safety"), None)
        what = f"{component} on {environment} has no verified restore point"
    if found is None:
        there = ", ".join(str(one["id"]) for one in known[-5:]) or "none"
        raise Refusal(what, f"one of {there}", f"sudo tta-ops points {component} --environment {environment}")
    return found


def accepted(point: Mapping[str, Any], accept_loss: str | None, now: float) -> float:
    """Return the seconds that are lost; refuses, with what to type, unless `accept_loss` names them."""
    lost = max(0.0, now - durations.moment(point["at"]))
    try:
        putting_back.require_named(lost, accept_loss)
    except UsageError as error:
        enough = durations.text(putting_back.enough(lost))
        raise Refusal(
            f"restoring {point['id']} loses what was written since {point['at']}, {durations.text(lost)}{error}",
            "that you accept it by name, and nothing larger",
            f"-e component={point['component']} -e target={point['environment']} -e point={point['id']} "
            f"-e accept_loss={enough}",
        ) from None
    return lost
