"""The recorder by itself: what it writes is what was, whatever happens to its clock, its file, its disk."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.recorder import acts, observed, tick, trouble, windows
from ansible_collections.tta.ops.plugins.module_utils.host.recorder.looking import Seen
from recorded import BEGIN, OTHER, TREE, WHO, Recorder, counts


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path / "state")


def test_every_minute_is_what_it_was(recorder: Recorder) -> None:
    recorder.run(30)
    recorder.run(4, "down", "no answer in time")
    recorder.run(2, "unknown", "Docker does not answer")
    recorder.run(24)
    found = recorder.report()
    assert counts(found) == (54, 4, 2, 0)
    assert [span[1:] for span in found["spans"]] == [
        [30, "up", ""], [4, "down", "no answer in time"], [2, "unknown", "Docker does not answer"], [24, "up", ""],
    ]  # fmt: skip
    assert found["verdict"] == "inconclusive"


def test_a_recorder_that_was_off_is_unknown_and_named(recorder: Recorder) -> None:
    recorder.run(60)
    recorder.pass_time(300 * 60)
    recorder.run(60)
    found = recorder.report()
    assert counts(found) == (120, 0, 300, 0)
    assert found["headline"] == (
        "web on staging: inconclusive, up 28.57 % to 100.00 % of 7 h; "
        "unknown 5 h: the recorder was off 5 h on Monday, 16 Nov, 01:00"
    )


def test_a_whole_good_week_passes_and_two_days_off_do_not(recorder: Recorder) -> None:
    week = 7 * 1440
    slot = int(BEGIN // 60)
    recorder.run(1)
    with sqlite3.connect(recorder.file) as line:
        line.executemany(
            "INSERT OR REPLACE INTO samples VALUES (?, 1, 10.0, 1.0, 1024, 0, 1, NULL)",
            [(slot + at,) for at in range(week)],
        )
    found = recorder.report(BEGIN + week * 60)
    assert (found["verdict"], found["uptime_percent"], found["cause"]) == ("pass", 100.0, "")
    with sqlite3.connect(recorder.file) as line:
        line.execute("DELETE FROM samples WHERE slot >= ? AND slot < ?", (slot + 1440, slot + 3 * 1440))
    found = recorder.report(BEGIN + week * 60)
    assert (found["verdict"], found["uptime_percent"], found["upper_percent"]) == ("inconclusive", 71.42, 100.0)
    assert found["cause"] == "unknown 2 d: the recorder was off 2 d on Tuesday, 17 Nov, 00:00"
    assert found["earliest"] == windows.text_of(BEGIN + (3 * 1440 - 50 + week) * 60)


def test_a_new_artifact_begins_anew(recorder: Recorder) -> None:
    recorder.run(60)
    recorder.enter("deployed", recorder.wall, OTHER, 2)
    recorder.run(30, release=2, tree=OTHER)
    found = recorder.report()
    assert (found["slots"], found["up"], found["artifact"]["tree"]) == (30, 30, OTHER)


def test_the_same_artifact_again_goes_on_and_a_rehearsal_is_unknown_for_it(recorder: Recorder) -> None:
    recorder.run(60)
    recorder.enter("deployed", recorder.wall, TREE, 2)
    recorder.run(10, release=2)
    recorder.enter("returned", recorder.wall, OTHER, 3, {"rehearsal": "r"})
    recorder.run(5, release=3, tree=OTHER)
    recorder.enter("returned", recorder.wall, TREE, 2, {"rehearsal": "r"})
    recorder.run(5, release=2)
    found = recorder.report()
    assert counts(found) == (75, 0, 5, 0)
    assert [95, 5, "unknown", "another artifact served"][1:] in [span[1:] for span in found["spans"]]


def test_maintenance_declared_beforehand_counts_neither_way(recorder: Recorder) -> None:
    begin, end = windows.text_of(BEGIN + 30 * 60), windows.text_of(BEGIN + 40 * 60)
    recorder.enter("maintenance", BEGIN, TREE, None, {"from": begin, "until": end, "reason": "disks"})
    recorder.run(30)
    recorder.run(12, "down", "no answer in time")
    found = recorder.report()
    assert counts(found) == (30, 2, 0, 10)


def test_maintenance_is_declared_once_with_a_reason(recorder: Recorder) -> None:
    window = (windows.text_of(BEGIN + 3600), windows.text_of(BEGIN + 7200), BEGIN)
    assert acts.declare(recorder.state, WHO, *window)["changed"] is True
    assert acts.declare(recorder.state, {**WHO, "run": "r2"}, *window)["changed"] is False
    with pytest.raises(acts.UsageError, match="needs a reason"):
        acts.declare(recorder.state, {**WHO, "reason": ""}, *window)


# the clock


def test_a_clock_set_back_an_hour_is_told_and_no_hour_counts_twice(recorder: Recorder) -> None:
    recorder.run(60)
    recorder.run(10, "down", "no answer in time")
    recorder.wall -= 3600
    recorder.run(60)
    found = recorder.report()
    assert (found["slots"], found["up"], found["down"]) == (70, 60, 10)
    assert [note["text"] for note in found["notes"]] == ["the clock was set back by 3600 s"]


def test_of_an_hour_that_was_lived_twice_the_worse_one_stays(recorder: Recorder) -> None:
    recorder.run(60)
    recorder.wall -= 3600
    recorder.run(60, "down", "no answer in time")
    assert counts(recorder.report()) == (0, 60, 0, 0)


def test_a_clock_set_forward_makes_a_gap_and_not_a_week(recorder: Recorder) -> None:
    recorder.run(10)
    recorder.wall += 7 * 86400
    recorder.run(1)
    found = recorder.report()
    assert found["verdict"] == "inconclusive"
    assert found["up"] <= 11
    assert "the clock was set forward by 604800 s" in found["cause"] or found["unknown"] > 10000


def test_a_reboot_is_no_jump(recorder: Recorder) -> None:
    recorder.run(10)
    recorder.pass_time(600)
    recorder.boot, recorder.steady = "boot-2", 5.0
    recorder.run(10)
    found = recorder.report()
    assert counts(found) == (20, 0, 10, 0)
    assert found["notes"] == []


# the file and the disk


@pytest.mark.parametrize("damage", ["garbage", "cut", "page"])
def test_a_damaged_file_is_put_aside_and_what_was_in_it_is_unknown(recorder: Recorder, damage: str) -> None:
    recorder.run(50)
    data = recorder.file.read_bytes()
    assert len(data) > 8192
    broken = {"garbage": b"\x00garbage" * 99, "cut": data[:5000], "page": data[:4096] + b"\xff" * (len(data) - 4096)}
    for ending in ("-wal", "-shm"):
        recorder.file.with_name(recorder.file.name + ending).unlink(missing_ok=True)
    recorder.file.write_bytes(broken[damage])
    before = recorder.report()
    assert (before["up"], before["unknown"]) == (0, 50) or before["up"] + before["unknown"] == 50
    recorder.run(10)
    found = recorder.report()
    assert counts(found) == (10, 0, 50, 0)
    assert "was damaged" in found["notes"][0]["text"]
    assert len(list(recorder.file.parent.glob("web.db.damaged-*"))) == 1


def test_a_disk_that_is_full_is_said_and_not_papered_over(recorder: Recorder) -> None:
    recorder.run(10)
    recorder.tick()

    def full(*_: object) -> Seen:
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tick.sampling, "_write", full)
        for _ in range(5):
            told = recorder.tick()
            assert told["failed"] is True
            assert "free some space" in told["problems"][0]
            recorder.pass_time(60)
    recorder.run(5)
    found = recorder.report()
    assert counts(found) == (16, 0, 4, 0) or counts(found) == (15, 0, 5, 0)
    assert "disk is full" in found["cause"]
    assert "disk is full" in found["trouble"][0]["text"]


def test_the_file_of_trouble_never_grows(recorder: Recorder) -> None:
    file = trouble.path(recorder.file.parent, "web")
    recorder.run(1)
    for slot in range(0, 400, 5):
        trouble.note(file, slot, f"something {slot}" + "x" * 400)
    assert file.stat().st_size == trouble.SIZE
    assert [one["begin"] for one in trouble.read(file)][-1] == 395
    file.write_bytes(b"\xff\xfe")
    assert trouble.read(file) == []


def test_a_second_recorder_has_nothing_to_do(recorder: Recorder) -> None:
    inside, go = threading.Event(), threading.Event()

    def slow(*_: object) -> Seen:
        inside.set()
        assert go.wait(10)
        return recorder.seen

    first = threading.Thread(target=lambda: recorder.tick(slow))
    first.start()
    assert inside.wait(10)
    second = recorder.tick()
    go.set()
    first.join(10)
    assert (second["samples"], second["message"]) == (0, "another one samples now")
    recorder.pass_time(60)
    assert counts(recorder.report()) == (1, 0, 0, 0)


def test_one_that_is_killed_while_it_writes_loses_that_slot_and_nothing_else(recorder: Recorder) -> None:
    recorder.run(20)
    program = (
        "import sys, os, signal\n"
        "sys.path[:0] = sys.argv[2:]\n"
        "from pathlib import Path\n"
        "from recorded import Recorder, BEGIN\n"
        "from ansible_collections.tta.ops.plugins.module_utils.host.recorder import sampling\n"
        "one = Recorder.__new__(Recorder)\n"
        "from ansible_collections.tta.ops.plugins.module_utils.host.state import State\n"
        "from ansible_collections.tta.ops.plugins.module_utils.host.recorder.looking import Seen\n"
        "one.state = State(Path(sys.argv[1]))\n"
        f"one.wall, one.steady, one.boot = {recorder.wall}, {recorder.steady}, 'boot-1'\n"
        "one.seen = Seen('down', 'no answer', release=1, tree='a' * 64)\n"
        "write = sampling._write\n"
        "def killed(database, sample):\n"
        "    write(database, sample)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "sampling._write = killed\n"
        "one.tick()\n"
    )
    paths = [str(Path(__file__).parent), str(Path(__file__).parents[3] / "collections")]
    done = subprocess.run(
        [sys.executable, "-c", program, str(recorder.state.root), *paths],
        capture_output=True,
        check=False,
        env=os.environ,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    recorder.pass_time(60)
    recorder.run(5)
    assert counts(recorder.report()) == (25, 0, 1, 0)


def test_a_read_only_file_is_said(recorder: Recorder) -> None:
    recorder.run(3)

    def read_only(*_: object) -> Seen:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tick.sampling, "_write", read_only)
        told = recorder.tick()
    assert told["failed"] is True
    assert "readonly" in told["problems"][0]


def test_old_samples_go_after_35_days(recorder: Recorder) -> None:
    recorder.run(5)
    recorder.pass_time(35 * 86400)
    recorder.run(1440 % 7 + 5)
    with sqlite3.connect(recorder.file) as line:
        recorder.pass_time(-(recorder.wall % 86400) + 86400)
    recorder.run(1)
    with sqlite3.connect(recorder.file) as line:
        oldest = line.execute("SELECT min(slot) FROM samples").fetchone()[0]
    assert oldest > BEGIN // 60 + 5


# who is observed


def test_what_was_stopped_or_renamed_gets_no_samples(recorder: Recorder) -> None:
    recorder.run(3)
    record = observed.required(recorder.state, "staging", "web")
    observed.write(recorder.state, {**record, "stopped": "2026-11-16T00:03:00Z"})
    assert recorder.tick()["message"] == "nothing is observed"
    with pytest.raises(acts.UsageError, match="web2 is not observed on staging: observed is web"):
        observed.required(recorder.state, "staging", "web2")


def test_hooks_see_the_samples_and_their_errors_are_told(recorder: Recorder) -> None:
    got: list[Any] = []

    def watch(samples: list[Any], _: object) -> None:
        got.extend(samples)
        raise tick.HostError("the watch is broken")

    told = tick.tick(recorder.state, None, None, component="web", hooks=(watch,), look=lambda *_: recorder.seen)  # type: ignore[arg-type]
    assert [one.component for one in got] == ["web"]
    assert (told["failed"], told["problems"]) == (True, ["the watch is broken"])
