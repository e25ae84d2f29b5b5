"""What is asked of the host's recorder for a component, from its entry of the catalogue. Pure.

The entry's `observation` is `{ranges, readings, allowed}`: `ranges` map a measured name (`p95_ms`, `cpu_percent`,
`memory_mb`, … or a reading's) to `[least, most]`, either of them null; `readings` map a name to `{path, value}`, a JSON
answer of the component and a path in it, and may have `agrees`, a CSV `file` in its container and a `column`, whose
difference becomes the reading `<name>_differs_percent`; `logs.allow`: `log_classes/allowed.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ...module_utils.host.log_classes import allowed
from ..gates.objective import is_number
from ..refusal import Refusal
from ..shapes import complete

DEFAULTS: dict[str, Any] = {"ranges": {}, "readings": {}, "logs": {}}
_LOGS: dict[str, Any] = {"allow": []}
_READING = {"path", "value", "agrees"}


def declared(given: Any, where: str) -> dict[str, Any]:
    """Return a catalogue entry's `observation`, complete; raises `Refusal` that names the key."""
    found: dict[str, Any] = complete(given or {}, DEFAULTS, where)
    for name, pair in found["ranges"].items():
        _require_range(pair, f"{where}.ranges.{name}")
    for name, one in found["readings"].items():
        known = isinstance(one, Mapping) and {"path", "value"} <= set(one) <= _READING
        if not known or not str(one["path"]).startswith("/"):
            example = "{path: /emissions, value: totals.energy_kwh}"
            raise Refusal(f"{where}.readings.{name} is {one!r}", "a path and what to read there", example)
    found["logs"] = complete(found["logs"], _LOGS, f"{where}.logs")
    wrong = allowed.problems(found["logs"]["allow"], datetime.now(UTC).date(), f"{where}.logs.allow")
    if wrong:
        raise Refusal(wrong[0], f"entries with {', '.join(allowed.KEYS)}")
    # a date of YAML is no text, and goes to the host as JSON
    found["logs"]["allow"] = [{**one, "expires": str(one["expires"])} for one in found["logs"]["allow"]]
    return found


def _require_range(pair: Any, where: str) -> None:
    fits = isinstance(pair, list) and len(pair) == 2 and all(one is None or is_number(one) for one in pair)
    if not fits or pair == [None, None] or (None not in pair and pair[0] > pair[1]):
        raise Refusal(f"{where} is {pair!r}", "[least, most]; one of them may be null", "p95_ms: [null, 150]")


def settings(entry: Mapping[str, Any], command: Sequence[str] | None, folder: str) -> dict[str, Any]:
    """Return `{expect, settings}` as the host's verb `observe --do start` reads them.

    `command` runs the daily integration tests in `folder`; None where the host cannot: they stay unknown until
    somebody runs them.
    """
    given = entry.get("observation") or DEFAULTS
    tests = entry.get("tests", {}).get("integration") or None
    own = {"ranges": given["ranges"], "readings": given["readings"], "allow": (given["logs"] or _LOGS)["allow"]}
    if tests:
        own["tests"] = {"command": list(command) if command else None, "folder": folder}
    return {"expect": (entry.get("health") or {}).get("expect"), "settings": own}
