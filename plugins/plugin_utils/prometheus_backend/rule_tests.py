"""promtool's tests of the rules, for one component. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .rules import WEEK
from .targets import PROBE, Target


def of(one: Target, rule_files: Sequence[str]) -> dict[str, Any]:
    """Return promtool's tests for one component: down is down, a gap is not up, an absence alerts."""
    labels = f'component="{one.component}", environment="{one.environment}"'
    series = [f'probe_success{{job="{PROBE}", {labels}, instance="{address}"}}' for address in one.addresses]
    steady = [{"series": name, "values": "1x60"} for name in series]
    own = {"component": one.component, "environment": one.environment}
    down = [
        {"series": series[0], "values": "1x9 0x10 1x40"},
        *({"series": name, "values": "1x60"} for name in series[1:]),
    ]
    gap = [{"series": name, "values": "1x9 _x20 1x30"} for name in series]

    def said(name: str, text: str, **more: str) -> list[dict[str, Any]]:
        return [{"exp_labels": {"severity": "critical", **own, **more}, "exp_annotations": {"summary": text}}]

    absent = f"{one.component} is not probed"
    return {
        "rule_files": list(rule_files),
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": down,
                "alert_rule_test": [
                    {"eval_time": "5m", "alertname": "TtaDown", "exp_alerts": []},
                    {
                        "eval_time": "15m",
                        "alertname": "TtaDown",
                        "exp_alerts": said("TtaDown", f"{one.component} does not answer as it should"),
                    },
                    {"eval_time": "30m", "alertname": "TtaDown", "exp_alerts": []},
                ],
            },
            {
                "interval": "1m",
                "input_series": gap,
                "alert_rule_test": [
                    {"eval_time": "8m", "alertname": "TtaNotProbed", "exp_alerts": []},
                    {
                        "eval_time": "25m",
                        "alertname": "TtaNotProbed",
                        "exp_alerts": said("TtaNotProbed", absent, job=PROBE),
                    },
                ],
                "promql_expr_test": [
                    # 10 minutes before the gap and as many after it; the 20 between are not up
                    {
                        "expr": "tta:slots_known7d",
                        "eval_time": "40m",
                        "exp_samples": [{"labels": f"tta:slots_known7d{{{labels}}}", "value": 21}],
                    },
                ],
            },
            {
                "interval": "1m",
                "input_series": steady,
                "promql_expr_test": [
                    {
                        "expr": f"tta:uptime_lower7d * {WEEK}",
                        "eval_time": "30m",
                        "exp_samples": [{"labels": f"{{{labels}}}", "value": 31}],
                    },
                    {
                        "expr": "tta:uptime_upper7d",
                        "eval_time": "30m",
                        "exp_samples": [{"labels": f"tta:uptime_upper7d{{{labels}}}", "value": 1}],
                    },
                ],
            },
        ],
    }
