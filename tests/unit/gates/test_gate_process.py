from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import process, warden

ENVIRONMENT = {"PATH": os.environ["PATH"]}


def run(code: str, tmp_path: Path, seconds: float = 20, **more: object) -> process.Finished:
    arguments = [sys.executable, "-c", code]
    stop = more.pop("stop", threading.Event())
    return process.run(arguments, cwd=tmp_path, environment=ENVIRONMENT, seconds=seconds, stop=stop, **more)  # type: ignore[arg-type]


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_output_and_exit_code(tmp_path: Path) -> None:
    finished = run("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", tmp_path)
    assert (finished.exit, finished.stdout, finished.stderr, finished.ended) == (3, "out\n", "err\n", "exit")
    assert finished.trouble == ""


def test_nothing_is_inherited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAULT_PASSWORD", "hunter2")
    assert "hunter2" not in run("import os; print(dict(os.environ))", tmp_path).stdout


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    finished = process.run(["no-such-tool"], cwd=tmp_path, environment=ENVIRONMENT, seconds=5, stop=threading.Event())
    assert (finished.exit, finished.trouble) == (None, "no-such-tool is not installed")


def test_the_time_limit_ends_children_too(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)"
    )
    started = time.monotonic()
    finished = run(code, tmp_path, seconds=1.5)
    assert time.monotonic() - started < 10
    assert "did not end within" in finished.trouble
    assert is_gone(int(finished.stdout))


def test_a_child_that_keeps_the_pipe_open_is_not_waited_for(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid)"
    )
    started = time.monotonic()
    finished = run(code, tmp_path, seconds=30)
    assert time.monotonic() - started < 10
    assert (finished.ended, finished.exit) == ("exit", 0)
    assert is_gone(int(finished.stdout))


def test_a_flood_of_output_ends_it(tmp_path: Path) -> None:
    finished = run("while True: print('x' * 1000)", tmp_path, output_bytes=100_000)
    assert finished.ended == "output"
    assert len(finished.stdout) <= 100_000


def test_a_death_by_signal_is_no_exit(tmp_path: Path) -> None:
    finished = run("import os; os.kill(os.getpid(), 11)", tmp_path)
    assert finished.trouble.endswith("was killed by signal 11")


def test_bytes_that_are_no_text_are_kept_readable(tmp_path: Path) -> None:
    assert run(r"import sys; sys.stdout.buffer.write(b'a\xff')", tmp_path).stdout == r"a\xff"


def test_stopping_the_run_stops_the_command(tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    started = time.monotonic()
    assert run("import time; time.sleep(60)", tmp_path, stop=stop).ended == "stopped"
    assert time.monotonic() - started < 10


def test_closing_its_output_does_not_free_it_from_the_limit(tmp_path: Path) -> None:
    assert run("import os, time; os.close(1); os.close(2); time.sleep(60)", tmp_path, seconds=1).ended == "time"


def test_no_file_of_ours_is_open_in_it(tmp_path: Path) -> None:
    ours = (tmp_path / "open").open("w")
    os.set_inheritable(ours.fileno(), True)
    listed = run("import os; print(sorted(os.listdir('/proc/self/fd'))[:4])", tmp_path).stdout
    ours.close()
    assert listed == "['0', '1', '2', '3']\n"  # the fourth is the list itself


def test_what_cannot_be_started_says_why(tmp_path: Path) -> None:
    finished = run("x" * 200_000, tmp_path)
    assert (finished.exit, finished.ended) == (None, "unstarted")
    assert "could not be started: [Errno 7] Argument list too long" in finished.trouble


def test_a_warden_that_was_ended_is_replaced(tmp_path: Path) -> None:
    assert run("print(1)", tmp_path).stdout == "1\n"
    process_of_the_warden = warden.WARDEN._process
    assert process_of_the_warden is not None
    process_of_the_warden.kill()
    process_of_the_warden.wait(10)
    assert run("print(2)", tmp_path).stdout == "2\n"
    assert warden.WARDEN._process is not process_of_the_warden


def test_many_at_once_do_not_mix(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda number: run(f"print({number})", tmp_path).stdout, range(16)))
    assert done == [f"{number}\n" for number in range(16)]


def test_a_long_command_line_arrives_whole(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", "import sys; print(len(''.join(sys.argv[1:])))", *(["ü" * 1000] * 500)]
    stop = threading.Event()
    finished = process.run(arguments, cwd=tmp_path, environment=ENVIRONMENT, seconds=20, stop=stop)
    assert finished.stdout == "500000\n"
