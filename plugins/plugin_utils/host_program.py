"""Builds the host program: one zipapp from the folder `module_utils/host`, the same bytes wherever it is built."""

from __future__ import annotations

import hashlib
import io
import zipfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).resolve().parent.parent / "module_utils" / "host"
_EPOCH = (1980, 1, 1, 0, 0, 0)
LIBRARY = "/usr/local/lib/tta-ops"
_MAIN = """\
import os
import sys

if sys.version_info < (3, 9):
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit("tta-ops needs Python 3.9 or newer, found %s: install python3 or set ansible_python_interpreter" % found)

PLACE = "{library}/{identity}-" + str(sys.implementation.cache_tag)
if os.path.isdir(PLACE):  # the same modules, compiled
    sys.path.insert(0, PLACE)

from tta_ops.cli import main

sys.exit(main())
"""


class HostProgram(NamedTuple):
    """The program's bytes and their SHA-256."""

    data: bytes
    sha256: str


@cache
def build(source: Path = SOURCE, library: str = LIBRARY) -> HostProgram:
    """Return the program built from the modules in `source`; on a host they are laid out below `library`.

    Stored without compression: what compresses differs between control nodes, and the hash must not.
    """
    modules = {
        f"tta_ops/{path.relative_to(source).as_posix()}": path.read_bytes() for path in sorted(source.rglob("*.py"))
    }
    identity = hashlib.sha256(b"\0".join(part for name in modules for part in (name.encode(), modules[name])))
    first = _MAIN.format(library=library, identity=identity.hexdigest()[:16])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in {"__main__.py": first.encode(), **modules}.items():
            _add(archive, name, data)
    data = b"#!/usr/bin/env python3\n" + packed.getvalue()
    return HostProgram(data, hashlib.sha256(data).hexdigest())


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=_EPOCH)
    info.create_system = 3
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)
