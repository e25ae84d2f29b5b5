"""The lines that a process notes are those that coverage finds by hand, whatever happens to the process."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from noted_programs import NAME, Program

# What line tables stumble over: decorators, several lines, threads, generators, coroutines, exceptions, classes.
CODE = '''"""A program."""
import asyncio
import threading
from contextlib import contextmanager
from dataclasses import dataclass

TABLE = {
    "a": 1,
    "b": [x * 2
          for x in range(3)],
}


def twice(f):
    def inner(*a):
        return f(
            *a
        )
    return inner


@twice
@twice
def divided(a,
            b=2):
    try:
        if b:
            return a / b
        raise ValueError(
            "nothing"
        )
    except ValueError:
        return 0
    finally:
        len("")


@dataclass
class Lamp:
    """Doc."""
    watts: int = 1
    def used(self): return self.watts
    def unused(self):
        return 0


@contextmanager
def opened():
    yield 1
    len("after")


def several(n):
    for i in range(n):
        yield i
    else:
        len("else")
    if n > 5:
        yield (
            n
        )


async def counted():
    for i in range(2):
        await asyncio.sleep(0)
        yield i


async def slow():
    async with asyncio.Lock():
        return [i async for i in counted()]


def threaded():
    one = 1
    return one


def never(a):
    z = a
    return (z and
            z > 1)


divided(1)
divided(1, 0)
Lamp().used()
with opened():
    pass
list(several(2))
asyncio.run(slow())
thread = threading.Thread(target=threaded)
thread.start()
thread.join()
if __name__ == "__main__":
    print("done")
'''


def pythons() -> Iterator[str]:
    """Yield this Python, and others that are installed, by their versions."""
    yield sys.executable
    for version in ("3.8", "3.12"):
        found = [*Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), shutil.which(f"python{version}")]
        for python in filter(None, found):
            if subprocess.run([python, "-c", ""], capture_output=True).returncode == 0:
                yield str(python)
                break


def test_the_lines_are_those_of_coverage_by_hand(tmp_path: Path) -> None:
    by_hand = Program(tmp_path / "by-hand", CODE).not_run_by_hand()
    assert len(by_hand) == 4  # in unused, several and never
    for number, python in enumerate(pythons()):
        program = Program(tmp_path / str(number), CODE)
        assert program.run(python=python).stdout == "done\n"
        assert (python, program.not_run()) == (python, by_hand)


def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    program = Program(tmp_path, "import os, signal\none = 1\nos.kill(os.getpid(), signal.SIGKILL)\ntwo = 2\n")
    assert program.run().returncode == -9
    assert program.lines == [1, 2, 3]


def test_forked_processes_and_those_that_close_all_files_are_noted(tmp_path: Path) -> None:
    code = (
        "import os\nchild = os.fork()\nif not child:\n    os.closerange(0, 100)\n    one = 1\n    os._exit(0)\n"
        "os.waitpid(child, 0)\n"
    )
    program = Program(tmp_path, code)
    program.run()
    assert program.lines == [1, 2, 3, 4, 5, 6, 7]


def test_a_health_check_is_not_noted(tmp_path: Path) -> None:
    program = Program(tmp_path, "one = 1\n")
    program.run(TTA_NOTES_FIRST="999999999")  # no ancestor of it
    assert (program.noted.pythons, program.lines) == (set(), [])


def test_the_service_s_own_sitecustomize_and_path_stay(tmp_path: Path) -> None:
    program = Program(tmp_path, "import sys, own, sitecustomize\nprint(own.NAME, sitecustomize.MINE, sys.path[1])\n")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "own.py").write_text("NAME = 'own'\n")
    (mine / "sitecustomize.py").write_text("MINE = 'mine'\n")
    done = program.run(PYTHONPATH=f"{program.code}:{mine}")
    assert (done.stdout, done.stderr) == (f"own mine {mine}\n", "")
    assert program.lines == [1, 2]


def test_a_file_is_known_by_its_bytes_wherever_it_was_copied_to(tmp_path: Path) -> None:
    program = Program(tmp_path, "one = 1\n")
    elsewhere = tmp_path / "app" / "other.py"
    shutil.move(program.copy, elsewhere)
    program.run("other.py")  # by a relative name, too
    assert program.lines == [1]


def test_a_file_that_is_not_the_commit_s_is_named(tmp_path: Path) -> None:
    program = Program(tmp_path, "one = 1\n")
    other = tmp_path / "app" / "lamp" / "shine.py"
    other.parent.mkdir()
    other.write_text("one = 22\n")
    program.run(str(other))
    assert program.lines == []
    assert program.noted.differing == {NAME: str(other)}


def test_notes_that_cannot_be_written_do_not_stand_in_the_way(tmp_path: Path) -> None:
    program = Program(tmp_path, "print(1)\n")
    done = program.run(TTA_NOTES="/nowhere/notes")
    assert (done.stdout, done.stderr, done.returncode) == ("1\n", "", 0)


def test_what_is_noted_between_the_marks_does_not_count(tmp_path: Path) -> None:
    program = Program(tmp_path, "import os\nif os.environ.get('TESTS'):\n    one = 1\nelse:\n    two = 2\n")
    program.notebook.mark()
    program.run(TESTS="yes")
    program.notebook.mark()
    program.run()
    assert program.lines == [1, 2, 5]
