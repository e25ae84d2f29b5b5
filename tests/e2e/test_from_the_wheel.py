"""From the wheel, from anywhere, at full verbosity, beside uncommitted work: a secret still appears nowhere.

Without the clone there is no ansible.cfg, so Ansible's own callback speaks, and nothing of ours could redact it.
"""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path

import pytest
from sites.site import Site
from sites.wheel import installed, without_this_clone

__all__ = ["installed"]

HALF_WRITTEN = (
    "src/components/carbon_component.py"  # would fail every test, were it judged, and never start, were it built
)


class Watcher:
    """Reads every process's arguments again and again until it is stopped."""

    def __init__(self, secret: str) -> None:
        self.secret = secret.encode()
        self.seen: set[bytes] = set()
        self.looks = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.02):
            self.looks += 1
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    arguments = process.read_bytes()
                except OSError:
                    continue  # it has ended between listing and reading
                if self.secret in arguments:
                    self.seen.add(arguments)


@pytest.fixture(scope="module")
def told(site: Site, installed: Path) -> str:
    """What a promotion prints at -vvv, while every process is watched."""
    inventories = [word for each in ("staging-homelab", "production") for word in ("-i", str(site.inventories / each))]
    playbook = [str(installed / "bin/python"), "-m", "ansible.cli.playbook", "tta.ops.promote_staging", "-vvv"]
    given = ["-e", "component=carbon", "-e", f"monorepo={site.monorepo}", "-e", "allow_dirty=true"]
    work = site.monorepo / HALF_WRITTEN
    work.write_text(f"raise NotImplementedError\n{work.read_text()}")
    with Watcher(site.secret) as watcher:
        done = subprocess.run(
            [*playbook, *inventories, *given],
            cwd="/",
            env=without_this_clone(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-5000:]
    assert watcher.looks > 50
    assert watcher.seen == set()
    return done.stdout


def test_the_wheel_does_the_same(site: Site, told: str) -> None:
    assert "7/7 criteria met" in (site.monorepo / "src/components/carbon/MATURITY.md").read_text()
    assert [each["event"] for each in site.ledger() if each["component"] == "carbon"] == ["deployed", "promoted"]


def test_uncommitted_files_are_passed_over_and_recorded(site: Site, told: str) -> None:
    promoted = next(each for each in site.ledger() if each["event"] == "promoted" and each["component"] == "carbon")
    assert promoted["data"]["dirty"] == [HALF_WRITTEN]
    artifact = site.folder / "operator" / "evidence" / promoted["run"] / "artifact.json"
    assert json.loads(artifact.read_text())["dirty"] == [HALF_WRITTEN]


def test_no_output_has_the_secret(site: Site, told: str) -> None:
    assert site.secret not in told
    assert site.secret not in site.play("status.yml", "-vvv").stdout
    logs = subprocess.run(
        ["docker", "logs", site.containers()["carbon"][0]], capture_output=True, text=True, check=True
    )
    assert site.secret not in logs.stdout + logs.stderr


def test_only_the_release_keeps_it_and_only_for_root(site: Site, told: str) -> None:
    holders = [
        path
        for root in (site.state, site.folder / "operator", site.monorepo)
        for path in root.rglob("*")
        if path.is_file() and site.secret.encode() in path.read_bytes()
    ]
    assert holders
    for path in holders:
        assert path.is_relative_to(site.state), path  # the release's own files, which its containers are started from
        assert path.stat().st_mode & 0o077 == 0, path
        assert {"releases", "colours"} & {*path.parts}, path
