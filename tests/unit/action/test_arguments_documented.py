"""Each action takes exactly what its page says: the same options, the same choices."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
NAMES = sorted(path.stem for path in (PLUGINS / "action").glob("[a-z]*.py"))


def arguments_of(name: str) -> dict[str, dict[str, Any]]:
    module = import_module(f"ansible_collections.tta.ops.plugins.action.{name}")
    found: dict[str, dict[str, Any]] = getattr(module.ActionModule, "ARGUMENTS", None) or module.ARGUMENTS
    return found


def documented(name: str) -> dict[str, dict[str, Any]]:
    module = import_module(f"ansible_collections.tta.ops.plugins.modules.{name}")
    return dict(yaml.safe_load(module.DOCUMENTATION).get("options") or {})


def test_there_is_a_page_for_each() -> None:
    assert NAMES
    assert sorted(path.stem for path in (PLUGINS / "modules").glob("[a-z]*.py")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_an_action_takes_what_its_page_says(name: str) -> None:
    taken, page = arguments_of(name), documented(name)
    assert {key: sorted(one.get("choices") or []) for key, one in taken.items()} == {
        key: sorted(one.get("choices") or []) for key, one in page.items()
    }
