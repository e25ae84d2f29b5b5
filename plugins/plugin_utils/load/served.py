"""What is under load: the artifact that serves in the environment now, and where its ports are. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ..gates.addresses import addressed
from ..refusal import Refusal

_EVERYWHERE = ("0.0.0.0", "::", "[::]", "127.0.0.1", "")  # noqa: S104 - what is published everywhere, not where we listen


class Served(NamedTuple):
    """`address` is what locust calls its host; `variables` are those of `tests.load.environment`."""

    artifact: dict[str, Any]
    release: int
    address: str
    variables: dict[str, str]
    entries: list[dict[str, Any]]


def find(operation: Mapping[str, Any], answer: Mapping[str, Any]) -> Served:
    """Return what serves; `answer` is what the host says of its status. Raises `Refusal` without one."""
    component, target, entry = operation["component"], operation["target"], operation["entry"]
    if not entry["services"]:
        carrier = entry.get("carried_by")
        raise Refusal(
            f"{component} has no service of its own to put load on",
            "a component with services",
            f"-e component={carrier}" if carrier else "",
        )
    here = ((answer.get("status") or {}).get("environments") or {}).get(target) or {}
    facts = (here.get("components") or {}).get(component) or {}
    if not facts.get("release"):
        deploy = f"ansible-playbook deploy.yml -e component={component} -e target={target}"
        raise Refusal(f"{component} does not serve in {target}", "a release that serves there", deploy)
    release, published = facts["release"], facts.get("published") or {}
    address = operation["environments"][target]["address"]

    def at(service: str, port: str) -> str:
        found = (published.get(service) or {}).get(port)
        if not found:
            raise Refusal(
                f"{service} does not publish port {port} in {target}", "a published port", "docker compose config"
            )
        host, _, number = str(found).rpartition(":")
        return f"{address if host in _EVERYWHERE else host}:{number}"

    health = entry.get("health") or {}
    if not health.get("service") or not health.get("port"):
        raise Refusal(
            f"nobody knows at which port {component} is asked",
            f"components.{component}.health with service and port in the catalogue",
        )
    variables = addressed((entry["tests"].get("load") or {}).get("environment") or {}, at)
    where = f"http://{at(str(health['service']), str(health['port']))}"
    artifact = dict(release["artifact"])
    return Served(artifact, int(release["number"]), where, variables, (here.get("ledger") or {}).get("entries") or [])


def locustfiles(operation: Mapping[str, Any]) -> list[str]:
    """Return the locustfiles that the catalogue names; raises `Refusal` without any."""
    component = operation["component"]
    declared = (operation["entry"]["tests"].get("load") or {}).get("paths") or []
    if not declared:
        raise Refusal(
            f"{component} has no load test",
            f"components.{component}.tests.load in the catalogue, with the path of a locustfile",
            f"{{paths: [tests/load/test_{component}_load.py]}}",
        )
    return [str(path) for path in declared]
