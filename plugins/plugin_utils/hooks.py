"""What the operator wants done before and after a release is changed: the variable `environment_hooks`.

A hook is `{command: [words]}` or `{tasks: file}`, both on the control node, with the release in its environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .refusal import Refusal
from .shapes import known_keys

MOMENTS = ("pre_deploy", "post_deploy", "post_rollback", "on_failure")
# A hook at one of these stops the run when it fails: nothing has been changed yet.
STOPPING = ("pre_deploy",)
SECONDS = 600
_KEYS = ("command", "tasks", "seconds")
_EXAMPLE = "{command: [program, argument]} or {tasks: file.yml}"

Hook = dict[str, Any]


def checked(raw: Any, where: str) -> dict[str, list[Hook]]:
    """Return `{moment: [{command, tasks, seconds}]}` for every moment; raises `Refusal` that names what is wrong."""
    if not isinstance(raw, Mapping):
        raise Refusal(f"{where} is {type(raw).__name__}", f"a mapping from {', '.join(MOMENTS)} to lists of hooks")
    known_keys(raw, MOMENTS, where)
    return {moment: _hooks(raw.get(moment) or [], f"{where}.{moment}") for moment in MOMENTS}


def _hooks(raw: Any, where: str) -> list[Hook]:
    if not isinstance(raw, list):
        raise Refusal(f"{where} is {type(raw).__name__}", f"a list of {_EXAMPLE}")
    return [_hook(one, f"{where}[{number}]") for number, one in enumerate(raw)]


def _hook(raw: Any, where: str) -> Hook:
    if not isinstance(raw, Mapping) or ("command" in raw) == ("tasks" in raw):
        raise Refusal(f"{where} is {raw!r}", _EXAMPLE)
    known_keys(raw, _KEYS, where)
    command, tasks, seconds = raw.get("command", []), raw.get("tasks", ""), raw.get("seconds", SECONDS)
    words = isinstance(command, list) and all(isinstance(word, str) for word in command)
    if not words or ("command" in raw and not command):
        raise Refusal(f"{where}.command is {command!r}", "a list of words; a shell only where you name one")
    if not isinstance(tasks, str) or ("tasks" in raw and not tasks.strip()):
        raise Refusal(f"{where}.tasks is {tasks!r}", "the path of a file of tasks on the control node")
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds <= 86400:
        raise Refusal(f"{where}.seconds is {seconds!r}", "a number of seconds up to 86400")
    return {"command": list(command), "tasks": tasks, "seconds": seconds}


def environment(
    operation: Mapping[str, Any], moment: str, result: Mapping[str, Any], serving: Mapping[str, Any]
) -> dict[str, str]:
    """Return what a hook finds in its environment.

    `result` is what the act returned, empty before it; `serving` is the record of the release that serves. TTA_RELEASE
    is the release that the act is about, and empty as long as it has no number.
    """
    release = result.get("release") or {}
    artifact = release.get("artifact") or operation.get("artifact") or {}
    return {
        "TTA_HOOK": moment,
        "TTA_VERB": str(operation["verb"]),
        "TTA_COMPONENT": str(operation["component"]),
        "TTA_ENVIRONMENT": str(operation["target"]),
        "TTA_RELEASE": _text(release.get("number")),
        "TTA_SERVES": _text(result.get("current") if result else serving.get("number")),
        "TTA_COMMIT": _text(artifact.get("commit")),
        "TTA_TREE": _text(artifact.get("tree")),
        "TTA_OUTCOME": _text(result.get("outcome")),
        "TTA_MESSAGE": _text(result.get("msg")),
        "TTA_ACTOR": str(operation["actor"]),
        "TTA_REASON": str(operation["reason"]),
        "TTA_RUN": str(operation["run"]),
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)
