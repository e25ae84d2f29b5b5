"""Where a gate may write: its own folders, the caches of tools, and nowhere else."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Event

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import confinement, evidence, process
from ansible_collections.tta.ops.plugins.plugin_utils.gates.programs.warden import landlock

SCRATCH, EXPORT = Path("/scratch"), Path("/export")
HOME = {"HOME": "/home/jane"}


def test_caches_move_with_their_variables() -> None:
    assert confinement.caches(HOME)[:2] == [Path("/home/jane/.cache"), Path("/home/jane/.docker")]
    moved = confinement.caches({**HOME, "XDG_CACHE_HOME": "/fast/cache", "UV_CACHE_DIR": "/fast/uv"})
    assert {Path("/fast/cache"), Path("/fast/uv")} < set(moved)
    assert Path("/home/jane/.cache") not in moved


def test_neither_the_home_nor_a_folder_that_all_share_is_writable() -> None:
    for path in confinement.writable(SCRATCH, EXPORT, HOME):
        assert not any(precious.is_relative_to(path) for precious in map(Path, ("/home/jane/.ssh", "/usr/lib", "/etc")))


def test_processes_of_others_are_out_of_reach_for_root(monkeypatch: pytest.MonkeyPatch) -> None:
    for user, writable in ((0, False), (1000, True)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        assert (Path("/proc") in confinement.writable(SCRATCH, EXPORT, HOME)) == writable


def test_the_sentence_names_every_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/jane"))
    sentence = confinement.allowed({**HOME, "UV_CACHE_DIR": "/fast/uv"})
    assert "(~/.cache, ~/.docker, /fast/uv, ~/.local/share/uv, ~/.npm)" in sentence


def test_caches_that_are_not_there_are_made_once(tmp_path: Path) -> None:
    for _ in range(2):
        confinement.make_caches({"HOME": str(tmp_path)})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".cache", ".docker"]
    confinement.make_caches({"HOME": "/proc/nowhere"})


@pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")
def test_the_kernel_refuses_what_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    code = "open('mine/x', 'w').write('x'); open('yours', 'w')"
    finished = process.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        environment={},
        seconds=20,
        stop=Event(),
        writable=[tmp_path / "mine", tmp_path / "not there"],
    )
    assert (finished.confined, finished.exit) == (True, 1)
    assert confinement.was_refused(finished.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert (tmp_path / "mine" / "x").read_text() == "x"


def test_without_landlock_nothing_is_refused_and_nobody_says_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    assert landlock.confine([]) is False
    assert Path(os.devnull).open("w").close() is None


def test_evidence_says_of_each_command_whether_it_was_confined() -> None:
    finished = process.Finished(("ruff",), 0, "", "", 0.1, "exit", confined=True)
    assert evidence._command(finished)["confined"] is True
