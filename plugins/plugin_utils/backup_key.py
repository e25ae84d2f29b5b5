"""The repository's key on the operator's machine: there before the host has it, which is its escrow."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import NamedTuple

from .refusal import Refusal


class Key(NamedTuple):
    """The key, where it is escrowed (None: where the inventory says), and whether it was made just now."""

    text: str
    path: Path | None
    fresh: bool


def key(given: str | None, operator_state: str, environment: str) -> Key:
    """Return the key that the inventory gives, else the one in the operator's own folder, made at the first use."""
    if given:
        return Key(given, None, fresh=False)
    path = Path(operator_state) / "secrets" / f"{environment}-backups"
    try:
        if path.exists():
            return Key(path.read_text(encoding="utf-8").strip(), path, fresh=False)
        return Key(secrets.token_hex(24), path, fresh=True)
    except OSError as error:
        raise Refusal(f"the key {path} cannot be read: {error.strerror}", "a file that you may read") from error


def escrow(found: Key, text: str) -> None:
    """Keep the key that the repository was opened with, readable by its owner alone."""
    if found.path is None or not found.fresh:
        return
    try:
        found.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(found.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Refusal(
            f"the key of the backups could not be kept in {found.path}: {error.strerror}",
            "a copy off the host: without it nothing can be restored when the host is lost",
        ) from error
