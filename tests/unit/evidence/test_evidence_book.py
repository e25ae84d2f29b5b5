"""Every changed byte, missing line and missing tail of a ledger is named."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.ledger import Ledger
from ansible_collections.tta.ops.plugins.plugin_utils.evidence.book import damage


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    ledger = Ledger(tmp_path_factory.mktemp("book") / "ledger.jsonl", "staging")
    ledger.append("genesis", component="redis", run="run-1")
    ledger.append("deployed", component="carbon", run="run-2", reason="tab\tand é", data={"small": 1e-05})
    ledger.append("promoted", component="carbon", run="run-2")
    return ledger.path.read_bytes()


def line_of(book: bytes, place: int) -> int:
    return book[:place].count(b"\n") + 1


def test_a_whole_ledger_has_no_damage(book: bytes) -> None:
    assert damage(book) is None
    assert damage(b"") is None


def test_every_flipped_byte_is_named(book: bytes) -> None:
    for place in [*range(0, len(book), 13), *range(book.index(b',"hash"'), book.index(b',"hash"') + 10)]:
        now = book[:place] + bytes([book[place] ^ 1]) + book[place + 1 :]
        found = damage(now)
        assert found, place
        assert (found.byte, found.line) == (place, line_of(book, place)), found
        assert f"was 0x{book[place]:02x}" in found.what


@pytest.mark.parametrize("new", [b"\n", b"\x00", b"\xff", b'"', b"}", b" "])
def test_whatever_a_byte_becomes(book: bytes, new: bytes) -> None:
    for place in range(0, len(book), 211):
        if book[place : place + 1] != new:
            found = damage(book[:place] + new + book[place + 1 :])
            assert found
            assert (found.byte, f"was 0x{book[place]:02x}" in found.what) == (place, True), found


@pytest.mark.parametrize("number", [1, 2])
def test_a_missing_line_is_named(book: bytes, number: int) -> None:
    lines = book.splitlines(keepends=True)
    found = damage(b"".join(lines[: number - 1] + lines[number:]))
    assert found
    assert (found.what, found.line, found.byte) == ("a line is missing", number, len(b"".join(lines[: number - 1])))


def test_a_tail_cut_inside_of_a_line_is_named(book: bytes) -> None:
    ends = [at for at, byte in enumerate(book, start=1) if byte == 10]
    for length in range(1, len(book), 5):
        if length not in ends:
            found = damage(book[:length])
            assert found
            assert (found.byte, found.what[:19]) == (length, "the tail is missing"), found


def test_a_line_out_of_place_is_named(book: bytes) -> None:
    lines = book.splitlines(keepends=True)
    found = damage(b"".join([lines[0], lines[0], *lines[1:]]))
    assert found
    assert (found.line, found.what) == (2, "the line does not follow the one before it")
