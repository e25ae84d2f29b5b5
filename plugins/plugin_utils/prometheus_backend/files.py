"""All files of the backend, by name below one folder. Pure."""

from __future__ import annotations

import json

from . import configuration, grafana, rule_tests, rules
from .targets import Found


def of(found: Found, folder: str, prometheus: str, blackbox: str) -> dict[str, str]:
    """Return `{name: text}`; `folder` is where they will be, `prometheus` the server's address for Grafana."""
    text = configuration.text
    written = {
        "prometheus.yml": text(configuration.scrape(found.targets, blackbox, f"{folder}/rules/*.rules.yml")),
        "blackbox.yml": text(configuration.modules(found)),
        "rules/tta-uptime.rules.yml": text(rules.recording()),
        "rules/tta-alerts.rules.yml": text(rules.alerts(found.targets)),
        "grafana/provisioning/datasources/tta.yml": text(grafana.datasources(prometheus)),
        "grafana/provisioning/dashboards/tta.yml": text(grafana.providers(f"{folder}/grafana/dashboards")),
    }
    for one in found.targets:
        dashboard = json.dumps(grafana.dashboard(one), indent=1, ensure_ascii=False)
        written[f"grafana/dashboards/{one.component}.json"] = dashboard + "\n"
        names = ["../rules/tta-uptime.rules.yml", "../rules/tta-alerts.rules.yml"]
        written[f"tests/{one.component}.test.yml"] = text(rule_tests.of(one, names))
    return written
