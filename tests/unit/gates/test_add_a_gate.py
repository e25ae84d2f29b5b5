"""The page on adding a gate is right: its five lines are taken out of it and judged by."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.tta.ops.plugins.plugin_utils.gates.judgement import judge_component
from judgements import Monorepo

PAGE = (Path(__file__).parents[3] / "docs" / "gates" / "add-a-gate.md").read_text()


def example() -> tuple[str, list[dict[str, Any]]]:
    found = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found.group(1), yaml.safe_load(found.group(1))


def test_the_example_is_five_lines_that_find_a_todo(tmp_path: Path) -> None:
    text, gates = example()
    assert len(text.splitlines()) == 5
    monorepo = Monorepo(tmp_path)
    monorepo.write("src/web/code.py", "CODE = 1  # TODO: two\n")
    monorepo.commit()
    refused = judge_component(monorepo.request(*gates))
    assert refused["failed"]
    assert (refused["verdicts"][0]["verdict"], refused["verdicts"][0]["found"]) == ("fail", 1)
    assert refused["verdicts"][0]["cause"] == "src/web/code.py:1"
    monorepo.write("src/web/code.py", "CODE = 2\n")
    monorepo.commit()
    assert judge_component(monorepo.request(*gates, run="20261120T090000Z-def456"))["promotable"]
