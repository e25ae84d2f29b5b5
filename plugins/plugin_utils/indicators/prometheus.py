"""Indicator `prometheus`: one query, at an instant or over a range, by the HTTP API of a Prometheus server.

Document: `{query, kind, start, end, step, series, samples, value, min, max, avg, expected}`. A series is `{labels,
samples, first, last, min, max, avg}`; `value` is the newest number of the only series, null where there are several.
"""

from __future__ import annotations

import json
import re
import time
import urllib.parse
from collections.abc import Mapping
from typing import Any, ClassVar

from ..gates import asking, hidden
from ..gates.bench import Bench
from ..gates.errors import DefinitionError
from ..gates.measurement import Measurement
from ..gates.series import NoNumbers, document_of
from .indicator import Indicator

_DURATION = re.compile(r"([1-9][0-9]{0,5})(s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
MOST_POINTS = 11_000  # more than the server itself returns for a series


class Prometheus(Indicator):
    """`query` at `url`, now, or over the last `range` every `step`; at least `samples` numbers, or it is a problem."""

    keys: ClassVar[tuple[str, ...]] = ("url", "query", "range", "step", "samples", "timeout")
    reusable: ClassVar[bool] = False

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check the address, the durations and the numbers."""
        asking.check_url(parameters.get("url"), f"{where}.url")
        asking.check_timeout(parameters.get("timeout", asking.DEFAULT_TIMEOUT), f"{where}.timeout")
        query = parameters.get("query")
        if not isinstance(query, str) or not query.strip():
            raise DefinitionError(f"{where}.query", f"is {query!r}", "a PromQL expression")
        if ("range" in parameters) != ("step" in parameters):
            raise DefinitionError(f"{where}.step", "and range go together", "both, or none for an instant")
        for key in ("range", "step"):
            if key in parameters and not _DURATION.fullmatch(str(parameters[key])):
                raise DefinitionError(
                    f"{where}.{key}", f"is {parameters[key]!r}", "a duration such as 30s, 5m, 2h or 7d"
                )
        if "range" in parameters and not 1 <= _points(parameters) <= MOST_POINTS:
            raise DefinitionError(f"{where}.step", f"gives {_points(parameters)} points", f"1 to {MOST_POINTS}")
        least = parameters.get("samples", 1)
        if not isinstance(least, int) or isinstance(least, bool) or least < 1:
            raise DefinitionError(f"{where}.samples", f"is {least!r}", "how many samples there must be, 1 or more")

    def measure(self, bench: Bench) -> Measurement:
        """Ask once; what is no number, or too few of them, is a problem."""
        query = _with_tokens(self.parameters["query"], bench)
        base = self.parameters["url"].rstrip("/")
        timeout = self.parameters.get("timeout", asking.DEFAULT_TIMEOUT)
        now = time.time()
        if "range" in self.parameters:
            start = now - _seconds(self.parameters["range"])
            times = {"start": f"{start:.3f}", "end": f"{now:.3f}", "step": self.parameters["step"]}
            path, expected = "query_range", _points(self.parameters)
        else:
            times, path, expected = {"time": f"{now:.3f}"}, "query", 1
        asked = urllib.parse.urlencode({"query": query, **times, "timeout": f"{timeout:g}s"})
        answer = asking.get(bench, f"{base}/api/v1/{path}?{asked}", timeout, shown=f"{hidden.address(base)} ({query})")
        by_hand = f"promtool query instant {hidden.address(base)} '{query}'"
        common: dict[str, Any] = {"commands": (answer.command,), "by_hand": by_hand}
        if answer.problem:
            return Measurement(problem=answer.problem, **common)
        try:
            numbers = document_of(_data(answer.facts), self.parameters.get("samples", 1))
        except NoNumbers as error:
            return Measurement(problem=f"{query}: {error}", **common)
        return Measurement(document={"query": query, **times, **numbers, "expected": expected}, **common)


def _data(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        body = json.loads(facts["body"])
        if body["status"] != "success":
            raise NoNumbers(f"{body.get('errorType', 'error')}: {body.get('error', 'no reason given')}")
        if body.get("warnings"):
            raise NoNumbers(f"the answer is not whole: {'; '.join(map(str, body['warnings']))}")
        found: Mapping[str, Any] = body["data"]
    except (json.JSONDecodeError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise NoNumbers(f"answered {facts['status']} with what is no answer of Prometheus") from error
    return found


def _with_tokens(query: str, bench: Bench) -> str:
    """Return the query with `{component}` replaced; other braces are PromQL's."""
    return query.replace("{component}", bench.subject.component)


def _seconds(duration: Any) -> int:
    match = _DURATION.fullmatch(str(duration))
    assert match  # noqa: S101  `check` has seen it
    return int(match[1]) * _SECONDS[match[2]]


def _points(parameters: Mapping[str, Any]) -> int:
    return _seconds(parameters["range"]) // _seconds(parameters["step"]) + 1
