"""What status says of restore points: the age of the newest verified one, the last drill, and what is wrong."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from ansible_collections.tta.ops.plugins.module_utils.host import times
from ansible_collections.tta.ops.plugins.module_utils.host.backup import half_way, shown


def write(base: Path, point: str, at: str, **facts: Any) -> None:
    folder = base / "backups" / "db"
    folder.mkdir(parents=True, exist_ok=True)
    record = {"id": point, "at": at, "verified_at": at, "kind": "backup", "release": 1, "bytes": 5,
              "seconds": {"verify": 2.5}, **facts}  # fmt: skip
    (folder / f"{point}.json").write_text(json.dumps(record))


def set_up(base: Path, alert_after: float = 3600) -> None:
    (base / "backups").mkdir(parents=True, exist_ok=True)
    (base / "backups" / "settings.json").write_text(json.dumps({"alert_after": alert_after}))


def test_nothing_is_said_where_backups_are_not_set_up(tmp_path: Path) -> None:
    found = shown.facts(tmp_path, "db")
    assert found == {"backups": [], "backup": None}
    assert shown.lines(found) == []


def test_no_restore_point_is_an_alert(tmp_path: Path) -> None:
    set_up(tmp_path)
    assert shown.facts(tmp_path, "db")["backup"]["alert"] == "db has no verified restore point"


def test_age_and_drill_are_those_of_the_newest_verified_backup(tmp_path: Path) -> None:
    set_up(tmp_path)
    write(tmp_path, "20260101T000000Z-0000", "2026-01-01T00:00:00Z")
    now = times.now()
    write(tmp_path, "20260102T000000Z-0000", now, seconds={"verify": 7.5})
    write(tmp_path, "20260103T000000Z-0000", now, verified_at=None)
    write(tmp_path, "20260104T000000Z-0000", now, kind="safety", seconds={"verify": 1.0})
    write(tmp_path, "20260105T000000Z-0000", now, forgetting=now, seconds={"verify": 1.0})
    found = shown.facts(tmp_path, "db")
    assert [one["id"][:8] for one in found["backups"]] == ["20260101", "20260102", "20260103", "20260104"]
    assert found["backup"]["rto_seconds"] == 7.5
    assert found["backup"]["rpo_seconds"] < 60
    assert found["backup"]["alert"] is None
    assert shown.lines(found)[0].endswith("old, the last drill took 7.5 s")
    drills = [
        {"event": "restored", "data": {"seconds": {"total": 12.5, "gap": 3.0}}},
        {"event": "rehearsed", "data": {"mode": "quick", "recovery_seconds": 1.0}},
    ]
    assert shown.facts(tmp_path, "db", drills)["backup"]["rto_seconds"] == 12.5
    drills.append({"event": "rehearsed", "data": {"mode": "full", "failed": 0, "recovery_seconds": 9.0}})
    assert shown.facts(tmp_path, "db", drills)["backup"]["rto_seconds"] == 9.0


def test_an_old_one_is_an_alert(tmp_path: Path) -> None:
    set_up(tmp_path)
    write(tmp_path, "20260101T000000Z-0000", "2026-01-01T00:00:00Z")
    found = shown.facts(tmp_path, "db")
    assert "old, more than 1h" in found["backup"]["alert"]
    assert shown.lines(found)[1].strip() == found["backup"]["alert"]
    assert shown.alert(found["backups"], 10**9, "db", time.time()) is None


def test_a_restore_that_is_half_way_is_said_with_both_ways_out(tmp_path: Path) -> None:
    folder = tmp_path / "db"
    folder.mkdir()
    assert half_way.read(folder) is None
    half_way.refuse(folder, "staging")
    half_way.marker(folder).write_text(json.dumps({"point": "P", "safety": "S", "actor": "Jane"}))
    said = half_way.sentence(half_way.read(folder) or {}, "db", "staging")
    assert "tta-ops restore db --environment staging --point P finishes it" in said
    assert "tta-ops restore db --environment staging --point S reverts it" in said
