"""What is probed, and how the blackbox exporter is to judge the answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

TIMEOUT = "5s"
PROBE = "tta-probe"
# JMESPath that a regular expression on the body can say: one member of the top that equals a text, a number or a word.
_EQUALS = re.compile(r"^\s*([A-Za-z_]\w*)\s*==\s*(?:'([^']*)'|`\"?([^`\"]*)\"?`)\s*$")


class Target(NamedTuple):
    """One thing to probe: `addresses` one a host; `metrics` are addresses of the component's own numbers."""

    component: str
    environment: str
    module: str
    addresses: list[str]
    metrics: list[str]
    metrics_path: str
    p95_ms: float | None


class Found(NamedTuple):
    """Targets, the blackbox exporter's modules, and sentences on what cannot be probed as the recorder would."""

    targets: list[Target]
    modules: dict[str, Any]
    problems: list[str]


def find(
    environment: str, components: Mapping[str, Mapping[str, Any]], published: Mapping[str, Iterable[Mapping[str, Any]]]
) -> Found:
    """Return what to probe of `components`; `published` has of each `[{service: {port: ADDRESS:PORT}}]`, one a host."""
    targets, modules, problems = [], {}, []
    for name, entry in sorted(components.items()):
        hosts = list(published.get(name) or [])
        health = entry.get("health") or {}
        if not hosts:
            continue
        if not health.get("service") or not health.get("port"):
            problems.append(f"{name} has a health of its container only: Prometheus cannot see it, the recorder can")
            continue
        found = [str((one.get(health["service"]) or {}).get(str(health["port"])) or "") for one in hosts]
        if not all(found):
            problems.append(f"{health['service']} does not publish port {health['port']}: nothing to probe of {name}")
            continue
        module, said = _module(health)
        problems += [f"{name}: {said}"] if said else []
        modules[f"tta_{name}"] = module
        http = bool(health.get("http"))
        addresses = [f"http://{one}{health['http']}" if http else one for one in found]
        path = str((entry.get("monitoring") or {}).get("metrics") or "")
        p95 = (entry.get("sla") or {}).get("p95_ms")
        targets.append(Target(name, environment, f"tta_{name}", addresses, found if path else [], path, p95))
    return Found(targets, modules, problems)


def _module(health: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the module for a health, and what of it the exporter cannot judge."""
    if not health.get("http"):
        return {"prober": "tcp", "timeout": TIMEOUT}, ""
    http: dict[str, Any] = {
        "method": "GET",
        "valid_status_codes": [200],
        "follow_redirects": False,
        "preferred_ip_protocol": "ip4",
    }
    expect, said = str(health.get("expect") or ""), ""
    equals = _EQUALS.match(expect)
    if equals:
        name, text, literal = equals.groups()
        value = f'"{re.escape(text)}"' if text is not None else f'"?{re.escape(literal)}"?'
        http["fail_if_body_not_matches_regexp"] = [f'"{name}"\\s*:\\s*{value}']
    elif expect:
        said = f"the blackbox exporter cannot judge {expect!r}, only the status: write it as name == 'text'"
    return {"prober": "http", "timeout": TIMEOUT, "http": http}, said
