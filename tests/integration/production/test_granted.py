"""The example's carbon goes to production by all eight criteria; what only weeks show is written by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import advisories
import pytest
import yaml
from ansible_collections.tta.ops.plugins.module_utils.host import canonical
from ansible_collections.tta.ops.plugins.plugin_utils import catalogue, host_program, repository
from sites.site import Site, free_port
from tiny.host import docker
from tiny.production import left_behind

GOOD = {"found": 0, "examined": 7, "said": [], "problems": []}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("granted"), f"e2e-granted-{os.getpid()}")
    path = made.inventories / "production/group_vars/production/main.yml"
    variables = yaml.safe_load(path.read_text())
    variables["environment_values"]["CARBON_PORT"] = str(free_port())
    path.write_text(yaml.safe_dump(variables | {"environment_watch": {"first": 0}}))
    made.genesis()
    try:
        with advisories.served() as served:  # what a package index knows of each release is not this test's business
            path = made.inventories / "catalogue.yml"
            known = yaml.safe_load(path.read_text())
            known["components"]["carbon"]["audit"] |= {"service": "osv", "url": served.url}
            path.write_text(yaml.safe_dump(known))
            yield made
    finally:
        for process in left_behind(made.state):
            os.kill(process, 15)
        made.remove()


def artifact(site: Site) -> dict[str, Any]:
    known = catalogue.load((site.inventories / "catalogue.yml").read_text(), "catalogue.yml")
    git = repository.git_in(str(site.monorepo))
    return repository.artifact_of(git, site.git("rev-parse", "HEAD").strip(), known["components"]["carbon"])


def record(site: Site, program: Path, event: str, run: str, **data: Any) -> None:
    given = {
        "event": event, "component": "carbon", "environment": "staging", "artifact": artifact(site),
        "actor": "Jane", "reason": "", "run": run, "data": data,
    }  # fmt: skip
    command = [sys.executable, str(program), "--json", "--state", str(site.state), "record"]
    subprocess.run(command, input=json.dumps(given).encode(), check=True, capture_output=True)


def age(path: Path, days: float) -> None:
    previous, lines = "0" * 64, []
    for line in path.read_text().splitlines():
        entry = json.loads(line)
        at = datetime.fromisoformat(entry["at"].replace("Z", "+00:00")) - timedelta(days=days)
        entry |= {"at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "prev": previous}
        del entry["hash"]
        entry["hash"] = previous = canonical.sha256(entry)
        lines.append(canonical.encode(entry) + b"\n")
    path.write_bytes(b"".join(lines))


def images(site: Site, environment: str) -> str:
    chosen = (f"label=tta.ops.environment={environment}", "label=tta.ops.service=carbon", f"name={site.name}")
    found = docker("ps", "--quiet", *(word for one in chosen for word in ("--filter", one))).split()
    return docker("inspect", "--format", "{{.Image}}", found[0]).strip()


def test_all_eight_criteria_hold_and_the_same_image_serves_in_both_environments(site: Site, tmp_path: Path) -> None:
    program = tmp_path / "tta-ops"
    program.write_bytes(host_program.build().data)
    record(site, program, "promoted", "judged-1", stage="staging")
    site.play("deploy.yml", "-e", "component=carbon", "-e", "target=staging")
    age(site.state / "staging/ledger.jsonl", 8)
    now = datetime.now(UTC)
    moments = {key: f"{at:%Y-%m-%dT%H:%M:%SZ}" for key, at in (("from", now - timedelta(days=7.9)), ("until", now))}
    counts = {"slots": 11376, "up": 11376, "down": 0, "unknown": 0, "maintenance": 0}
    findings = dict.fromkeys(("logs", "metrics", "tests", "incidents"), GOOD)
    record(site, program, "observed", "seen-1", **moments, **counts, upper_percent=100.0, findings=findings)
    expires = f"{now + timedelta(days=14):%Y-%m-%dT%H:%M:%SZ}"
    document = {"findings": [], "sections": ["quick", "full", "validation"]}
    facts = {"checks": 5, "failed": 0, "mode": "quick", "clean": True, "findings": [], "recovery_seconds": 4}
    record(site, program, "rehearsed", "rehearsal-1", **facts, document=document, expires=expires)
    load = {"requests": 9000, "failed": 0, "p95_ms": 40, "p99_ms": 90, "throughput_rps": 150, "error_rate": 0.0}
    record(site, program, "load-tested", "load-1", **load, regressions=[], problems=[], failures={})
    done = site.play("promote-production.yml", "-e", "component=carbon", "-e", "approve=yes", check=False)
    assert "PROMOTED carbon → production 8/8" in done.stdout, done.stdout
    assert "waived" not in done.stdout
    assert images(site, "production") == images(site, "staging")
    promoted = site.ledger("production")[-1] if site.ledger("production") else {}
    assert [entry["event"] for entry in site.ledger("production") if entry["component"] == "carbon"][:3] == [
        "approved",
        "deployed",
        "promoted",
    ], promoted
    assert "8/8 criteria met" in (site.monorepo / "src/components/carbon/MATURITY.md").read_text()
