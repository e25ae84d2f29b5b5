"""Indicator `container`: what the engine says about the component's containers where it is deployed.

Document: `{environment, containers, examined, running, unhealthy, restarts, unlimited, findings}`. A container is
`{service, id, image, state, exit, health, restarts, oom_killed, started, limits: {memory_bytes, cpus, pids}}`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from ...module_utils.host.compose import LABEL_COMPONENT, LABEL_ENVIRONMENT
from ..gates.bench import Bench
from ..gates.errors import DefinitionError
from ..gates.measurement import Measurement
from ..gates.tokens import check_tokens, expand
from .indicator import Indicator

# Never .Config as a whole: the environment in it has passwords.
_FIELDS = {
    "service": '{{json (index .Config.Labels "com.docker.compose.service")}}',
    "id": "{{json .Id}}",
    "image": "{{json .Image}}",
    "restarts": "{{json .RestartCount}}",
    "state": "{{json .State}}",
    "host": "{{json .HostConfig}}",
}
FORMAT = "{" + ",".join(f'"{name}":{field}' for name, field in _FIELDS.items()) + "}"


class Container(Indicator):
    """All containers of the component, or those of one `service`. None is a problem, as is an engine elsewhere."""

    keys: ClassVar[tuple[str, ...]] = ("service",)
    reusable: ClassVar[bool] = False

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check the service."""
        if "service" in parameters and (not isinstance(parameters["service"], str) or not parameters["service"]):
            raise DefinitionError(f"{where}.service", f"is {parameters['service']!r}", "the name of a service")
        check_tokens([parameters.get("service", "")], f"{where}.service")

    def measure(self, bench: Bench) -> Measurement:
        """List the component's containers and inspect them, by the bench's engine."""
        environment = bench.subject.environment
        name = str(environment.get("name", "")) or "this environment"
        if not environment.get("local", True):
            said = f"the containers of {name} run on another machine, whose engine cannot be asked from here"
            return Measurement(problem=said)
        component = bench.subject.entry.get("carried_by") or bench.subject.component
        labels = [f"label={LABEL_COMPONENT}={component}", f"label={LABEL_ENVIRONMENT}={name}"]
        filters = [argument for label in labels for argument in ("--filter", label)]
        by_hand = " ".join(["docker", "ps", "--all", *filters])
        listed = bench.run(["docker", "ps", "--all", "--quiet", "--no-trunc", *filters])
        if listed.exit != 0:
            why = listed.trouble or listed.last_words
            return Measurement(problem=f"Docker does not answer: {why}", commands=(listed,), by_hand=by_hand)
        ids = listed.stdout.split()
        if not ids:
            said = f"{component} has no container in {name}: it is not deployed there"
            return Measurement(problem=said, commands=(listed,), by_hand=by_hand)
        inspected = bench.run(["docker", "inspect", "--type", "container", "--format", FORMAT, *ids])
        # The document has what is judged; the rest, such as what health checks printed, is nobody's evidence.
        common: dict[str, Any] = {"commands": (listed, replace(inspected, stdout="")), "by_hand": by_hand}
        try:
            found = [_container(json.loads(line)) for line in inspected.stdout.splitlines() if line.strip()]
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            return Measurement(problem=f"what docker inspect printed cannot be read: {error}", **common)
        if inspected.exit != 0 or len(found) != len(ids):
            why = inspected.trouble or inspected.last_words
            return Measurement(problem=f"docker inspect told of {len(found)} of {len(ids)} containers: {why}", **common)
        if "service" in self.parameters:
            service = expand([self.parameters["service"]], *bench.tokens())[0]
            found = [one for one in found if one["service"] == service]
            if not found:
                return Measurement(problem=f"{component} has no container of the service {service}", **common)
        return Measurement(document=_document(name, found), **common)


def _container(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return one container's facts; a limit of 0 is none, and so is a health that nobody checks."""
    state, host = raw["state"], raw["host"]
    cpus, pids = host.get("NanoCpus"), host.get("PidsLimit")
    return {
        "service": raw["service"],
        "id": raw["id"],
        "image": raw["image"],
        "state": state["Status"],
        "exit": state["ExitCode"],
        "health": (state.get("Health") or {}).get("Status"),
        "restarts": raw["restarts"],
        "oom_killed": state["OOMKilled"],
        "started": state["StartedAt"],
        "limits": {
            "memory_bytes": host["Memory"] or None,
            "cpus": cpus / 1e9 if cpus else None,
            "pids": pids if pids and pids > 0 else None,
        },
    }


def _document(environment: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    running = [one for one in found if one["state"] == "running"]
    ended = [one for one in found if one["state"] == "exited" and one["exit"] == 0]
    return {
        "environment": environment,
        "containers": found,
        "examined": len(found),
        "running": len(running),
        "unhealthy": [one["service"] for one in running if one["health"] not in ("healthy", None)],
        "unprobed": [one["service"] for one in running if one["health"] is None],
        "restarts": sum(one["restarts"] for one in found),
        "unlimited": [one["service"] for one in running if not one["limits"]["memory_bytes"]],
        "findings": [
            f"{one['service']} is {one['state']} (exit code {one['exit']})"
            for one in found
            if one not in running and one not in ended
        ]
        + [f"{one['service']} is {one['health']}" for one in running if one["health"] not in ("healthy", None)]
        + [f"{one['service']} was restarted {one['restarts']} times" for one in found if one["restarts"]]
        + [f"{one['service']} was killed for its memory" for one in found if one["oom_killed"]],
    }
