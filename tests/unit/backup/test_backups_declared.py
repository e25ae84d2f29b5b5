"""What the operator declares about backups: checked by name before anything is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import backup_key, backups, restores
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

POINT = {"id": "20260101T000000Z-0000", "at": "2026-01-01T00:00:00Z", "verified_at": "2026-01-01T00:01:00Z",
         "kind": "backup", "component": "db", "environment": "staging"}  # fmt: skip


def test_an_entry_is_completed() -> None:
    found = backups.of_entry({"db": {"kind": "postgres"}}, ["db"], "x")
    assert found == {"db": {"kind": "postgres", "user": "postgres", "databases": None}}


@pytest.mark.parametrize("raw", [{"other": {"kind": "postgres"}}, {"db": {"kind": "mysql"}}, {"db": None}, ["db"],
                                 {"db": {"kind": "redis", "user": "x"}}])  # fmt: skip
def test_an_entry_that_makes_no_sense_is_refused(raw: Any) -> None:
    with pytest.raises(Refusal):
        backups.of_entry(raw, ["db"], "x")


@pytest.mark.parametrize("raw", [{"keep": {"last": 0, "daily": 0, "weekly": 0, "monthly": 0}}, {"keep": {"last": "3"}},
                                 {"schedule": {"backup": "25:00"}}, {"schedule": {"backup": 200}},
                                 {"alert_after": "soon"}, {"repo": "x"}])  # fmt: skip
def test_settings_that_make_no_sense_are_refused(raw: Any) -> None:
    with pytest.raises(Refusal):
        backups.settings(raw, "environment_backups")


def test_a_stateful_component_has_to_say_how() -> None:
    known = {"db": {"kind": "stateful", "services": ["db"], "backup": {}}, "web": {"kind": "stateless", "backup": {}}}
    backups.require_declared(known, ["web"])
    with pytest.raises(Refusal, match="db is stateful"):
        backups.require_declared(known, ["web", "db"])


def test_jobs_are_of_the_environment_and_only_what_is_scheduled() -> None:
    found = backups.jobs("production", {"backup": "02:00", "verify": None, "check": "04:00"})
    assert [(one["name"], one["at"]) for one in found] == [
        ("backup-production", "02:00"), ("check-repository-production", "04:00"), ("forget-production", "05:00"),
    ]  # fmt: skip
    assert {one["name"] for one in found} <= set(backups.all_jobs("production"))


def test_the_key_is_there_before_the_host_has_it_and_never_replaced(tmp_path: Path) -> None:
    first = backup_key.key(None, str(tmp_path), "staging")
    assert first.fresh
    assert len(first.text) == 48
    backup_key.escrow(first, "what the host had already")
    again = backup_key.key(None, str(tmp_path), "staging")
    assert (again.text, again.fresh) == ("what the host had already", False)
    assert again.path is not None
    assert again.path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Refusal, match="could not be kept"):
        backup_key.escrow(first, "another")
    assert backup_key.key("given in a vault", str(tmp_path), "staging") == ("given in a vault", None, False)


def test_the_newest_verified_backup_is_chosen_never_a_safety_dump() -> None:
    known = [
        POINT,
        {**POINT, "id": "20260102T000000Z-0000", "verified_at": None},
        {**POINT, "id": "20260103T000000Z-0000", "kind": "safety"},
    ]
    assert restores.chosen(known, None, "db", "staging")["id"] == POINT["id"]
    assert restores.chosen(known, "20260103T000000Z-0000", "db", "staging")["kind"] == "safety"
    with pytest.raises(Refusal, match="no verified restore point"):
        restores.chosen(known[1:], None, "db", "staging")
    with pytest.raises(Refusal, match="no restore point 20269999T000000Z-0000"):
        restores.chosen(known, "20269999T000000Z-0000", "db", "staging")


def test_what_is_lost_is_said_with_the_whole_command() -> None:
    now = 1767225600.0 + 7200  # two hours later
    with pytest.raises(Refusal) as refused:
        restores.accepted(POINT, "", now)
    assert "loses what was written since 2026-01-01T00:00:00Z, 2h" in refused.value.found
    assert refused.value.next_step.endswith("-e point=20260101T000000Z-0000 -e accept_loss=2h5m")
    assert restores.accepted(POINT, "2h5m", now) == 7200
