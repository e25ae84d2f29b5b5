"""Files, journal, lock and store: what must survive crashes, full disks and a second operator."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import files, lock
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError, LockedError
from ansible_collections.tta.ops.plugins.module_utils.host.journal import Journal
from ansible_collections.tta.ops.plugins.module_utils.host.lock import Lock
from ansible_collections.tta.ops.plugins.module_utils.host.store import Store

HOLDER = {
    "actor": "Jane",
    "reason": "a fix",
    "run": "run-1",
    "component": "carbon",
    "environment": "staging",
    "since": "8:45",
}


def full(_: int, __: bytes | memoryview) -> int:
    raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_the_old_content_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.json"
    files.write(path, b"old")
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(HostError, match=r"no space left to write .*state\.json: free some"):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]


def test_a_full_disk_in_mid_append_takes_the_part_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger"
    files.append(path, b"first\n")
    write = os.write
    calls: list[int] = []

    def partly(handle: int, data: bytes | memoryview) -> int:
        calls.append(handle)
        return write(handle, data[:3]) if len(calls) == 1 else full(handle, data)

    monkeypatch.setattr(os, "write", partly)
    with pytest.raises(HostError, match="no space left"):
        files.append(path, b"second\n")
    assert path.read_bytes() == b"first\n"


def test_files_have_their_mode_from_the_start_and_links_are_replaced(tmp_path: Path) -> None:
    files.write(tmp_path / "secret", b"x", 0o600)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    for target in ("releases/1", "releases/2"):
        files.point(tmp_path / "current", target)
        assert str((tmp_path / "current").readlink()) == target


def test_a_damaged_json_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text('{"number": ')
    with pytest.raises(HostError, match=r"release\.json is damaged"):
        files.read_json(tmp_path / "release.json")


def test_journal_says_what_was_left_unfinished(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    assert journal.unfinished() == []
    journal.begin(act="deploy", number=1)
    journal.step("switch")
    assert [line["step"] for line in journal.unfinished()] == ["begin", "switch"]
    journal.step("done")
    assert journal.unfinished() == []
    journal.begin(act="deploy", number=2)
    assert [line["number"] for line in journal.unfinished()] == [2]


def test_journal_with_a_torn_last_line_goes_on_from_the_line_before(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.begin(act="deploy", number=1)
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + b'{"step":"swi')
    assert [line["step"] for line in journal.unfinished()] == ["begin"]
    journal.step("switch")
    assert [line["step"] for line in journal.entries()] == ["begin", "switch"]


def hold(path: str, ready: Any, go: Any) -> None:
    with Lock(Path(path), HOLDER) as held:
        held.phase("settle")
        ready.set()
        go.wait(20)


def test_lock_is_held_once_and_names_its_holder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, go = context.Event(), context.Event()
    other = context.Process(target=hold, args=(str(tmp_path / "lock"), ready, go))
    other.start()
    assert ready.wait(20)
    try:
        assert lock.is_held(tmp_path / "lock")
        with pytest.raises(LockedError, match=r"carbon on staging is locked by Jane \(a fix\), run run-1") as caught:
            Lock(tmp_path / "lock", HOLDER).__enter__()
        assert caught.value.holder["phase"] == "settle"
        assert caught.value.code == 75
    finally:
        go.set()
        other.join(20)
    with Lock(tmp_path / "lock", HOLDER):
        assert lock.is_held(tmp_path / "lock")
    assert not lock.is_held(tmp_path / "lock")
    assert (tmp_path / "lock").read_bytes() == b""


def test_what_is_left_of_a_killed_holder_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    dead = multiprocessing.get_context("spawn").Process(target=os.getpid)
    dead.start()
    dead.join()
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    os.write(handle, json.dumps({**HOLDER, "pid": dead.pid}).encode())
    lock.fcntl.flock(handle, lock.fcntl.LOCK_EX)
    with pytest.raises(LockedError):
        Lock(path, HOLDER, patience=0.3).__enter__()
    os.close(handle)
    with Lock(path, HOLDER, patience=0):
        pass


def test_whoever_only_looks_keeps_nobody_out(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    handle = os.open(path, os.O_RDONLY | os.O_CREAT)
    lock.fcntl.flock(handle, lock.fcntl.LOCK_SH)
    threading.Timer(0.1, os.close, (handle,)).start()
    with Lock(path, HOLDER):
        pass


def test_a_holder_who_is_brief_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    brief = Lock(path, {**HOLDER, "brief": True}).__enter__()
    threading.Timer(0.3, brief.__exit__, (None, None, None)).start()
    with Lock(path, HOLDER):
        assert lock.read_holder(path) == {**HOLDER, "pid": os.getpid(), "phase": "start"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "carbon")


def release(store: Store, number: int, outcome: str | None) -> None:
    files.make_folder(store.incoming)
    found = store.adopt(number)
    if outcome:
        found.conclude(outcome, "now")


def test_numbers_are_never_given_twice(store: Store) -> None:
    assert store.next_number(0) == 1
    release(store, 1, "deployed")
    assert store.next_number(0) == 2
    assert store.next_number(7) == 8


def test_five_that_served_are_kept_beside_what_is_in_use_and_what_failed(store: Store) -> None:
    for number in range(1, 10):
        release(store, number, "failed" if number == 3 else "deployed")
    store.point(9, 1)
    assert store.prune() == [2, 4]
    assert store.numbers() == [1, 3, 5, 6, 7, 8, 9]


def test_a_link_that_leads_nowhere_is_an_error_and_not_an_absence(store: Store) -> None:
    release(store, 1, "deployed")
    store.point(1, None)
    store.discard(1)
    with pytest.raises(HostError, match="not a kept release"):
        store.current()


def test_bad_releases_are_no_way_back(store: Store) -> None:
    for number, outcome in ((1, "deployed"), (2, "failed"), (3, "deployed")):
        release(store, number, outcome)
    assert store.served_before(3) == 1
    assert store.served_before(1) is None
