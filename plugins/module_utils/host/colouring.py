"""A release's document as one colour runs it, and what keeps two releases from running at once. Pure.

What the edge takes over (ports, names, the labels of other proxies) is lifted from the services; the user's own Compose
file and the release's stay as they are.
"""

from __future__ import annotations

import copy
from typing import Any, Dict, List, Optional, Sequence

from . import compose, haproxy
from .health import LABEL_SERVICE
from .settings import Settings

Document = Dict[str, Any]
LABEL_COLOUR = "tta.ops.colour"
# Other proxies find by these labels where to send what comes in: they must find the edge, not the colours.
ROUTING_LABELS = ("traefik.", "caddy")
_OVERLAP = "two releases run side by side for a while"


def project(release_project: str, colour: str) -> str:
    """Return the name of the Compose project in which a colour runs."""
    return f"{release_project}-{colour}"


def service_name(name: str, colour: str) -> str:
    """Return what a service is called in a colour: its own name is the edge's in the networks."""
    return f"{name}-{colour}"


def coloured(document: Document, colour: str) -> Document:
    """Return the document that runs a release (its labelled ``document``) as ``colour``, beside the other one."""
    own = list(document["services"])
    result = copy.deepcopy(document)
    result["name"] = project(document["name"], colour)
    result["services"] = {
        service_name(name, colour): _service(document["name"], name, service, colour, own)
        for name, service in result["services"].items()
    }
    return result


def _service(release_project: str, name: str, service: Document, colour: str, own: Sequence[str]) -> Document:
    for key in ("ports", "container_name"):
        service.pop(key, None)
    labels = {key: value for key, value in (service.get("labels") or {}).items() if not _routes(key)}
    service["labels"] = {**labels, LABEL_COLOUR: colour, LABEL_SERVICE: name}
    if service.get("networks"):
        alias = haproxy.address(name, colour, release_project)
        service["networks"] = {key: {**(how or {}), "aliases": [alias]} for key, how in service["networks"].items()}
    for key in ("network_mode", "ipc", "pid"):
        kind, _, other = str(service.get(key) or "").partition(":")
        if kind == "service" and other in own:
            service[key] = f"service:{service_name(other, colour)}"
    if service.get("depends_on"):
        service["depends_on"] = {service_name(one, colour): how for one, how in service["depends_on"].items()}
    if service.get("links"):
        service["links"] = [_link(link, colour) for link in service["links"]]
    if service.get("volumes_from"):
        service["volumes_from"] = [_volumes_from(one, colour, own) for one in service["volumes_from"]]
    return service


def _link(link: str, colour: str) -> str:
    other, _, alias = link.partition(":")
    return f"{service_name(other, colour)}:{alias or other}"


def _volumes_from(text: str, colour: str, own: Sequence[str]) -> str:
    other, separator, mode = text.partition(":")
    return f"{service_name(other, colour)}{separator}{mode}" if other in own else text


def _routes(label: str) -> bool:
    return label.startswith(ROUTING_LABELS)


def routing_labels(document: Document) -> Dict[str, str]:
    """Return the labels by which another proxy finds the component."""
    found: Dict[str, str] = {}
    for service in document["services"].values():
        found.update({key: value for key, value in (service.get("labels") or {}).items() if _routes(key)})
    return found


def cannot_run_twice(document: Document, settings: Settings) -> Optional[str]:
    """Return the sentence that says why a release cannot run beside another one, or None when it can."""
    for name, service in document["services"].items():
        reason = _fixed(name, service) or _written(name, service, settings.shares)
        if reason:
            return reason
    return None


def _fixed(name: str, service: Document) -> Optional[str]:
    other = "choose strategy: stop-first"
    if service.get("network_mode") == "host":
        return f"{name} uses the host's own network, where {_OVERLAP} on the same ports: {other}"
    for key, network in (service.get("networks") or {}).items():
        fixed = next((one for one in ("ipv4_address", "ipv6_address", "mac_address") if (network or {}).get(one)), None)
        if fixed:
            return f"{name} has a fixed {fixed} in the network {key}, and {_OVERLAP}: drop it, or {other}"
    if service.get("mac_address"):
        return f"{name} has a fixed mac_address, and {_OVERLAP}: drop it, or {other}"
    return None


def _written(name: str, service: Document, shares: Sequence[str]) -> Optional[str]:
    for mount in service.get("volumes", []):
        kind, source = mount["type"], str(mount.get("source") or "")
        own_file = kind == "bind" and source.startswith("./")
        if kind not in ("volume", "bind") or not source or own_file or mount.get("read_only") or source in shares:
            continue
        what = "volume" if kind == "volume" else "folder"
        return (
            f"{name} writes to the {what} {source}, and {_OVERLAP}: mount it read-only, name it in blue_green.shares "
            "when two may write at once, or choose strategy: stop-first"
        )
    return None


def memory_limit(document: Document) -> Optional[int]:
    """Return the bytes that a release may take at most, or None when a service has no limit."""
    total = 0
    for service in document["services"].values():
        limits = ((service.get("deploy") or {}).get("resources") or {}).get("limits") or {}
        limit = service.get("mem_limit") or limits.get("memory")
        if not limit:
            return None
        total += int(limit) * compose.replicas(service)
    return total


def memory_available(meminfo: str) -> Optional[int]:
    """Return the bytes that ``/proc/meminfo`` says are available, or None when it does not say."""
    rows: List[List[str]] = [line.split() for line in meminfo.splitlines()]
    found = next((row for row in rows if len(row) == 3 and row[0] == "MemAvailable:"), None)
    return int(found[1]) * 1024 if found else None


def too_little_memory(need: Optional[int], available: Optional[int], given_up: int = 0) -> Optional[str]:
    """Return the sentence that says a second release does not fit beside the first, or None.

    ``given_up`` are the bytes that the colour which is replaced frees.
    """
    if need is None or available is None or need <= available + given_up:
        return None
    return (
        f"a second release needs up to {need >> 20} MiB beside the one that serves, and {(available + given_up) >> 20} "
        "MiB are available: free some, lower the services' memory limits, or choose strategy: stop-first"
    )
