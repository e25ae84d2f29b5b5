"""`docs/operations/<component>_ROLLBACK.md`: the way back as it really is typed, and as it was last rehearsed. Pure.

Between its two markers the page is the toolkit's and is written anew by each rehearsal; the text around them is
people's. The gates read the rehearsal in the ledger, never this page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from .operations_steps import full, quick, validation
from .refusal import Refusal
from .tracking.markdown import code, prose

BEGIN = "<!-- tta.ops: rollback, written by the toolkit -->"
END = "<!-- tta.ops: end of rollback -->"
SECTIONS = ("Quick Rollback", "Full Rollback", "Rollback Validation", "Last rehearsal")
Data = Mapping[str, Any]


def render(operation: Mapping[str, Any], data: Data, facts: Mapping[str, Any]) -> list[str]:
    """Return the lines of the page between its markers, those included.

    `data` is what `rehearsal/result.py` returned; `facts` are `{at, run, actor, origin, goal, published, releases}` of
    the rehearsal, where `published` are the addresses in staging.
    """
    sections = (
        quick(operation, data, facts),
        full(operation, data, facts),
        validation(operation, data),
        _rehearsal(data, facts),
    )
    lines = [BEGIN, _first(data, facts)]
    for title, section in zip(SECTIONS, sections, strict=True):
        lines += ["", f"## {title}", "", *section]
    return [*lines, "", END]


def place(text: str | None, lines: list[str], component: str, name: str) -> str:
    """Return the file's text with `lines` in the place of those there, or instead of a page nobody has begun to own.

    A page without markers was written by hand, before there was a rehearsal: it is kept below, under a heading of its
    own. Raises `Refusal` on broken markers.
    """
    block = "\n".join(lines)
    if text is None:
        return f"# {component} Rollback Procedure\n\n{block}\n"
    begins, ends = text.count(BEGIN), text.count(END)
    if (begins, ends) == (0, 0):
        own = re.sub(r"(?m)^(#{1,5} )", r"#\1", text.strip())
        return f"# {component} Rollback Procedure\n\n{block}\n\n## As it was written by hand\n\n{own}\n"
    if (begins, ends) != (1, 1) or text.index(BEGIN) > text.index(END):
        found = f"{name} has {begins} times {BEGIN} and {ends} times {END}"
        raise Refusal(found, "each once, in this order", f"remove them from {name}; the next rehearsal writes anew")
    return text[: text.index(BEGIN)] + block + text[text.index(END) + len(END) :]


def evidence(lines: list[str], data: Data, path: str) -> dict[str, Any]:
    """Return what the ledger keeps of the page: `{path, sha256, sections, findings}`: findings, what it cannot say."""
    findings = [] if data["recovery_seconds"] is not None else ["the page has no measured time of the way back"]
    if not data["clean"]:
        findings.append("the rehearsal of which the page tells did not come back")
    titles = [line[3:] for line in lines if line.startswith("## ")]
    findings += [f"the page has no section {title}" for title in SECTIONS if title not in titles]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return {"path": path, "sha256": digest, "sections": len(titles), "findings": findings}


def seconds(value: float | None) -> str:
    """Return a length of time as people say it."""
    if value is None:
        return "not measured"
    return f"{value:.1f} s" if value < 120 else f"{value / 60:.1f} minutes"


def _first(data: Data, facts: Mapping[str, Any]) -> str:
    time = seconds(data["recovery_seconds"])
    words = "until the release before was healthy" if not data["first"] else "until nothing of it ran"
    return (
        f"**Rollback time estimate: {time}** ({words}), measured in staging on {facts['at'][:10]} by "
        f"{prose(facts['actor'])}, run {code(facts['run'])}. This is worth until {data['expires'][:10]}; "
        f"{code('ansible-playbook rollback-rehearsal.yml')} measures it anew."
    )


def _rehearsal(data: Data, facts: Mapping[str, Any]) -> list[str]:
    numbers = " → ".join([str(data["from"]), str(data["to"] or "nothing"), str(data["from"])])
    traffic = data.get("traffic") or {}
    said = f"{traffic['failures']} of {traffic['requests']} failed" if traffic.get("requests") else "none were sent"
    gap = f", the longest gap {traffic['longest_gap_seconds']:g} s" if traffic.get("failures") else ""
    state = "as it was before" if data["clean"] else f"NOT as it was before: {'; '.join(data['why'])}"
    rows = [
        ["releases", numbers],
        ["mode", data["mode"]],
        ["checks", f"{data['checks']}, {data['failed']} failed"],
        ["requests meanwhile", f"{said}{gap}"],
        ["staging afterwards", state],
        *([f"{one['name']} ({one['release']})", seconds(one["seconds"])] for one in data["steps"]),
        *([f"{one['name']}: traffic moved in", f"{one['swap_ms']:g} ms"] for one in data["receipts"] if one["swap_ms"]),
    ]
    table = ["| what | measured |", "| --- | --- |", *(f"| {prose(a)} | {prose(b)} |" for a, b in rows)]
    notes = [f"- {prose(one)}" for one in [*data["findings"], *data["inconclusive"]]]
    return [*table, *(["", "Not as it should be:", "", *notes] if notes else [])]
