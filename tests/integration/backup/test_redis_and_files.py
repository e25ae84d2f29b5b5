"""Redis with and without AOF, and plain files: what was there at the backup is there after the restore."""

from __future__ import annotations

import pytest
from backed.fixtures import Make

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("aof", ["yes", "no"])
def test_redis_has_its_keys_again(make_store: Make, aof: str) -> None:
    store = make_store("cache", aof=aof)
    assert store.redis("config", "get", "appendonly").split()[1] == aof
    for number in range(50):
        store.redis("set", f"key:{number}", f"value {number}")
    store.redis("set", "mortal", "1", "EX", "600")
    point = store.point()
    print(point["counts"], point["services"])
    assert point["verified_at"]
    assert point["counts"]["cache"]["all"] == {"keys": 51, "expires": 1}
    store.redis("set", "key:later", "lost by the restore")
    store.redis("del", "key:1")

    found = store.restore()
    assert (found["code"], found["outcome"]) == (0, "restored"), found
    assert store.redis("get", "key:1") == "value 1"
    assert store.redis("exists", "key:later") == "0"
    assert store.redis("dbsize") == "51"
    safety = store.points()[-1]
    assert (safety["kind"], safety["counts"]["cache"]["all"]["keys"]) == ("safety", 51)


def test_files_are_as_they_were_and_the_gap_is_said(make_store: Make) -> None:
    store = make_store("files")
    store.run(
        "files",
        "sh",
        "-c",
        "mkdir /files/deep && echo one > /files/deep/a && ln -s deep/a /files/b && chown 1234 /files/deep/a",
    )
    point = store.point()
    assert point["verified_at"]
    assert point["counts"]["files"]["/files"]["files"] == 2
    gap = point["services"][0]["gap_seconds"]
    assert 0 < gap < 60
    store.run("files", "sh", "-c", "rm -r /files/deep; echo later > /files/c")
    second = store.point("--verify", "deferred")
    assert second["verified_at"] is None
    assert f"the last time for {gap:g} s" in store.output

    found = store.restore("--point", point["id"])
    assert (found["code"], found["outcome"]) == (0, "restored"), found
    assert store.run("files", "cat", "/files/b") == "one\n"
    assert store.run("files", "stat", "-c", "%u", "/files/deep/a") == "1234\n"
    assert store.run("files", "ls", "/files") == "b\ndeep\n"
