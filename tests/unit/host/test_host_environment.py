"""Environment files: read as Compose reads them, hashed with a key, hidden in text."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.environment import Veil, keyed_hash, parse, read_key
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=plain", "plain"),
        ("export A=plain", "plain"),
        ("A = spaced ", "spaced"),
        ("A='si$ngle # quoted'", "si$ngle # quoted"),
        ('A="dou\\"ble\\nquoted" # comment', 'dou"ble\nquoted'),
        ("A=value # comment", "value"),
        ("A=value#no-comment", "value#no-comment"),
        ("A=", ""),
        ("A=b=c", "b=c"),
    ],
)
def test_values_are_read_as_compose_reads_them(line: str, value: str) -> None:
    assert parse(f"# B=comment\n\n{line}\n".encode()) == {"A": value}


def test_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    key = read_key(tmp_path / "key")
    assert read_key(tmp_path / "key") == key
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert keyed_hash(key, b"A=1") == keyed_hash(key, b"A=1")
    assert keyed_hash(key, b"A=1") != keyed_hash(b"other", b"A=1")


def test_a_key_that_was_cut_off_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(read_key(path)[:-1])
    with pytest.raises(HostError, match="damaged: it has 63 bytes of 64"):
        read_key(path)


@pytest.mark.parametrize(
    ("value", "text", "hidden"),
    [
        ("correct-horse", "url=http://u:correct-horse@db/", "url=http://u:<A>@db/"),
        ("pa$$word-long", "echo pa$$$$word-long pa$$word-long", "echo <A> <A>"),
        ('with"quote-long', '{"x": "with\\"quote-long"}', '{"x": "<A>"}'),
        ("s3cr", "user s3cr, s3crets", "user <A>, s3crets"),
        ("5432", "port 5432", "port 5432"),
        ("carbon", "carbon failed", "carbon failed"),
        ("info", "level=info", "level=info"),
        ("", "nothing", "nothing"),
    ],
)
def test_values_are_hidden_and_common_words_left(value: str, text: str, hidden: str) -> None:
    assert Veil({"A": value}, ["carbon"]).over(text) == hidden


def test_longer_values_are_hidden_before_those_they_contain() -> None:
    veil = Veil({"SHORT": "secret-one", "LONG": "secret-one-and-more"})
    assert veil.over("secret-one-and-more secret-one") == "<LONG> <SHORT>"
