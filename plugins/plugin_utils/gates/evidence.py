"""Evidence: one folder a run that holds what every gate saw, with a hash of each file and one of them all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..refusal import Refusal
from .judge import Judged
from .process import Finished

MANIFEST = "manifest.json"


def write(
    folder: Path, operation: Mapping[str, Any], definitions: Sequence[Mapping[str, Any]], judged: Sequence[Judged]
) -> tuple[str, list[dict[str, Any]]]:
    """Write the evidence of a run; return its root hash and the verdicts with their files' hashes filled in.

    Raises `Refusal` when the folder cannot be written: a verdict without evidence promotes nothing.
    """
    try:
        folder.mkdir(mode=0o700, parents=True)
        verdicts = [
            {**one.verdict, "files": _write_gate(folder / "gates" / one.gate.name, folder, one)} for one in judged
        ]
        _write_json(folder / "artifact.json", {**operation["artifact"], "dirty": operation.get("dirty", [])})
        _write_json(folder / "gates.json", list(definitions))
        _write_json(folder / "verdicts.json", verdicts)
        files = {path: _digest(folder / path) for path in _paths(folder)}
        root = root_of(files)
        _write_json(folder / MANIFEST, {"schema": 1, "run": operation["run"], "files": files, "root_sha256": root})
    except OSError as error:
        raise Refusal(
            f"the evidence cannot be written to {folder}: {error.strerror}",
            "room and the right to write",
            f"df -h {folder}",
        ) from error
    return root, verdicts


def root_of(files: Mapping[str, str]) -> str:
    """Return the hash over all files' hashes, in the order of their paths."""
    return hashlib.sha256("".join(f"{files[path]}  {path}\n" for path in sorted(files)).encode()).hexdigest()


def _write_gate(folder: Path, base: Path, one: Judged) -> dict[str, str]:
    folder.mkdir(parents=True)
    measurement = one.measurement
    _write_json(folder / "command.json", [_command(finished) for finished in measurement.commands])
    _write_json(folder / "document.json", measurement.document)
    _write_text(folder / "stdout", "".join(finished.stdout for finished in measurement.commands))
    _write_text(folder / "stderr", "".join(finished.stderr for finished in measurement.commands))
    for name, text in measurement.reports.items():
        _write_text(folder / name, text)
    return {path.relative_to(base).as_posix(): _digest(path) for path in sorted(folder.iterdir())}


def _command(finished: Finished) -> dict[str, Any]:
    return {
        "arguments": list(finished.arguments),
        "exit": finished.exit,
        "ended": finished.ended,
        "seconds": round(finished.seconds, 3),
        "stdout_bytes": len(finished.stdout.encode()),
        "stderr_bytes": len(finished.stderr.encode()),
    }


def _paths(folder: Path) -> list[str]:
    return sorted(
        (Path(parent) / name).relative_to(folder).as_posix() for parent, _, names in os.walk(folder) for name in names
    )


def _write_json(path: Path, data: Any) -> None:
    _write_text(path, json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def _write_text(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.write(text)
    path.chmod(0o600)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
