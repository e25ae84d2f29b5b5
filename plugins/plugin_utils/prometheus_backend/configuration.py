"""Prometheus's scrape configuration and the blackbox exporter's modules. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from .targets import PROBE, Found, Target

EVERY = "15s"
HEAD = "# Written by tta.ops (observe.yml -e do=start); what is changed here by hand is overwritten.\n"


def text(document: Any) -> str:
    """Return a document as YAML with a head that says whose it is."""
    return HEAD + yaml.safe_dump(document, sort_keys=False, width=120, allow_unicode=True)


def scrape(targets: Sequence[Target], blackbox: str, rules: str, every: str = EVERY) -> dict[str, Any]:
    """Return the whole configuration; `blackbox` is the exporter's ADDRESS:PORT, `rules` where the rule files are."""
    jobs = [_probe(targets, blackbox), {"job_name": "tta-blackbox", "static_configs": [{"targets": [blackbox]}]}]
    measured = [one for one in targets if one.metrics]
    jobs += [
        {
            "job_name": f"tta-{one.component}",
            "metrics_path": one.metrics_path,
            "static_configs": [{"targets": one.metrics, "labels": _labels(one)}],
        }
        for one in measured
    ]
    return {
        "global": {"scrape_interval": every, "evaluation_interval": every},
        "rule_files": [rules],
        "scrape_configs": jobs,
    }


def modules(found: Found) -> dict[str, Any]:
    """Return the blackbox exporter's configuration."""
    return {"modules": dict(found.modules)}


def _probe(targets: Sequence[Target], blackbox: str) -> dict[str, Any]:
    static = [{"targets": one.addresses, "labels": {**_labels(one), "__param_module": one.module}} for one in targets]
    return {
        "job_name": PROBE,
        "metrics_path": "/probe",
        "static_configs": static,
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "instance"},
            {"target_label": "__address__", "replacement": blackbox},
        ],
    }


def _labels(one: Target) -> Mapping[str, str]:
    return {"component": one.component, "environment": one.environment}
