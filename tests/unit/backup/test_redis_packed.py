"""Where a Redis reads a dump at its start depends on AOF and version: put in the wrong place, it starts empty."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.backup import redis, redis_packed, redis_words
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError

OWN = {"appendonly": "no", "version": "7.0.15", "dbfilename": "dump.rdb", "appendfilename": "appendonly.aof",
       "appenddirname": "appendonlydir", "owner": "902:903"}  # fmt: skip


def packed(folder: Path, **own: str) -> dict[str, bytes]:
    (folder / "dump.rdb").write_bytes(b"REDIS0010 the dump")
    redis_packed.pack(folder / "dump.rdb", {**OWN, **own}, folder / "packed.tar")
    with tarfile.open(folder / "packed.tar") as tar:
        assert {(one.uid, one.gid) for one in tar} == {(902, 903)}
        return {one.name: tar.extractfile(one).read() for one in tar if one.isfile()}  # type: ignore[union-attr]


def test_without_aof_it_is_the_rdb(tmp_path: Path) -> None:
    assert packed(tmp_path) == {"dump.rdb": b"REDIS0010 the dump"}


def test_before_redis_7_the_aof_begins_with_it(tmp_path: Path) -> None:
    assert packed(tmp_path, appendonly="yes", version="6.2.1") == {"appendonly.aof": b"REDIS0010 the dump"}


def test_from_redis_7_on_it_is_the_base_of_a_new_aof(tmp_path: Path) -> None:
    found = packed(tmp_path, appendonly="yes")
    assert found["appendonlydir/appendonly.aof.1.base.rdb"] == b"REDIS0010 the dump"
    assert found["appendonlydir/appendonly.aof.manifest"].splitlines() == [
        b"file appendonly.aof.1.base.rdb seq 1 type b", b"file appendonly.aof.1.incr.aof seq 1 type i",
    ]  # fmt: skip
    assert "dump.rdb" not in found


def test_what_the_check_says_is_counted_and_anything_else_is_no_dump() -> None:
    said = "[offset 9] \\o/ RDB looks OK! \\o/\n[info] 51 keys read\n[info] 1 expires\n[info] 0 already expired\n"
    assert redis_words.saved(said) == {"keys": 51, "expires": 1}
    with pytest.raises(HostError, match="does not find the dump good"):
        redis_words.saved("--- RDB ERROR DETECTED ---\n[offset 88] Unexpected EOF reading RDB file")


def test_a_newer_dump_is_refused() -> None:
    redis.require_loadable({"version": "7.0.1"}, {"version": "7.0.15"}, "cache")
    with pytest.raises(HostError, match=r"of Redis 7\.2\.0, its image here is 7\.0\.15"):
        redis.require_loadable({"version": "7.2.0"}, {"version": "7.0.15"}, "cache")
