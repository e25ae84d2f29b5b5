"""`observe.yml` with `observation_backend: prometheus`: files for what serves, and `observed` from real probes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.prometheus_backend import asking
from tiny.site import TinySite, tiny_site

GIVEN = ("-e", "component=web", "-e", "target=staging")


@pytest.fixture
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySite]:
    with tiny_site(tmp_path_factory.mktemp("prometheus"), f"e2e-prom-{os.getpid()}") as made:
        made.monorepo.commit("one")
        assert made.host.deploy()["outcome"] == "deployed"
        made.promoted()
        yield made


def test_the_files_are_written_for_what_serves_and_the_report_goes_into_the_ledger(
    tiny: TinySite, programs, tmp_path: Path
) -> None:
    folder, blackbox, server = tmp_path / "tta", programs.free_port(), programs.free_port()
    own = {"url": f"http://127.0.0.1:{server}", "folder": str(folder), "blackbox": f"127.0.0.1:{blackbox}"}
    tiny.set(observation_backend="prometheus", observation_prometheus={**own, "grafana": "http://grafana.example:3000"})

    begun = tiny.site.play("observe.yml", *GIVEN, "-e", "do=start")
    again = tiny.site.play("observe.yml", *GIVEN, "-e", "do=start")
    assert (folder / "tests" / "web.test.yml").exists(), begun.stdout
    assert "changed" not in again.stdout, again.stdout

    silent = tiny.site.play("observe.yml", *GIVEN, check=False)
    assert silent.returncode != 0
    assert "does not answer" in " ".join(silent.stdout.split())

    programs.blackbox(blackbox, folder / "blackbox.yml")
    programs.prometheus(folder / "prometheus.yml", tmp_path / "data", server)
    end = time.monotonic() + 100
    while sum(map(len, asking.samples(own["url"], "web", "staging", time.time() - 600, time.time()))) < 5:
        assert time.monotonic() < end, "Prometheus never probed"
        time.sleep(1)
    told = " ".join(tiny.site.play("observe.yml", *GIVEN).stdout.split())

    entry = tiny.host.ledger()[-1]
    assert entry["event"] == "observed", told
    assert entry["artifact"]["tree"] == tiny.monorepo.artifact()["tree"]
    data = entry["data"]
    assert data["source"] == "prometheus"
    assert data["up"] >= 1, data
    assert (data["down"], data["verdict"]) == (0, "inconclusive")
    assert "http://grafana.example:3000/d/tta-sta-web" in told
