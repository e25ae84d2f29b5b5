"""The files of the backend: what is probed, what alerts, what is drawn."""

from __future__ import annotations

import json
from typing import Any

import yaml
from ansible_collections.tta.ops.plugins.plugin_utils.prometheus_backend import files, grafana, targets

CARBON: dict[str, Any] = {
    "health": {"service": "carbon", "port": 8080, "http": "/health", "expect": "status == 'ok'"},
    "monitoring": {"metrics": "/metrics"},
    "sla": {"p95_ms": 150},
}
COMPONENTS = {
    "carbon": CARBON,
    "edge": {"health": {"service": "edge", "port": 80, "tcp": True}},
    "redis": {"health": {"container": True}},
    "away": CARBON,
}
PUBLISHED = {
    "carbon": [{"carbon": {"8080": "10.0.0.5:18081"}}, {"carbon": {"8080": "10.0.0.6:18081"}}],
    "edge": [{"edge": {"80": "10.0.0.5:80"}}],
    "redis": [{}],
}


def found() -> targets.Found:
    return targets.find("staging", COMPONENTS, PUBLISHED)


def written() -> dict[str, Any]:
    texts = files.of(found(), "/etc/tta", "http://127.0.0.1:9090", "127.0.0.1:9115")
    return {name: json.loads(text) if name.endswith(".json") else yaml.safe_load(text) for name, text in texts.items()}


def test_what_serves_is_probed_at_each_host_and_what_cannot_be_is_said():
    assert [(one.component, one.addresses) for one in found().targets] == [
        ("carbon", ["http://10.0.0.5:18081/health", "http://10.0.0.6:18081/health"]),
        ("edge", ["10.0.0.5:80"]),
    ]
    assert found().problems == ["redis has a health of its container only: Prometheus cannot see it, the recorder can"]


def test_the_exporter_judges_the_body_and_follows_no_redirect():
    http = written()["blackbox.yml"]["modules"]["tta_carbon"]["http"]
    assert http["fail_if_body_not_matches_regexp"] == [r'"status"\s*:\s*"ok"']
    assert http["follow_redirects"] is False
    assert written()["blackbox.yml"]["modules"]["tta_edge"] == {"prober": "tcp", "timeout": "5s"}


def test_what_a_regular_expression_cannot_say_is_said():
    entry = {"health": {**CARBON["health"], "expect": "length(items) > `3`"}}
    said = targets.find("staging", {"carbon": entry}, PUBLISHED).problems
    assert "cannot judge 'length(items) > `3`'" in said[0]


def test_probes_go_through_the_exporter_with_the_components_module():
    probe, exporter, own = written()["prometheus.yml"]["scrape_configs"]
    labels = probe["static_configs"][0]["labels"]
    assert labels == {"component": "carbon", "environment": "staging", "__param_module": "tta_carbon"}
    assert probe["relabel_configs"][-1] == {"target_label": "__address__", "replacement": "127.0.0.1:9115"}
    assert exporter["static_configs"] == [{"targets": ["127.0.0.1:9115"]}]
    assert (own["job_name"], own["metrics_path"]) == ("tta-carbon", "/metrics")
    assert own["static_configs"][0]["targets"] == ["10.0.0.5:18081", "10.0.0.6:18081"]


def test_absence_and_the_expected_count_alert_for_each_component():
    rules = written()["rules/tta-alerts.rules.yml"]["groups"][0]["rules"]
    own = {
        (rule["alert"], rule["labels"].get("component")): rule["expr"]
        for rule in rules
        if "component" in rule["labels"]
    }
    assert own["TtaNotProbed", "edge"] == (
        'absent(probe_success{job="tta-probe", component="edge", environment="staging"})'
    )
    assert own["TtaTargetsMissing", "carbon"] == 'tta:targets{component="carbon", environment="staging"} < 2'
    assert ("TtaSlow", "edge") not in own


def test_a_dashboard_each_whose_address_is_known_and_whose_panels_do_not_overlap():
    one = found().targets[0]
    board = written()["grafana/dashboards/carbon.json"]
    assert grafana.address("http://grafana:3000/", one) == f"http://grafana:3000/d/{board['uid']}"
    assert grafana.address("", one) == ""
    cells = [
        (x, y)
        for panel in board["panels"]
        for place in [panel["gridPos"]]
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    source = written()["grafana/provisioning/datasources/tta.yml"]["datasources"][0]["uid"]
    assert {panel["datasource"]["uid"] for panel in board["panels"]} == {source}
