"""Grafana's provisioning: where Prometheus is, where dashboards are, and one dashboard a component. Pure."""

from __future__ import annotations

from typing import Any

from .targets import Target

SOURCE = "tta-prometheus"


def datasources(url: str) -> dict[str, Any]:
    """Return the provisioned data source."""
    source = {"name": "Prometheus (tta.ops)", "uid": SOURCE, "type": "prometheus", "access": "proxy", "url": url}
    return {"apiVersion": 1, "datasources": [source]}


def providers(folder: str) -> dict[str, Any]:
    """Return the provider that reads dashboards from a folder."""
    provider = {
        "name": "tta.ops",
        "folder": "tta.ops",
        "type": "file",
        "allowUiUpdates": False,
        "options": {"path": folder},
    }
    return {"apiVersion": 1, "providers": [provider]}


def uid(one: Target) -> str:
    """Return the dashboard's name in its address; Grafana allows 40 characters."""
    return f"tta-{one.environment[:3]}-{one.component}"[:40]


def address(grafana: str, one: Target) -> str:
    """Return where the dashboard is, empty without Grafana."""
    return f"{grafana.rstrip('/')}/d/{uid(one)}" if grafana else ""


def dashboard(one: Target) -> dict[str, Any]:
    """Return the dashboard of a component: answers, uptime with what is unknown, latency, targets, CPU, memory."""
    own = f'component="{one.component}", environment="{one.environment}"'
    job = f'job="tta-{one.component}", {own}'
    panels = [
        _panel("Answers (gaps were not probed)", "state-timeline", [f"tta:slot_up{{{own}}}"], "short", 24, 5),
        _panel("Uptime of 7 days, at least", "stat", [f"tta:uptime_lower7d{{{own}}}"], "percentunit", 6, 5),
        _panel("… at most (gaps as up)", "stat", [f"tta:uptime_upper7d{{{own}}}"], "percentunit", 6, 5),
        _panel("Minutes nobody looked", "stat", [f"10080 - tta:slots_known7d{{{own}}}"], "short", 6, 5),
        _panel("Targets probed", "stat", [f"tta:targets{{{own}}}"], "short", 6, 5),
        _panel("Probe latency", "timeseries", [f"tta:latency_ms{{{own}}}"], "ms", 12, 8),
        _panel(
            "Alerts", "timeseries", [f'count by (alertname) (ALERTS{{alertstate="firing", {own}}})'], "short", 12, 8
        ),
    ]
    if one.metrics:
        panels += [
            _panel("CPU", "timeseries", [f"rate(process_cpu_seconds_total{{{job}}}[5m])"], "percentunit", 12, 8),
            _panel("Memory", "timeseries", [f"process_resident_memory_bytes{{{job}}}"], "bytes", 12, 8),
        ]
    return {
        "uid": uid(one),
        "title": f"{one.component} on {one.environment}",
        "tags": ["tta.ops", one.component, one.environment],
        "timezone": "utc",
        "schemaVersion": 39,
        "refresh": "1m",
        "time": {"from": "now-7d", "to": "now"},
        "panels": _laid_out(panels),
    }


def _panel(title: str, kind: str, queries: list[str], unit: str, width: int, height: int) -> dict[str, Any]:
    source = {"type": "prometheus", "uid": SOURCE}
    return {
        "title": title,
        "type": kind,
        "datasource": source,
        "targets": [
            {"refId": chr(65 + number), "expr": query, "datasource": source} for number, query in enumerate(queries)
        ],
        "fieldConfig": {"defaults": {"unit": unit}, "overrides": []},
        "gridPos": {"w": width, "h": height},
    }


def _laid_out(panels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give panels their places, row by row of 24 columns, and numbers."""
    x, y, tallest = 0, 0, 0
    for number, panel in enumerate(panels, 1):
        place = panel["gridPos"]
        if x + place["w"] > 24:
            x, y, tallest = 0, y + tallest, 0
        panel["id"] = number
        place.update(x=x, y=y)
        x, tallest = x + place["w"], max(tallest, place["h"])
    return panels
