"""What the toolkit's own programs make of requirement files."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.programs import outdated
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a==1", {"a": "1"}),
        ("a[b,c] == 1.0.post1 ; python_version > '3'", {"a": "1.0.post1"}),
        ("a===1+local  # why", {"a": "1+local"}),
        ("a==1 \\\n  --hash=sha256:00 \\\n  --hash=sha256:11", {"a": "1"}),
        ("# a==1\n\n--require-hashes\n--only-binary :all:\n", {}),
    ],
)
def test_pinned_packages(line: str, found: dict[str, str]) -> None:
    assert outdated.pinned(line) == (found, [])


@pytest.mark.parametrize(
    "line",
    [
        "a",
        "a>=1",
        "a==1.*",
        "a==1,<2",
        "-r b.txt",
        "-e .",
        "--editable .",
        "a @ https://example.org/a.whl",
        "./a",
        "a==x",
    ],
)
def test_what_is_not_pinned_is_said(line: str) -> None:
    assert outdated.pinned(line) == ({}, [line])


@given(st.text())
def test_no_text_crashes_the_reader_or_leaves_its_folder(text: str) -> None:
    found, _ = outdated.pinned(text)
    assert not any("/" in part for pair in found.items() for part in pair)
