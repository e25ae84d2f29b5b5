"""What the newest evidence says about a component: which criteria of the next stage are not met, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Verdict = Mapping[str, Any]
_NEEDED = {"gate", "criterion", "verdict", "artifact", "earned"}


def verdicts_below(folder: Path) -> list[Verdict]:
    """All verdicts in the evidence that the operator keeps, one folder a run; damaged files count as never judged."""
    found: list[Verdict] = []
    for path in sorted(folder.glob("*/verdicts.json")):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(content, list):
            found += [each for each in content if isinstance(each, Mapping) and each.keys() >= _NEEDED]
    return found


def newest(component: str, tree: str | None, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The newest verdict of each gate on this artifact; without a tree, on the artifact judged last."""
    own = [each for each in verdicts if each["artifact"].get("component") == component]
    if not own:
        return []
    wanted = tree or max(own, key=lambda each: str(each["earned"]))["artifact"].get("tree")
    latest: dict[str, Verdict] = {}
    for each in sorted(own, key=lambda each: str(each["earned"])):
        if each["artifact"].get("tree") == wanted:
            latest[str(each["gate"])] = each
    return list(latest.values())


def missing(verdicts: Iterable[Verdict]) -> list[str]:
    """One phrase for each gate that did not pass."""
    return [_phrase(each) for each in verdicts if each["verdict"] != "pass"]


def _phrase(verdict: Verdict) -> str:
    if verdict["verdict"] == "inconclusive":
        cause = str(verdict.get("cause") or "").strip().splitlines()
        return f"{verdict['gate']} inconclusive{f' ({cause[0]})' if cause else ''}"
    return f"{verdict['gate']} {verdict.get('found')}, wanted {verdict.get('wanted')}"
