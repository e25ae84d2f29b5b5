"""GitHub's published descriptions, fetched once into a cache, and Prism between the toolkit and the stand-in."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import github_description
import pytest
import requests
from standin import Standin

HERE = Path(__file__).parent
CACHE = HERE.parents[2] / ".cache"
SECONDS = 120


@pytest.fixture(scope="session")
def tools() -> Path:
    """A folder with `node_modules` and `description.json`; 30 s and 80 MB the first time."""
    wanted = [HERE / "contract/package.json", HERE / "contract/package-lock.json", HERE / "github_description.py"]
    folder = CACHE / f"github-{hashlib.sha256(b''.join(one.read_bytes() for one in wanted)).hexdigest()[:12]}"
    if (folder / "description.json").is_file():
        return folder
    if not shutil.which("npm"):
        pytest.skip("npm is not installed; next: install Node.js 20 or newer")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in wanted[:2]:
        shutil.copy(file, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=folder, check=True, timeout=600)
    published = folder / "node_modules/@octokit/openapi/generated"
    cut = github_description.cut(json.loads((published / "api.github.com.json").read_text()))
    shutil.rmtree(published)  # 380 MB, of which 85 kB are used
    (folder / "description.json").write_text(json.dumps(cut))
    return folder


@pytest.fixture(scope="session")
def behind() -> Iterator[Standin]:
    """The stand-in behind Prism."""
    with Standin() as running:
        yield running


@pytest.fixture(scope="session")
def prism(tools: Path, behind: Standin, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prism that turns away what GitHub's description does not allow, asked or answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = str(tools / "node_modules/.bin/prism")
    command = [program, "proxy", str(tools / "description.json"), behind.url, "--port", str(port), "--errors"]
    log = tmp_path_factory.mktemp("prism") / "log"
    with log.open("w") as file:
        running = subprocess.Popen([*command, "--host", "127.0.0.1"], stdout=file, stderr=subprocess.STDOUT)
    try:
        yield _ready(f"http://127.0.0.1:{port}", running, log)
    finally:
        running.terminate()
        running.wait(timeout=30)


def _ready(address: str, running: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and running.poll() is None:
        try:
            requests.get(f"{address}/repos/octo/tta/labels", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return address
    raise AssertionError(f"prism does not answer:\n{log.read_text()[-2000:]}")
