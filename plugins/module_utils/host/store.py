"""The numbered, immutable releases of one component in one environment, and which of them is current."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional

from . import canonical, files
from .errors import HostError
from .journal import Journal

KEPT = 5
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Release:
    """One release's folder."""

    number: int
    folder: Path

    @property
    def facts(self) -> Dict[str, Any]:
        """The release record (schema 1), as written when it was rendered."""
        return dict(files.read_json(self.folder / "release.json"))

    @property
    def document(self) -> Path:
        """The Compose file that runs it."""
        return self.folder / "compose.json"

    @property
    def source(self) -> Path:
        """The files of the commit that its services mount."""
        return self.folder / "source"

    @property
    def environment(self) -> Path:
        """Its environment file (0600)."""
        return self.folder / "environment"

    @property
    def shared(self) -> Path:
        """The networks and volumes outside its project, with what they are created with (0600)."""
        return self.folder / "shared.json"

    @property
    def outcome(self) -> Optional[str]:
        """What became of it: ``deployed`` (it served), ``failed`` (it could not, or was found bad), or nothing yet.

        ``unknown``: that file is damaged. The ledger knows it as well (see ``deploy``).
        """
        path = self.folder / "outcome.json"
        try:
            return str(files.read_json(path)["outcome"]) if path.exists() else None
        except (HostError, KeyError, TypeError):
            return UNKNOWN

    def conclude(self, outcome: str, at: str) -> None:
        """Write down what became of it."""
        if self.outcome != outcome:
            files.write(self.folder / "outcome.json", canonical.encode({"at": at, "outcome": outcome}) + b"\n")


class Store:
    """The folder of one component: ``lock``, ``journal.jsonl``, ``releases/<number>``, ``current``, ``previous``."""

    def __init__(self, folder: Path) -> None:
        """Take the component's folder, which need not exist yet."""
        self.folder = folder
        self.journal = Journal(folder / "journal.jsonl")
        self.lock_path = folder / "lock"
        self.incoming = folder / "incoming"

    def numbers(self) -> List[int]:
        """Return the numbers of the kept releases, ascending."""
        folder = self.folder / "releases"
        return sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit()) if folder.is_dir() else []

    def release(self, number: int) -> Release:
        """Return a kept release."""
        if number not in self.numbers():
            known = ", ".join(str(one) for one in self.numbers()) or "none"
            raise HostError(f"release {number} of {self.folder.name} is not kept here: kept are {known}")
        return Release(number, self.folder / "releases" / str(number))

    def current(self) -> Optional[Release]:
        """Return the release that serves, if there is one."""
        return self._pointed("current")

    def previous(self) -> Optional[Release]:
        """Return the release that a rollback returns to, if there is one."""
        return self._pointed("previous")

    def _pointed(self, name: str) -> Optional[Release]:
        link = self.folder / name
        if not link.is_symlink():
            return None
        number = str(link.readlink()).rpartition("/")[2]
        if not number.isdigit() or int(number) not in self.numbers():
            raise HostError(f"{link} leads to {link.readlink()}, which is not a kept release: restore the state folder")
        return self.release(int(number))

    def next_number(self, used: int) -> int:
        """Return a number that no release had before; ``used`` is the highest that the ledger knows."""
        return max([used, 0, *self.numbers()]) + 1

    def adopt(self, number: int) -> Release:
        """Turn the incoming folder into release ``number``, at one moment."""
        releases = files.make_folder(self.folder / "releases")
        with files.explained(releases):
            files.sync_folder(self.incoming)
            self.incoming.rename(releases / str(number))
            files.sync_folder(releases)
            files.sync_folder(self.folder)
        return self.release(number)

    def discard(self, number: int) -> None:
        """Remove a release that never served."""
        files.remove_tree(self.folder / "releases" / str(number))

    def point(self, current: int, previous: Optional[int]) -> None:
        """Make ``current`` the release that serves, and ``previous`` the way back (None: there is none)."""
        if previous is None:
            (self.folder / "previous").unlink(missing_ok=True)
        else:
            self._point("previous", previous)
        self._point("current", current)

    def served_before(self, number: int) -> Optional[int]:
        """Return the latest release before ``number`` that served and was not found bad."""
        served = [one for one in self.numbers() if one < number and self.release(one).outcome == "deployed"]
        return served[-1] if served else None

    def forget_current(self) -> None:
        """Have no release that serves."""
        for name in ("current", "previous"):
            with files.explained(self.folder / name):
                (self.folder / name).unlink(missing_ok=True)
        files.sync_folder(self.folder)

    def _point(self, name: str, number: int) -> None:
        target = f"releases/{number}"
        link = self.folder / name
        if not link.is_symlink() or str(link.readlink()) != target:
            files.point(link, target)

    def prune(self, needed: Iterable[int] = ()) -> List[int]:
        """Remove all but the five latest that served, the five latest that failed and those ``needed``; return them."""
        held = {*needed, *(release.number for release in (self.current(), self.previous()) if release)}
        kept = {number: self.release(number).outcome for number in self.numbers()}
        served = [number for number, outcome in kept.items() if outcome == "deployed"]
        others = [number for number, outcome in kept.items() if outcome != "deployed"]
        gone = sorted({*served[:-KEPT], *others[:-KEPT]} - held)
        for number in gone:
            self.discard(number)
        return gone
