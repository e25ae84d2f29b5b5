"""A copy of the operator's evidence on the host: a lost laptop loses no proof.

It comes as a tar on stdin, is unpacked beside its place, and gets its name only when every file is what its manifest,
and the root hash that was told apart from it, say.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import io
import json
import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath
from typing import IO, Any, Dict, Iterator, List, Optional, Set

from . import files, manifest, names
from .errors import HostError, UsageError

MOST_BYTES = 512 << 20
MOST_FILES = 5000
_LONGEST_PATH = 300
_PART = ".incoming"


def keep(folder: Path, run: Optional[str], root: Optional[str], stream: IO[bytes]) -> Dict[str, Any]:
    """Keep the evidence of ``run`` below ``folder``; the same again changes nothing, other content is refused."""
    place = _place(folder, run)
    if not root:
        raise UsageError("keep needs the root hash of the evidence: keep --run RUN --root SHA256")
    files.make_folder(folder, 0o700)
    with _alone(folder):
        part = folder / _PART
        files.remove_tree(part)
        try:
            unpack(stream, part)
            _require_root(part, root)
            changed = not place.exists()
            if changed:
                with files.explained(place):
                    part.rename(place)
                    files.sync_folder(folder)
            else:
                _require_same(place, root)
        finally:
            files.remove_tree(part)
    used = size_of(folder)
    free = shutil.disk_usage(folder).free
    said = f"all evidence kept here takes {_megabytes(used)}, {_megabytes(free)} are free"
    verb = "is kept in" if changed else "was kept before in"
    return {
        "failed": False,
        "changed": changed,
        "path": str(place),
        "root_sha256": root,
        "disk": {"used_bytes": used, "free_bytes": free},
        "message": f"the evidence of {run} {verb} {place} ({said})",
    }


def kept(base: Path, run: Optional[str]) -> Dict[str, Any]:
    """Return what an environment's folder keeps, or, with ``run``, its evidence as ``tar``.

    That is ``{runs: {run: {root_sha256, bytes, findings}}, ledger, anchors: {request: heads}}``; ``ledger`` (the file's
    bytes) and ``tar`` are in base64. Every file of the evidence is read and compared with its manifest.
    """
    folder, ledger = base / "evidence", base / "ledger.jsonl"
    if run is not None:
        place = _place(folder, run)
        if not place.is_dir():
            raise HostError(f"no evidence of {run} is kept here: type tta-ops kept to see what is")
        return {"failed": False, "changed": False, "message": "see it with --json", "tar": _text(pack(place))}
    found = (
        sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] != ".") if folder.is_dir() else []
    )
    runs = {path.name: _about(path) for path in found}
    return {
        "failed": False,
        "changed": False,
        "runs": runs,
        "ledger": _text(ledger.read_bytes()) if ledger.is_file() else None,
        "anchors": {path.name: _anchors(path) for path in sorted((base / "requests").glob("*.json"))},
        "message": "\n".join([*_lines(runs), f"{len(runs)} runs in {folder}, {_megabytes(size_of(folder))}"]),
    }


def pack(folder: Path) -> bytes:
    """Return a folder's files as a compressed tar, the same bytes for the same content."""
    packed = io.BytesIO()
    with (
        files.explained(folder),
        tarfile.open(fileobj=packed, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in [*manifest.paths(folder), *([manifest.NAME] if (folder / manifest.NAME).is_file() else [])]:
            data = (folder / path).read_bytes()
            member = tarfile.TarInfo(path)
            member.size, member.mode = len(data), 0o600
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def unpack(stream: IO[bytes], folder: Path) -> None:
    """Lay the files of a tar out in ``folder``; raises ``UsageError`` for anything but plain files inside of it."""
    files.make_folder(folder, 0o700)
    left = MOST_BYTES
    seen: Set[str] = set()
    try:
        with tarfile.open(fileobj=stream, mode="r|*") as tar, files.explained(folder):
            for member in tar:
                if member.isdir():
                    continue
                path = _inside(member, seen)
                left -= member.size
                if left < 0 or len(seen) > MOST_FILES:
                    raise UsageError(f"the evidence has more than {MOST_BYTES >> 20} MiB or {MOST_FILES} files")
                content = tar.extractfile(member)
                data = content.read(member.size) if content else b""
                files.make_folder((folder / path).parent, 0o700)
                files.write_new(folder / path, data, 0o600)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise UsageError(f"what came on stdin is no evidence ({error})") from error


def size_of(folder: Path) -> int:
    """Return how many bytes the files below ``folder`` have."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _about(place: Path) -> Dict[str, Any]:
    try:
        findings = [finding._asdict() for finding in manifest.check(place)]
        root = manifest.root_of(manifest.of(place)["files"])
    except OSError as error:
        findings, root = [{"path": ".", "what": f"it cannot be read: {error.strerror}", "byte": None, "line": None}], ""
    return {"root_sha256": root, "bytes": size_of(place), "findings": findings}


def _lines(runs: Dict[str, Dict[str, Any]]) -> List[str]:
    """Return what is kept, for a person."""
    lines = []
    for run, one in runs.items():
        wrong = [str(manifest.Finding(**finding)) for finding in one["findings"]]
        lines += [f"{run} {one['root_sha256']} {'as it was written' if not wrong else 'NOT as it was written'}"]
        lines += [f"  {finding}" for finding in wrong]
    return lines


def _anchors(request: Path) -> Any:
    """Return the heads of the ledgers that a promotion request remembers."""
    try:
        return json.loads(request.read_bytes()).get("anchors") or {}
    except (OSError, ValueError, AttributeError):
        return {}


def _place(folder: Path, run: Optional[str]) -> Path:
    name = names.checked_run(run)
    if name.startswith("."):
        raise UsageError(f"{name!r} is not the name of a run: it begins with a dot")
    return folder / name


def _inside(member: tarfile.TarInfo, seen: Set[str]) -> PurePosixPath:
    path = PurePosixPath(member.name)
    if not member.isfile():
        raise UsageError(f"the evidence has {member.name}, which is no plain file")
    if path.is_absolute() or ".." in path.parts or not path.name or len(member.name) > _LONGEST_PATH:
        raise UsageError(f"the evidence has a file outside of its folder: {member.name[:_LONGEST_PATH]}")
    if str(path) in seen:
        raise UsageError(f"the evidence has {path} twice")
    seen.add(str(path))
    return path


def _require_root(part: Path, root: str) -> None:
    findings = manifest.check(part, root)
    if findings:
        raise UsageError(f"the evidence did not arrive as it was written: {findings[0]}")
    found = manifest.root_of(manifest.of(part)["files"])
    if found != root:
        raise UsageError(f"the evidence that arrived has the root hash {found[:12]}, not {root[:12]}")


def _require_same(place: Path, root: str) -> None:
    findings = manifest.check(place, root)
    if findings:
        raise HostError(f"{place} is not as it was written: {findings[0]}; ansible-playbook verify-evidence.yml")
    found = manifest.root_of(manifest.of(place)["files"])
    if found != root:
        raise HostError(f"{place} holds other evidence of this run (root hash {found[:12]}, not {root[:12]})")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _megabytes(number: int) -> str:
    return f"{number / 1e6:.1f} MB"
