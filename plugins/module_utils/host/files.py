"""Files that survive a crash: written beside, synced, renamed, and the folder synced too."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any, Iterator

from .errors import HostError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an ``OSError`` about ``path`` into one sentence with the next thing to type."""
    try:
        yield
    except OSError as error:
        raise HostError(_sentence(error, path)) from error


def _sentence(error: OSError, path: Path) -> str:
    if error.errno in _FULL:
        return f"no space left to write {path}: free some (df -h {path.parent}; docker system df), then the same again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{path} may not be written by this user: run it as root (sudo, or ansible_become: true)"
    return f"{path} could not be written: {error.strerror or error}"


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(path: Path, mode: int = 0o750) -> Path:
    """Create ``path`` and its parents with ``mode`` (those that exist are left as they are)."""
    if not path.is_dir():
        with explained(path):
            make_folder(path.parent, mode)
            path.mkdir(mode=mode, exist_ok=True)
            path.chmod(mode)
            sync_folder(path.parent)
    return path


def write(path: Path, data: bytes, mode: int = 0o640) -> None:
    """Replace ``path`` by ``data`` at one moment: readers see the old content or the new, also after a crash."""
    beside = path.with_name(f".{path.name}.new")
    with explained(path):
        try:
            write_new(beside, data, mode)
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)


def write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a synced file that nobody reads yet, with ``mode`` from its first byte on."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    try:
        os.fchmod(handle, mode)
        _write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def append(path: Path, data: bytes, mode: int = 0o640) -> None:
    """Add ``data`` to the end of ``path`` durably; when that fails the file keeps its old length."""
    with explained(path):
        fresh = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, mode)
        try:
            before = os.fstat(handle).st_size
            try:
                _write_all(handle, data)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, before)
                raise
        finally:
            os.close(handle)
        if fresh:
            sync_folder(path.parent)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def point(link: Path, target: str) -> None:
    """Let the symbolic link ``link`` lead to ``target``, at one moment."""
    beside = link.with_name(f".{link.name}.new")
    with explained(link):
        beside.unlink(missing_ok=True)
        beside.symlink_to(target)
        beside.replace(link)
        sync_folder(link.parent)


def remove_tree(folder: Path) -> None:
    """Remove ``folder`` with everything in it, if it is there."""
    with explained(folder):
        if folder.exists():
            shutil.rmtree(folder)
            sync_folder(folder.parent)


def read_json(path: Path) -> Any:
    """Return the JSON value in ``path``; a damaged file is named."""
    try:
        return json.loads(path.read_bytes())
    except ValueError as error:
        raise HostError(f"{path} is damaged ({error}): restore it from a backup, or move it away") from error
    except OSError as error:
        raise HostError(f"{path} cannot be read: {error.strerror or error}") from error
