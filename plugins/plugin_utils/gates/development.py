"""The development project: a resolved compose file made safe to run beside everything else on a machine.

Pure: own names only, ports on 127.0.0.1 that the engine picks, nothing of the machine's is written to.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

OWNER_LABEL = "tta.ops.gate.owner"
_NOT_FOR_TWO = ("container_name", "restart", "scale", "profiles", "external_links", "links")


class NotIsolated(Exception):
    """A service that cannot run without touching the machine: one sentence."""


def needed(config: Mapping[str, Any], wanted: Iterable[str], foreign: Iterable[str]) -> list[str]:
    """Return the wanted services and what they wait for, without services of components that were not asked for."""
    services, others = config["services"], set(foreign)
    found: list[str] = []
    queue = [name for name in wanted if name in services]
    while queue:
        name = queue.pop(0)
        if name not in found:
            found.append(name)
            waits = services[name].get("depends_on") or {}
            queue += [other for other in waits if other in services and other not in others]
    return found


def rendered(
    config: Mapping[str, Any], names: list[str], images: Mapping[str, str], export: Path, owner: str = ""
) -> dict[str, Any]:
    """Return the compose file of the project; `images` are the ids of those that were built, by service.

    `owner` is written on every container, so that a project whose run was killed can be told from one that runs.
    """
    services = {name: _service(name, config["services"][name], names, images.get(name), export) for name in names}
    for service in services.values():
        service["labels"] = {**(service.get("labels") or {}), OWNER_LABEL: owner}
    networks = {name: _own(network) for name, network in (config.get("networks") or {}).items()}
    volumes = {name: _own(volume) for name, volume in (config.get("volumes") or {}).items()}
    kept = {key: copy.deepcopy(config[key]) for key in ("secrets", "configs") if config.get(key)}
    for entries in kept.values():
        for entry in entries.values():
            entry.pop("name", None)
    return {"services": services, "networks": networks, "volumes": volumes, **kept}


def _service(
    name: str, service: Mapping[str, Any], names: list[str], image: str | None, export: Path
) -> dict[str, Any]:
    if service.get("network_mode") == "host" or service.get("privileged"):
        raise NotIsolated(f"{name} wants the machine's own network or all its rights, which a gate does not give")
    own = {key: copy.deepcopy(value) for key, value in service.items() if key not in _NOT_FOR_TWO}
    for mount in own.get("volumes") or []:
        source = Path(mount.get("source", "/"))
        # A socket is written to even through a read-only mount.
        harmless = source.is_relative_to(export) or (mount.get("read_only") and source.suffix != ".sock")
        if mount.get("type") == "bind" and not harmless:
            raise NotIsolated(f"{name} writes to {mount['source']} of this machine, which a gate does not allow")
    own["ports"] = [
        {"target": port["target"], "protocol": port.get("protocol", "tcp"), "host_ip": "127.0.0.1", "mode": "ingress"}
        for port in own.get("ports") or []
    ]
    own["depends_on"] = {other: how for other, how in (own.get("depends_on") or {}).items() if other in names}
    networks = own.get("networks") or {}
    own["networks"] = {network: _attachment(settings) for network, settings in networks.items()}
    if image:
        own.pop("build", None)
        own |= {"image": image, "pull_policy": "never"}
    (own.get("deploy") or {}).pop("replicas", None)
    return {key: value for key, value in own.items() if value not in ({}, [])}


def _attachment(settings: Mapping[str, Any] | None) -> dict[str, Any] | None:
    aliases = (settings or {}).get("aliases")
    return {"aliases": aliases} if aliases else None


def _own(declared: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a network or volume as the project's own: no name, no address range, not somebody else's."""
    return {key: value for key, value in (declared or {}).items() if key in ("driver", "internal", "labels")}


def orphaned(listing: str, host: str, alive: Callable[[int], bool]) -> list[str]:
    """Return the projects whose run is no more; `listing` has a line `PROJECT HOST:PID` for each container."""
    projects = set()
    for line in listing.splitlines():
        project, _, owner = line.partition(" ")
        machine, _, pid = owner.rpartition(":")
        if machine == host and pid.isdigit() and not alive(int(pid)):
            projects.add(project)
    return sorted(projects)


def waiting_for(states: Iterable[Mapping[str, Any]], names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return which services are not ready yet, and sentences about those that never will be.

    `states` is what `docker compose ps --all --format json` says. A service without a health check is ready only by
    having ended well: nobody can say it of one that runs.
    """
    by_name = {str(state.get("Service")): state for state in states}
    waiting, lost = [], []
    for name in names:
        state = by_name.get(name, {"State": "no container"})
        status, health = state.get("State"), state.get("Health")
        if status == "exited":
            if state.get("ExitCode") != 0:
                lost.append(f"{name} ended with exit code {state.get('ExitCode')}")
        elif status in ("dead", "removing"):
            lost.append(f"{name} is {status}")
        elif status != "running" or health != "healthy":
            waiting.append(f"{name} ({health or 'no health check'})" if status == "running" else f"{name} ({status})")
    return waiting, lost
