"""A small monorepo with two components, and what is needed to judge them by gates that only count files."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ansible_collections.tta.ops.plugins.plugin_utils import catalogue, repository
from ansible_collections.tta.ops.plugins.plugin_utils import operation as operations
from ansible_collections.tta.ops.plugins.plugin_utils.gates import criteria
from ansible_collections.tta.ops.plugins.plugin_utils.gates.circumstances import Circumstances
from ansible_collections.tta.ops.plugins.plugin_utils.gates.judgement import JudgementRequest
from definitions import ONE

CATALOGUE = "components: {web: {paths: [src/web], group: Core}, core: {paths: [src/core], depends: [web]}}"
RUN = "20261120T084501Z-abc123"
TODAY = date(2026, 11, 20)


def gate(name: str = "todo", *, wanted: str = "== 0", **more: Any) -> dict[str, Any]:
    """A gate that counts the boxes of MATURITY.md that are not ticked."""
    return {
        "name": name,
        "criterion": "code-quality",
        "indicator": {"type": "document", "file": "{maturity}", "section": "features"},
        "measure": "length(open)",
        "examined": "total",
        "findings": "open",
        "objective": wanted,
        "remedy": "Do it.",
        **more,
    }


def one_each(stage: str) -> list[dict[str, Any]]:
    """A gate for each criterion of a stage, named after it."""
    return [gate(f"{each.name}-gate", criterion=each.name) for each in criteria.of_stage(stage)]


class Monorepo:
    """`open_features` of `web` are open at first."""

    def __init__(self, folder: Path, open_features: int = 0) -> None:
        self.folder, self.state = folder / "monorepo", folder / "operator"
        subprocess.run(["git", "init", "--quiet", self.folder], check=True)
        for name in ("web", "core"):
            self.write(f"src/{name}/code.py", "CODE = 1\n")
            self.write(f"src/{name}/MATURITY.md", features(open_features if name == "web" else 0))
        self.commit()

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)

    def commit(self) -> None:
        git = ["git", "-C", self.folder, "-c", "user.name=Jane", "-c", "user.email=jane@example.org"]
        subprocess.run([*git, "add", "--all"], check=True)
        subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "change"], check=True)

    def operation(self, component: str | None = "web", run: str = RUN, **more: Any) -> dict[str, Any]:
        known = catalogue.load(CATALOGUE, "catalogue.yml")
        git = repository.git_in(str(self.folder))
        settings = {"hosts": ["s1"], "gates": [], "compose_file": "compose.yml", "env_example": ".env"}
        about: dict[str, Any] = {
            "schema": 1,
            "run": run,
            "verb": "gates",
            "component": None,
            "components": known["components"],
            "settings": known["monorepo"],
            "monorepo": str(self.folder),
            "commit": repository.commit_of(git, "HEAD", str(self.folder)),
            "stage_wanted": None,
            "target": None,
            "environments": {
                "staging": {"name": "staging", **settings},
                "production": {"name": "production", **settings},
            },
            "operator_state": str(self.state),
            "actor": "Jane <jane@example.org>",
            "reason": "",
            "asked_at": "2026-11-20T08:45:00Z",
            "gates": [],
            "fresh": False,
            **more,
        }
        own = operations.of_component(git, about, component, allow_dirty=True) if component else {}
        return {**about, **own}

    def request(self, *gates: Mapping[str, Any], run: str = RUN, **more: Any) -> JudgementRequest:
        """A request by the gates given, which are all of the one criterion `code-quality`."""
        about = {key: more.pop(key) for key in ("verb", "gates", "dirty") if key in more}
        given: dict[str, Any] = {
            "operation": self.operation(run=run, stage_wanted="staging", **about),
            "criteria": ONE,
            "definitions": list(gates) or [gate()],
            "extra": [],
            "stages": {},
            "environment": {},
            "evidence": self.state / "evidence",
            "folder": run,
            "progress": lambda line: None,
            "today": TODAY,
        }
        return JudgementRequest(**{**given, **more})

    def circumstances(self, **more: Any) -> Circumstances:
        given: dict[str, Any] = {
            "catalogues": {stage: one_each(stage) for stage in criteria.OF_STAGE},
            "extra": [],
            "stages": {},
            "ledger": [],
            "local": {"staging": True},
            "evidence": self.state / "evidence",
            "progress": lambda line: None,
        }
        return Circumstances(**{**given, **more})


def features(still_open: int) -> str:
    return "# Web\n\n## Core Features\n- [x] one\n" + "- [ ] more\n" * still_open
