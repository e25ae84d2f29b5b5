"""Action `track`: computes what is to be written down of a promotion; the role `tracking` puts it where it belongs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.maturity import document
from ..plugin_utils.refusal import Refusal
from ..plugin_utils.tracking import by_hand, ci, history, known, moments, retrospective

_MOMENTS = (
    "known",
    "admit",
    "judged",
    "record",
    "complete",
    "blocker",
    "incident",
    "happened",
    "retrospective",
    "demoted",
)

_BY_HAND: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "blocker": by_hand.blocker,
    "incident": by_hand.incident,
    "happened": lambda arguments: {"issues": by_hand.happened(arguments)},
}
_NOTHING: dict[str, Any] = {"problem": "", "entries": [], "everywhere": [], "incidents": [], "open": [], "due": []}


class ActionModule(ControlNodeAction):
    """Runs on the control node only; reads the monorepo's files, writes nothing."""

    ARGUMENTS: ClassVar = {
        "moment": {"type": "str", "choices": list(_MOMENTS), "required": True},
        "operation": {"type": "dict", "required": True},
        "judgement": {"type": "dict", "default": {}},
        "stages": {"type": "dict", "default": {}},
        "ledger": {"type": "list", "elements": "dict", "default": []},
        "deployed": {"type": "dict", "default": {}},
        "anchors": {"type": "dict", "default": {}},
        "tracked": {"type": "dict", "default": {}},
        "read": {"type": "dict", "default": {}},
        "there": {"type": "dict", "default": {}},
        "numbers": {"type": "dict", "default": {}},
        "page": {"type": "str", "default": ""},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return what the moment gives: `issues` for the tracker, `files` for the monorepo, `event` for the ledger."""
        arguments["ci"] = ci.address(os.environ)
        moment = arguments["moment"]
        if moment == "known":
            return {"tracked": _tracked(arguments, task_vars)}
        arguments["tracked"] = {**_NOTHING, **arguments["tracked"]}
        if moment == "admit":
            return moments.admit(arguments)
        if moment == "record":
            return moments.record(arguments)
        if moment in _BY_HAND:
            arguments["changes"] = history.changes(arguments)
            return {"issues": [], "report": None, "files": []} | _BY_HAND[moment](arguments)
        texts = _texts(arguments)
        if moment == "judged":
            return moments.judged(arguments, texts)
        if moment == "retrospective":
            return moments.lessons(arguments, texts)
        if moment == "demoted":
            return moments.demoted(arguments, texts)
        return moments.complete(arguments, texts, bool(self._task.check_mode))


def _tracked(arguments: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
    """What is tracked in the environment, as it was read, and in the others, as `status` told when the run began."""
    operation, read = arguments["operation"], arguments["read"]
    wanted = operation["stage_wanted"] or operation["target"]
    elsewhere, problems = {}, [str(read.get("problem") or read.get("msg") or "")]
    for name, settings in operation["environments"].items():
        answer = (task_vars.get("hostvars") or {}).get(settings["hosts"][0], {}).get("host_status", {}).get("status")
        told = ((answer or {}).get("environments") or {}).get(name, {}).get("issues") or {}
        if name != wanted:
            elsewhere[name] = told.get("entries") or []
            problems.append(str(told.get("problem") or ""))
    problem = next((each for each in problems if each), "")
    return known.tracked(
        operation["component"],
        wanted,
        read.get("entries") or [],
        problem,
        elsewhere,
        arguments["there"],
        arguments["ledger"],
    )


def _texts(arguments: Mapping[str, Any]) -> dict[str, str | None]:
    """The files that are written anew, as far as the moment needs them, and the validation report of this run."""
    operation, judgement = arguments["operation"], arguments["judgement"]
    monorepo, refused = Path(operation["monorepo"]), not judgement.get("promotable", True)
    report = (judgement.get("pages") or {}).get("md")
    texts = {"report": _read(Path(report), report) if report else None, "maturity": None, "page": None}
    if arguments["moment"] == "judged" and refused:
        return texts  # nothing of the monorepo is written: why it was refused is all there is to say
    lessons = retrospective.place(operation)
    return texts | {
        "maturity": _read(monorepo / operation["entry"]["maturity"], operation["entry"]["maturity"]),
        "page": _read(monorepo / arguments["page"], arguments["page"]) if arguments["page"] else None,
        "lessons": _read(monorepo / lessons, lessons) if arguments["moment"] == "retrospective" else None,
    }


def _read(path: Path, name: str) -> str | None:
    try:
        return document.decode(path.read_bytes(), name)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refusal(f"{name} cannot be read: {error.strerror}", "a readable file", f"ls -l {path}") from error
