"""What a Prometheus server answered, as numbers. Anything that is no finite number stops the reading."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


class NoNumbers(ValueError):
    """An answer out of which nothing can be judged: one sentence."""


def document_of(data: Mapping[str, Any], least: int) -> dict[str, Any]:
    """Return `{kind, series, samples, value, min, max, avg}` of the API's `data`; raises `NoNumbers`.

    `least` is how many samples each series must have.
    """
    try:
        kind, result = data["resultType"], data["result"]
        if kind == "scalar":
            found = [_series({}, [result])]
        elif kind in ("vector", "matrix"):
            found = [_of(raw, kind) for raw in result]
        else:
            raise NoNumbers(f"the answer is a {kind}, not numbers")
    except NoNumbers:
        raise
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, OverflowError) as error:
        raise NoNumbers(f"the answer is not of Prometheus's form ({type(error).__name__}: {error})") from error
    if not found:
        raise NoNumbers("no series fits: nothing was measured")
    few = min(found, key=lambda series: series["samples"])
    if few["samples"] < least:
        raise NoNumbers(f"too few samples of {_name(few['labels'])}: {few['samples']}, at least {least} are wanted")
    samples = sum(series["samples"] for series in found)
    return {
        "kind": kind,
        "series": found,
        "samples": samples,
        "value": found[0]["last"] if len(found) == 1 else None,
        "min": min(series["min"] for series in found),
        "max": max(series["max"] for series in found),
        "avg": math.fsum(series["avg"] * (series["samples"] / samples) for series in found),
    }


def _of(raw: Mapping[str, Any], kind: str) -> dict[str, Any]:
    labels = dict(raw["metric"])
    if "histogram" in raw or "histograms" in raw:
        raise NoNumbers(f"{_name(labels)} is a histogram: ask for a number, such as histogram_quantile(…)")
    return _series(labels, raw["values"] if kind == "matrix" else [raw["value"]])


def _series(labels: dict[str, str], points: Sequence[Any]) -> dict[str, Any]:
    if not points:
        raise NoNumbers(f"{_name(labels)} has no sample")
    numbers = [_number(text, labels) for _, text in points]
    return {
        "labels": labels,
        "samples": len(numbers),
        "first": numbers[0],
        "last": numbers[-1],
        "min": min(numbers),
        "max": max(numbers),
        "avg": math.fsum(number / len(numbers) for number in numbers),
    }


def _number(text: Any, labels: Mapping[str, str]) -> float:
    """Return a sample's number. Prometheus writes NaN for what it could not compute, such as 0 divided by 0."""
    if not isinstance(text, str):
        raise NoNumbers(f"{_name(labels)} is {text!r}, which is no sample: the server writes them as text")
    try:
        number = float(text)
    except ValueError as error:
        raise NoNumbers(f"{_name(labels)} is {text!r}, which is no number") from error
    if not math.isfinite(number):
        raise NoNumbers(f"{_name(labels)} is {text}: nothing was measured")
    return number


def _name(labels: Mapping[str, str]) -> str:
    inside = ", ".join(f'{key}="{value}"' for key, value in sorted(labels.items()) if key != "__name__")
    return f"{labels.get('__name__', '')}{{{inside}}}" if labels else "the result"
