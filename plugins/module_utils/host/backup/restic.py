"""The repository that restore points are stored in, through the program restic (0.14 or newer).

What restic does not say by its exit code is asked for: a snapshot counts when it is listed, a lock is stale when its
process is gone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Mapping, Sequence

from .. import files
from ..errors import HostError
from ..processes import Completed
from .streams import Streams

_QUICK = 120.0


class Restic:
    """One repository. ``key`` is the file with its key, ``extra`` what its backend wants in the environment."""

    def __init__(self, streams: Streams, repository: str, key: Path, extra: Mapping[str, str], cache: Path) -> None:
        """Take where the repository is and how it is opened."""
        self._streams = streams
        self.repository = repository
        self._key = key
        self._extra = extra
        self._cache = cache

    def exists(self) -> bool:
        """Say whether there is a repository that the key opens; raises ``HostError`` when the key does not fit."""
        done = self._run(["cat", "config"], deadline=_QUICK)
        if done.code and ("unable to open config file" in done.err or "Is there a repository" in done.err):
            return False
        self._require(done, "opened")
        return True

    def create(self) -> None:
        """Make the repository if it is not there."""
        if not self.exists():
            self._require(self._run(["init"], deadline=_QUICK), "created")

    def unlock(self) -> None:
        """Remove the locks of processes that are gone; those of living ones stay."""
        self._require(self._run(["unlock"], deadline=_QUICK), "unlocked")

    def store(self, folder: Path, tags: Sequence[str], host: str) -> str:
        """Store a folder as a snapshot and return its id; every file was there, or it is an error."""
        chosen = [part for tag in tags for part in ("--tag", tag)]
        done = self._run(["backup", "--json", "--quiet", "--host", host, *chosen, "."], cwd=folder)
        self._require(done, "written to")  # 3: a file could not be read
        summaries = [one for one in _lines(done.out) if one.get("message_type") == "summary"]
        if not summaries or not summaries[-1].get("snapshot_id"):
            raise HostError(f"restic stored {folder} without saying as what: the same command again")
        return str(summaries[-1]["snapshot_id"])

    def snapshots(self, *tags: str) -> List[Dict[str, Any]]:
        """Return the snapshots that have all ``tags``: ``{id, time, tags, …}``."""
        done = self._run(["snapshots", "--json", *(["--tag", ",".join(tags)] if tags else [])], deadline=600.0)
        self._require(done, "read")
        return list(json.loads(done.out or "[]") or [])

    def fetch(self, snapshot: str, folder: Path) -> None:
        """Lay a snapshot out in ``folder``."""
        files.make_folder(folder, 0o700)
        self._require(self._run(["restore", snapshot, "--target", str(folder)]), "read")

    def text(self, snapshot: str, path: str) -> str:
        """Return the text of a small file in a snapshot."""
        done = self._run(["dump", snapshot, path], deadline=600.0)
        self._require(done, "read")
        return done.out

    def forget(self, snapshots: Sequence[str]) -> None:
        """Remove snapshots, then what no other one needs."""
        if snapshots:
            self._require(self._run(["forget", *snapshots]), "written to")
        self._require(self._run(["prune"]), "pruned")

    def check(self, subset: str) -> None:
        """Check the repository's structure and read ``subset`` of its data: ``3/20``, ``5%``, or ``all``."""
        part = ["--read-data"] if subset == "all" else [f"--read-data-subset={subset}"]
        self._require(self._run(["check", *part]), "proved whole")

    def _run(self, arguments: Sequence[str], deadline: float = 86400.0, cwd: Any = None) -> Completed:
        """Run it; a lock in the way is removed if its process is gone, and then it is run once more."""
        done = self._once(arguments, deadline, cwd)
        if done.code and "already locked" in done.err and arguments[0] != "unlock":
            self.unlock()
            done = self._once(arguments, deadline, cwd)
        return done

    def _once(self, arguments: Sequence[str], deadline: float, cwd: Any) -> Completed:
        own = ["--repo", self.repository, "--password-file", str(self._key), "--cache-dir", str(self._cache)]
        if not self._key.is_file():
            raise HostError(
                f"the repository's key {self._key} is missing: put it back from where it is escrowed "
                "(ansible-playbook backup.yml does, from the operator's machine)"
            )
        inside = ["env", "-C", str(cwd)] if cwd else []
        return self._streams.run([*inside, "restic", *own, *arguments], self._extra, deadline)

    def _require(self, done: Completed, verb: str) -> None:
        if done.code == 0:
            return
        words = " ".join((done.err.strip() or done.out.strip()).split())[-600:]
        if "wrong password or no key found" in words:
            raise HostError(
                f"the key {self._key} does not open the repository {self.repository}: put back the one it was made "
                "with (the operator's copy, see docs/backups.md); nothing was changed"
            )
        if "no space left" in words:
            raise HostError(f"no space left for the repository {self.repository}: free some, then the same again")
        if done.code == 127:
            raise HostError("restic is not installed on this host: apt-get install restic")
        raise HostError(f"the repository {self.repository} could not be {verb}: {words or f'exit code {done.code}'}")


def _lines(text: str) -> List[Dict[str, Any]]:
    found = []
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found
