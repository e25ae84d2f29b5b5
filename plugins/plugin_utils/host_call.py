"""Calls the host program through a connection, installing it first where it is missing or another version.

Everything goes over stdin: no temporary files on the host, nothing secret on a command line.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from . import host_program

PROGRAM = "/usr/local/bin/tta-ops"
_OUTDATED, _NO_PYTHON = 86, 87
# Another run replaced the program while Python was about to load it: nothing of it has run.
_REPLACED = "zipimport.ZipImportError"


class Answer(NamedTuple):
    """What a shell command on the host left."""

    code: int
    out: str
    err: str


class CallError(Exception):
    """The host program could not be called at all; the text is a sentence for the operator."""


Execute = Callable[[str, bytes], Answer]
Tell = Callable[[str], None]


class HostCall:
    """The host program of one host. `execute` runs a shell command there with the given stdin."""

    def __init__(self, execute: Execute, host: str, interpreter: str = "", tell: Tell = lambda _: None) -> None:
        """`interpreter` is the Python to use; empty: the host's own. `tell` gets a line a step."""
        # With no input at all Ansible would ask SSH for a terminal, which mixes what went wrong into the output.
        self._execute: Execute = lambda command, stdin: execute(command, stdin or b"\n")
        self._host = host
        self._interpreter = interpreter
        self._tell = tell

    def __call__(self, arguments: Sequence[str], stdin: bytes = b"") -> dict[str, Any]:
        """Return the program's result, installing it first if need be; raises `CallError` when there is none."""
        command = invocation(arguments, self._interpreter)
        answer = self._execute(command, stdin)
        if _is_outdated(answer):
            self.install()
            answer = self._execute(command, stdin)
        return self._result(answer)

    def read(self, arguments: Sequence[str]) -> dict[str, Any]:
        """Return the result of a verb that only reads and takes no input; nothing is installed for it."""
        answer = self._execute(invocation(arguments, self._interpreter), b"")
        if _is_outdated(answer):
            answer = self._execute(from_memory(arguments, self._interpreter), host_program.build().data)
        return self._result(answer)

    @property
    def name(self) -> str:
        """The host's name."""
        return self._host

    def is_current(self) -> bool:
        """Say whether the program on the host is the one that belongs to this collection."""
        answer = self._execute(invocation(["--help"], self._interpreter), b"")
        if answer.code == _NO_PYTHON:
            raise CallError(_no_python(self._host))
        return answer.code == 0

    def install(self) -> None:
        """Put the program in its place, at one moment, and its modules, compiled, where it finds them sooner."""
        self._tell(f"installs tta-ops on {self._host}")
        command = f'{python(self._interpreter)}; {_INSTALL} && "$p" {PROGRAM} --json unpack'
        answer = self._execute(command, host_program.build().data)
        if answer.code == _NO_PYTHON:
            raise CallError(_no_python(self._host))
        self._require(answer, f"tta-ops cannot be installed as {PROGRAM}")

    def has_folder(self, path: str) -> bool:
        """Say whether the host has the folder `path`."""
        return self._execute(f"test -d {shlex.quote(path)}", b"").code == 0

    def make_folder(self, path: str) -> None:
        """Create the state folder."""
        self._require(self._execute(f"install -d -m 0750 {shlex.quote(path)}", b""), f"{path} cannot be created")

    def _require(self, answer: Answer, problem: str) -> None:
        if answer.code:
            where = f"{problem} on {self._host} ({_last_line(answer.err)})"
            raise CallError(f"{where}: act as root there (ansible_become: true)")

    def _result(self, answer: Answer) -> dict[str, Any]:
        if answer.code == _NO_PYTHON:
            raise CallError(_no_python(self._host))
        lines = parse(answer.out)
        for line in lines:
            if "progress" in line:
                self._tell(f"{line['progress']['step']}: {line['progress']['text']}")
        results = [line["result"] for line in lines if "result" in line]
        if results:
            return dict(results[-1])
        if answer.code == _OUTDATED:
            raise CallError(f"{PROGRAM} on {self._host} is not the one that was just installed: see who else writes it")
        raise CallError(
            f"tta-ops on {self._host} ended with exit code {answer.code} and no result ({_last_line(answer.err)}): "
            "the same command again brings the act to its end"
        )


def _is_outdated(answer: Answer) -> bool:
    """Say whether another program lies there, or was put there in the moment in which this one was loaded."""
    return answer.code == _OUTDATED or (_REPLACED in answer.err and not parse(answer.out))


_INSTALL = (
    f"umask 022; d={PROGRAM.rpartition('/')[0]}; t=$(mktemp $d/.tta-ops.XXXXXX) && "
    f'{{ cat > "$t" && chmod 0755 "$t" && mv -f "$t" {PROGRAM} || {{ rm -f "$t"; exit 1; }}; }}'
)


def invocation(arguments: Sequence[str], interpreter: str) -> str:
    """Return the shell command that runs the program, or exits with 86 (not ours) or 87 (no Python)."""
    call = shlex.join([PROGRAM, "--json", "--expect", host_program.build().sha256, *arguments])
    return f'{python(interpreter)}; [ -r {PROGRAM} ] || exit {_OUTDATED}; "$p" {call}'


def from_memory(arguments: Sequence[str], interpreter: str) -> str:
    """Return the shell command that runs the program that comes on stdin, leaving no file on the host."""
    call = shlex.join(["-c", _FROM_MEMORY, "--json", *arguments])
    return f'{python(interpreter)}; "$p" {call}'


_FROM_MEMORY = (
    "import os, runpy, sys; f = os.memfd_create('tta-ops'); "
    "os.fdopen(os.dup(f), 'wb').write(sys.stdin.buffer.read()); "
    "runpy.run_path('/proc/self/fd/%d' % f, run_name='__main__')"
)


def python(interpreter: str) -> str:
    """Return the shell words that set `$p` to a Python of the host, or exit with 87."""
    candidates = [*([interpreter] if interpreter else []), "/usr/bin/python3", "python3"]
    found = " || ".join(f"command -v {shlex.quote(one)}" for one in candidates)
    return f"p=$({found}) || exit {_NO_PYTHON}"


def parse(out: str) -> list[dict[str, Any]]:
    """Return the program's JSON lines; whatever else a login shell prints is left out."""
    lines = []
    for text in out.splitlines():
        try:
            line = json.loads(text) if text.startswith("{") else None
        except ValueError:
            continue
        if isinstance(line, Mapping):
            lines.append(dict(line))
    return lines


def _no_python(host: str) -> str:
    return f"{host} has no Python 3: install it there (apt-get install python3), then the same command again"


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else "it said nothing"
