from __future__ import annotations

import base64
import json
import shlex
import urllib.parse

import pytest
import yaml
from ansible_collections.tta.ops.plugins.plugin_utils.look.redact import MASK, Redactor, leaves
from hypothesis import given
from hypothesis import strategies as st

AWKWARD = "p'ä\"s s\\w/o?rd"


def knowing(*secrets: str) -> Redactor:
    redactor = Redactor()
    redactor.learn(secrets)
    return redactor


@pytest.mark.parametrize(
    "spell",
    [
        str,
        json.dumps,
        repr,
        shlex.quote,
        urllib.parse.quote,
        urllib.parse.quote_plus,
        lambda text: json.dumps({"a": [text]}, ensure_ascii=False),
        lambda text: yaml.safe_dump({"a": text}, width=1000, allow_unicode=True),
        lambda text: base64.b64encode(text.encode()).decode(),
    ],
)
def test_every_spelling_is_hidden(spell) -> None:
    hidden = knowing(AWKWARD).text(f"before {spell(AWKWARD)} after")
    assert MASK in hidden
    for trace in ("rd", "w/o", base64.b64encode(AWKWARD.encode()).decode()):
        assert trace not in hidden.replace("before", "")


def test_lines_of_a_long_secret_are_hidden_one_by_one() -> None:
    key = "-----BEGIN KEY-----\nabcdef\nghijkl\n-----END KEY-----\n"
    assert knowing(key).text("  abcdef\n  ghijkl") == f"  {MASK}\n  {MASK}"


def test_a_secret_that_begins_with_another_leaves_no_tail() -> None:
    assert knowing("abcdefgh", "abcdefghijkl").text("abcdefghijkl abcdefgh") == f"{MASK} {MASK}"


def test_short_values_are_left_alone() -> None:
    assert knowing("abc").text("abc") == "abc"


def test_nested_values_and_keys() -> None:
    assert knowing("secret").value({"secret": ["a secret", 1, None]}) == {MASK: [f"a {MASK}", 1, None]}


def test_leaves_are_all_values() -> None:
    assert leaves({"A": "text", "B": [1234, {"C": "deep"}], "D": None, "E": True}) == ["text", "1234", "deep"]


@pytest.mark.parametrize("value", ["8091", "127.0.0.1", "localhost", "true", "INFO", "staging"])
def test_what_is_no_secret_stays_readable(value: str) -> None:
    assert knowing(value).text(f"http://{value}/") == f"http://{value}/"


def test_short_values_are_hidden_where_they_stand_alone() -> None:
    assert knowing("horse").text("horse, horses; u:horse@h") == f"{MASK}, horses; u:{MASK}@h"


def test_names_of_components_stay_readable() -> None:
    redactor = knowing("gameplay_loop")
    assert redactor.text("gameplay_loop") == MASK
    redactor.leave(["gameplay_loop"])
    assert redactor.text("gameplay_loop") == "gameplay_loop"


@given(st.text(min_size=8).filter(lambda text: len(text.strip()) >= 8 and not text.isdecimal()), st.text(), st.text())
def test_no_text_keeps_a_secret(secret: str, before: str, after: str) -> None:
    hidden = knowing(secret).text(before + secret + after)
    assert secret not in hidden or secret in before + MASK + after or set(secret) <= {"*"}
