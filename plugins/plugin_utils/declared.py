"""What a component declares for production: its documents, how it is monitored, and which packages are audited."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping
from typing import Any

from .refusal import Refusal
from .shapes import complete, require_inside

_DOCS = {"user": "user-guide.md", "api": "api-reference.md", "troubleshooting": "troubleshooting.md"}
_MONITORING_DEFAULTS: dict[str, Any] = {"metrics": None, "alerts": []}
_AUDIT_DEFAULTS: dict[str, Any] = {"requirements": [], "service": "pypi", "url": None}
SERVICES = ("osv", "pypi")


def docs(name: str, raw: Any, where: str) -> dict[str, str]:
    """Return `{user, api, troubleshooting}`, paths in the monorepo; by default below `docs/<name>/`."""
    paths = complete(raw, {key: f"docs/{name}/{file}" for key, file in _DOCS.items()}, where)
    require_inside(paths.values(), where)
    return paths


def monitoring(raw: Any, where: str) -> dict[str, Any]:
    """Return `{metrics, alerts}`: the path of the metrics endpoint or None, and the files with alert rules."""
    found = complete(raw, _MONITORING_DEFAULTS, where)
    metrics = found["metrics"]
    if metrics is not None and not (isinstance(metrics, str) and metrics.startswith("/")):
        raise Refusal(f"{where}.metrics is {metrics!r}", "a path that begins with /, such as /metrics")
    require_inside(found["alerts"], f"{where}.alerts")
    return found


def audit(raw: Any, where: str) -> dict[str, Any]:
    """Return `{requirements, service, url}`: files with pinned packages, and the advisory service that is asked."""
    found = complete(raw, _AUDIT_DEFAULTS, where)
    require_inside(found["requirements"], f"{where}.requirements")
    if found["service"] not in SERVICES:
        raise Refusal(f"{where}.service is {found['service']!r}", f"one of {', '.join(SERVICES)}")
    url = found["url"]
    if url is None:
        return found
    if found["service"] != "osv":
        raise Refusal(
            f"{where}.url goes with the service {found['service']}", "`service: osv`, whose API can lie elsewhere"
        )
    parts = urllib.parse.urlsplit(url) if isinstance(url, str) else None
    if not parts or parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise Refusal(f"{where}.url is {url!r}", "an address such as https://api.osv.dev/v1/query, without a password")
    return found


def texts(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return what the tokens of a component's documents stand for."""
    pages = entry.get("docs") or {}
    return {
        "api_reference": str(pages.get("api", "")),
        "rollback": str(entry.get("rollback") or ""),
        "troubleshooting": str(pages.get("troubleshooting", "")),
        "user_guide": str(pages.get("user", "")),
    }


def lists(entry: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what the tokens of alert rules and packages stand for; `audited_requirements` is given to pip-audit."""
    audited = {**_AUDIT_DEFAULTS, **(entry.get("audit") or {})}
    files = list(audited["requirements"])
    elsewhere = ["--osv-url", audited["url"]] if audited["url"] else []
    asked = ["--vulnerability-service", audited["service"], *elsewhere]
    return {
        "alert_rules": list((entry.get("monitoring") or {}).get("alerts", ())),
        "audited_requirements": [*asked, *(part for path in files for part in ("--requirement", path))]
        if files
        else [],
        "requirements": files,
    }
