"""Asks a Prometheus server for raw samples, a day at a time."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from ..refusal import Refusal
from .targets import PROBE

DEADLINE_S = 30.0
_DAY = 86400.0
Samples = list[tuple[float, float]]


def samples(url: str, component: str, environment: str, begin: float, end: float) -> list[Samples]:
    """Return of each target its samples of `probe_success` from `begin` up to, and without, `end`.

    Raises `Refusal` when the server does not answer, or not wholly: half of the samples would read as gaps.
    """
    query = f'probe_success{{job="{PROBE}", component="{component}", environment="{environment}"}}'
    found: dict[str, Samples] = {}
    at = end
    while at > begin:
        seconds = min(_DAY, at - begin)
        for one in _ask(url, f"{query}[{max(1, int(seconds))}s]", at):
            rows = [(float(time), float(value)) for time, value in one["values"]]
            found.setdefault(str(one["metric"].get("instance")), []).extend(
                (time, value) for time, value in rows if max(begin, at - seconds) <= time < at
            )
        at -= seconds
    return [sorted(rows) for _, rows in sorted(found.items())]


def _ask(url: str, query: str, at: float) -> list[dict[str, Any]]:
    asked = urllib.parse.urlencode({"query": query, "time": f"{at:.3f}"})
    where = f"{url.rstrip('/')}/api/v1/query"
    try:
        with urllib.request.urlopen(f"{where}?{asked}", timeout=DEADLINE_S) as reply:  # noqa: S310 - checked by `ask`
            answer = json.load(reply)
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Refusal(
            f"Prometheus at {url} does not answer: {reason}", "its address", "observation_prometheus.url in group_vars"
        ) from error
    if answer.get("status") != "success" or answer.get("warnings"):
        said = answer.get("error") or "; ".join(answer.get("warnings") or ["no reason given"])
        raise Refusal(f"Prometheus at {url} gave no whole answer: {said}", "all samples of the window")
    result: list[dict[str, Any]] = answer["data"]["result"]
    return result
