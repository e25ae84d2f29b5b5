"""Garbage in documents, reports and baselines: no crash, and no pass out of it."""

from __future__ import annotations

import math
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates import junit
from ansible_collections.tta.ops.plugins.plugin_utils.gates.baseline import Baseline
from ansible_collections.tta.ops.plugins.plugin_utils.gates.markdown import Page
from ansible_collections.tta.ops.plugins.plugin_utils.gates.measurement import Measurement
from ansible_collections.tta.ops.plugins.plugin_utils.gates.verdict import decide
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.command import _json
from definitions import checked
from hypothesis import example, given, settings
from hypothesis import strategies as st

GARBAGE: Any = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=True) | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NO_NUMBER = GARBAGE.filter(lambda value: isinstance(value, bool) or not isinstance(value, (int, float)))
NO_FINITE = NO_NUMBER | st.sampled_from([math.nan, math.inf, -math.inf, 10**400])
BASELINES = st.none() | st.floats().map(lambda value: Baseline("avg", value, (("run", value),)))
GATES = [
    checked(measure="found", examined="looked", findings="why", problems="odd", statement="said", **more)
    for more in (
        {"objective": ">= 0"},
        {"objective": "<= +10%"},
        {"objective": ">= -100%", "warning": ">= -1000%"},
        {"objective": "< 0 and >= +5", "warning": ">= 0"},
    )
]


@given(st.sampled_from(GATES), NO_FINITE, GARBAGE, BASELINES)
@example(GATES[0], 10**400, 1, None)
def test_no_number_never_passes(gate: Any, found: Any, looked: Any, baseline: Baseline | None) -> None:
    document = {"found": found, "looked": looked}
    assert decide(gate, Measurement(document=document), baseline).verdict == "inconclusive"


@given(st.sampled_from(GATES), st.floats(), NO_FINITE | st.integers(max_value=0), BASELINES)
def test_nothing_examined_never_passes(gate: Any, found: float, looked: Any, baseline: Baseline | None) -> None:
    document = {"found": found, "looked": [] if isinstance(looked, list) else looked}
    assert decide(gate, Measurement(document=document), baseline).verdict == "inconclusive"


@given(st.sampled_from(GATES), GARBAGE, GARBAGE, GARBAGE, BASELINES)
def test_whatever_else_a_document_holds_a_decision_comes_of_it(
    gate: Any, why: Any, odd: Any, said: Any, baseline: Baseline | None
) -> None:
    document = {"found": 1, "looked": 1, "why": why, "odd": odd, "said": said}
    decision = decide(gate, Measurement(document=document), baseline)
    problems = [item for item in (odd if isinstance(odd, list) else [odd]) if item not in (None, "")]
    assert decision.verdict in (("inconclusive",) if problems else ("pass", "fail", "inconclusive"))


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "backslashreplace")))
@example("[" * 100_000)
@example("1" * 5000)
@example('{"a": NaN}')
@example("\ud800")
def test_json_is_read_or_is_an_error(text: str) -> None:
    try:
        _json(text)
    except ValueError:
        return


NAMES = st.sampled_from(["testsuites", "testsuite", "testcase", "failure", "error", "skipped", "html", "a:b"])
XML: Any = st.recursive(
    NAMES.map(lambda name: f"<{name}/>"),
    lambda inner: st.builds(lambda name, one, two: f"<{name}>{one}{two}</{name}>", NAMES, inner, inner),
    max_leaves=6,
)


@given(st.text() | XML)
@example("<html><testcase/></html>")
@example('<?xml version="1.0" encoding="utf-32"?><testsuite/>')
@example("<a>" * 20_000)
@example("\ud800")
def test_a_report_that_is_none_of_pytest_s_has_no_passed_tests(text: str) -> None:
    try:
        outcomes = junit.read(text)
    except ValueError:
        return
    assert outcomes.passed == outcomes.failed == outcomes.skipped == 0 or text.startswith("<testsuite")


LINES = st.sampled_from(["# Features", "- [x] a", "- [ ] b", "> - [x] c", "```", "    - [x] d", "<!-- - [x] -->", ""])


@settings(deadline=None)
@given(st.text() | st.lists(LINES).map("\n".join))
@example("[" * 2_000)
@example(">" * 2_000)
@example("\x00# a\n- [x] b")
def test_markdown_is_never_an_error_and_ticks_are_only_those_that_stand_there(text: str) -> None:
    page = Page(text)
    lines = text.splitlines()
    for section in page.sections():
        for item in page.check_list(section):
            if item.ticked:
                assert "[x]" in lines[item.line - 1].lower()
    page.code()


@pytest.mark.parametrize("found", ["71", "ok", {"value": 71}, [71], None, True])
def test_an_objective_on_text_says_where_and_what_is_allowed(found: Any) -> None:
    decision = decide(GATES[0], Measurement(document={"found": found, "looked": 1}))
    assert decision.verdict == "inconclusive"
    assert decision.cause.endswith("; gate lint, key measure: found; wanted: a finite number)")
