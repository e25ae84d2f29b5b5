"""Confines this process, and all that it starts, to writing below some folders (Linux Landlock, without root).

Reading and running stays free. What the kernel cannot refuse: changing rights, owners and times.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_VERSION, _PATH_BENEATH, _NO_NEW_PRIVS = 1, 1, 38
_WRITE_FILE, _REFER, _TRUNCATE = 1 << 1, 1 << 13, 1 << 14
_MAKE_AND_REMOVE = 0b1111111110000  # directories, files, devices, sockets, pipes, symbolic links
_SIGNALS = 1 << 1  # of the scopes: signals to processes outside


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return which version of Landlock the kernel has; 0 for none."""
    return max(0, _call(_CREATE_RULESET, None, 0, _VERSION))


def confine(writable: Iterable[str]) -> bool:
    """Refuse writes everywhere but below `writable` (those that exist); return False where there is no Landlock.

    Besides, no signal leaves (Linux 6.12 and newer). Raises `OSError` when the kernel has Landlock but does not obey.
    """
    has = version()
    if not has:
        return False
    on_files = _WRITE_FILE | (_TRUNCATE if has >= 3 else 0)
    handled = on_files | _MAKE_AND_REMOVE | (_REFER if has >= 2 else 0)
    size = 24 if has >= 6 else 16 if has >= 4 else 8
    ruleset = _checked(_CREATE_RULESET, ctypes.byref(_Ruleset(handled, 0, _SIGNALS if has >= 6 else 0)), size, 0)
    try:
        for path in writable:
            _allow(ruleset, path, handled, on_files)
        if _library().prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "no_new_privs")
        _checked(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return True


def _allow(ruleset: int, path: str, in_folders: int, on_files: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what does not exist, or cannot be reached, cannot be written to
    try:
        allowed = in_folders if stat.S_ISDIR(os.fstat(opened).st_mode) else on_files
        _checked(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(_Beneath(allowed, opened)), 0)
    finally:
        os.close(opened)


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    try:
        return int(_library().syscall(ctypes.c_long(number), *arguments))
    except AttributeError:
        return -1  # no Linux


def _checked(number: int, *arguments: object) -> int:
    result = _call(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"landlock system call {number}: {os.strerror(ctypes.get_errno())}")
    return result
