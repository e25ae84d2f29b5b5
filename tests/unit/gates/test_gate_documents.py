"""Every indicator has its page, the page names all parameters, and its examples are definitions that hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.tta.ops.plugins.plugin_utils.gates import criteria, definition
from ansible_collections.tta.ops.plugins.plugin_utils.gates.links import followed
from ansible_collections.tta.ops.plugins.plugin_utils.gates.markdown import Page
from ansible_collections.tta.ops.plugins.plugin_utils.gates.tokens import LISTS, TEXT
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN

ROOT = Path(__file__).parents[3]
FOLDER = "docs/gates/indicators"
PAGES = sorted((ROOT / FOLDER).glob("*.md"))
CRITERIA = (*criteria.OF_STAGE["staging"], *criteria.OF_STAGE["production"], *criteria.VERIFIED)


def examples(page: str) -> list[dict[str, Any]]:
    return [gate for block in Page(page).code() if block.language == "yaml" for gate in yaml.safe_load(block.text)]


def test_every_indicator_has_its_page_and_every_page_its_indicator() -> None:
    assert {path.stem for path in PAGES} == set(KNOWN)


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_page_names_all_parameters(name: str) -> None:
    parameters = Page(text := (ROOT / FOLDER / f"{name}.md").read_text()).section("^Parameters$")
    assert parameters
    lines = "\n".join(text.splitlines()[parameters.first : parameters.last])
    assert [key for key in KNOWN[name].keys if f"| `{key}` |" not in lines] == []
    documented = re.findall(r"(?m)^\| `([a-z_0-9]+)` \|", lines)
    assert sorted(documented) == sorted(KNOWN[name].keys)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_has_all_sections_and_links_that_lead_somewhere(path: Path) -> None:
    page = Page(path.read_text())
    titles = [section.title for section in page.sections()]
    assert titles == [f"Indicator {path.stem}", "Parameters", "Document", "Examples", "Inconclusive when"]
    assert [lead.broken for lead in followed(page, f"{FOLDER}/{path.name}", ROOT) if lead.broken] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_examples_are_definitions_that_hold(path: Path) -> None:
    raw = examples(path.read_text())
    assert raw
    used = [one for one in CRITERIA if one.name in {gate["criterion"] for gate in raw}]
    for gate in definition.check(raw, used, KNOWN):
        assert gate.indicator["type"] == path.stem


def test_the_page_of_commands_names_all_tokens() -> None:
    text = (ROOT / FOLDER / "command.md").read_text()
    assert [token for token in (*TEXT, *LISTS) if f"{{{token}}}" not in text] == []
