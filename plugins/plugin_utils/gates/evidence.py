"""Evidence: one folder a run that holds all that every verdict was decided by, so that it can be decided again.

    run.json artifact.json host.json gates.json verdicts.json
    gates/<gate>/ command.json document.json measurement.json baseline.json stdout stderr, and the tool's own reports
    manifest.json   the hash of each file and one of them all; written last

The folder gets its name when it is complete: what a killed run leaves is called `.<run>.part`.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...module_utils.host import manifest
from ..refusal import Refusal
from .control_node import about_this_machine
from .judge import Judged
from .process import Finished

MANIFEST = manifest.NAME
VERDICTS = "verdicts.json"
GATES = "gates"


@dataclass(frozen=True)
class Carried(Judged):
    """A verdict earned by an earlier run; `carried` holds the files of its gate, by name, as that run has kept them."""

    carried: Mapping[str, bytes] = field(default_factory=dict)


def write(
    folder: Path,
    operation: Mapping[str, Any],
    definitions: Sequence[Mapping[str, Any]],
    judged: Sequence[Judged],
    *,
    keys: Mapping[str, str | None] | None = None,
    started: datetime | None = None,
) -> tuple[str, list[dict[str, Any]]]:
    """Write the evidence of a run; return its root hash and the verdicts with `files` and `inputs` filled in.

    `keys` says of each gate what its verdict depends on (see `reuse.keys`). Raises `Refusal` when the folder cannot be
    written: a verdict without evidence promotes nothing.
    """
    part = folder.with_name(f".{folder.name}.part")
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.mkdir(mode=0o700)
        root, verdicts = _write(part, operation, definitions, judged, keys or {}, started)
        part.rename(folder)
    except OSError as error:
        with suppress(OSError):  # what stopped the writing is what is told
            shutil.rmtree(part)
        raise Refusal(
            f"the evidence cannot be written to {folder}: {error.strerror}",
            "room and the right to write",
            f"df -h {folder}",
        ) from error
    return root, verdicts


def _write(
    folder: Path,
    operation: Mapping[str, Any],
    definitions: Sequence[Mapping[str, Any]],
    judged: Sequence[Judged],
    keys: Mapping[str, str | None],
    started: datetime | None,
) -> tuple[str, list[dict[str, Any]]]:
    (folder / GATES).mkdir(mode=0o700)
    verdicts = []
    for one in judged:
        own = folder / GATES / one.gate.name
        own.mkdir(mode=0o700)
        files = one.carried if isinstance(one, Carried) else _files(one)
        for name, data in files.items():
            _put(own / name, data)
        inputs = one.verdict.get("inputs") if isinstance(one, Carried) else keys.get(one.gate.name)
        verdicts.append({**one.verdict, "inputs": inputs})
    _put(folder / manifest.RUN, _json(_about(operation, started)))
    _put(folder / "artifact.json", _json({**operation["artifact"], "dirty": operation.get("dirty", [])}))
    _put(folder / "host.json", _json(about_this_machine()))
    _put(folder / "gates.json", _json(list(definitions)))
    hashes = manifest.of(folder)["files"]
    for each in verdicts:
        prefix = f"{GATES}/{each['gate']}/"
        each["files"] = {path: digest for path, digest in hashes.items() if path.startswith(prefix)}
    _put(folder / VERDICTS, _json(verdicts))
    whole = manifest.of(folder)
    _put(folder / MANIFEST, manifest.encode(whole))
    return str(whole["root_sha256"]), verdicts


def _about(operation: Mapping[str, Any], started: datetime | None) -> dict[str, Any]:
    kept = {key: operation.get(key) for key in ("run", "verb", "component", "actor", "reason", "asked_at")}
    begun = started.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if started else None
    ended = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"schema": 1, **kept, "stage": operation.get("stage_wanted"), "started": begun, "ended": ended}


def _files(one: Judged) -> dict[str, bytes]:
    """Return the files of a gate that was judged in this run."""
    measurement, verdict = one.measurement, one.verdict
    texts = {
        "command.json": _json([_command(finished) for finished in measurement.commands]),
        "document.json": _json(measurement.document),
        "measurement.json": _json(
            {
                "schema": 1,
                "problem": measurement.problem,
                "note": measurement.note,
                "claims_findings": measurement.claims_findings,
                "attested": dict(measurement.attested) if measurement.attested else None,
                "by_hand": verdict["by_hand"],
                "tools": dict(measurement.tools),
                "earned": verdict["earned"],
                "seconds": verdict["seconds"],
            }
        ),
        "baseline.json": _json(verdict.get("baseline")),
        "stdout": _bytes("".join(finished.stdout for finished in measurement.commands)),
        "stderr": _bytes("".join(finished.stderr for finished in measurement.commands)),
    }
    return {**texts, **{name: _bytes(text) for name, text in measurement.reports.items()}}


def _command(finished: Finished) -> dict[str, Any]:
    return {
        "arguments": list(finished.arguments),
        "exit": finished.exit,
        "ended": finished.ended,
        "confined": finished.confined,
        "seconds": round(finished.seconds, 3),
        "stdout_bytes": len(_bytes(finished.stdout)),
        "stderr_bytes": len(_bytes(finished.stderr)),
    }


def _json(data: Any) -> bytes:
    return _bytes(json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _put(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
