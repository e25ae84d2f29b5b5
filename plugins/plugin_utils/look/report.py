"""A report of an action, as lines for a person: the headline first, then why, then what to type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .style import Look
from .table import pairs, table
from .wrap import cells, command_lines, indented, wrap

_FIELDS = (
    ("found", "found"),
    ("wanted", "wanted"),
    ("warning", "warning"),
    ("waived", "waived"),
    ("expired", "expired"),
    ("cause", "cause"),
    ("by_hand", "by hand"),
    ("remedy", "remedy"),
    ("again", "again"),
)
_ONLY = {"warning": {"found", "wanted", "warning"}, "waived": {"found", "wanted", "waived", "cause"}}
"""What is said of a gate that lets through in spite of something: nobody has to do anything about it now."""

_SAID = {"waived": "waived", "not-judged": "not judged"}
_COMMANDS = {"by_hand", "again"}
_LABEL = max(len(label) for _, label in _FIELDS)


def render(report: Mapping[str, Any], look: Look) -> list[str]:
    """Lines of a report (headline, outcome, criteria, rows, table, next); the first is the headline."""
    headline = str(report.get("headline") or "DONE")
    lines = [look.headline(line, str(report.get("outcome", ""))) for line in wrap(headline, look.width)]
    for section in (
        _criteria(report.get("criteria") or [], look),
        _table(report.get("table"), look),
        pairs([[str(label), _text(text)] for label, text in report.get("rows") or []], look),
        _next(report.get("next") or [], look),
    ):
        if section:
            lines += ["", *section]
    return [look.plain(line) for line in lines]


def _criteria(criteria: Sequence[Mapping[str, Any]], look: Look) -> list[str]:
    lines: list[str] = []
    number = 0
    for criterion in criteria:
        # "can be deployed" decides about the run, but is no line of MATURITY.md and has no number there
        counted = bool(criterion.get("counted", criterion.get("criterion") != "deployability"))
        number += counted
        lines += _criterion(criterion, str(number) if counted else "", look)
    return lines


def _criterion(criterion: Mapping[str, Any], number: str, look: Look) -> list[str]:
    state = _state(criterion)
    title = str(criterion.get("title") or criterion.get("criterion") or "")
    gates: Sequence[Mapping[str, Any]] = criterion.get("gates") or []
    if criterion.get("attested"):
        words = "; ".join(_text(gate.get("found")) for gate in gates if gate.get("found"))
        title += f" (your word: {words})" if words else " (your word)"
    title += f" ({_SAID[state]})" if state in _SAID else ""
    first, *rest = wrap(title, max(look.width - 6, 20))
    lines = [f"{look.painted_mark(state)} {number:>2} {first}", *(" " * 6 + line for line in rest)]
    for gate in gates:
        if _state(gate) != "pass":
            lines += _gate(gate, look)
    return lines


def _gate(gate: Mapping[str, Any], look: Look) -> list[str]:
    state, verdict = _state(gate), str(gate.get("verdict", "inconclusive"))
    said = {"warning": "pass, with a warning", "waived": f"{verdict}, waived"}.get(state, verdict)
    lines = [f"      {look.paint(str(gate.get('gate', '')), 'strong')}: {said}"]
    for key, label in _FIELDS:
        text = _text(gate.get(key))
        if text and key in _ONLY.get(state, {key}):
            lines += _field(label, text, key in _COMMANDS, look)
    return lines


def _state(row: Mapping[str, Any]) -> str:
    """The state of a criterion or gate; reports of before have only a verdict."""
    return str(row.get("state") or row.get("verdict") or "inconclusive")


def _field(label: str, text: str, command: bool, look: Look) -> list[str]:
    indent, column = 8, 8 + _LABEL + 2
    name = look.paint(label, "quiet")
    if look.stacked:
        below = command_lines(text, look.width, 10) if command else indented(text, look.width, 10)
        return [" " * indent + name, *below]
    fits = "\n" not in text and column + cells(text) <= look.width
    if command and not fits:
        return [" " * indent + name, *command_lines(text, look.width, 10)]
    first, *rest = [" " * column + text] if command else indented(text, look.width, column)
    return [" " * indent + name + " " * (_LABEL - len(label) + 2) + first.lstrip(), *rest]


def _table(given: Mapping[str, Any] | None, look: Look) -> list[str]:
    if not given:
        return []
    return table([str(name) for name in given["columns"]], [[_text(c) for c in row] for row in given["rows"]], look)


def _next(commands: Sequence[str], look: Look) -> list[str]:
    if not commands:
        return []
    indent = 2 if all(cells(str(command)) + 2 <= look.width for command in commands) else 0
    lines = [line for command in commands for line in command_lines(str(command), look.width, indent)]
    return [look.paint("next", "quiet"), *lines]


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
