"""Action `watch`: has the host watch what was just deployed, waits for the first looks, and leaves it alone then."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..plugin_utils import other_host
from ..plugin_utils.host_call import CallError
from ..plugin_utils.refusal import Refusal
from .release import Where

ARGUMENTS: dict[str, dict[str, Any]] = {
    "operation": {"type": "dict", "required": True},
    "do": {"choices": ["note", "start"], "default": "start"},
    "release": {"type": "int"},
    "webhook": {"type": "str", "no_log": True, "default": ""},
    "tells_only": {"type": "bool", "default": False},
}
_POLL = 2.0


class ActionModule(ActionBase):
    """Arguments in, the host's watch begun, its first minutes seen, result out."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return `{changed, watch}`; fails when a trigger fired within the first minutes."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        if self._task.check_mode:
            return result | {"changed": True, "msg": "the host would watch it"}
        display = Display()
        host = other_host.own(self, task_vars, lambda line: display.display(f"  {line}"))
        where = Where({**arguments, "state": None, "environment": None, "component": None, "verb": "watch"}, host.name)
        try:
            if arguments["do"] == "note":
                return result | _note(where, host.call)
            return result | _watched(where, host.call, arguments, display)
        except (Refusal, CallError) as error:
            return result | {"failed": True, "changed": False, "msg": str(error)}


def _note(where: Where, call: Any) -> dict[str, Any]:
    found = call([*where.state, "watch", where.component, "--do", "note", *where.identity])
    return {"changed": False, "failed": bool(found.get("failed")), "msg": found["message"]}


def _watched(where: Where, call: Any, arguments: Mapping[str, Any], display: Display) -> dict[str, Any]:
    settings = where.settings["watch"]
    given = {
        **{key: where.operation[key] for key in ("run", "actor", "reason")},
        "component": where.component,
        "environment": where.environment,
        "release": arguments["release"],
        "settings": settings,
        **{key: arguments[key] for key in ("webhook", "tells_only")},
        "allow": ((where.operation["entry"].get("observation") or {}).get("logs") or {}).get("allow") or [],
        "alone": len(where.settings["hosts"]) == 1,
    }
    begun = call([*where.state, "watch", "--do", "start"], json.dumps(given).encode())
    if begun.get("failed"):
        return {"failed": True, "changed": False, "msg": begun["message"]}
    until = time.monotonic() + float(settings["first"])
    display.display(
        f"  the host watches it for {settings['hours']:g} h; this run sees the first {settings['first']:g} s"
    )
    watch = begun["watch"]
    while watch["state"] == "on" and time.monotonic() < until:
        time.sleep(max(0.0, min(_POLL, until - time.monotonic())))
        watch = _seen(where, call) or watch
    if watch["state"] == "bad":
        return _bad(where, watch)
    return {"changed": begun["changed"], "watch": watch, "msg": begun["message"]}


def _seen(where: Where, call: Any) -> dict[str, Any] | None:
    found = call.read([*where.state, "watch", where.component, "--do", "report", *where.place])
    return next(iter(found["watches"]), None)


def _bad(where: Where, watch: Mapping[str, Any]) -> dict[str, Any]:
    why = watch["fired"]["why"]
    said = f"{where.component} {watch['release']} turned bad within the first minutes: {why}"
    report = {
        "headline": f"NOT PROMOTED {where.component} → {where.environment}, {why}",
        "outcome": "returned",
        "criteria": [],
        "rows": [["what happened", said], ["what was done", str(watch["outcome"])]],
        "next": ["ansible-playbook status.yml"],
    }
    return {"failed": True, "changed": True, "msg": f"{said}; {watch['outcome']}", "watch": watch, "report": report}
