"""What goes wrong while data are put back: the component stays stopped until that is finished or reverted."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from backed.store import Store
from tiny.host import docker

pytestmark = pytest.mark.engine
SERVICES = ("db",)
KILLED = str(Path(__file__).parents[1] / "killed.py")


def ids(store: Store) -> list[str]:
    return [one["id"] for one in store.points()]


def rows(store: Store) -> int:
    return int(store.sql("select count(*) from orders"))


@pytest.mark.fault("restore killed half-way")
@pytest.mark.parametrize("ending", ["finished", "reverted"])
def test_a_restore_that_was_killed_is_finished_or_reverted(store: Store, ending: str) -> None:
    point = store.point()
    then = rows(store)
    store.sql("insert into orders values (0, 'written after the backup')")
    step = "load" if ending == "finished" else "start"
    killed = store("restore", "store", "--point", point["id"], "--accept-loss", "30m", prefix=(KILLED, step))
    assert killed["code"] == -9
    status = store("status")["environments"]["staging"]["components"]["store"]
    safety = status["restoring"]["safety"]
    assert status["restoring"]["point"] == point["id"]
    refused = store.deploy()
    assert refused["code"] == 1
    assert f"--point {safety} reverts it" in refused["message"]
    assert "half-way" in store.backup()["message"]

    found = store("restore", "store", *(["--point", safety] if ending == "reverted" else []))
    assert (found["code"], found["components"]["store"]["outcome"]) == (0, "restored"), found
    assert rows(store) == (then if ending == "finished" else then + 1)
    assert store.deploy()["outcome"] == "unchanged"
    if ending == "reverted":
        store.sql("delete from orders where id = 0")
    for one in (point["id"], safety):
        assert store("verify-backups", "store", "--point", one)["code"] == 0


@pytest.mark.fault("restore point of another component or environment")
def test_the_restore_point_of_another_place_is_refused(store: Store) -> None:
    point = store.points()[-1]
    other = store.state / "production/backups/store"
    other.mkdir(parents=True)
    stranger = {**point, "id": "20260101T000000Z-0000", "environment": "production"}
    (other / "20260101T000000Z-0000.json").write_text(json.dumps(stranger))
    serves = store.container("db")
    found = store.restore("--point", stranger["id"])
    assert found["code"] == 1
    assert "is of store on production, not of store on staging" in found["message"]
    # A record that says it is ours, with a snapshot that is not.
    own = store.state / "staging/backups/store/20260101T000000Z-0001.json"
    own.write_text(json.dumps({**point, "id": "20260101T000000Z-0001"}))
    found = store("restore", "store", "--point", "20260101T000000Z-0001", "--accept-loss", "1h")
    own.unlink()
    shutil.rmtree(store.state / "production")
    assert found["code"] == 1
    assert "is of store" in found["message"]
    assert store.container("db") == serves
    assert "restoring" not in {path.stem for path in (store.state / "staging/components/store").iterdir()}


@pytest.mark.fault("dump of a newer server version")
def test_a_dump_of_a_newer_server_is_refused_before_anything_is_touched(store: Store) -> None:
    point = store.point()
    path = store.state / "staging/backups/store" / f"{point['id']}.json"
    whole = path.read_text()
    record = json.loads(whole)
    newer = next(one for one in record["services"] if one["service"] == "db")
    newer["version"], newer["image"] = 180001, "sha256:" + "0" * 64
    path.write_text(json.dumps(record))
    serves = store.container("db")
    found = store.restore("--point", point["id"])
    path.write_text(whole)
    assert found["code"] == 1
    assert "the dump of db is of PostgreSQL 18, its image here is 15" in found["message"]
    assert docker("inspect", "--format", "{{.State.Running}}", serves).strip() == "true"
    assert store.container("db") == serves


@pytest.mark.fault("restore without accepting what is lost")
def test_what_is_lost_is_accepted_by_name(store: Store) -> None:
    serves, known = store.container("db"), ids(store)
    nothing = store("restore", "store")
    blanket = store("restore", "store", "--accept-loss", "90d")
    less = store("restore", "store", "--accept-loss", "0s")
    assert [one["code"] for one in (nothing, blanket, less)] == [2, 2, 2]
    assert "loses what was written since" in nothing["message"]
    assert "--accept-loss" in nothing["message"]
    assert "far less than the accepted 90d" in blanket["message"]
    assert "more than the accepted 0s" in less["message"]
    assert (store.container("db"), ids(store)) == (serves, known)
