"""`rollback --mode full` on a real PostgreSQL: release and data return together, or neither does."""

from __future__ import annotations

import json
import subprocess
import time
from typing import Any

import pytest
from backed.fixtures import Make
from backed.store import Store
from tiny.host import kill

FULL = ("rollback", "store", "--mode", "full")
ACCEPTED = ("--accept-loss", "30m")
ROOMS = """select string_agg(attname, ',' order by attnum) || ': ' || (select count(*) from rooms)
  from pg_attribute where attrelid = 'rooms'::regclass and attnum > 0"""


def schema(store: Store) -> str:
    """Return the columns of the table and its rows."""
    return store.sql(ROOMS)


def migrated(store: Store) -> None:
    """Deploy release 2, which changes the schema and writes."""
    store.entry["data_schema"] = 2
    store.commit("2")
    assert store.deploy()["outcome"] == "deployed"
    store.sql(
        "alter table rooms add column floor int; insert into rooms select n, 'x', 1 from generate_series(11, 30) n"
    )


@pytest.fixture
def store(make_store: Make) -> Store:
    """Release 1 with ten rows and a verified restore point; then release 2 has changed the schema."""
    found = make_store("db")
    found.entry["data_schema"] = 1
    found.commit("1b")
    assert found.deploy()["outcome"] == "deployed"
    found.sql("create table rooms (id int primary key, name text)")
    found.sql("insert into rooms select n, 'x' from generate_series(1, 10) n")
    assert found.backup()["point"]["verified_at"]
    migrated(found)
    assert schema(found) == "id,name,floor: 30"
    return found


def ledger(store: Store) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (store.state / "staging/ledger.jsonl").read_text().splitlines()]


def current(store: Store) -> str:
    return (store.state / "staging/components/store/current").readlink().name


def test_quick_is_refused_with_the_reason_and_full_returns_release_and_data(store: Store) -> None:
    before = current(store)
    refused = store("rollback", "store")
    assert refused["code"] != 0
    assert "have different data schemas (2 and 1)" in refused["message"]
    assert "mode=full" in refused["message"]
    unaccepted = store(*FULL)
    assert "loses what was written since" in unaccepted["message"], unaccepted
    assert (current(store), schema(store)) == (before, "id,name,floor: 30")
    begun = time.monotonic()
    found = store(*FULL, *ACCEPTED)
    print(f"full rollback {before} → {current(store)} in {time.monotonic() - begun:.1f} s", found["message"])
    assert (found["code"], found["outcome"]) == (0, "returned"), found
    assert schema(store) == "id,name: 10"
    last = {entry["event"]: entry for entry in ledger(store)}
    told = last["restored"]["data"]
    assert (last["returned"]["data"]["mode"], told["from_release"], list(told["services"])) == (
        "full",
        int(before),
        ["db"],
    )
    assert told["safety_point"] in [one["id"] for one in store.points()]
    assert told == found["restored"]
    forward = store(*FULL, "--release", before, "--point", told["safety_point"], *ACCEPTED)
    assert "was never restored" in forward["message"], forward


def test_a_release_that_does_not_start_brings_the_old_one_back_with_its_data(store: Store) -> None:
    before = current(store)
    store.sql("insert into rooms values (99, 'the last word', 1)")
    target = store.state / "staging/components/store/releases"
    number = sorted(int(one.name) for one in target.iterdir())[-2]
    document = target / str(number) / "compose.json"
    text = json.loads(document.read_text())
    text["services"]["db"]["command"] = ["false"]
    text["services"]["db"]["entrypoint"] = ["false"]
    # what loads the data has the service's own image; only the start fails
    document.write_text(json.dumps(text))
    found = store(*FULL, *ACCEPTED)
    assert found["code"] != 0, found
    assert (current(store), schema(store)) == (before, "id,name,floor: 31"), found
    assert store.sql("select name from rooms where id = 99") == "the last word"


@pytest.mark.parametrize("step", ["switch", "safety", "restore", "restored", "settle"])
def test_killed_anywhere_the_next_act_ends_with_release_and_data_of_one_kind(store: Store, step: str) -> None:
    before = current(store)
    process = subprocess.Popen(
        store.command(*FULL, *ACCEPTED), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    journal = store.state / "staging/components/store/journal.jsonl"
    until = time.monotonic() + 60
    while f'"step":"{step}"' not in journal.read_text() or '"act":"rollback"' not in journal.read_text():
        assert time.monotonic() < until, journal.read_text()
        assert process.poll() is None, (step, journal.read_text())
        time.sleep(0.005)
    kill(process)
    found = store("abort", "store")
    assert found["code"] == 0, found
    there = (current(store) == before, schema(store))
    assert there in ((True, "id,name,floor: 30"), (False, "id,name: 10")), found
