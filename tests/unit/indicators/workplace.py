"""A bench whose commands are answered by a function of the test's, or run for real."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import Any

from ansible_collections.tta.ops.plugins.plugin_utils import catalogue
from ansible_collections.tta.ops.plugins.plugin_utils.gates.bench import Bench
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.process import Finished
from ansible_collections.tta.ops.plugins.plugin_utils.gates.subject import Subject
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN

TREE = "7ree" * 10
Answer = Callable[[list[str]], Finished]


def printed(text: str, code: int = 0, errors: str = "") -> Finished:
    return Finished(("x",), code, text, errors, 0.1, "exit")


class Workplace(Bench):
    """Without an answer commands run for real."""

    def __init__(self, folder: Path, answer: Answer | None = None, **subject: Any) -> None:
        entry = catalogue.load("components: {lamp: {paths: [src/lamp.py]}}", "c")["components"]["lamp"]
        operation = {
            "component": "lamp",
            "entry": {**entry, **subject.pop("entry", {})},
            "components": {},
            "settings": {"import_roots": ["."], "runner": {}},
            "artifact": {"commit": "c0ffee" * 6, "tree": TREE},
            "monorepo": "/home/jane/lamps",
        }
        environment = {"name": "staging", "address": "127.0.0.1", "local": True, **subject.pop("environment", {})}
        export = folder / "export"
        export.mkdir(exist_ok=True)
        super().__init__(
            Subject(operation, export, {}, environment, None, "", **subject), folder / "scratch", 20, Event()
        )
        self.answer, self.asked = answer, []  # type: Answer | None, list[list[str]]

    def run(self, arguments: Sequence[str], **how: Any) -> Finished:
        self.asked.append(list(arguments))
        return self.answer(list(arguments)) if self.answer else super().run(arguments, **how)

    def write(self, **files: str) -> Workplace:
        for name, text in files.items():
            path = self.subject.export / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return self

    def measure(self, **indicator: Any) -> Measurement:
        KNOWN[indicator["type"]].check(indicator, "gate x, key indicator")
        return KNOWN[indicator["type"]](indicator).measure(self)
