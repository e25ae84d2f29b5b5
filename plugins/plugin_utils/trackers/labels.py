"""The labels that the toolkit uses, with a colour and a description for those that a repository has not yet."""

from __future__ import annotations

from collections.abc import Iterable

from . import limits

_FAMILIES = ("component", "target", "promotion", "blocker", "severity")
"""Of these an issue has what its document says and nothing else; other labels are people's."""

_KNOWN = {
    "target:staging": ("fbca04", "On its way to staging"),
    "target:production": ("d93f0b", "On its way to production"),
    "promotion:requested": ("c5def5", "A promotion that was asked for"),
    "promotion:in-review": ("1d76db", "A promotion whose evidence is being looked at"),
    "promotion:approved": ("0e8a16", "A promotion that may be carried out"),
    "promotion:blocked": ("b60205", "A promotion that a gate or a blocker holds up"),
    "promotion:completed": ("5319e7", "A promotion that was carried out"),
    "blocker:tests": ("e99695", "Tests are missing, fail or cover too little"),
    "blocker:documentation": ("e99695", "Documentation is missing"),
    "blocker:performance": ("e99695", "Slower than agreed"),
    "blocker:security": ("b60205", "A finding of a security check"),
    "blocker:dependencies": ("e99695", "A dependency is not as far, or unstable"),
    "blocker:integration": ("e99695", "Does not work with its dependents"),
    "severity:critical": ("b60205", "At once, before any promotion"),
    "severity:high": ("d93f0b", "Within 24 hours"),
    "severity:medium": ("fbca04", "To be fixed in staging"),
    "severity:low": ("c2e0c6", "To be documented for a future fix"),
    "incident": ("b60205", "A rollback or a release that did not hold"),
    "user-report": ("f9d0c4", "What a user noticed"),
    "retrospective": ("bfdadc", "What a promotion taught"),
    "component-promotion": ("0052cc", "The promotion of a component"),
    "component-status": ("0052cc", "How mature the components are"),
    "P0": ("b60205", "Highest priority"),
    "staging": ("fbca04", "About staging"),
    "production": ("d93f0b", "About production"),
}


def look(name: str) -> tuple[str, str]:
    """Return colour (six hexadecimal digits) and description of a label."""
    if name in _KNOWN:
        return _KNOWN[name]
    family, _, rest = name.partition(":")
    if family == "component" and rest:
        return "bfd4f2", limits.line(f"The component {rest}", limits.LABEL_DESCRIPTION)
    return "ededed", "Used by tta.ops"


def merged(wanted: Iterable[str], there: Iterable[str]) -> list[str]:
    """Return the labels that an issue is to have: the wanted ones, and those that people added."""
    names = list(dict.fromkeys(wanted))
    lower = {name.lower() for name in names}
    others = [name for name in there if name.lower() not in lower and name.partition(":")[0] not in _FAMILIES]
    return [*names, *others][: limits.LABELS]
