"""Every role's variables are written down twice, as defaults and as argument specs; they must be the same ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROLES = sorted((Path(__file__).resolve().parents[3] / "roles").iterdir())


def defaults_of(role: Path) -> dict[str, Any]:
    """All defaults of a role, whether they are one file or a folder of files."""
    files = [role / "defaults/main.yml", *sorted((role / "defaults/main").glob("*.yml"))]
    return {
        key: value
        for path in files
        if path.is_file()
        for key, value in (yaml.safe_load(path.read_text()) or {}).items()
    }


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_defaults_and_argument_specs_have_the_same_keys(role: Path) -> None:
    defaults = defaults_of(role)
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]
    declared = {key for spec in specs.values() for key in spec.get("options", {})}
    assert set(defaults) == declared


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_public_variables_bear_the_roles_name(role: Path) -> None:
    defaults = defaults_of(role)
    assert [key for key in defaults if not key.startswith(f"{role.name}_")] == []


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_every_task_file_can_be_entered_with_checked_arguments_or_is_a_part(role: Path) -> None:
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]
    missing = [name for name in specs if not (role / "tasks" / f"{name}.yml").is_file()]
    assert missing == []


def test_the_two_environments_set_the_same_variables() -> None:
    inventories = ROLES[0].parents[1] / "inventories"
    staging, production = (
        yaml.safe_load((inventories / path).read_text())
        for path in ("staging-homelab/group_vars/staging/main.yml", "production/group_vars/production/main.yml")
    )
    assert set(staging) == set(production)
