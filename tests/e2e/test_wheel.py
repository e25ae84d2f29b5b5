"""Installed from the built wheel, a verb works by its full name, from anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from sites.site import ROOT, Site


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel; Ansible and the tools come from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    venv.create(folder / "venv", with_pip=True)
    wheel = next(folder.glob("*.whl"))
    python = folder / "venv/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", str(wheel)], check=True)
    (borrowed,) = (folder / "venv/lib").glob("python*/site-packages")
    # A path file lends it the packages, but not this clone's editable install of the collection.
    (borrowed / "lent.pth").write_text(str(next(Path(each) for each in sys.path if each.endswith("site-packages"))))
    return folder / "venv"


def test_the_wheel_does_the_same(site: Site, installed: Path) -> None:
    inventories = [word for each in ("staging-homelab", "production") for word in ("-i", str(site.inventories / each))]
    command = [
        str(installed / "bin/python"),
        "-m",
        "ansible.cli.playbook",
        "tta.ops.promote_staging",
        *inventories,
        "-e",
        "component=carbon",
        "-e",
        f"monorepo={site.monorepo}",
    ]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, timeout=600, env=environment())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "7/7 criteria met" in (site.monorepo / "src/components/carbon/MATURITY.md").read_text()
    assert [each["event"] for each in site.ledger() if each["component"] == "carbon"] == ["deployed", "promoted"]


def environment() -> dict[str, str]:
    """Return the environment without what would lead Ansible to this clone."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "PYTHONPATH"))}
