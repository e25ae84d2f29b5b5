"""What is mounted into containers so that they note which lines of the component they run.

The image stays as it is. A folder with `programs/noting` and the component's files is mounted read-only and named
first in PYTHONPATH. A file of notes for each service is mounted beside it: any user of the container may append to it,
and nobody can put another file in its place. The root filesystem may be read-only.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from .bench import PROGRAMS
from .noted_lines import Noted, noted
from .subject import Subject

CODE = "/tta-noting"
NOTES = "/tta-notes"
PYTHONPATH = "PYTHONPATH"
MOST_BYTES = 64 * 1024 * 1024


class Notebook:
    """The two folders of one measurement, on the machine of the engine."""

    def __init__(self, folder: Path, subject: Subject, services: Iterable[str]) -> None:
        """Write what is mounted; `services` are those that are to note lines."""
        self.services = list(services)
        self._code, self._notes = folder / "code", folder / "notes"
        self._marks: list[dict[str, int]] = []
        if self.services:
            self._write(subject)

    def _write(self, subject: Subject) -> None:
        shutil.copytree(PROGRAMS / "noting", self._code, ignore=shutil.ignore_patterns("__pycache__"))
        entries = []
        for name in (name for name in subject.python_files if (subject.export / name).is_file()):
            place = self._code / "files" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(subject.export / name, place)
            entries.append(f"{place.stat().st_size}\t{name}\t{_below_import_root(name, subject.import_roots)}\n")
        (self._code / "index").write_text("".join(entries), encoding="utf-8")
        for path in (self._code, *self._code.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        for service in self.services:
            notes = self._notes / service
            notes.parent.mkdir(exist_ok=True)
            notes.touch()
            notes.chmod(0o666)  # whoever the container's user is

    def mounted(self, project: Mapping[str, Any], paths: Mapping[str, str]) -> dict[str, Any]:
        """Return the compose file with the folders mounted; `paths` is PYTHONPATH as the images have it, by service."""
        noting = copy.deepcopy(dict(project))
        for name in self.services:
            service = noting["services"][name]
            environment = dict(service.get("environment") or {})
            own = environment.get(PYTHONPATH) or paths.get(name, "")
            environment |= {PYTHONPATH: f"{CODE}:{own}" if own else CODE, "TTA_NOTES": NOTES}
            service["environment"] = environment
            service["volumes"] = [
                *(service.get("volumes") or []),
                {"type": "bind", "source": str(self._code), "target": CODE, "read_only": True},
                {"type": "bind", "source": str(self._notes / name), "target": NOTES},
            ]
        return noting

    def mark(self) -> None:
        """Remember how much is noted by now: what comes between the first mark and the second does not count."""
        self._marks.append({service: len(self._text(service)) for service in self.services})

    def read(self) -> dict[str, Noted]:
        """Return what each service has noted, but for what it noted between the marks."""
        found = {}
        for service in self.services:
            text = self._text(service)
            begin, end = (mark[service] for mark in self._marks) if len(self._marks) == 2 else (len(text), len(text))
            found[service] = noted(text[:begin] + text[end:])
        return found

    def _text(self, service: str) -> str:
        try:
            with (self._notes / service).open("rb") as notes:
                return notes.read(MOST_BYTES).decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return ""


def _below_import_root(name: str, import_roots: Iterable[str]) -> str:
    """Return a file's path below the deepest import root that contains it: where an image is likely to have it."""
    roots = sorted((PurePosixPath(root) for root in import_roots), key=lambda root: -len(root.parts))
    path = PurePosixPath(name)
    return next((path.relative_to(root) for root in roots if path.is_relative_to(root)), path).as_posix()
