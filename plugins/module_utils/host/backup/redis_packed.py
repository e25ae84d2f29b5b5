"""Where a Redis reads a dump at its start: as its RDB, as its AOF, or, from Redis 7 on, as the base of a new AOF."""

from __future__ import annotations

import re
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Dict, Tuple, Union


def pack(dump_file: Path, own: Dict[str, str], packed: Path) -> None:
    """Write the tar that puts a dump where a Redis configured as ``own`` reads it at its start."""
    with tarfile.open(packed, "w") as tar:
        if own["appendonly"] != "yes":
            _add(tar, own, own["dbfilename"], dump_file)
        elif number(own["version"]) < (7, 0):
            _add(tar, own, own["appendfilename"], dump_file)  # it tells an RDB by its first bytes
        else:
            name, folder = own["appendfilename"], own["appenddirname"]
            member = _member(own, folder)
            member.type, member.mode = tarfile.DIRTYPE, 0o750
            tar.addfile(member)
            _add(tar, own, f"{folder}/{name}.1.base.rdb", dump_file)
            _add(tar, own, f"{folder}/{name}.1.incr.aof", b"")
            lines = f"file {name}.1.base.rdb seq 1 type b\nfile {name}.1.incr.aof seq 1 type i\n"
            _add(tar, own, f"{folder}/{name}.manifest", lines.encode())


def _add(tar: tarfile.TarFile, own: Dict[str, str], name: str, content: Union[Path, bytes]) -> None:
    member = _member(own, name)
    if isinstance(content, bytes):
        member.size = len(content)
        tar.addfile(member, BytesIO(content))
        return
    member.size = content.stat().st_size
    with content.open("rb") as source:
        tar.addfile(member, source)


def _member(own: Dict[str, str], name: str) -> tarfile.TarInfo:
    """Return a file that belongs to whom the data folder belongs."""
    member = tarfile.TarInfo(name)
    member.mode = 0o640
    member.uid, member.gid = (int(part) for part in own["owner"].split(":"))
    return member


def number(version: str) -> Tuple[int, ...]:
    """Return major and minor."""
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])
