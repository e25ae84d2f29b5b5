"""Which container ports the edge listens on for a release, and where each leads. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Set

from . import compose
from .errors import HostError
from .settings import Settings

_SHIFT, _PORTS = 20000, 65536


class Check(NamedTuple):
    """How the edge sees that a target lives: ``kind`` is http, https or tcp, asked at ``port`` of the container."""

    kind: str
    port: int
    path: str
    host_header: Optional[str]


class Route(NamedTuple):
    """One container port of one service; ``slots`` is how many containers of it there may be."""

    service: str
    port: int
    http: bool
    slots: int
    check: Optional[Check]


def routes(
    document: Dict[str, Any], images: Dict[str, Dict[str, Any]], probe: Optional[Dict[str, Any]], settings: Settings
) -> List[Route]:
    """Return the routes of a release, by port: every port that the file or the image declares, or health is asked at.

    ``images`` maps a service to its image as the engine describes it, ``probe`` is the catalogue's health. Raises
    ``HostError`` when the edge cannot hold them: two services on one port, UDP, or no port at all.
    """
    found: Dict[int, Route] = {}
    for name, service in document["services"].items():
        for port in sorted(_declared(name, service, images.get(name, {}), probe)):
            if not service.get("networks"):
                raise HostError(f"{name} is in no network where an edge could find it: choose strategy: stop-first")
            if port in found:
                raise HostError(
                    f"the services {found[port].service} and {name} both listen on {port}, which one edge cannot tell "
                    "apart: give them different ports, or choose strategy: stop-first"
                )
            found[port] = Route(name, port, _is_http(name, port, probe, settings), _slots(service), _check(name, probe))
    if not found:
        raise HostError(
            f"no service of {document['name']} has a port, so there is nothing to switch: choose strategy: stop-first"
        )
    return [found[port] for port in sorted(found)]


def preview_port(port: int) -> int:
    """Return the port of the edge that leads to the colour under judgement instead of the serving one."""
    return port + _SHIFT if port + _SHIFT < _PORTS else port - _SHIFT


def judged(found: List[Route], probe: Optional[Dict[str, Any]]) -> Optional[Route]:
    """Return the route that health is asked through, or None when the catalogue asks the containers only."""
    if not probe or not probe.get("port"):
        return None
    return next((one for one in found if (one.service, one.port) == (probe["service"], int(probe["port"]))), None)


def _declared(name: str, service: Dict[str, Any], image: Dict[str, Any], probe: Optional[Dict[str, Any]]) -> Set[int]:
    found = set()
    for port in service.get("ports", []):
        if port.get("protocol", "tcp") != "tcp":
            raise HostError(
                f"{name} publishes {port['target']}/{port['protocol']}, which the edge cannot hold: "
                "choose strategy: stop-first"
            )
        found.add(int(port["target"]))
    exposed = [*(service.get("expose") or []), *((image.get("Config") or {}).get("ExposedPorts") or {})]
    found |= {int(number) for number, _, kind in (str(one).partition("/") for one in exposed) if _plain(number, kind)}
    if probe and probe.get("service") == name and probe.get("port"):
        found.add(int(probe["port"]))
    return found


def _plain(number: str, kind: str) -> bool:
    return number.isdigit() and kind in ("", "tcp")


def _is_http(name: str, port: int, probe: Optional[Dict[str, Any]], settings: Settings) -> bool:
    asked = bool(probe and (probe.get("service"), int(probe.get("port") or 0)) == (name, port) and probe.get("http"))
    return asked or port in settings.http


def _slots(service: Dict[str, Any]) -> int:
    """Return how many targets to provide for: room to grow to the next power of two without touching the edge."""
    slots = 2
    while slots < compose.replicas(service):
        slots *= 2
    return slots


def _check(name: str, probe: Optional[Dict[str, Any]]) -> Optional[Check]:
    if not probe or probe.get("service") != name or not probe.get("port"):
        return None
    kind = "tcp" if probe.get("tcp") else "https" if probe.get("https") else "http"
    path = str(probe.get("http") or probe.get("https") or "/")
    return Check(kind, int(probe["port"]), path, probe.get("host_header"))
