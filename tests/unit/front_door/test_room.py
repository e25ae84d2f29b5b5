"""A full disk under the operator's state folder is refused before anything is judged."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.action import ask
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

Usage = namedtuple("Usage", "total used free")


def test_a_full_disk_is_named_with_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, ask.ROOM_NEEDED - 1))
    with pytest.raises(Refusal, match="KiB left") as refusal:
        ask._require_room(tmp_path / "not" / "made" / "yet")
    assert refusal.value.next_step == f"df -h {tmp_path}"
    assert list(tmp_path.iterdir()) == []


def test_enough_room_is_no_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, ask.ROOM_NEEDED))
    ask._require_room(tmp_path)
