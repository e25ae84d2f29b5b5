"""Conditions on an answer mean the same on the host as JMESPath makes of them on the control node."""

from __future__ import annotations

import json

import jmespath
import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.recorder import expectation
from hypothesis import given
from hypothesis import strategies as st

BODIES = [
    {"status": "ok", "checks": {"db": "up", "n": 3}, "list": [{"a": 1}, {"a": 2}], "weird key": True},
    {"status": "down"},
    {"status": None, "checks": {"n": 0}},
    {},
    [],
    [{"status": "ok"}],
]
CONDITIONS = [
    "status == 'ok'",
    "status != 'ok'",
    "checks.db == 'up' && checks.n > `2`",
    "checks.n >= `3` || status == 'down'",
    "list[0].a == `1`",
    "list[-1].a == `2`",
    '"weird key"',
    '"weird key" == `true`',
    "!(status == 'down')",
    "checks",
    "checks.n",
    "status == 'ok' && (checks.n == `3` || checks.n == `4`)",
    "[0].status == 'ok'",
    "status < 'z'",
    "checks.n == `true`",
]


@pytest.mark.parametrize("body", BODIES, ids=json.dumps)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_it_means_what_jmespath_makes_of_it(condition: str, body: object) -> None:
    holds = jmespath.search(condition, body) is True
    assert (expectation.unmet(condition, json.dumps(body)) == "") is holds


@pytest.mark.parametrize(
    "condition",
    ["length(list) > `1`", "list[?a > `1`]", "status ==", "(status", "status 'ok'", "a | b", "list[*]", "&& a"],
)
def test_what_is_not_understood_is_never_a_yes(condition: str) -> None:
    with pytest.raises(expectation.NotUnderstood):
        expectation.unmet(condition, '{"status": "ok", "list": [1, 2]}')
    with pytest.raises(expectation.NotUnderstood):
        expectation.check(condition)


@given(st.text(alphabet="ab.'`!=<>&|()[]0 \"", max_size=14))
def test_nothing_that_is_typed_breaks_it(condition: str) -> None:
    try:
        expectation.unmet(condition, '{"a": {"b": 1}}')
    except expectation.NotUnderstood:
        return


def test_an_answer_that_calls_itself_down_is_down_without_a_condition() -> None:
    assert expectation.unmet(None, '{"status": "down"}')
    assert expectation.unmet(None, '{"status": "DOWN", "since": 1}')
    assert expectation.unmet(None, '{"status": "ok"}') == ""
    assert expectation.unmet(None, "<html>fine</html>") == ""
    assert "not JSON" in expectation.unmet("status == 'ok'", "<html>fine</html>")
    assert "not JSON" in expectation.unmet("status == 'ok'", None)
