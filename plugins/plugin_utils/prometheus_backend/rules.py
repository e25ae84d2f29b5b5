"""Recording and alert rules in which a gap is no uptime. Pure.

`avg_over_time(probe_success[7d])` lets gaps vanish. Here a minute without a probe is not up, and
stays in the denominator: lower = up / 10,080 minutes, upper = (up + unknown) / the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .targets import PROBE, Target

WEEK = 7 * 24 * 60
WANTED = 0.995
# Older servers count both ends of a range: a minute as 1m would have the first sample of the next one too.
MINUTE = "59s"


def recording() -> dict[str, Any]:
    """Return the recorded series: per component and environment, one number a minute."""
    by = "by (component, environment)"
    return {
        "groups": [
            {
                "name": "tta-uptime",
                "interval": "1m",
                "rules": [
                    _record("tta:targets", f'count {by} (present_over_time(probe_success{{job="{PROBE}"}}[{MINUTE}]))'),
                    _record("tta:slot_up", f'min {by} (min_over_time(probe_success{{job="{PROBE}"}}[{MINUTE}]))'),
                    _record("tta:latency_ms", f'1000 * max {by} (probe_duration_seconds{{job="{PROBE}"}})'),
                ],
            },
            {
                "name": "tta-week",
                "interval": "5m",
                "rules": [
                    _record("tta:slots_up7d", "sum_over_time(tta:slot_up[7d:1m])"),
                    _record("tta:slots_known7d", "count_over_time(tta:slot_up[7d:1m])"),
                    _record("tta:uptime_lower7d", f"tta:slots_up7d / {WEEK}"),
                    _record("tta:uptime_upper7d", f"(tta:slots_up7d + ({WEEK} - tta:slots_known7d)) / {WEEK}"),
                ],
            },
        ]
    }


def alerts(targets: Sequence[Target]) -> dict[str, Any]:
    """Return the alerts; absent() and the expected count are said for each component, since absence has no labels."""
    rules: list[dict[str, Any]] = [
        _alert("TtaDown", "tta:slot_up == 0", "2m", "critical", "{{ $labels.component }} does not answer as it should"),
        _alert(
            "TtaUptimeLost",
            f"tta:uptime_upper7d < {WANTED}",
            "0m",
            "critical",
            "{{ $labels.component }} cannot reach 99.5 % in these 7 days any more",
        ),
        _alert("TtaProberDown", f'up{{job="{PROBE}"}} == 0', "2m", "critical", "nobody probes {{ $labels.component }}"),
    ]
    for one in targets:
        chosen = f'{{job="{PROBE}", component="{one.component}", environment="{one.environment}"}}'
        labels = {"component": one.component, "environment": one.environment}
        own = f'component="{one.component}", environment="{one.environment}"'
        rules.append(
            _alert(
                "TtaNotProbed",
                f"absent(probe_success{chosen})",
                "3m",
                "critical",
                f"{one.component} is not probed",
                labels,
            )
        )
        rules.append(
            _alert(
                "TtaTargetsMissing",
                f"tta:targets{{{own}}} < {len(one.addresses)}",
                "3m",
                "warning",
                f"{{{{ $value }}}} of {len(one.addresses)} targets of {one.component} are probed",
                labels,
            )
        )
        if one.p95_ms:
            rules.append(
                _alert(
                    "TtaSlow",
                    f"quantile_over_time(0.95, tta:latency_ms{{{own}}}[15m]) > {one.p95_ms:g}",
                    "5m",
                    "warning",
                    f"{one.component} promises p95 of {one.p95_ms:g} ms; its probes took {{{{ $value }}}} ms",
                    labels,
                )
            )
    return {"groups": [{"name": "tta-alerts", "interval": "1m", "rules": rules}]}


def _record(name: str, expression: str) -> dict[str, str]:
    return {"record": name, "expr": expression}


def _alert(
    name: str, expression: str, lasting: str, severity: str, summary: str, labels: dict[str, str] | None = None
) -> dict[str, Any]:
    return {
        "alert": name,
        "expr": expression,
        "for": lasting,
        "labels": {"severity": severity, **(labels or {})},
        "annotations": {"summary": summary},
    }
