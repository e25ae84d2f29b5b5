"""Indicator `prometheus` on recorded forms of answers; tests/integration/gates asks the real server."""

from __future__ import annotations

import json
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.errors import DefinitionError
from ansible_collections.tta.ops.plugins.plugin_utils.gates.series import NoNumbers, document_of
from ansible_collections.tta.ops.plugins.plugin_utils.indicators.prometheus import Prometheus
from hypothesis import given
from hypothesis import strategies as st
from workplace import Workplace, printed

UP = {"metric": {"__name__": "up", "job": "lamp"}, "value": [1763600000.1, "1"]}


def body(result: Any, kind: str = "vector", **more: Any) -> dict[str, Any]:
    return {"status": "success", "data": {"resultType": kind, "result": result}, **more}


def measured(tmp_path: Path, answered: Any, status: int = 200, **indicator: Any) -> Any:
    text = answered if isinstance(answered, str) else json.dumps(answered)
    facts = {"error": "", "cut": False, "status": status, "body": text, "headers": {}, "redirects": [], "url": "u"}
    place = Workplace(tmp_path, lambda arguments: printed(json.dumps(facts)))
    found = place.measure(**{"type": "prometheus", "url": "http://prometheus:9090/", "query": "up", **indicator})
    return found, place


def test_one_series_has_a_value(tmp_path: Path) -> None:
    document = measured(tmp_path, body([UP]))[0].document
    assert (document["value"], document["samples"], document["expected"], document["kind"]) == (1, 1, 1, "vector")


def test_several_series_have_no_one_value(tmp_path: Path) -> None:
    document = measured(tmp_path, body([UP, {**UP, "value": [1, "4"]}]))[0].document
    assert (document["value"], document["min"], document["max"], document["avg"]) == (None, 1, 4, 2.5)


def test_a_range_counts_its_samples(tmp_path: Path) -> None:
    series = {"metric": {"job": "lamp"}, "values": [[1, "1"], [2, "3"], [3, "2"]]}
    found, place = measured(tmp_path, body([series], "matrix"), range="1h", step="5m", query='up{job="{component}"}')
    assert (found.document["samples"], found.document["expected"], found.document["max"]) == (3, 13, 3)
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(place.asked[0][3]).query)
    assert asked["query"] == ['up{job="lamp"}']
    assert round(float(asked["end"][0]) - float(asked["start"][0])) == 3600


@pytest.mark.parametrize(
    ("answered", "more", "problem"),
    [
        (body([]), {}, "up: no series fits: nothing was measured"),
        (body([{**UP, "value": [1, "NaN"]}]), {}, 'up: up{job="lamp"} is NaN: nothing was measured'),
        (body([{**UP, "value": [1, "+Inf"]}]), {}, "is +Inf: nothing was measured"),
        (body([UP, {**UP, "value": [1, "NaN"]}]), {}, "is NaN: nothing was measured"),
        (body([UP]), {"samples": 2}, 'too few samples of up{job="lamp"}: 1, at least 2 are wanted'),
        (body([{"metric": {}, "values": []}], "matrix"), {"range": "1m", "step": "30s"}, "has no sample"),
        (body([{"metric": {}, "histogram": [1, {}]}]), {}, "is a histogram: ask for a number"),
        (body([1, "text"], "string"), {}, "the answer is a string, not numbers"),
        (body([UP], warnings=["store x is away"]), {}, "the answer is not whole: store x is away"),
        ({"status": "error", "errorType": "bad_data", "error": "parse error"}, {}, "up: bad_data: parse error"),
        ({"status": "success"}, {}, "answered 200 with what is no answer of Prometheus"),
        ("<html>", {}, "answered 200 with what is no answer of Prometheus"),
        ("[]", {}, "answered 200 with what is no answer of Prometheus"),
        (body(None), {}, "the answer is not of Prometheus's form"),
    ],
)
def test_what_is_no_number_is_a_problem(tmp_path: Path, answered: Any, more: dict[str, Any], problem: str) -> None:
    found = measured(tmp_path, answered, **more)[0]
    assert found.document is None
    assert problem in found.problem


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["metric", "value", "NaN"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["metric", "value", "values"]), inner),
    max_leaves=8,
)


@given(st.sampled_from(["vector", "matrix", "scalar", "odd"]), _JSON)
def test_no_answer_crashes_the_reader_and_garbage_gives_no_number(kind: str, result: Any) -> None:
    try:
        document = document_of({"resultType": kind, "result": result}, 1)
    except NoNumbers:
        return
    assert document["samples"] >= 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"url": None}, "url is None"),
        ({"query": " "}, "query is ' '; wanted: a PromQL expression"),
        ({"range": "1h"}, "step and range go together"),
        ({"range": "1 hour", "step": "1m"}, "range is '1 hour'; wanted: a duration such as"),
        ({"range": "30d", "step": "1s"}, "step gives 2592001 points; wanted: 1 to 11000"),
        ({"samples": 0}, "samples is 0"),
    ],
)
def test_parameters_that_cannot_be_right(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DefinitionError) as raised:
        Prometheus.check({"url": "http://p:9090", "query": "up", **change}, "gate x, key indicator")
    assert sentence in str(raised.value)
