"""The built wheel in a virtual environment of its own, as somebody has it who never cloned the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from sites.site import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the virtual environment; Ansible and the tools are lent by the one that runs the tests."""
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


def without_this_clone() -> dict[str, str]:
    """Return the environment without what would lead Ansible to this clone."""
    return {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "PYTHONPATH"))}
