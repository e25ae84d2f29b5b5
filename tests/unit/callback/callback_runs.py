"""Runs real playbooks with the callback, with and without a terminal."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
DEADLINE = 120
_DROPPED = ("ANSIBLE_", "NO_COLOR", "COLUMNS", "LINES", "TERM")


def play(folder: Path, plays: list[dict[str, Any]], *arguments: str, **environment: str) -> tuple[int, str]:
    """Run plays without a terminal; return (exit code, standard output and error as a reader sees them)."""
    command, settings = _prepared(folder, plays, arguments, environment)
    done = subprocess.run(
        command,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    return done.returncode, done.stdout


def play_on_terminal(
    folder: Path, plays: list[dict[str, Any]], *arguments: str, columns: int = 100, **environment: str
) -> tuple[int, str]:
    """The same on a terminal; the output has all its control sequences."""
    command, settings = _prepared(folder, plays, arguments, {"TERM": "xterm", **environment})
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    with subprocess.Popen(command, env=settings, stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.close(terminal)
        output = b""
        with contextlib.suppress(OSError):  # how Linux says that the other end is closed
            while block := os.read(controller, 65536):
                output += block
        code = process.wait(timeout=DEADLINE)
    os.close(controller)
    return code, output.decode().replace("\r\n", "\n")


def visible(output: str) -> str:
    """What is left on the screen: without colours, erased lines gone."""
    lines = [line.rpartition("\r\x1b[K")[2] for line in output.split("\n")]
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]|\x1b\(B", "", "\n".join(lines))


def _prepared(
    folder: Path, plays: list[dict[str, Any]], arguments: tuple[str, ...], environment: dict[str, str]
) -> tuple[list[str], dict[str, str]]:
    playbook = folder / "play.yml"
    playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, **each} for each in plays]))
    inventory = folder / "hosts.yml"
    if not inventory.exists():
        local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        inventory.write_text(json.dumps({"all": {"hosts": {"localhost": local}}}))
    settings = {key: value for key, value in os.environ.items() if not key.startswith(_DROPPED)}
    settings |= {
        "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "ANSIBLE_STDOUT_CALLBACK": "tta.ops.promotion",
        "ANSIBLE_HOME": str(folder / "home"),
        "PYTHONUTF8": "1",
        **environment,
    }
    (folder / "ansible.cfg").touch()
    program = Path(sys.executable).with_name("ansible-playbook")
    return [str(program), "-i", str(inventory), str(playbook), *arguments], settings
