"""What holds for every component, one test each: `-k carbon` selects carbon's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = sorted(path for path in (ROOT / "src" / "components").iterdir() if (path / "MATURITY.md").is_file())
IMAGES = sorted(path for path in (ROOT / "docker").iterdir() if path.is_dir())


def by_name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("folder", FOLDERS, ids=by_name)
def test_the_readme_says_how_to_use_the_component(folder: Path) -> None:
    assert "\n## Usage\n" in (folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=by_name)
def test_maturity_names_stage_and_owner(folder: Path) -> None:
    text = (folder / "MATURITY.md").read_text(encoding="utf-8")
    for field in ("Current Stage", "Last Updated", "Owner", "Functional Group"):
        assert re.search(rf"^\*\*{field}\*\*: \S", text, re.MULTILINE), field


@pytest.mark.parametrize("image", IMAGES, ids=by_name)
def test_a_service_has_a_rollback_procedure(image: Path) -> None:
    assert (ROOT / "docs" / "operations" / f"{image.name}_ROLLBACK.md").is_file()


@pytest.mark.parametrize("image", IMAGES, ids=by_name)
def test_no_image_carries_a_secret_or_shows_one_in_the_process_list(image: Path) -> None:
    for path in image.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(ENV|ARG)\s+\w*PASSWORD", text), path
        assert not re.search(r"--requirepass|redis-cli\s.*-a\s|PGPASSWORD=\S+\s+psql", text), path
