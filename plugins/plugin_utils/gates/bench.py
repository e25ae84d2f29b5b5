"""The bench: the one object through which an indicator touches the machine, with a deadline on everything."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event

from .. import declared
from . import confinement, process
from .subject import Subject, module_name

PROGRAMS = Path(__file__).parent / "programs"
# What a command needs to find itself, its caches and the network; secrets travel under other names.
_INHERITED = (
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "HOME",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "LOGNAME",
    "NO_PROXY",
    "PIP_CERT",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "USER",
    "UV_CACHE_DIR",
    "XDG_CACHE_HOME",
    "https_proxy",
    "http_proxy",
    "no_proxy",
)


class Bench:
    """Runs the commands of one indicator, in the export, until the gate's time is up."""

    def __init__(self, subject: Subject, scratch: Path, seconds: float, stop: Event) -> None:
        """Take a scratch folder of the indicator's own, its time in seconds, and the event that ends the run."""
        self.subject = subject
        self.scratch = scratch
        self.stop = stop
        self.deadline = time.monotonic() + seconds
        self._python = ""
        scratch.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def left(self) -> float:
        """Seconds until the gate's time is up, never negative."""
        return max(0.0, self.deadline - time.monotonic())

    def prefix(self, runner: str) -> list[str]:
        """Return the monorepo's own prefix for `run` (its tests) or `tool`; empty means the toolkit's environment."""
        return list((self.subject.settings.get("runner") or {}).get(runner) or [])

    def run(
        self,
        arguments: Sequence[str],
        *,
        more: Mapping[str, str] | None = None,
        seconds: float | None = None,
        output_bytes: int = process.OUTPUT_BYTES,
    ) -> process.Finished:
        """Run a command in the export; `more` variables are added to the clean environment."""
        environment = {**self.environment(), **(more or {})}
        return process.run(
            arguments,
            cwd=self.subject.export,
            environment=environment,
            seconds=self.left if seconds is None else min(seconds, self.left),
            stop=self.stop,
            output_bytes=output_bytes,
            writable=confinement.writable(self.scratch, self.subject.export, environment),
        )

    def run_to_the_end(self, arguments: Sequence[str], *, seconds: float) -> process.Finished:
        """Run a command that takes something away again: even when the gate's time is up or the run is stopped."""
        environment = self.environment()
        return process.run(
            arguments,
            cwd=self.subject.export,
            environment=environment,
            seconds=seconds,
            stop=Event(),
            writable=confinement.writable(self.scratch, self.subject.export, environment),
        )

    def environment(self) -> dict[str, str]:
        """Return the clean environment: the toolkit's tools first, caches outside, imports from the export."""
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        temporary = self.scratch / "tmp"
        temporary.mkdir(exist_ok=True)
        return {
            **inherited,
            "LANG": "C.UTF-8",
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "PYTHONPATH": os.pathsep.join(str(self.subject.export / root) for root in self.subject.import_roots),
            "RUFF_NO_CACHE": "true",
            "TMPDIR": str(temporary),
        }

    def python(self) -> str:
        """Return the Python that runs the monorepo's code."""
        if not self.prefix("run"):
            return sys.executable
        if not self._python:
            asked = self.run([*self.prefix("run"), "python", "-c", "import sys; print(sys.executable)"])
            self._python = asked.stdout.strip() or "python"
        return self._python

    def version(self, tool: str, runner: str) -> str:
        """Return a tool's version, `unknown` when it does not say."""
        if not self.prefix(runner):
            import importlib.metadata  # only here: a run that takes all verdicts over needs no versions

            try:
                return importlib.metadata.version(tool)
            except importlib.metadata.PackageNotFoundError:
                pass  # not a Python package of ours: ask the program itself
        asked = self.run([*self.prefix(runner), tool, "--version"])
        return asked.stdout.strip().splitlines()[0] if asked.exit == 0 and asked.stdout.strip() else "unknown"

    def tokens(self) -> tuple[dict[str, str], dict[str, list[str]]]:
        """Return what the tokens of a command stand for when it judges the export."""
        subject = self.subject
        texts = {
            **declared.texts(subject.entry),
            "component": subject.component,
            "commit": subject.commit,
            "import_root": subject.import_roots[0],
            "last_promoted": str(subject.last_promoted or ""),
            "last_promoted_commit": subject.last_promoted_commit,
            "maturity": str(subject.entry["maturity"]),
            "module": _module(subject),
            "monorepo": str(subject.export),
            "programs": str(PROGRAMS),
            "python": self.python(),
            "readme": str(subject.entry["readme"]),
            "scratch": str(self.scratch),
            "toolkit_python": sys.executable,
        }
        return texts, _lists(subject)

    def tokens_by_hand(self) -> tuple[dict[str, str], dict[str, list[str]]]:
        """Return what the same tokens stand for when a person types the command in the monorepo."""
        texts, lists = self.tokens()
        typed = {
            "last_promoted_commit": texts["last_promoted_commit"] or "HEAD",
            "monorepo": ".",
            "python": "python",
            "scratch": tempfile.gettempdir(),
            "toolkit_python": "python",
        }
        return {**texts, **typed}, lists


def _module(subject: Subject) -> str:
    """Return the component's module, or its package: the shortest of the names under which it is imported."""
    names = (module_name(path, subject.import_roots) for path in subject.python_files)
    return min(names, key=len, default="")


def _lists(subject: Subject) -> dict[str, list[str]]:
    return {
        **declared.lists(subject.entry),
        "files": subject.files,
        "paths": list(subject.entry["paths"]),
        "python_files": subject.python_files,
        "shipped_files": subject.shipped_files,
    }
