"""`rollback-rehearsal.yml -e component=carbon` on the example, under load: no request of carbon's users fails."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import catalogue, host_program, repository
from sites.site import Site
from sites.standing import standing


class Users:
    """Four users who ask carbon for its health, over and over, on a connection each."""

    def __init__(self, url: str) -> None:
        self.url, self.asked, self.failures = url, 0, list[str]()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(4)]

    def __enter__(self) -> Users:
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for one in self._threads:
            one.join(20)

    def _ask(self) -> None:
        for _ in itertools.count():
            if self._over.wait(0.02):
                return
            self.asked += 1
            try:
                with urllib.request.urlopen(self.url, timeout=10) as answer:  # noqa: S310 - it is http
                    answer.read()
            except OSError as error:
                self.failures.append(repr(error))


def deployed(site: Site, folder: Path) -> None:
    """Enter the last commit's carbon as promoted, as if it had been judged, and deploy it."""
    catalogue_file = site.inventories / "catalogue.yml"
    entry = catalogue.load(catalogue_file.read_text(), "catalogue.yml")["components"]["carbon"]
    commit = site.git("rev-parse", "HEAD").strip()
    artifact = repository.artifact_of(repository.git_in(str(site.monorepo)), commit, entry)
    event = {"event": "promoted", "component": "carbon", "environment": "staging", "artifact": artifact,
             "actor": "Jane", "reason": "", "run": f"judged-{commit[:8]}", "data": {"stage": "staging"}}  # fmt: skip
    program = folder / "tta-ops"
    program.write_bytes(host_program.build().data)
    command = [sys.executable, str(program), "--json", "--state", str(site.state), "record"]
    subprocess.run(command, input=json.dumps(event), text=True, check=True, capture_output=True)
    site.play("deploy.yml", "-e", "component=carbon", "-e", "target=staging")


@pytest.mark.engine
def test_carbon_goes_there_and_back_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    with standing(tmp_path / "site", tmp_path / "evidence") as site:
        deployed(site, tmp_path)
        module = site.monorepo / "src/components/carbon_component.py"
        module.write_text(f"{module.read_text()}\n# 2\n")
        site.commit("Change carbon")
        deployed(site, tmp_path)
        with Users(f"http://127.0.0.1:{site.port}/health") as users:
            done = site.play("rollback-rehearsal.yml", "-e", "component=carbon", check=False)
        told = " ".join(done.stdout.split())
        print(told)
        assert done.returncode == 0, done.stdout
        assert "REHEARSED carbon 2 → 1 → 2 on staging; 0 of" in told
        print(f"{users.asked} requests of users, {len(users.failures)} failed")
        assert (users.failures, users.asked > 100) == ([], True)
        data = site.ledger()[-1]["data"]
        assert [bool(one["swap_ms"]) for one in data["receipts"]] == [True, True]
        page = (site.monorepo / "docs/operations/carbon_ROLLBACK.md").read_text()
        assert f"Rollback time estimate: {data['recovery_seconds']:.1f} s" in page
        assert site.git("status", "--porcelain").splitlines() != []
