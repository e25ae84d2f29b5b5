"""Reading what others wrote: JUnit reports, Markdown, imports, declared packages."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import imports, junit, packages
from ansible_collections.tta.ops.plugins.plugin_utils.gates.markdown import Page
from hypothesis import given
from hypothesis import strategies as st

JUNIT = """<?xml version="1.0"?><testsuites><testsuite>
<testcase classname="tests.test_a" name="test_good"/>
<testcase classname="tests.test_a" name="test_bad"><failure message="assert 2 == 1&#10;more">trace</failure></testcase>
<testcase classname="tests.test_a" name="test_setup"><error message="failed on setup with x">trace</error></testcase>
<testcase classname="tests.test_a" name="test_later"><skipped message="later"/></testcase>
<testcase classname="" name="tests.test_other"><error message="collection failure">tests/test_other.py:1
E   ModuleNotFoundError: No module named 'gone'</error></testcase>
</testsuite></testsuites>"""


def test_outcomes_of_a_test_run() -> None:
    outcomes = junit.read(JUNIT)
    assert (outcomes.passed, outcomes.failed, outcomes.skipped) == (1, 2, 1)
    assert outcomes.failures[0] == "tests.test_a.test_bad: assert 2 == 1"
    assert outcomes.uncollected == (
        "tests.test_other could not be imported: ModuleNotFoundError: No module named 'gone'",
    )


@pytest.mark.parametrize("text", ["", "<", "not xml", '<!DOCTYPE x [<!ENTITY a "b">]><testsuites/>'])
def test_what_is_no_report_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="the test report"):
        junit.read(text)


@given(st.text())
def test_no_text_crashes_the_reader_of_reports(text: str) -> None:
    try:
        junit.read(text)
    except ValueError:
        return


MATURITY = """# Carbon

- [x] not a feature

## Overview

### Core **Features**
- [x] one
- [X] two,
  still two
- [ ] three
  - [ ] below three

```markdown
- [ ] in code
```

### Dependencies
- [ ] not a feature
"""


def test_a_check_list_is_that_of_its_section() -> None:
    page = Page(MATURITY)
    section = page.section("features")
    assert section and (section.title, section.first) == ("Core Features", 7)
    items = [(item.text, item.ticked) for item in page.check_list(section)]
    assert items == [("one", True), ("two, still two", True), ("three", False), ("below three", False)]


def test_code_blocks_have_their_language_and_line() -> None:
    blocks = Page("# A\n\n```Python\nx = 1\n```\n\n~~~\ny\n~~~\n").code()
    assert [(block.language, block.text, block.line) for block in blocks] == [("python", "x = 1\n", 4), ("", "y\n", 8)]


@given(st.text())
def test_no_text_crashes_the_reader_of_markdown(text: str) -> None:
    page = Page(text)
    page.code()
    for section in page.sections():
        page.check_list(section)


def found(tmp_path: Path, code: str, file: str = "src/a/b.py") -> list[tuple[str, bool]]:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code)
    return [(one.module, one.optional) for one in imports.imports_of(tmp_path, file, ["."])]


def test_imports_of_all_kinds(tmp_path: Path) -> None:
    code = """
import os, yaml.nodes
from . import c
from ..d import e
from src.components import f
def later():
    import importlib
    importlib.import_module("redis.client")
try:
    import numpy
    def inner():
        import scipy
except ImportError:
    import fallback
try:
    import certain
finally:
    pass
try:
    import uncertain
except ValueError:
    pass
"""
    assert found(tmp_path, code) == [
        ("os", False),
        ("yaml.nodes", False),
        ("src.a", False),
        ("src.d", False),
        ("src.components", False),
        ("importlib", False),
        ("redis.client", False),
        ("numpy", True),
        ("scipy", True),
        ("fallback", False),
        ("certain", False),
        ("uncertain", False),
    ]


def test_relative_imports_of_a_package(tmp_path: Path) -> None:
    assert found(tmp_path, "from . import x\nfrom .y import z\n", "src/a/__init__.py") == [
        ("src.a", False),
        ("src.a.y", False),
    ]


def test_own_modules_are_found_below_the_import_roots(tmp_path: Path) -> None:
    for file in ("packages/one/__init__.py", "src/two.py", "src/three/four.py", "data/readme.txt"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    roots = ["packages", "src", "."]
    assert imports.locate("one", tmp_path, roots) == "packages/one/__init__.py"
    assert imports.locate("two", tmp_path, roots) == "src/two.py"
    assert imports.locate("three", tmp_path, roots) == "src/three"
    assert imports.locate("data", tmp_path, roots) is None
    assert imports.locate("requests", tmp_path, roots) is None


def test_packages_declared_and_pinned(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["Requests==2.1", "psycopg[binary] >= 3", "PyYAML"]\n'
        '[dependency-groups]\ntest = ["pytest==9", {include-group = "x"}]\n'
        '[tool.poetry.dependencies]\npython = "^3.11"\nhttpx = "0.27.0"\nattrs = {version = "^23"}\n'
    )
    (tmp_path / "uv.lock").write_text('[[package]]\nname = "pyyaml"\nversion = "6"\n')
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker/requirements.txt").write_text(
        "# a comment\n-r other.txt\nredis==5.0 \\\n    --hash=sha256:00\nflask~=3.0\n"
        "rich == 13.*\nnumpy==2 ; python_version > '3'\n"
    )
    declared = packages.declared_near(tmp_path, ["docker"])
    assert {
        "requests",
        "psycopg",
        "pyyaml",
        "pytest",
        "httpx",
        "attrs",
        "redis",
        "flask",
        "rich",
        "numpy",
    } <= declared.names
    assert declared.pinned & declared.names == {"requests", "pytest", "httpx", "redis", "numpy", "pyyaml"}


def test_a_constraint_pins_but_declares_nothing(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").write_text("redis==5.0\n")
    declared = packages.declared_near(tmp_path, [])
    assert (declared.names, declared.pinned) == (frozenset(), frozenset({"redis"}))


def test_requirements_of_other_components_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/requirements.txt").write_text("redis==5.0\n")
    assert packages.declared_near(tmp_path, ["src/components"]).names == frozenset()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text("[[package]\n")
    assert packages.declared_near(tmp_path, []).unreadable[0].startswith("uv.lock cannot be read")


@pytest.mark.parametrize("text", ["project = 3", "[project]\ndependencies = 3", "[tool.poetry.group.x]", "tool = []"])
def test_a_file_of_another_shape_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert packages.declared_near(tmp_path, []).unreadable


@given(st.text())
def test_no_lock_file_crashes_the_reader(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "uv.lock").write_text(text, encoding="utf-8", errors="replace")
        (Path(folder) / "pyproject.toml").write_text(text, encoding="utf-8", errors="replace")
        packages.declared_near(Path(folder), [])
