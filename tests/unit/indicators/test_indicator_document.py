"""Indicator `document`: Markdown by its sections, links and check lists; data without surprises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import links
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.gates.markdown import Page
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import document
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.document import Document
from hypothesis import given
from hypothesis import strategies as st
from workplace import Workplace

PAGE = """# Lamp

A lamp shines.

## Use it

See [the *plan*](plan.md#part-one), ![a picture](lamp.png) and [the web](https://example.org).

```bash
lamp --on
```

### Part (one)

1. first
2. second

[by reference][r]

[r]: /README.md "title"
"""


def place(tmp_path: Path, **more: str) -> Workplace:
    files = {"docs/lamp.md": PAGE, "docs/plan.md": "# Part one\n\nx\n", "docs/lamp.png": "", "README.md": "x\n"}
    return Workplace(tmp_path).write(**{**files, **more})


def test_a_page_is_told_by_sections_words_and_links(tmp_path: Path) -> None:
    document = place(tmp_path).measure(type="document", file="docs/lamp.md").document
    assert (document["format"], document["looked"], document["broken"]) == ("markdown", ["docs/lamp.md"], [])
    assert [(one["title"], one["level"], one["line"]) for one in document["sections"]] == [
        ("Lamp", 1, 1),
        ("Use it", 2, 5),
        ("Part (one)", 3, 13),
    ]
    assert [one["path"] for one in document["links"]] == ["docs/plan.md", "docs/lamp.png", "", "README.md"]
    assert document["sections"][2]["words"] == 5


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("gone.md", "docs/x.md:1: the link to gone.md: docs/gone.md is not in the commit"),
        ("plan.md#two", "docs/x.md:1: the link to plan.md#two: docs/plan.md has no section #two"),
        ("#gone", "docs/x.md:1: the link to #gone: docs/x.md has no section #gone"),
        ("../../passwd", "docs/x.md:1: the link to ../../passwd leads out of the repository"),
        ("%2e%2e/%2e%2e/passwd", "docs/x.md:1: the link to %2e%2e/%2e%2e/passwd leads out of the repository"),
        ("/etc/passwd", "docs/x.md:1: the link to /etc/passwd: etc/passwd is not in the commit"),
        ("link-out", "docs/x.md:1: the link to link-out: docs/link-out is not in the commit"),
    ],
)
def test_links_that_lead_nowhere(tmp_path: Path, link: str, sentence: str) -> None:
    work = place(tmp_path, **{"docs/x.md": f"[x]({link})\n"})
    (work.subject.export / "docs/link-out").symlink_to("/etc/hostname")
    assert work.measure(type="document", file="docs/x.md").document["broken"] == [sentence]


@pytest.mark.parametrize(
    "link", ["plan.md", "./plan.md#part-one", "../README.md", "/README.md", "..", "mailto:a@b.org", ""]
)
def test_links_that_lead_somewhere_or_are_not_ours_to_follow(tmp_path: Path, link: str) -> None:
    work = place(tmp_path, **{"docs/x.md": f"[x]({link})\n"})
    assert work.measure(type="document", file="docs/x.md").document["broken"] == []


def test_anchors_are_as_the_usual_hosts_make_them() -> None:
    assert Page("# Ab, c!\n# Über `x_y`\n# Ab c\n# A--b\n").anchors() == {"ab-c", "über-x_y", "ab-c-1", "a--b"}


@given(st.text(st.sampled_from("[]()#./%2e!<> ab\n-"), max_size=60))
def test_no_text_crashes_the_follower_of_links_or_leads_it_out(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    export = tmp_path_factory.getbasetemp()
    for lead in links.followed(Page(text), "docs/x.md", export):
        assert lead.broken or not lead.path.startswith("..")


def findings(tmp_path: Path, text: str, **require: Any) -> list[str]:
    work = place(tmp_path, **{"docs/x.md": text})
    found: list[str] = work.measure(type="document", file="docs/x.md", require=require).document["findings"]
    return found


def test_what_is_required_is_found(tmp_path: Path) -> None:
    text = "# X\n\n1. go\n   ```sh\n   ls\n   ```\n\n- [ ] went\n"
    sections = [{"title": "^x$", "has": ["commands", "steps", "check-list"]}]
    assert findings(tmp_path, text, words=3, complete=True, links=True, sections=sections) == []


@pytest.mark.parametrize(
    ("text", "require", "found"),
    [
        ("# X\n\nx\n", {"words": 2}, "docs/x.md has 1 words, 2 or more are wanted"),
        ("# X\n\n# Y\n\ny\n", {"complete": True}, "docs/x.md:1: 'X' is empty"),
        ("x\n\nTo be written.\n", {"complete": True}, "docs/x.md:3: 'To be written' was left in"),
        ("[x](gone)\n", {"links": True}, "docs/x.md:1: the link to gone: docs/gone is not in the commit"),
        ("x\n", {"linked_from": "docs/lamp.md"}, "docs/lamp.md does not link to docs/x.md"),
        (
            "x\n",
            {"linked_from": "{readme}"},
            "src/components/lamp/README.md, which should link to docs/x.md, is not in ",
        ),
        ("# X\n\nx\n", {"sections": [{"title": "y"}]}, "docs/x.md has no section that fits 'y'"),
        (
            "# X\n\nx\n",
            {"sections": [{"title": "x", "has": ["commands"]}]},
            "docs/x.md:1: 'X' has no block of commands",
        ),
        ("# X\n\n```\n\n```\n", {"sections": [{"title": "x", "has": ["commands"]}]}, "has no block of commands"),
        ("# X\n\nx\n", {"sections": [{"title": "x", "has": ["steps"]}]}, "has no list of steps"),
        ("# X\n\n- x\n", {"sections": [{"title": "x", "has": ["check-list"]}]}, "has no check list"),
    ],
)
def test_what_is_missing_is_a_finding(tmp_path: Path, text: str, require: dict[str, Any], found: str) -> None:
    told = findings(tmp_path, text, **require)
    assert len(told) == 1
    assert found in told[0]


def test_a_todo_in_code_is_code(tmp_path: Path) -> None:
    assert findings(tmp_path, "# X\n\nx\n\n```\n# TODO\n```\n", complete=True) == []


def test_a_missing_page_is_a_finding_where_something_is_required_of_it(tmp_path: Path) -> None:
    work = place(tmp_path)
    missing = "docs/gone.md is not in commit c0ffeec0ffee"
    assert work.measure(type="document", file="docs/gone.md", require={"words": 1}).document["findings"] == [missing]
    assert work.measure(type="document", file="docs/gone.md").problem == missing


@pytest.mark.parametrize("file", ["docs/bad.md", "docs", "docs/lamp.png", "docs/out.md"])
def test_what_cannot_be_read_is_a_problem(tmp_path: Path, file: str) -> None:
    work = place(tmp_path)
    (work.subject.export / "docs/bad.md").write_bytes(b"\xff\xfe")
    (work.subject.export / "docs/out.md").symlink_to("/etc/hostname")
    measured = work.measure(type="document", file=file, require={"words": 1})
    assert measured.document is None
    assert measured.problem.startswith(file)


def test_data_is_read_by_its_format(tmp_path: Path) -> None:
    work = place(
        tmp_path, **{"a.yml": "x: [1, 2]\n", "b.json": '{"x": 1}', "c.toml": "x = 2026-11-20\n", "d.cfg": "x: 1"}
    )
    assert work.measure(type="document", file="a.yml").document["data"] == {"x": [1, 2]}
    assert work.measure(type="document", file="a.yml").document["values"] == 4
    assert work.measure(type="document", file="b.json").document["data"] == {"x": 1}
    assert work.measure(type="document", file="c.toml").document["data"] == {"x": "2026-11-20"}
    assert work.measure(type="document", file="d.cfg", format="yaml").document["data"] == {"x": 1}
    assert "say `format`" in work.measure(type="document", file="d.cfg").problem


def test_a_reader_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "data_file.py").write_text("import time\n\ntime.sleep(60)\n")
    monkeypatch.setattr(document, "PROGRAMS", programs)
    monkeypatch.setattr(document, "READ_SECONDS", 0.5)
    work = place(tmp_path, **{"a.yml": "x: 1\n"})
    assert "did not end within" in work.measure(type="document", file="a.yml").problem


def test_data_that_is_none_is_a_problem(tmp_path: Path) -> None:
    work = place(tmp_path, **{"a.yml": "x: 1\nx: 2\n"})
    assert work.measure(type="document", file="a.yml").problem == "a.yml has the key 'x' twice, line 2"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"file": None}, "file is [None]"),
        ({"file": "{gone}"}, "unknown token {gone}"),
        ({"file": "x", "format": "xml"}, "format is 'xml'; wanted: one of markdown, json, yaml, toml"),
        ({"file": "x", "section": ""}, "section is empty"),
        ({"file": "x", "require": []}, "require is []; wanted: a mapping with some of words, linked_from"),
        ({"file": "x", "require": {"wrods": 1}}, "wanted: a mapping with some of words, linked_from"),
        ({"file": "x", "require": {"words": 0}}, "words is 0; wanted: a number of words"),
        ({"file": "x", "require": {"links": "yes"}}, "links is 'yes'; wanted: true or false"),
        ({"file": "x", "require": {"linked_from": "{x}"}}, "unknown token {x}"),
        ({"file": "x", "require": {"sections": "quick"}}, "sections is 'quick'; wanted: a list of mappings"),
        ({"file": "x", "require": {"sections": [{"title": "("}]}}, "title is '(': missing )"),
        (
            {"file": "x", "require": {"sections": [{"title": "a", "has": ["x"]}]}},
            "has is ['x']; wanted: a list of commands",
        ),
    ],
)
def test_parameters_that_cannot_be_right(parameters: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        Document.check(parameters, "gate x, key indicator")
    assert sentence in str(raised.value)
