"""Runs small programs as a service would run in a container: with notes, or by hand under coverage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ansible_collections.tta.ops.plugins.plugin_utils.gates import noted_lines
from ansible_collections.tta.ops.plugins.plugin_utils.gates.bench import PROGRAMS
from ansible_collections.tta.ops.plugins.plugin_utils.gates.notebook import Notebook

NAME = "src/lamp/shine.py"


class Program:
    """One file of a component, in an export, and a copy of it elsewhere, as an image has it."""

    def __init__(self, folder: Path, code: str) -> None:
        self.folder, self.export, self.copy = folder, folder / "export", folder / "app" / "shine.py"
        self.file = self.export / NAME
        for path in (self.file, self.copy):
            path.parent.mkdir(parents=True)
            path.write_text(code)
        subject: Any = SimpleNamespace(export=self.export, python_files=[NAME], import_roots=["src"])
        self.notebook = Notebook(folder / "noting", subject, ["lamp"])
        mounted = self.notebook.mounted({"services": {"lamp": {}}}, {})["services"]["lamp"]
        self.code, self.notes = (mount["source"] for mount in mounted["volumes"])

    def run(
        self, *arguments: str, python: str = sys.executable, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Python with notes; without arguments, the program."""
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": self.code,
            "TTA_NOTES": self.notes,
            "TTA_NOTES_FIRST": str(os.getpid()),
            **environment,
        }
        command = [python, *(arguments or [str(self.copy)])]
        return subprocess.run(command, env=given, cwd=self.copy.parent, capture_output=True, text=True, timeout=30)

    @property
    def noted(self) -> noted_lines.Noted:
        return self.notebook.read()["lamp"]

    @property
    def lines(self) -> list[int]:
        return sorted(self.noted.lines.get(NAME, ()))

    def not_run(self) -> list[int]:
        """Return the statements that did not run, by coverage's own report over the notes."""
        ran = self.folder / "ran.json"
        ran.write_text(json.dumps(noted_lines.together(self.notebook.read(), [NAME])))
        return self._report(self.folder / "none.data", ran)

    def not_run_by_hand(self) -> list[int]:
        """Return the same of a run under coverage, without notes."""
        data, ran = self.folder / "hand.data", self.folder / "nothing.json"
        ran.write_text("{}")
        run = [sys.executable, "-m", "coverage", "run", "--rcfile=/dev/null", f"--data-file={data}", str(self.file)]
        subprocess.run(run, check=True, capture_output=True, cwd=self.folder, timeout=30)
        return self._report(data, ran)

    def _report(self, data: Path, ran: Path) -> list[int]:
        report = self.folder / "report.json"
        program = [sys.executable, str(PROGRAMS / "coverage_of.py"), str(data), str(ran), str(report), NAME]
        subprocess.run(program, check=True, capture_output=True, cwd=self.export, timeout=30)
        missing: list[int] = json.loads(report.read_text())["files"][NAME]["missing_lines"]
        return missing
