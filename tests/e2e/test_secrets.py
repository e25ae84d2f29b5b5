"""A secret from the inventory appears nowhere: output at -vvv, evidence, ledger, requests, process list."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

from sites.site import Site


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


def test_a_secret_appears_nowhere(site: Site) -> None:
    with Watcher(site.secret) as watcher:
        output = site.promote("carbon", "-vvv").stdout
        status = site.play("status.yml", "-vvv").stdout
    assert watcher.looks > 50
    assert watcher.seen == set()
    assert site.secret not in output
    assert site.secret not in status
    holders = [
        path
        for root in (site.state, site.folder / "operator", site.monorepo)
        for path in root.rglob("*")
        if path.is_file() and site.secret.encode() in path.read_bytes()
    ]
    for path in holders:
        assert path.is_relative_to(site.state), path  # the release's own files, which its containers are started from
        assert path.stat().st_mode & 0o077 == 0, path
        assert "releases" in path.parts, path
    assert holders
    logs = subprocess.run(
        ["docker", "logs", site.containers()["carbon"][0]], capture_output=True, text=True, check=True
    )
    assert site.secret not in logs.stdout + logs.stderr
