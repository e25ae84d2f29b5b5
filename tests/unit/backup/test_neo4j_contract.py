"""Neo4j, whose image cannot be had here: its commands, against a contract written from what neo4j-admin 5 documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.backup import neo4j
from ansible_collections.tta.ops.plugins.module_utils.host.backup.streams import Stored
from ansible_collections.tta.ops.plugins.module_utils.host.errors import EngineError, HostError

# The synopses that `neo4j-admin help database dump|load|check` of 5.x prints, as its manual has them.
CONTRACT = {
    "dump": r"neo4j-admin database dump (?P<database>[a-z0-9.-]+) --to-stdout",
    "load": r"neo4j-admin database load (?P<database>[a-z0-9.-]+) --from-stdin --overwrite-destination=true",
    "check": r"neo4j-admin database check (?P<database>[a-z0-9.-]+)",
    "version": r"neo4j-admin --version",
}


class Recorded:
    """A container that only sleeps; it knows what neo4j-admin knows, and refuses everything else."""

    service = "graph"

    def __init__(self, version: str = "5.26.1", dump: bytes = b"DZV1 the dump") -> None:
        self.version, self._dump, self.said = version, dump, []

    def _heard(self, argv: Sequence[str]) -> str:
        line = " ".join(argv)
        for verb, pattern in CONTRACT.items():
            match = re.fullmatch(pattern, line)
            if match:
                self.said.append(f"{verb} {match.groupdict().get('database', '')}".strip())
                return verb
        raise EngineError(f"neo4j-admin does not know: {line}")

    def ask(self, *argv: str, deadline: float = 0) -> str:
        return f"{self.version}\n" if self._heard(argv) == "version" else "Consistency check: no inconsistencies"

    def save(self, argv: Sequence[str], path: Path, what: str) -> Stored:
        assert self._heard(argv) == "dump"
        path.write_bytes(self._dump)
        return Stored("0" * 64, len(self._dump))

    def give(self, argv: Sequence[str], path: Path, what: str) -> None:
        assert self._heard(argv) == "load"
        assert path.read_bytes() == self._dump


class Asleep:
    """What a throw-away or restore container offers."""

    service = "graph"

    def __init__(self, box: Recorded) -> None:
        self.box, self.started = box, 0

    def sleeping(self) -> Recorded:
        self.started += 1
        return self.box


def dumped(folder: Path, box: Recorded) -> dict[str, Any]:
    return neo4j.dump(box, {"kind": "neo4j"}, folder)  # type: ignore[arg-type]


def test_it_is_dumped_while_stopped_database_by_database(tmp_path: Path) -> None:
    box = Recorded()
    found = dumped(tmp_path, box)
    assert neo4j.STOPS
    assert box.said == ["dump neo4j", "dump system", "version"]
    assert [one["name"] for one in found["files"]] == ["neo4j.dump", "system.dump"]
    assert found["version"] == "5.26.1"


def test_it_is_loaded_and_checked(tmp_path: Path) -> None:
    box = Recorded()
    found = dumped(tmp_path, box)
    box.said.clear()
    target = Asleep(box)
    neo4j.load(target, {"kind": "neo4j"}, found, tmp_path)  # type: ignore[arg-type]
    looked = neo4j.check(target, {"kind": "neo4j"}, found)  # type: ignore[arg-type]
    assert target.started == 1
    assert box.said == ["version", "load neo4j", "load system", "check neo4j", "check system"]
    assert looked == ["neo4j: neo4j-admin check", "system: neo4j-admin check"]


def test_an_empty_dump_is_none(tmp_path: Path) -> None:
    with pytest.raises(HostError, match="is empty"):
        dumped(tmp_path, Recorded(dump=b""))


def test_a_newer_dump_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    found = dumped(tmp_path, Recorded("5.26.1"))
    box = Recorded("5.12.0")
    with pytest.raises(HostError, match=r"of Neo4j 5\.26\.1, its image here is 5\.12\.0"):
        neo4j.load(Asleep(box), {}, found, tmp_path)  # type: ignore[arg-type]
    assert box.said == ["version"]
