"""Backups are restored once, and then they are restored."""

from __future__ import annotations

import threading

import pytest
from backed.fixtures import Make
from backed.store import Store
from tiny.host import docker

pytestmark = pytest.mark.engine


def test_every_acknowledged_row_is_there_after_the_database_was_dropped(make_store: Make) -> None:
    store = make_store("db")
    store.sql("create table orders (id serial primary key, text text)")
    acknowledged: list[int] = []
    halt = threading.Event()

    def write() -> None:
        while not halt.is_set():
            acknowledged.append(int(store.sql("insert into orders (text) values (repeat('x', 100)) returning id")))

    writer = threading.Thread(target=write)
    writer.start()
    while len(acknowledged) < 20:
        pass
    before = len(acknowledged)
    point = store.point()
    halt.set()
    writer.join()
    after = len(acknowledged)
    print(
        f"acknowledged before the backup: {before}, when it was done: {after}; {point['counts']}, {point['services']}"
    )
    assert after > before
    assert before <= point["counts"]["db"]["shop"]["public.orders"] <= after
    assert point["verified_at"]

    store.sql("drop database shop with (force)", database="postgres")
    found = store.restore("--point", point["id"])
    assert (found["code"], found["outcome"]) == (0, "restored"), found
    there = {int(one) for one in store.sql("select id from orders").split()}
    assert set(acknowledged[:before]) <= there
    assert len(there) == point["counts"]["db"]["shop"]["public.orders"]
    assert store.sql("select tableowner from pg_tables where tablename = 'orders'") == "postgres"
    assert store("status")["environments"]["staging"]["ledger"]["entries"][-1]["event"] == "restored"
    assert_nothing_is_left(store)


def assert_nothing_is_left(store: Store) -> None:
    """See that neither throw-away containers nor volumes nor dumps are left."""
    for purpose in ("verify", "restore"):
        for kind in ("ps --all", "volume ls", "network ls"):
            chosen = f"label=com.docker.compose.project={store.name}-store-{purpose}"
            assert docker(*kind.split(), "--quiet", "--filter", chosen) == ""
    assert not (store.state / "staging/backups/store/work").exists()
