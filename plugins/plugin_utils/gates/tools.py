"""Which programs a gate starts, and in which version, as far as the toolkit's own environment does not say it."""

from __future__ import annotations

import re
import subprocess
import tempfile
from functools import cache
from typing import Any

from . import control_node
from .definition import Gate
from .inputs import SubjectFacts

ASK_SECONDS = 30
# What these stand for is part of the common inputs; any other token may be any file of the monorepo.
_COMMON = frozenset(
    (
        "component",
        "files",
        "import_root",
        "module",
        "paths",
        "programs",
        "python",
        "python_files",
        "readme",
        "scratch",
        "toolkit_python",
    )
)
_TOKEN = re.compile(r"\{([a-z_]+)\}")
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")
_IN_PROCESS = ("document", "dependencies")


class NotKnown(Exception):
    """Nobody can say what the gate would run: its verdict is not reused."""


def versions(gate: Gate, facts: SubjectFacts) -> dict[str, Any]:
    """Return what identifies the programs that a gate starts, and what they are given beside the common inputs.

    Raises `NotKnown` where a runner of the monorepo's own starts them and nothing pins what it takes.
    """
    steps = gate.indicator.get("steps") or []
    programs = sorted({step[0] for step in steps if not step[0].startswith("{")})
    found: dict[str, Any] = {name: control_node.program(name) for name in programs}
    found |= _given(steps, facts)
    runner = facts.settings.get("runner") or {}
    if gate.indicator["type"] == "command":
        prefix = list(runner.get(gate.indicator.get("runner", "tool")) or [])
        if prefix and programs:
            found |= {f"{name} by {prefix}": _asked((*prefix, name)) for name in programs}
    elif gate.indicator["type"] not in _IN_PROCESS and runner.get("run"):
        if not any(facts.blob(lock) for lock in _LOCKS):
            raise NotKnown
        found["runner"] = control_node.program(runner["run"][0])
    return found


def _given(steps: list[list[str]], facts: SubjectFacts) -> dict[str, Any]:
    """Return what a command's arguments lead to: files named in them, the commit promoted last, or all there is."""
    arguments = [argument for step in steps for argument in step]
    tokens = {token for argument in arguments for token in _TOKEN.findall(argument)}
    own = bool(steps) and all(any("{programs}" in argument for argument in step) for step in steps)
    found: dict[str, Any] = {path: facts.below(path) for path in arguments if path in facts.tree or facts.below(path)}
    if tokens & {"last_promoted", "last_promoted_commit"}:
        found["last promoted"] = facts.last_promoted_commit
    if tokens & {"commit"}:
        found["commit"] = facts.operation["artifact"]["commit"]
    if "maturity" in tokens:
        found["maturity"] = facts.blob(str(facts.entry["maturity"]))
    rest = tokens - _COMMON - {"last_promoted", "last_promoted_commit", "commit", "maturity"}
    if rest - ({"monorepo"} if own else set()):
        found["everything"] = facts.everything
    return found


@cache
def _asked(command: tuple[str, ...]) -> str:
    """Return what a program says of its version, started as the monorepo would, away from any project."""
    with tempfile.TemporaryDirectory(prefix="tta-version-") as empty:
        try:
            done = subprocess.run(
                [*command, "--version"], cwd=empty, capture_output=True, text=True, timeout=ASK_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotKnown from error
    if done.returncode or not done.stdout.strip():
        raise NotKnown
    return done.stdout.strip()
