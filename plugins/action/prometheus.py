"""Action `prometheus`: what `observation_backend: prometheus` needs; it stays on the control node."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.gates.asking import check_url
from ..plugin_utils.gates.errors import DefinitionError
from ..plugin_utils.prometheus_backend import asking, files, grafana, targets, told, uptime
from ..plugin_utils.refusal import Refusal

KEYS = ("url", "grafana", "folder", "blackbox")


class ActionModule(ControlNodeAction):
    """`files` returns what is to be written; `report` asks the server, and returns the ledger's events."""

    ARGUMENTS: ClassVar = {
        "step": {"type": "str", "choices": ["files", "report", "conclude"], "required": True},
        "operation": {"type": "dict", "required": True},
        "environment": {"type": "str", "required": True},
        "settings": {"type": "dict", "required": True},
        "statuses": {"type": "list", "elements": "dict", "default": []},
        "observed": {"type": "list", "elements": "dict", "default": []},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `files` and `problems`, `events` with `observed`, or the report."""
        settings = _checked(arguments["settings"])
        operation, environment = arguments["operation"], arguments["environment"]
        if arguments["step"] == "conclude":
            return {"report": told.report(operation, environment, arguments["observed"])}
        here = [
            ((one.get("status") or {}).get("environments") or {}).get(environment) or {}
            for one in arguments["statuses"]
        ]
        found = targets.find(environment, operation["components"], _published(here))
        if arguments["step"] == "files":
            written = files.of(found, settings["folder"], settings["url"], settings["blackbox"])
            return {
                "files": [{"name": name, "text": text} for name, text in written.items()],
                "problems": found.problems,
            }
        return _reported(operation, environment, settings, here, found)


def _checked(given: Mapping[str, Any]) -> dict[str, str]:
    settings = {key: str(given.get(key) or "") for key in KEYS}
    where = "observation_prometheus"
    unknown = sorted(set(given) - set(KEYS))
    if unknown:
        raise Refusal(f"{where} has {unknown[0]}, which is no key of it", ", ".join(KEYS))
    for key in ("url", "folder", "blackbox"):
        if not settings[key]:
            raise Refusal(
                f"{where}.{key} is not set", "url, folder and blackbox (grafana besides)", "group_vars/<environment>"
            )
    for key in [key for key in ("url", "grafana") if settings[key]]:
        try:
            check_url(settings[key], f"{where}.{key}")
        except DefinitionError as error:
            raise Refusal(str(error), "http://ADDRESS:PORT") from error
    return settings


def _published(here: list[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return of each component that serves its published ports, one a host."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in here:
        for name, facts in (one.get("components") or {}).items():
            if facts.get("release"):
                found.setdefault(name, []).append(facts.get("published") or {})
    return found


def _reported(
    operation: Mapping[str, Any],
    environment: str,
    settings: Mapping[str, str],
    here: list[Mapping[str, Any]],
    found: targets.Found,
) -> dict[str, Any]:
    now = time.time()
    entries = ((here[0] if here else {}).get("ledger") or {}).get("entries") or []
    events, observed = [], []
    for one in found.targets:
        if operation.get("component") not in (None, one.component):
            continue
        since = uptime.stay_began(one.component, entries)
        if since is None:
            continue
        _, first, _ = uptime.window(since, now)
        begin = min(first * 60.0, now - 60)  # a server that is silent is found out in the first minute too
        series = asking.samples(settings["url"], one.component, environment, begin, now)
        seen = uptime.observed(one.component, entries, series, len(one.addresses), now)
        if seen:
            facts = {"event": "observed", "component": one.component, "environment": environment}
            events.append({**facts, **seen})
            observed.append(
                {"component": one.component, "board": grafana.address(settings["grafana"], one), **seen["data"]}
            )
    if operation.get("component") and not observed:
        raise Refusal(
            f"Prometheus probes nothing of {operation['component']} in {environment}",
            "a component that serves there, with service and port in its health",
            f"-e do=start -e component={operation['component']}",
        )
    return {"events": events, "observed": observed, "problems": found.problems}
