"""What is tracked of an environment: promotion requests, blockers, incidents, kept beside its ledger."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any, Dict, List, Tuple

from .. import names
from ..errors import HostError, UsageError
from ..state import State
from . import page, shelf

if TYPE_CHECKING:
    from ..packages import Call

VERBS = ("track", "issues")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add no options: both verbs take what others take."""


def answer(call: Call) -> Tuple[Dict[str, Any], str]:
    """Put issues (JSON ``{environment, issues}`` on stdin), or show those that there are."""
    return _track(call.state) if call.verb == "track" else _issues(call)


def summary(state: State, environment: str) -> Dict[str, Any]:
    """Return what ``status`` says of an environment's issues: ``{entries, problem}``."""
    try:
        return {"entries": [page.summary(one) for one in _shelf(state, environment).read()], "problem": None}
    except HostError as error:
        return {"entries": [], "problem": str(error)}


def _track(state: State) -> Tuple[Dict[str, Any], str]:
    try:
        given = json.load(sys.stdin)
        environment, issues = names.checked("environment", given["environment"]), list(given["issues"])
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"track wants JSON on stdin, {{environment, issues: […]}} ({error})") from error
    put = _shelf(state, environment).put(issues)
    changed = [one for one in put if one["changed"]]
    said = ", ".join(f"#{one['number']} {one['state']}" for one in changed) or "nothing has changed"
    return {"failed": False, "changed": bool(changed), "issues": put, "message": said}, said


def _issues(call: Call) -> Tuple[Dict[str, Any], str]:
    chosen, component = call.options.environment, call.options.component
    found: Dict[str, List[Dict[str, Any]]] = {}
    for name in [names.checked("environment", chosen)] if chosen else call.state.environments():
        own = _shelf(call.state, name).read()
        found[name] = [one for one in own if component in (None, one.get("component"))]
    lines = [page.line(name, one) for name, issues in found.items() for one in issues]
    return {"failed": False, "changed": False, "environments": found, "message": "see them with --json"}, (
        "\n".join(lines) or "nothing is tracked here"
    )


def _shelf(state: State, environment: str) -> shelf.Shelf:
    return shelf.Shelf(state.root / environment)
