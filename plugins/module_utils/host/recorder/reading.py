"""What a component says of itself: numbers in its JSON answers, compared with a file of its own where one is named."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from typing import Any, Callable, Dict, List, Mapping, Optional
from urllib.parse import urlsplit

from .. import probe
from ..engine_socket import EngineSocket
from ..errors import EngineError
from . import expectation
from .database import Database

EVERY = 15  # slots
OFF = "differs_percent"
_DEADLINE_S, _MOST_BYTES = 5.0, 4 << 20
Ask = Callable[[Dict[str, Any]], Dict[str, Any]]


def due(slot: int) -> bool:
    """Say whether readings are taken in a slot."""
    return slot % EVERY == 0


def take(
    declared: Mapping[str, Mapping[str, Any]],
    request: Optional[Dict[str, Any]],
    containers: List[Dict[str, Any]],
    line: Optional[EngineSocket],
    database: Database,
    slot: int,
    ask: Ask = probe.sample,
) -> None:
    """Read what is declared (see the catalogue's `observation.readings`) and write it down; what fails is noted."""
    if not request or not request.get("url"):
        return
    base = urlsplit(request["url"])
    for name, one in declared.items():
        answer = ask({**request, "url": f"{base.scheme}://{base.netloc}{one['path']}", "timeout": _DEADLINE_S})
        value = number(answer["body"], str(one["value"])) if answer["ok"] else None
        if value is None:
            why = answer["error"] or f"{one['value']} is no number there"
            database.note(slot, "readings", f"{name} cannot be read at {one['path']}: {why}")
            continue
        database.do("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", slot, name, value)
        if one.get("agrees"):
            _compare(name, value, one["agrees"], containers, line, database, slot)


def number(body: Optional[str], path: str) -> Optional[float]:
    """Return the number at a path of a JSON text, None where there is none."""
    try:
        found = expectation.value(path, json.loads(body or ""))
    except (ValueError, RecursionError):
        return None
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def _compare(
    name: str,
    value: float,
    agrees: Mapping[str, Any],
    containers: List[Dict[str, Any]],
    line: Optional[EngineSocket],
    database: Database,
    slot: int,
) -> None:
    own = next((found for one in containers for found in [_file(line, one, str(agrees["file"]))] if found), None)
    other = last_of(own, str(agrees["column"])) if own else None
    if other is None:
        database.note(slot, "readings", f"{name}: {agrees['file']} has no {agrees['column']} to compare with")
        return
    apart = abs(value - other) / max(abs(value), abs(other)) * 100 if value or other else 0.0
    database.do("INSERT OR REPLACE INTO readings VALUES (?, ?, ?)", slot, f"{name}_{OFF}", apart)


def last_of(text: str, column: str) -> Optional[float]:
    """Return the last number of a column of a CSV file, as CodeCarbon writes its `emissions.csv`."""
    rows = list(csv.DictReader(io.StringIO(text)))
    try:
        return float(rows[-1][column])
    except (IndexError, KeyError, TypeError, ValueError):
        return None


def _file(line: Optional[EngineSocket], one: Dict[str, Any], path: str) -> Optional[str]:
    """Return the text of a file inside a container, None where there is none."""
    if line is None:
        return None
    try:
        reply = line("GET", f"/containers/{one['Id']}/archive", _DEADLINE_S, path=path)
    except EngineError:
        return None
    if reply.status != 200 or len(reply.body) > _MOST_BYTES:
        return None
    with tarfile.open(fileobj=io.BytesIO(reply.body)) as archive:
        member = next((one for one in archive if one.isfile()), None)
        opened = archive.extractfile(member) if member else None
        return opened.read().decode("utf-8", "replace") if opened else None
