"""Indicator `blockers`: open blockers of the component in the tracker that no gate speaks for.

Document: `{examined, findings, open}`; `findings` are those of the severities that the gate names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..gates.bench import Bench
from ..gates.errors import DefinitionError
from ..gates.measurement import Measurement
from .indicator import Indicator

SEVERITIES = ("critical", "high", "medium", "low")


class Blockers(Indicator):
    """Reads the tracked issues that came with the subject: `{asked, problem, entries}`. Nobody asked is a problem."""

    keys: ClassVar[tuple[str, ...]] = ("severities",)
    reusable: ClassVar[bool] = False

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check the severities."""
        given = parameters.get("severities")
        if not isinstance(given, list) or not given or any(one not in SEVERITIES for one in given):
            raise DefinitionError(f"{where}.severities", f"is {given!r}", f"a list of {', '.join(SEVERITIES)}")

    def measure(self, bench: Bench) -> Measurement:
        """Count what is open; nothing else is asked."""
        subject = bench.subject
        issues = subject.environment.get("issues") or {}
        by_hand = f"ansible-playbook status.yml -e component={subject.component}"
        if not issues.get("asked") or issues.get("problem"):
            said = issues.get("problem") or "the tracker was not asked"
            return Measurement(problem=f"nobody knows which blockers are open: {said}", by_hand=by_hand)
        own = [one for one in issues["entries"] if one.get("component") == subject.component]
        # One that a gate has opened is closed by the run in which the gate passes: the gate itself speaks for it.
        by_hand_only = [one for one in own if not (one.get("fields") or {}).get("gate")]
        blockers = [one for one in by_hand_only if one.get("kind") == "blocker"]
        still = [one for one in blockers if one.get("state") == "open"]
        grave = [one for one in still if _severity(one) in (*self.parameters["severities"], "")]
        document = {
            "examined": ["the tracker", *(f"#{one.get('number')}" for one in blockers)],
            "findings": [_sentence(one) for one in grave],
            "open": len(still),
        }
        return Measurement(document=document, by_hand=by_hand)


def _severity(issue: Mapping[str, Any]) -> str:
    """Return the severity; empty when nobody has said one, which counts as grave."""
    return str((issue.get("fields") or {}).get("severity") or issue.get("severity") or "").lower()


def _sentence(issue: Mapping[str, Any]) -> str:
    severity = _severity(issue) or "of no severity"
    return f"#{issue.get('number')} ({severity}) is open: {issue.get('title')}"
