"""The report as Markdown for an issue's comment: short on top, the detail folded away, below the size that is taken."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from ..tracking.markdown import block, code, nobody, prose
from . import markdown_survey, states

LONGEST = 60_000
"""Characters; services take 65,536 of a comment."""

_SHOWN = 20
_ELSEWHERE = "The rest is too long for a comment; it is in the page of this report."
_OUTCOMES = {"ready": "pass", "refused": "fail", "partial": "not-judged"}


def render(model: Mapping[str, Any]) -> str:
    """The Markdown of a judgement's or a survey's document, at most `LONGEST` characters."""
    if model["kind"] == "survey":
        rest = markdown_survey.lines(model)
        return _fitting([rest, [*rest[:2], _ELSEWHERE]])
    head, foot = _head(model), _foot(model)
    return _fitting([[*head, *some(model), *foot] for some in (_all, _refusing_only, _none)] + [[head[0], *foot]])


def _fitting(versions: Sequence[Sequence[str]]) -> str:
    """The first version that is short enough; the last one if need be, cut."""
    texts = ["\n".join(lines) + "\n" for lines in versions]
    return next((text for text in texts if len(text) <= LONGEST), texts[-1][:LONGEST])


def _head(model: Mapping[str, Any]) -> list[str]:
    lines = [
        f"## {states.EMOJI[_OUTCOMES[model['outcome']]]} {prose(model['headline'])}",
        "",
        prose(model["summary"]),
        "",
        "| | Criterion | Verdict | Found |",
        "| --- | --- | --- | --- |",
    ]
    gates = {gate["gate"]: gate for gate in model["gates"]}
    for one in model["criteria"]:
        found = "; ".join(prose(gates[name]["found_words"]) for name in one["gates"])
        word = " (your word)" if one["attested"] else ""
        state = f"{states.EMOJI[one['state']]} {states.WORDS[one['state']]}"
        lines.append(f"| {one['number'] or ''} | {prose(one['title'])} | {state} | {found}{word} |")
    notes = [
        f"- {states.EMOJI['warning']} {code(gate['gate'])}: {prose(gate['warning'])}"
        for gate in _with(model, "warning")
    ]
    notes += [
        f"- {states.EMOJI['waived']} {code(gate['gate'])}: {_waiver(gate['waiver'])}" for gate in _with(model, "waiver")
    ]
    notes += [
        f"- {states.EMOJI['fail']} {code(gate['gate'])}: no longer {_waiver(gate['waiver_expired'])}"
        for gate in _with(model, "waiver_expired")
    ]
    if model["dirty"]:
        notes.append(f"- Not judged, uncommitted: {', '.join(code(each) for each in model['dirty'][:_SHOWN])}")
    reused = _with(model, "reused_from")
    if reused:
        names = ", ".join(code(gate["gate"]) for gate in reused)
        notes.append(f"- Not judged anew, earned before: {names}")
    if model["expires"]:
        notes.append(f"- Holds until {code(model['expires'])}")
    return [*lines, "", *notes, *([""] if notes else [])]


def _all(model: Mapping[str, Any]) -> list[str]:
    return _details(model["gates"])


def _refusing_only(model: Mapping[str, Any]) -> list[str]:
    return [*_details([gate for gate in model["gates"] if gate["state"] != "pass"]), _ELSEWHERE, ""]


def _none(model: Mapping[str, Any]) -> list[str]:
    return [_ELSEWHERE, ""]


def _details(gates: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = []
    for gate in gates:
        refused = gate["state"] not in states.LETS_THROUGH
        summary = f"{states.EMOJI[gate['state']]} <b>{_html(gate['gate'])}</b>: {_html(gate['found_words'])}"
        lines += [f"<details{' open' if refused else ''}><summary>{summary}</summary>", ""]
        lines.append(f"- Wanted: {code(gate['wanted_words'])}")
        lines.append(f"- Trend: {prose(gate['trend_words'])}")
        if gate["baseline"]:
            lines.append(f"- Baseline: {prose(gate['baseline_words'])}")
        earned = f" in run {code(gate['reused_from'])}" if gate["reused_from"] else ""
        lines.append(f"- Earned: {code(gate['earned'])}{earned}")
        if refused and gate["remedy"]:
            lines.append(f"- Next: {prose(gate['remedy'])}")
        lines.append("")
        if gate["cause"]:
            lines += [*block("\n".join(gate["cause"])), ""]
        if gate["by_hand"]:
            lines += ["By hand:", "", *block(gate["by_hand"]), ""]
        lines += ["</details>", ""]
    return lines


def _foot(model: Mapping[str, Any]) -> list[str]:
    artifact = model["artifact"]
    root = model["evidence"]["root_sha256"]
    lines = [f"Commit {code(artifact['commit'][:12])}, tree {code(artifact['tree'][:12])}, run {code(model['run'])}"]
    if root:
        lines.append(f"Evidence {code(root)}")
    commands = [step["command"] for step in model["next"] if step["command"] and not step["gate"]]
    for command in commands:
        lines += ["", *block(command)]
    return lines


def _with(model: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return [gate for gate in model["gates"] if gate[key]]


def _waiver(waiver: Mapping[str, Any]) -> str:
    return f"waived until {code(waiver['until'])} by {code(waiver['owner'])}: {prose(waiver['reason'])}"


def _html(text: object) -> str:
    """Text for a line of HTML inside Markdown: no markup, and nothing that names a person, an issue or an address."""
    return html.escape(nobody(text))
