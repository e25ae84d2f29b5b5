"""The Compose document of a component's edge: one HAProxy that holds the component's ports and names. Pure."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Sequence

from . import canonical, colouring, compose, haproxy
from . import routes as routing
from .routes import Route

Document = Dict[str, Any]
LABEL_EDGE, LABEL_PORTS = "tta.ops.edge", "tta.ops.ports"
EDGE, TRIAL = "edge", "trial"
VERSION = "1"
SERVICE = "edge"
_CAPABILITIES = ["CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID"]


def project(release_project: str, kind: str = EDGE) -> str:
    """Return the name of the edge's own Compose project; ``TRIAL`` is one that is there for a judgement only."""
    return f"{release_project}-{kind}"


def document(release: Document, found: Sequence[Route], image: str, folder: str, kind: str = EDGE) -> Document:
    """Return the document of the edge for a release (its labelled document) with its routes.

    ``folder`` holds ``etc`` and ``run``. A ``TRIAL`` edge holds neither ports nor names, only the preview ports.
    """
    public = kind == EDGE
    services = {route.service: release["services"][route.service] for route in found}
    networks = {key for service in services.values() for key in service.get("networks") or {}}
    of_release = next(iter(release["services"].values()))["labels"]
    labels = {
        **{key: of_release[key] for key in (compose.LABEL_COMPONENT, compose.LABEL_ENVIRONMENT)},
        LABEL_EDGE: VERSION,
        LABEL_PORTS: json.dumps({str(route.port): route.service for route in found}, sort_keys=True),
    }
    edge: Document = {
        "image": image,
        "pull_policy": "never",
        "command": haproxy.COMMAND,
        "user": "0:0",
        "restart": "unless-stopped",
        "read_only": True,
        "cap_drop": ["ALL"],
        "cap_add": _CAPABILITIES,
        "security_opt": ["no-new-privileges:true"],
        "stop_signal": "SIGUSR1",
        "stop_grace_period": "1s",
        "labels": {**(colouring.routing_labels(release) if public else {}), **labels},
        "ports": _ports(release, found, public),
        "volumes": [
            {"type": "bind", "source": f"{folder}/etc", "target": haproxy.FOLDER, "read_only": True},
            {"type": "bind", "source": f"{folder}/run", "target": haproxy.RUN},
        ],
        "networks": {key: {"aliases": _names(services, key)} if public else {} for key in sorted(networks)},
    }
    shared = {key: release["networks"][key] for key in sorted(networks)}
    return {"name": project(release["name"], kind), "services": {SERVICE: edge}, "networks": shared}


def _ports(release: Document, found: Sequence[Route], public: bool) -> List[Document]:
    """Return what the release publishes, and the preview ports, which only this host reaches."""
    preview: List[Document] = [
        {"target": routing.preview_port(route.port), "host_ip": "127.0.0.1", "protocol": "tcp", "mode": "ingress"}
        for route in found
        if route.check and route.check.port == route.port
    ]
    own = [port for service in release["services"].values() for port in service.get("ports", [])] if public else []
    return [*own, *preview]


def _names(services: Dict[str, Document], network: str) -> List[str]:
    """Return every name under which callers in ``network`` know the services."""
    found = []
    for name, service in services.items():
        if network in (service.get("networks") or {}):
            aliases = (service["networks"][network] or {}).get("aliases") or []
            found += [name, *([service["container_name"]] if service.get("container_name") else []), *aliases]
    return sorted(set(found))


def published(containers: Sequence[Document]) -> Dict[str, Dict[str, str]]:
    """Return ``{service: {container port: "address:port"}}`` of what the edge publishes for the services behind it."""
    found: Dict[str, Dict[str, str]] = {}
    for one in containers:
        bound = one["NetworkSettings"].get("Ports") or {}
        for port, service in services_of(one).items():
            for place in (bound.get(f"{port}/tcp") or [])[:1]:
                found.setdefault(service, {})[port] = f"{place['HostIp']}:{place['HostPort']}"
    return found


def services_of(one: Document) -> Dict[str, str]:
    """Return ``{container port: service}`` of an edge's container."""
    return dict(json.loads((one["Config"].get("Labels") or {}).get(LABEL_PORTS) or "{}"))


def definition(found: Document) -> str:
    """Return a hash of all but the image: an edge that runs is not replaced for the sake of its image alone."""
    services = {name: {**one, "image": ""} for name, one in found["services"].items()}
    return canonical.sha256({**found, "services": services})


def dockerfile(base: str) -> str:
    """Return how the edge's image is built where none is configured: Debian's package on a Debian image."""
    return (
        f"FROM {base}\n"
        "RUN apt-get update -q \\\n"
        " && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends haproxy \\\n"
        " && rm -rf /var/lib/apt/lists/*\n"
    )
