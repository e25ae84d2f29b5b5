"""Tools that misbehave: none hangs the run, none passes, none leaves a process, and each is told where and why."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import confinement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.programs.warden import landlock
from quick_indicators import checked, judged, lint

PYTHON = sys.executable
LIMIT_SECONDS = 2
SLEEP = "import time; time.sleep(300)"
HIDE = "import os\nif os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)\n"
needs_landlock = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")


@pytest.fixture
def mark(tmp_path: Path) -> Iterator[str]:
    """A word that every process of the test has on its command line; none may be left."""
    word = f"nasty-{os.getpid()}-{tmp_path.name}"
    yield word
    assert processes_with(word) == []


def processes_with(word: str) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if word.encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                found.append(int(path.parent.name))
    return found


def told(folder: Path, code: str, mark: str = "", **more: Any) -> tuple[str, str]:
    """Judge by a tool that is this Python code and would be fine if it printed []; return verdict and cause."""
    (folder / "export").mkdir(exist_ok=True)
    (folder / "export" / "lamp.py").write_text("x = 1\n")
    indicator = {"type": "command", "steps": [[PYTHON, "-c", code, mark]], **more}
    gate = lint(indicator=indicator, measure="length(map(&@, out))", seconds=LIMIT_SECONDS)
    began = time.monotonic()
    verdict = judged(checked(gate), folder)["lint"].verdict
    assert time.monotonic() - began < LIMIT_SECONDS + 12
    return verdict["verdict"], verdict["cause"]


def test_one_that_is_fine(tmp_path: Path, mark: str) -> None:
    assert told(tmp_path, "print([])", mark) == ("pass", "")


def test_one_that_hangs(tmp_path: Path, mark: str) -> None:
    verdict, cause = told(tmp_path, SLEEP, mark)
    assert verdict == "inconclusive"
    assert "did not end within 2 s and was killed" in cause


def test_one_that_hangs_and_takes_no_signal_but_one(tmp_path: Path, mark: str) -> None:
    code = f"import os, signal\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\nos.close(1)\n{SLEEP}"
    assert told(tmp_path, code, mark)[0] == "inconclusive"


def test_one_that_prints_200_megabytes(tmp_path: Path, mark: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    verdict, cause = told(tmp_path, "for _ in range(200): print('x' * 2**20)", mark)
    assert (verdict, "printed more than its limit and was killed" in cause) == ("inconclusive", True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


def test_one_that_prints_200_megabytes_of_errors(tmp_path: Path, mark: str) -> None:
    code = "import sys\nprint([])\nfor _ in range(200): print('x' * 2**20, file=sys.stderr)"
    assert told(tmp_path, code, mark)[0] == "inconclusive"


def test_one_that_leaves_children_behind_which_hide(tmp_path: Path, mark: str) -> None:
    child = f"[sys.executable, '-c', {HIDE + SLEEP!r}, sys.argv[1]]"
    code = f"import subprocess, sys\nprint([], flush=True)\nsubprocess.run({child})"
    assert told(tmp_path, code, mark) == ("pass", "")


def test_one_that_hangs_with_children_which_hide_without_environment(tmp_path: Path, mark: str) -> None:
    child = f"[sys.executable, '-c', {HIDE + SLEEP!r}, sys.argv[1]]"
    code = f"import subprocess, sys\nfor _ in range(8): subprocess.Popen({child}, env={{}})\n{SLEEP}"
    assert told(tmp_path, code, mark)[0] == "inconclusive"


def test_one_that_forks_and_forks(tmp_path: Path, mark: str) -> None:
    """Each ends as soon as the next is there, so that a list of them is never true for long."""
    chain = "while True:\n    if os.fork(): os._exit(0)\n    os.setsid()\n    time.sleep(0.001)\n"
    code = f"import os, time\nfor _ in range(20):\n    if not os.fork(): exec({chain!r})\n{SLEEP}"
    assert told(tmp_path, code, mark)[0] == "inconclusive"


@pytest.mark.parametrize("number", [6, 9, 11])
def test_one_that_dies_by_a_signal(tmp_path: Path, mark: str, number: int) -> None:
    verdict, cause = told(tmp_path, f"print([], flush=True)\nimport os; os.kill(os.getpid(), {number})", mark)
    assert (verdict, cause.endswith(f"was killed by signal {number}")) == ("inconclusive", True)


@needs_landlock
def test_one_that_would_kill_whatever_watches_over_it(tmp_path: Path, mark: str) -> None:
    code = "import os\ntry:\n    os.kill(os.getppid(), 9)\nexcept PermissionError:\n    print('[]', flush=True)\n"
    assert told(tmp_path, code, mark)[0] == "pass"


def test_one_that_kills_whatever_watches_over_it_where_nothing_confines_it(
    tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confinement, "writable", lambda *_: None)
    code = f"import os\nprint([], flush=True)\nos.kill(os.getppid(), 9)\n{SLEEP}"
    verdict, cause = told(tmp_path, code, mark)
    assert (verdict, cause.endswith("ended the process that watches over it")) == ("inconclusive", True)


@pytest.mark.parametrize("printed", ["[", "{'a': 1}", "[NaN]", "[]]", "", "[" * 100_000, "9" * 5_000])
def test_one_that_prints_no_json(tmp_path: Path, mark: str, printed: str) -> None:
    verdict, cause = told(tmp_path, f"print({printed!r})", mark)
    assert (verdict, "print" in cause) == ("inconclusive", True)


@pytest.mark.parametrize("raw", [rb"\xff\xfe[]", rb'["\xff"', rb"\x00[]"])
def test_one_that_prints_no_text(tmp_path: Path, mark: str, raw: bytes) -> None:
    code = f"import sys; sys.stdout.buffer.write(b'{raw.decode()}')"
    verdict, cause = told(tmp_path, code, mark)
    assert (verdict, "printed no JSON" in cause) == ("inconclusive", True)


@needs_landlock
def test_one_that_writes_outside_of_its_folder(tmp_path: Path, mark: str) -> None:
    code = f"open({str(tmp_path / 'elsewhere')!r}, 'w').write('x')\nprint([])"
    verdict, cause = told(tmp_path, code, mark)
    assert verdict == "inconclusive"
    assert "Permission denied" in cause
    assert "\na gate writes below $TMPDIR, its working folder and the caches of tools (~/.cache, " in cause
    assert not (tmp_path / "elsewhere").exists()


@needs_landlock
def test_a_test_that_writes_outside_fails_and_says_where_it_may(tmp_path: Path, mark: str) -> None:
    attempt = f"open({str(tmp_path / 'no')!r}, 'w')"
    code = f"import json\ntry:\n    {attempt}\nexcept OSError as error:\n    print(json.dumps([str(error)]))"
    gate = lint(indicator={"type": "command", "steps": [[PYTHON, "-c", code, mark]]}, findings="out", examined="lines")
    verdict = judged(checked(gate), tmp_path)["lint"].verdict
    assert verdict["verdict"] == "fail"
    cause = verdict["cause"].splitlines()
    assert "Permission denied" in cause[0] and cause[1].startswith("a gate writes below $TMPDIR")


@needs_landlock
@pytest.mark.parametrize(
    "do", ["os.unlink({0})", "os.rename({0}, {0} + '2')", "os.symlink('x', {0} + '3')", "os.truncate({0}, 0)"]
)
def test_one_that_takes_away_what_is_not_its_own(tmp_path: Path, mark: str, do: str) -> None:
    precious = tmp_path / "precious"
    precious.write_text("x")
    assert told(tmp_path, f"import os\nos.{do.format(repr(str(precious)))}\nprint([])", mark)[0] == "inconclusive"
    assert [path.name for path in tmp_path.glob("precious*")] == ["precious"]
    assert precious.read_text() == "x"


@pytest.mark.parametrize(
    "where", ["os.environ['TMPDIR'] + '/new'", "'new'", "os.path.expanduser('~/.cache/tta-ops-test')", "'/dev/null'"]
)
def test_one_that_writes_where_it_may(tmp_path: Path, mark: str, where: str) -> None:
    code = f"import os\nopen({where}, 'w').write('x')\nif 'cache' in {where!r}: os.unlink({where})\nprint([])"
    assert told(tmp_path, code, mark) == ("pass", "")


def test_one_that_mends_what_it_judges(tmp_path: Path, mark: str) -> None:
    verdict, cause = told(tmp_path, "open('lamp.py', 'w').write('')\nprint([])", mark)
    assert verdict == "inconclusive"
    assert cause.startswith("judged files were changed while judging: lamp.py (meanwhile ran: lint)")


def test_one_whose_whole_run_is_killed_leaves_nothing(tmp_path: Path, mark: str) -> None:
    """The toolkit itself is killed without a chance to clean up."""
    pid = os.fork()
    if not pid:
        try:
            told(tmp_path, SLEEP, mark)
        finally:
            os._exit(0)
    deadline = time.monotonic() + 10
    while not any(mark.encode() in Path(f"/proc/{one}/cmdline").read_bytes() for one in processes_with(mark)):
        assert time.monotonic() < deadline
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    while processes_with(mark):
        assert time.monotonic() < deadline
