"""What the control node sends: a tar with ``spec.json``, ``environment`` and ``source.tar``, read from stdin."""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Dict, List, Optional

from . import environment, files, names
from .errors import HostError, UsageError

_SPOOL = 4 << 20


@dataclass
class Bundle:
    """What is to be deployed. ``spec`` is checked; ``source`` is a tar of the commit's files."""

    spec: Dict[str, Any]
    environment: bytes
    source: IO[bytes]


def read(stream: IO[bytes]) -> Bundle:
    """Read the bundle; the spec's names are checked before anything is done with them."""
    spec: Optional[Dict[str, Any]] = None
    values = b""
    source: Optional[IO[bytes]] = None
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None:
                    continue
                if member.name == "spec.json":
                    spec = json.loads(content.read())
                elif member.name == "environment":
                    values = content.read()
                elif member.name == "source.tar":
                    source = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 -- lives as long as the bundle
                    shutil.copyfileobj(content, source)
                    source.seek(0)
    except (tarfile.TarError, ValueError) as error:
        raise UsageError(f"what came on stdin is no bundle ({error}): deploy with ansible-playbook") from error
    if spec is None or source is None:
        raise UsageError("what came on stdin is no bundle (no spec.json, no source.tar): deploy with ansible-playbook")
    return Bundle(_checked(spec), values, source)


def _checked(spec: Dict[str, Any]) -> Dict[str, Any]:
    wanted = ("component", "environment", "run", "actor", "artifact", "entry", "compose_file", "build_paths", "health")
    missing = [key for key in wanted if key not in spec]
    if spec.get("schema") != 1 or missing:
        raise UsageError(
            f"the bundle's spec is none of schema 1{': it lacks ' + ', '.join(missing) if missing else ''}"
        )
    names.checked("component", spec["component"])
    names.checked("environment", spec["environment"])
    names.checked_run(spec["run"])
    if not str(spec["artifact"].get("tree", "")).isalnum():
        raise UsageError("the bundle's artifact has no tree hash")
    return spec


def unpack(bundle: Bundle, folder: Path) -> None:
    """Lay the bundle out: ``source/`` (all files), ``build/`` (what an image build may see), ``environment``.

    The environment file also appears where the monorepo's own tools keep it, for services that name it as ``env_file``.
    """
    files.remove_tree(folder)
    files.make_folder(folder, 0o700)
    with files.explained(folder):
        files.write_new(folder / "environment", bundle.environment, 0o600)
        for name in ("source", "build"):
            (folder / name).mkdir(mode=0o755)
        with tarfile.open(fileobj=bundle.source, mode="r:") as tar:
            for member in tar:
                path = _inside(member.name)
                _lay(tar, member, folder / "source", path)
                if any(path == part or part in path.parents for part in map(PurePosixPath, bundle.spec["build_paths"])):
                    _lay(tar, member, folder / "build", path)
    if bundle.spec.get("environment_path"):
        _place_environment(folder, _inside(bundle.spec["environment_path"]))


def _place_environment(folder: Path, path: PurePosixPath) -> None:
    place = folder / "source" / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to("/".join([".."] * len(path.parts) + ["environment"]))


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise UsageError(f"the bundle has a file outside of its folder: {name}")
    return path


def _lay(tar: tarfile.TarFile, member: tarfile.TarInfo, root: Path, path: PurePosixPath) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    if member.isdir():
        place.mkdir(exist_ok=True)
        place.chmod(0o755)
    elif member.issym():
        _inside_link(path, member.linkname)
        place.symlink_to(member.linkname)
    elif member.isfile():
        content = tar.extractfile(member)
        data = content.read() if content else b""
        files.write_new(place, data, 0o755 if member.mode & 0o100 else 0o644)


def _inside_link(path: PurePosixPath, target: str) -> None:
    depth = len(path.parts) - 1
    for part in PurePosixPath(target).parts:
        depth += -1 if part == ".." else 1
        if depth < 0 or target.startswith("/"):
            raise HostError(f"{path} is a symbolic link that leads out of the monorepo: commit the file itself")


def values(bundle: Bundle) -> Dict[str, str]:
    """Return the environment's variables."""
    return environment.parse(bundle.environment)


def paths_hash(root: Path, paths: List[str]) -> Dict[str, str]:
    """Return ``{path: sha256}`` of all files at or below ``paths``; raises ``HostError`` for one that is not there."""
    found: Dict[str, str] = {}
    for path in paths:
        place = root / path
        if not place.exists():
            raise HostError(f"{path} is mounted but not in the commit: commit it, or use a named volume for data")
        inside = sorted(one for one in place.rglob("*") if one.is_file()) if place.is_dir() else [place]
        found.update({str(one.relative_to(root)): hashlib.sha256(one.read_bytes()).hexdigest() for one in inside})
    return found
