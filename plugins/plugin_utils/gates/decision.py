"""Decisions: pure, over a measurement. Whatever is not known leads to `inconclusive`, never to a pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import jmespath
import jmespath.exceptions

from .baseline import Baseline
from .comparison import NotComparable, is_number, plain
from .definition import Gate
from .measurement import Measurement

PASS, FAIL, INCONCLUSIVE = "pass", "fail", "inconclusive"
MOST_SENTENCES = 8
NO_BASELINE = "no earlier passing result to compare with"


@dataclass(frozen=True)
class Decision:
    """A verdict with the number behind it; `cause` is one or several sentences, `said` what stands for the number.

    `warning` belongs to a pass: sentences about what was let through all the same.
    """

    verdict: str
    found: float | None
    examined: float | None
    cause: str
    said: str = ""
    warning: str = ""


def decide(gate: Gate, measurement: Measurement, baseline: Baseline | None = None) -> Decision:
    """Judge one gate over what its indicator brought home; the baseline counts for a relative objective only."""
    decision = _decided(gate, measurement, baseline)
    if not measurement.note or decision.verdict == PASS:
        return decision
    return replace(decision, cause="\n".join(sentence for sentence in (decision.cause, measurement.note) if sentence))


def _decided(gate: Gate, measurement: Measurement, baseline: Baseline | None) -> Decision:
    document = measurement.document
    if measurement.problem:
        return Decision(INCONCLUSIVE, None, None, measurement.problem)
    try:
        problems = _sentences(_look(gate.problems, document))
        examined = _amount(_look(gate.examined, document))
        found = _look(gate.measure, document)
        findings = _sentences(_look(gate.findings, document))
        said = _look(gate.statement, document)
    except (jmespath.exceptions.JMESPathError, ArithmeticError, ValueError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())
        return Decision(INCONCLUSIVE, None, None, f"the document has not what {gate.name} looks for: {reason}")
    if problems:
        return Decision(INCONCLUSIVE, None, examined, _joined(problems))
    if examined is None or examined <= 0:
        return Decision(INCONCLUSIVE, None, examined, f"nothing was examined ({gate.of or 'no data'}: none)")
    if not is_number(found):
        where = f"gate {gate.name}, key measure: {gate.measure}; wanted: a finite number"
        return Decision(INCONCLUSIVE, None, examined, f"no number was measured (got {_short(found)}; {where})")
    try:
        reached, warning = _reached(gate, found, baseline, findings)
    except NotComparable as error:
        wanted = "a baseline above 0, or an objective without a percent, such as '<= +20' or '< 500'"
        return Decision(INCONCLUSIVE, found, examined, f"{error} (gate {gate.name}, key objective; wanted: {wanted})")
    if not reached:
        return Decision(FAIL, found, examined, _joined(findings))
    if measurement.claims_findings and not (found and findings):
        ending = measurement.commands[-1] if measurement.commands else None
        said_by = f"{ending.arguments[0]} ended with exit code {ending.exit}" if ending else "the tool"
        return Decision(INCONCLUSIVE, None, examined, f"{said_by}, which speaks of findings, but its report has none")
    return Decision(PASS, found, examined, "", said if isinstance(said, str) else "", warning)


def _reached(gate: Gate, found: float, baseline: Baseline | None, findings: list[str]) -> tuple[bool, str]:
    """Say whether the objective, or else the warning, lets a number through, and with which sentences."""
    value = baseline.value if baseline else None
    unknown = [NO_BASELINE] if gate.is_relative and value is None else []
    if gate.objective.reached(found, value):
        return True, _joined(unknown)
    # With nothing to compare with, a warning that only compares would let everything through.
    speaks = gate.warning and (value is not None or gate.warning.stands_alone)
    if not gate.warning or not speaks or not gate.warning.reached(found, value):
        return False, ""
    wanted = gate.objective.in_words(gate.unit, value)
    sentence = f"{plain(found)} is let through by the warning {gate.warning.text!r}; wanted: {wanted}"
    return True, "\n".join([*unknown, sentence, *([_joined(findings)] if findings else [])])


def _look(expression: str, document: Any) -> Any:
    return jmespath.search(expression, document)


def _amount(value: Any) -> float | None:
    """Return how much was examined: a number, or the length of a list; anything else is unknown."""
    if isinstance(value, list):
        return len(value)
    return value if is_number(value) else None


def _sentences(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in (value if isinstance(value, list) else [value]) if item not in (None, "")]


def _joined(sentences: list[str]) -> str:
    shown = sentences[:MOST_SENTENCES]
    more = len(sentences) - len(shown)
    return "\n".join([*shown, *([f"… and {more} more"] if more > 0 else [])])


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
