"""What goes wrong while a database is dumped: nothing is stored half, and what was stored before stays whole."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import pytest
from backed.store import Store

pytestmark = pytest.mark.engine
SERVICES = ("db",)
KILLED = str(Path(__file__).parents[1] / "killed.py")


def ids(store: Store) -> list[str]:
    return [one["id"] for one in store.points()]


def verify(store: Store, points: list[str]) -> None:
    """See that what was stored before a fault can still be restored."""
    found = store("verify-backups", "store", "--point", points[-1])
    assert found["code"] == 0, found


@pytest.mark.fault("producer of a dump dies")
def test_a_dump_whose_producer_dies_is_not_stored(store: Store) -> None:
    before = ids(store)
    gate = subprocess.Popen(
        ["docker", "exec", "-i", store.container("db"), "psql", "-qXAt", "-d", "shop"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert gate.stdin
    gate.stdin.write(b"begin; lock table orders;\n")
    gate.stdin.flush()
    found = {}
    run = threading.Thread(target=lambda: found.update(store.backup()))
    run.start()
    waiting = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'pg_dump'"
    until = time.monotonic() + 60
    while store.sql(waiting) == "0" and time.monotonic() < until:
        time.sleep(0.1)
    gate.stdin.close()
    gate.wait(20)
    run.join(120)
    assert found["code"] == 1
    assert "pg_dump of shop ended with exit code 1" in found["message"]
    assert ids(store) == before
    verify(store, before)


@pytest.mark.fault("disk full while dumping")
def test_a_full_disk_stops_the_backup_and_nothing_else(store: Store, tmp_path: Path) -> None:
    before = ids(store)
    work = store.state / "staging/backups/store/work"
    work.mkdir(mode=0o700, exist_ok=True)
    store.sql("create table big as select repeat(md5(g::text), 32) as text from generate_series(1, 8000) g")
    try:
        found = store("backup", "store", prefix=(KILLED, "never"), limit=4 << 20)
    finally:
        store.sql("drop table big")
    assert found["code"] == 1
    assert "no space left" in found["message"]
    assert not work.exists()
    assert ids(store) == before
    verify(store, before)


@pytest.mark.fault("SIGKILL of a backup after every journal step")
def test_a_dump_that_was_killed_under_writes_leaves_the_database_serving(store: Store) -> None:
    before = ids(store)
    halt = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not halt.is_set():
            written.append(int(store.sql("insert into orders select max(id) + 1, 'x' from orders returning id")))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert store("backup", "store", prefix=(KILLED, "dump"))["code"] == -9
        acknowledged = len(written)
        point = store.point()
    finally:
        halt.set()
        writer.join()
    assert point["counts"]["db"]["shop"]["public.orders"] >= 1000 + acknowledged
    assert len(written) > acknowledged
    verify(store, before)
