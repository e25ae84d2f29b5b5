"""Sums up: every gate of every catalogue was seen, with its real tool, to pass, to fail and to be inconclusive."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from lamp import ROOT, SEEN

HERE = Path(__file__).parent
VERDICTS = ("pass", "fail", "inconclusive")
# Outdated packages are a warning that lets everything through.
NEVER = {("production", "packages-current", "fail")}


def test_every_gate_was_seen_with_each_verdict(request: pytest.FixtureRequest) -> None:
    ran = {item.path.name for item in request.session.items}
    options = request.config.option
    if {path.name for path in HERE.glob("test_*.py")} - ran or options.keyword or options.markexpr:
        pytest.skip("only a part of the fixtures was run")
    wanted = set()
    for stage in ("staging", "production", "verification", "smoke"):
        [gates] = yaml.safe_load((ROOT / f"roles/quality_gates/defaults/main/{stage}.yml").read_text()).values()
        wanted |= {(stage, gate["name"], verdict) for gate in gates for verdict in VERDICTS}
    assert sorted(wanted - SEEN - NEVER) == []
    assert not NEVER & SEEN
