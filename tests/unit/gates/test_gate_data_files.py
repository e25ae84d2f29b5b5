"""JSON, YAML and TOML of others: duplicates, bombs, depth and odd values are refused in one sentence."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.programs import data_file
from hypothesis import given
from hypothesis import strategies as st

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)
MERGED = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{l: *a{n - 1}, m: *a{n - 1}}}\n" for n in range(1, 40))


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("json", '{"a": 1, "a": 2}', "has the key 'a' twice"),
        ("json", '{"b": {"a": 1, "a": 1}}', "has the key 'a' twice"),
        ("json", "[NaN]", "holds NaN, which is no JSON"),
        ("json", "[1e999]", "holds inf, which is no number"),
        ("json", "", "is no JSON"),
        ("json", "[" * 50000, "is nested too deeply"),
        ("json", "1" * 5000, "is no JSON"),
        ("yaml", "a: 1\nb: 2\na: 3\n", "has the key 'a' twice, line 3"),
        ("yaml", "1: a\n0x1: b\n", "has the key '0x1' twice, line 2"),
        ("yaml", "yes: a\ntrue: b\n", "has the key 'true' twice"),
        ("yaml", "1: a\n'1': b\n", "has the key '1' twice"),
        ("yaml", BOMB, "holds more than 100000 values once its aliases are written out"),
        ("yaml", MERGED, "holds more than 100000 values once its aliases are written out"),
        ("yaml", "a: &a [*a]", "refers to itself by an alias"),
        ("yaml", "- " * 5000, "is nested too deeply"),
        ("yaml", "a: .nan", "holds nan, which is no number"),
        ("yaml", "a: 1\n--- \nb: 2", "is no YAML: but found another document"),
        ("yaml", "", "is empty"),
        ("yaml", "{[a]: 1}", "is no YAML: found unhashable key, line 1"),
        ("yaml", "!!python/object/apply:os.system [id]", "could not determine a constructor for the tag"),
        ("yaml", "a: !!set {b}", "holds a value of the type set"),
        ("toml", "a = 1\na = 2", "is no TOML"),
        ("toml", "a = nan", "holds nan, which is no number"),
        ("yaml", "a: 1\n" * 200_000, "is larger than 524288 bytes"),
    ],
)
def test_what_is_refused(kind: str, text: str, sentence: str) -> None:
    with pytest.raises(data_file.Unreadable) as raised:
        data_file.read(text, kind)
    assert sentence in str(raised.value)


def test_a_merge_is_no_duplicate() -> None:
    data, values = data_file.read("base: &b {x: 1, y: 2}\nc:\n  <<: *b\n  x: 3\nd: *b\n", "yaml")
    assert data == {"base": {"x": 1, "y": 2}, "c": {"x": 3, "y": 2}, "d": {"x": 1, "y": 2}}
    assert values == 10


def test_what_stands_in_a_broken_file_is_not_repeated() -> None:
    with pytest.raises(data_file.Unreadable) as raised:
        data_file.read("password: hunter2\n  b: [", "yaml")
    assert "hunter2" not in str(raised.value)


@given(
    st.sampled_from(["json", "yaml", "toml"]),
    st.text(st.sampled_from("{}[]:,\"'&*a<-!1.=\n #|>"), max_size=40) | st.text(),
)
def test_no_text_crashes_the_readers(kind: str, text: str) -> None:
    try:
        _, values = data_file.read(text, kind)
    except data_file.Unreadable:
        return
    assert values >= 1
