"""The action's settings, what it makes of hosts' answers, and what the terminal shows."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.action import place, prometheus
from ansible_collections.tta.ops.plugins.plugin_utils.prometheus_backend import told
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

SETTINGS = {"url": "http://10.0.0.9:9090", "folder": "/etc/prometheus/tta", "blackbox": "127.0.0.1:9115"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": ""}, "observation_prometheus.url is not set"),
        ({"url": "10.0.0.9:9090"}, "an address that begins with http"),
        ({"grafana": "http://ada:secret@10.0.0.9"}, "has a login in it"),
        ({"place": "x"}, "has place, which is no key of it"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(change: dict[str, str], said: str) -> None:
    assert prometheus._checked(SETTINGS)["grafana"] == ""
    with pytest.raises(Refusal, match=said):
        prometheus._checked(SETTINGS | change)


def test_only_what_serves_is_published_one_a_host() -> None:
    serving: dict[str, Any] = {"release": {"number": 1}, "published": {"web": {"80": "10.0.0.5:80"}}}
    gone: dict[str, Any] = {"release": None, "published": {}}
    assert prometheus._published([{"components": {"web": serving, "old": gone}}, {"components": {"web": serving}}]) == {
        "web": [serving["published"]] * 2
    }


def test_a_file_is_replaced_at_one_moment_whatever_its_name() -> None:
    command = place.write("/etc/a b/$(x).yml")
    assert "mkdir -p '/etc/a b'" in command
    assert command.endswith("mv -f \"$t\" '/etc/a b/$(x).yml'")


def test_the_report_says_what_was_not_probed_and_where_the_dashboard_is() -> None:
    one: dict[str, Any] = {
        "component": "web",
        "verdict": "inconclusive",
        "uptime_percent": 71.42,
        "upper_percent": 100.0,
        "slots": 10080,
        "unknown": 2880,
        "cause": "48 h not probed",
        "earliest": "2026-12-01T00:00:00Z",
        "board": "http://grafana/d/tta-sta-web",
    }
    report = told.report({"component": "web"}, "staging", [one])
    assert report["rows"][0][1].startswith("inconclusive: up 71.42 % to 100.00 % of 10080 minutes (2880 not probed)")
    assert [row[1] for row in report["rows"][1:]] == ["48 h not probed", "http://grafana/d/tta-sta-web"]
    empty = told.report({"component": None}, "staging", [{**one, "uptime_percent": None}])
    assert "no minute of it counts yet" in empty["rows"][0][1]
