"""From the user's Compose file, as Compose resolves it, to the project of one component. Pure: documents in and out.

A *document* is the JSON of ``docker compose config``. The component's project holds its services only, with pinned
images; networks and volumes keep the names the user's own Compose would give them, and are external to the project.
"""

from __future__ import annotations

import copy
import re
from pathlib import PurePosixPath
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Set

from .errors import HostError

Document = Dict[str, Any]
LABEL_COMPONENT, LABEL_ENVIRONMENT, LABEL_RELEASE = "tta.ops.component", "tta.ops.environment", "tta.ops.release"


class Port(NamedTuple):
    """A fixed port of the host that a service publishes; ``address`` is empty for all addresses.

    ``target`` is the container's port that it leads to.
    """

    service: str
    address: str
    port: int
    protocol: str
    target: int = 0


class Shared(NamedTuple):
    """A network or volume outside the project: ``options`` create it as the user's own Compose would."""

    kind: str
    name: str
    options: List[str]
    declared_external: bool


def project_name(document: Document, component: str) -> str:
    """Return the name of the component's own Compose project."""
    return f"{document['name']}-{component}"


def require_services(document: Document, component: str, services: Sequence[str]) -> None:
    """Refuse a component whose services the Compose file does not have."""
    known = sorted(document.get("services") or {})
    missing = [name for name in services if name not in known]
    if not services:
        raise HostError(f"{component} has no services of its own to deploy: deploy the component that carries it")
    if missing:
        raise HostError(
            f"the Compose file has no service {', '.join(missing)} of {component}: it has {', '.join(known)}"
        )


def project(
    document: Document, component: str, services: Sequence[str], images: Dict[str, str], source: str
) -> Document:
    """Return the document that runs ``services`` alone; ``images`` maps each to the image id it runs.

    Paths below ``source`` become relative to it, so that equal releases are equal wherever they are kept.
    """
    chosen = {name: _service(document, name, services, images[name], source) for name in services}
    networks = {key for service in chosen.values() for key in service.get("networks") or {}}
    volumes = {mount["source"] for service in chosen.values() for mount in service.get("volumes", []) if _named(mount)}
    result: Document = {"name": project_name(document, component), "services": chosen}
    for section, used in (("networks", networks), ("volumes", volumes)):
        if used:
            known = document[section]
            result[section] = {key: {"external": True, "name": known[key]["name"]} for key in sorted(used)}
    for section in ("configs", "secrets"):
        used = {_source(item) for service in chosen.values() for item in service.get(section, [])}
        if used:
            result[section] = {key: _with_relative_file(document[section][key], source) for key in sorted(used)}
    return result


def labelled(document: Document, component: str, environment: str, release: int) -> Document:
    """Return ``document`` with labels that say on every container what it belongs to."""
    result = copy.deepcopy(document)
    labels = {LABEL_COMPONENT: component, LABEL_ENVIRONMENT: environment, LABEL_RELEASE: str(release)}
    for service in result["services"].values():
        service["labels"] = {**(service.get("labels") or {}), **labels}
    return result


def _service(document: Document, name: str, services: Sequence[str], image: str, source: str) -> Document:
    service: Document = copy.deepcopy(document["services"][name])
    for key in ("build", "profiles", "develop"):
        service.pop(key, None)
    _refuse_ties(name, service, services)
    service.update(image=image, pull_policy="never")
    kept = {key: value for key, value in (service.pop("depends_on", None) or {}).items() if key in services}
    if kept:
        service["depends_on"] = kept
    links = [link for link in service.pop("links", None) or [] if link.partition(":")[0] in services]
    if links:
        service["links"] = links
    for mount in service.get("volumes", []):
        if mount["type"] == "bind":
            mount["source"] = _relative(mount["source"], source)
    return service


def _refuse_ties(name: str, service: Document, services: Sequence[str]) -> None:
    """Refuse what binds a service to a container of another component: it could not be replaced alone."""
    ties = [str(service.get(key) or "") for key in ("network_mode", "ipc", "pid")]
    ties += [f"service:{other.partition(':')[0]}" for other in service.get("volumes_from") or []]
    for tie in ties:
        kind, _, other = tie.partition(":")
        if kind == "service" and other not in services:
            raise HostError(
                f"the service {name} shares a namespace or volumes with {other}, which is of another component: "
                "put both into one component"
            )
    for link in service.get("links") or []:
        other, _, alias = link.partition(":")
        if other not in services and alias not in ("", other):
            raise HostError(
                f"the service {name} links to {other} as {alias}: give {other} the network alias {alias} instead"
            )


def _relative(path: str, source: str) -> str:
    try:
        return f"./{PurePosixPath(path).relative_to(source)}"
    except ValueError:
        return path


def _with_relative_file(section: Document, source: str) -> Document:
    return {**section, "file": _relative(section["file"], source)} if "file" in section else section


def _source(item: Any) -> str:
    return str(item if isinstance(item, str) else item["source"])


def _named(mount: Document) -> bool:
    return mount["type"] == "volume" and bool(mount.get("source"))


def own_files(document: Document) -> List[str]:
    """Return the relative paths that the project's services mount from the commit."""
    mounts = [
        mount["source"]
        for service in document["services"].values()
        for mount in service.get("volumes", [])
        if mount["type"] == "bind"
    ]
    sections = [*document.get("configs", {}).values(), *document.get("secrets", {}).values()]
    paths = [*mounts, *(section["file"] for section in sections if "file" in section)]
    return sorted({path[2:] for path in paths if path.startswith("./")})


def ports(document: Document) -> List[Port]:
    """Return the fixed host ports that the project publishes (ranges are left to the engine)."""
    found = []
    for name, service in document["services"].items():
        for port in service.get("ports", []):
            if str(port.get("published", "")).isdigit() and int(port["published"]):
                address, protocol = port.get("host_ip", ""), port.get("protocol", "tcp")
                found.append(Port(name, address, int(port["published"]), protocol, int(port["target"])))
    return found


def replicas(service: Document) -> int:
    """Return how many containers a service should have."""
    declared: Optional[int] = service.get("scale", (service.get("deploy") or {}).get("replicas"))
    return 1 if declared is None else int(declared)


def runs_once(document: Document) -> Set[str]:
    """Return the services that are meant to end: others wait for their success."""
    return {
        other
        for service in document["services"].values()
        for other, how in (service.get("depends_on") or {}).items()
        if how.get("condition") == "service_completed_successfully"
    }


def shared(document: Document, used: Document) -> List[Shared]:
    """Return the networks and volumes that ``used`` (a project) needs, as declared in the user's ``document``."""
    found = []
    for kind, section in (("network", "networks"), ("volume", "volumes")):
        for key in used.get(section, {}):
            declared = document[section][key] or {}
            options = _options(kind, key, declared, document["name"])
            found.append(Shared(kind, declared["name"], options, bool(declared.get("external"))))
    return found


def _options(kind: str, key: str, declared: Document, project: str) -> List[str]:
    labels = {
        **(declared.get("labels") or {}),
        "com.docker.compose.project": project,
        f"com.docker.compose.{kind}": key,
    }
    options = [f"--label={name}={value}" for name, value in sorted(labels.items())]
    if declared.get("driver"):
        options.append(f"--driver={declared['driver']}")
    options += [f"--opt={name}={value}" for name, value in sorted((declared.get("driver_opts") or {}).items())]
    if kind == "network":
        flags = (("internal", "--internal"), ("attachable", "--attachable"), ("enable_ipv6", "--ipv6"))
        options += [flag for name, flag in flags if declared.get(name)]
        for pool in (declared.get("ipam") or {}).get("config") or []:
            options += [
                f"--{name.replace('_', '-')}={pool[name]}"
                for name in ("subnet", "gateway", "ip_range")
                if pool.get(name)
            ]
    return options


def build_document(
    document: Document, services: Dict[str, str], labels: Dict[str, str], source: str, files: str
) -> Document:
    """Return a document that builds ``services`` (name → tag of its image) from ``files`` instead of ``source``.

    Build contexts must lie in the commit: anything else is not part of the artifact.
    """
    chosen = {}
    for name, tag in services.items():
        build = copy.deepcopy(document["services"][name]["build"])
        context = PurePosixPath(build["context"])
        try:
            build["context"] = str(PurePosixPath(files) / context.relative_to(source))
        except ValueError:
            raise HostError(
                f"{name} is built from {context}, which is not part of the monorepo: use a folder of the commit"
            ) from None
        build["labels"] = {**(build.get("labels") or {}), **labels}
        chosen[name] = {"image": tag, "build": build}
    result: Document = {"name": re.sub(r"[^a-z0-9_-]", "-", document["name"]), "services": chosen}
    if document.get("secrets"):
        result["secrets"] = document["secrets"]
    return result
