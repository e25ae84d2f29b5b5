"""A folder of evidence and its manifest: the hash of every file, one over all of them, and marks to find damage by.

The manifest follows from the files alone, byte by byte, so that damage in the manifest itself is found too. The root
hash is the SHA-256 of the lines ``<sha256>  <path>``, sorted by path: what ``sha256sum`` prints.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional

from . import damage

NAME = "manifest.json"
RUN = "run.json"


class Finding(NamedTuple):
    """Something in a folder that is not as it was written; ``byte`` is None where a whole file is meant."""

    path: str
    what: str
    byte: Optional[int] = None
    line: Optional[int] = None

    def __str__(self) -> str:
        """Say it in a sentence."""
        where = "" if self.byte is None else f", byte {self.byte}, line {self.line}"
        return f"{self.path}{where}: {self.what}"


def root_of(files: Dict[str, str]) -> str:
    """Return the hash over all files' hashes, in the order of their paths."""
    return hashlib.sha256("".join(f"{files[path]}  {path}\n" for path in sorted(files)).encode()).hexdigest()


def paths(folder: Path) -> List[str]:
    """Return the paths of all files and links below ``folder`` but the manifest, sorted."""
    found = []
    for parent, folders, names in os.walk(folder):
        linked = [name for name in folders if (Path(parent) / name).is_symlink()]
        found += [Path(parent) / name for name in [*names, *linked]]
    return sorted(path.relative_to(folder).as_posix() for path in found if path != folder / NAME)


def of(folder: Path) -> Dict[str, Any]:
    """Return the manifest that the files of ``folder`` have now."""
    known = {path: damage.marks_of((folder / path).read_bytes()) for path in paths(folder)}
    files = {path: marks.sha256 for path, marks in known.items()}
    return {
        "schema": 1,
        "run": _run(folder),
        "files": files,
        "marks": {path: damage.as_dict(marks) for path, marks in known.items()},
        "root_sha256": root_of(files),
    }


def encode(manifest: Dict[str, Any]) -> bytes:
    """Return the manifest as it is written."""
    return (json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def check(folder: Path, root: str = "") -> List[Finding]:
    """Return all that is not as it was written; ``root`` is the root hash that somebody else remembers, if any."""
    irregular = [path for path in paths(folder) if (folder / path).is_symlink() or not (folder / path).is_file()]
    if irregular:
        return [Finding(path, "it is no regular file; evidence holds nothing else") for path in irregular]
    now = of(folder)
    try:
        written = (folder / NAME).read_bytes()
    except FileNotFoundError:
        return [Finding(NAME, "the file is missing")]
    listed = _parsed(written)
    if listed is None or now["root_sha256"] in (root, listed["root_sha256"]):
        return _in_manifest(now, written)
    return _in_files(folder, now, listed) or _in_manifest(now, written)


def _in_manifest(now: Dict[str, Any], written: bytes) -> List[Finding]:
    found = damage.difference(encode(now), written)
    return [Finding(NAME, found.what, found.byte, found.line)] if found else []


def _in_files(folder: Path, now: Dict[str, Any], listed: Dict[str, Any]) -> List[Finding]:
    files, marks = listed["files"], listed["marks"]
    findings = [Finding(path, "the file is missing") for path in sorted(set(files) - set(now["files"]))]
    findings += [Finding(path, "the file is new") for path in sorted(set(now["files"]) - set(files))]
    for path in sorted(set(files) & set(now["files"])):
        if files[path] != now["files"][path]:
            own = damage.Marks(files[path], **marks[path])
            found = damage.find(own, (folder / path).read_bytes())
            if found:
                findings.append(Finding(path, found.what, found.byte, found.line))
    return findings


def _parsed(written: bytes) -> Optional[Dict[str, Any]]:
    """Return a manifest that has the shape of one, else None."""
    try:
        found = json.loads(written)
        files, marks = found["files"], found["marks"]
        for path, digest in files.items():
            damage.Marks(str(digest), **{key: marks[path][key] for key in ("bytes", "residue", "lines")})
            if not isinstance(marks[path]["lines"], str) or len(marks[path]) != 3:
                return None
            int(marks[path]["bytes"] + marks[path]["residue"])
        return {"files": files, "marks": marks, "root_sha256": str(found["root_sha256"])}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _run(folder: Path) -> str:
    """Return the run's name as the folder itself tells it, empty when it does not."""
    try:
        return str(json.loads((folder / RUN).read_bytes())["run"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
