from __future__ import annotations

from ansible_collections.tta.ops.plugins.plugin_utils.look.wrap import (
    cells,
    command_lines,
    cut,
    message_lines,
    split_command,
    wrap,
)
from hypothesis import given
from hypothesis import strategies as st


@given(st.text(), st.integers(20, 120))
def test_wrapping_loses_no_word_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert " ".join(" ".join(lines).split()) == " ".join(text.split())
    assert all(cells(line) <= width or " " not in line for line in lines)


def test_wide_characters_take_two_columns() -> None:
    assert cells("炭素") == 4
    assert cells("e\u0301") == 1
    assert wrap("炭素 炭素 炭素", 10) == ["炭素 炭素", "炭素"]


def test_cut_says_that_something_is_missing() -> None:
    assert cut("abcdefgh", 6) == "abc..."
    assert cut("abcdef", 6) == "abcdef"


def test_a_command_too_wide_stands_in_the_first_column() -> None:
    command = "ansible-playbook promote-staging.yml -e component=carbon"
    assert command_lines(command, 80, 4) == ["    " + command]
    assert command_lines(command, 40, 4) == [command]


def test_the_command_at_the_end_of_a_sentence_is_found() -> None:
    assert split_command("no such component. Type: make test all") == ("no such component. Type:", "make test all")
    assert split_command("we make it work") == ("we make it work", "")


def test_a_message_keeps_its_command_whole() -> None:
    message = "the component carbonn is unknown; known: carbon, redis. Type: ansible-playbook x.yml -e component=carbon"
    lines = message_lines(message, 50, 0)
    assert lines[-1].strip() == "ansible-playbook x.yml -e component=carbon"
    assert all(len(line) <= 50 for line in lines)
