"""What goes wrong while a restore point is taken: nothing is stored half, and what was stored before stays whole."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest
from backed.store import KEY, Store
from tiny.host import docker

pytestmark = pytest.mark.engine
SERVICES = ("files",)
KILLED = str(Path(__file__).parents[1] / "killed.py")


def ids(store: Store) -> list[str]:
    return [one["id"] for one in store.points()]


def verify(store: Store, points: list[str]) -> None:
    """See that what was stored before a fault can still be restored, by the newest of it."""
    found = store("verify-backups", "store", "--point", points[-1])
    assert found["code"] == 0, found
    assert [one["id"] for one in store.points() if one["verified_at"]] == ids(store)


@pytest.mark.fault("SIGKILL of a backup after every journal step")
@pytest.mark.parametrize("step", ["dump", "stop", "started", "store", "stored", "verify"])
def test_a_killed_backup_leaves_services_running_and_the_next_one_succeeds(store: Store, step: str) -> None:
    before = ids(store)
    killed = store("backup", "store", prefix=(KILLED, step))
    assert killed["code"] == -9
    point = store.point()
    assert point["verified_at"]
    for service in SERVICES:
        assert docker("inspect", "--format", "{{.State.Running}}", store.container(service)).strip() == "true"
    assert (
        docker("ps", "--all", "--quiet", "--filter", f"label=com.docker.compose.project={store.name}-store-verify")
        == ""
    )
    known = ids(store)
    assert set(before) < set(known)
    assert len(known) - len(before) == (2 if step in ("stored", "verify") else 1)
    if step in ("stored", "verify"):  # it was stored: it is kept, and verified when asked
        assert store("verify-backups", "store")["code"] == 0
    verify(store, before)


@pytest.mark.fault("stale lock in the repository")
def test_a_stale_lock_is_removed_and_a_living_one_is_not(store: Store, tmp_path: Path) -> None:
    before = ids(store)
    key = tmp_path / "key"
    key.write_text(KEY)
    repository = store.state / "staging/restic"
    argv = ["restic", "--repo", str(repository), "--password-file", str(key), "--no-cache", "backup", "--stdin"]
    holder = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list((repository / "locks").iterdir()):
        time.sleep(0.05)
    living = store("check-repository", "--environment", "staging")
    assert living["code"] == 1
    assert "lock" in living["message"]
    holder.kill()
    holder.wait(10)
    assert list((repository / "locks").iterdir())
    assert store("check-repository", "--environment", "staging")["code"] == 0
    assert not list((repository / "locks").iterdir())
    verify(store, before)


@pytest.mark.fault("wrong or missing repository key")
def test_a_wrong_key_changes_nothing_and_a_missing_one_is_named(store: Store) -> None:
    before = ids(store)
    wrong = store.configure(key="another-key-than-the-one-before")
    assert wrong["code"] == 1
    assert "does not open the repository" in wrong["message"]
    key = store.state / "staging/backups/key"
    assert key.read_text() == KEY
    key.rename(key.with_suffix(".away"))
    missing = store.backup()
    key.with_suffix(".away").rename(key)
    assert missing["code"] == 1
    assert "key is missing" in missing["message"] or f"key {key} is missing" in missing["message"]
    verify(store, before)


@pytest.mark.fault("bit flipped in the repository")
def test_a_flipped_bit_is_found_by_verification_and_by_the_check(store: Store) -> None:
    before = ids(store)
    packs = [path for path in (store.state / "staging/restic/data").rglob("*") if path.is_file()]
    pack = max(packs, key=lambda path: path.stat().st_size)
    whole = pack.read_bytes()
    place = len(whole) // 4
    pack.chmod(0o600)
    pack.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
    try:
        checked = store("check-repository", "--environment", "staging", "--subset", "all")
        results = [store("verify-backups", "store", "--point", one) for one in before]
        standing = store.points()
    finally:
        pack.write_bytes(whole)
    assert checked["code"] == 1
    assert any(one["code"] == 1 for one in results)
    assert any(one["problem"] and not one["verified_at"] for one in standing)
    for one in before:
        assert store("verify-backups", "store", "--point", one)["code"] == 0
    verify(store, before)


@pytest.mark.fault("source of a backup gone")
def test_a_source_that_is_gone_is_said(store: Store) -> None:
    before = ids(store)
    path = store.state / "staging/backups/settings.json"
    whole = path.read_text()
    settings = json.loads(whole)
    settings["components"]["store"]["files"]["paths"] = ["/elsewhere"]
    path.write_text(json.dumps(settings))
    found = store.backup()
    path.write_text(whole)
    assert found["code"] == 1
    assert "files does not mount /elsewhere" in found["message"]
    assert docker("inspect", "--format", "{{.State.Running}}", store.container("files")).strip() == "true"
    verify(store, before)


@pytest.mark.fault("two backups at once")
def test_the_second_backup_is_told_of_the_first(store: Store) -> None:
    before = ids(store)
    first = subprocess.Popen(store.command("backup", "store"), stdout=subprocess.DEVNULL)
    lock = store.state / "staging/backups/store/lock"
    while b'"phase"' not in lock.read_bytes():
        time.sleep(0.02)
    time.sleep(0.2)
    second = store.backup()
    assert first.wait(120) == 0
    assert second["code"] == 75
    assert "the backup of store on staging is locked by" in second["message"]
    assert len(ids(store)) == len(before) + 1
    verify(store, before)
