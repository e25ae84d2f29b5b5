"""Damage is found without the original: which byte was changed, which line is missing or new, where a tail was cut."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.damage import PRIME, Damage, difference, find, marks_of

TEXT = b'{\n "gate": "lint",\n "found": 0,\n "found": 0,\n "examined": 3\n}\n\xff\x00tail without an end'
LINES = TEXT.splitlines(keepends=True)


def start_of(line: int) -> int:
    return sum(len(each) for each in LINES[: line - 1])


def both(now: bytes) -> tuple[Damage | None, Damage | None]:
    return find(marks_of(TEXT), now), difference(TEXT, now)


def test_what_is_as_it_was_has_no_damage() -> None:
    assert both(TEXT) == (None, None)
    assert find(marks_of(b""), b"") is None


@pytest.mark.parametrize("place", range(len(TEXT)))
@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_one_changed_byte_is_named_exactly(place: int, flip: int) -> None:
    now = TEXT[:place] + bytes([TEXT[place] ^ flip]) + TEXT[place + 1 :]
    for found in both(now):
        assert found
        assert (found.byte, found.line) == (place, TEXT[:place].count(b"\n") + 1)
        assert f"was 0x{TEXT[place]:02x}" in found.what


@pytest.mark.parametrize("line", range(1, len(LINES)))
def test_a_missing_line_is_named(line: int) -> None:
    now = b"".join(LINES[: line - 1] + LINES[line:])
    first = 4 if line == 3 else line  # of two equal lines, nobody can say which
    for found in both(now):
        assert found
        assert found.what == "a line is missing"
        assert (found.byte, found.line) == (start_of(first), first)


@pytest.mark.parametrize("length", range(len(TEXT)))
def test_a_missing_tail_is_named_by_where_it_was_cut(length: int) -> None:
    for found in both(TEXT[:length]):
        assert found
        assert (found.byte, found.line) == (length, TEXT[:length].count(b"\n") + 1), found
        assert f"{len(TEXT) - length} of {len(TEXT)} bytes" in found.what


def test_a_new_line_is_named() -> None:
    for found in both(b"".join([*LINES[:2], b"new\n", *LINES[2:]])):
        assert found
        assert (found.what, found.byte, found.line) == ("a line is new", start_of(3), 3)


def test_several_changed_bytes_are_named_by_the_line_they_begin_in() -> None:
    now = TEXT.replace(b"lint", b"toil")
    assert str(find(marks_of(TEXT), now)) == "what follows was changed (byte 2, line 2)"
    assert str(difference(TEXT, now)) == f"what follows was changed (byte {TEXT.index(b'lint')}, line 2)"


def test_the_residue_tells_places_apart() -> None:
    half = (PRIME - 1) // 2
    assert pow(2, PRIME - 1, PRIME) == 1
    assert pow(2, half - 1, half) == 1
    assert pow(256, 2, PRIME) != 1


def test_a_long_file_is_searched_in_moments() -> None:
    original = bytes(range(256)) * 2000
    now = original[:400_000] + b"!" + original[400_001:]
    found = find(marks_of(original), now)
    assert found
    assert found.byte == 400_000
