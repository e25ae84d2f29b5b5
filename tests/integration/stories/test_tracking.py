"""What is tracked, on the tiny monorepo: a rollback's report, a blocker by hand, the audit, and who is told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tiny.site import TinySite, tiny_site

GIVEN = ("-e", "component=web", "-e", "target=staging")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySite]:
    """Release 2 serves; it is to be taken back."""
    with tiny_site(tmp_path_factory.mktemp("tracking"), f"e2e-tr-{os.getpid()}") as made:
        made.monorepo.in_colours(warm=600, drain=2)
        made.declare()
        assert made.host.deploy()["outcome"] == "deployed"
        made.promoted()
        made.monorepo.commit("two")
        assert made.host.deploy()["outcome"] == "deployed"
        made.promoted()
        yield made


def said(tiny: TinySite, playbook: str, *more: str, check: bool = True, given: tuple[str, ...] = GIVEN) -> str:
    return " ".join(tiny.site.play(playbook, *given, *more, check=check).stdout.split())


def issues(tiny: TinySite) -> list[dict[str, Any]]:
    folder = Path(tiny.site.state) / "staging" / "issues"
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def test_a_rollback_leaves_its_report(tiny: TinySite) -> None:
    assert "ROLLED BACK" in said(tiny, "rollback.yml", "-e", "reason='users see errors'")
    (incident,) = issues(tiny)
    assert incident["title"] == "[INCIDENT] web: release 2 taken back in staging: users see errors"
    assert incident["labels"] == ["component:web", "incident", "severity:medium", "environment:staging"]
    assert "| returned release 1 |" in incident["body"]
    assert "From commit " in incident["body"]
    assert "two" in incident["body"].partition("## What changed")[2].partition("## Users")[0]


def test_promoting_again_asks_for_the_fix(tiny: TinySite) -> None:
    told = said(tiny, "promote-staging.yml", check=False)
    assert "NOTHING DONE promote-staging: incident #1 (medium) of web has no fix linked" in told, told
    assert "ansible-playbook promote-staging.yml -e component=web -e fix=" in told
    assert "CHANGED incident #1 of web is open" in said(tiny, "incident.yml", "-e", "issue=1", "-e", "fix='#12'")
    assert issues(tiny)[0]["fields"]["fix"] == "#12"


def test_a_blocker_by_hand_stops_a_promotion_until_it_is_closed(tiny: TinySite) -> None:
    given = ("-e", json.dumps({"type": "security", "severity": "high", "description": "a token in a log"}))
    assert "BLOCKED web → staging, high: a token in a log" in said(tiny, "blocker.yml", *given)
    told = said(tiny, "promote-staging.yml", check=False)
    assert "blocker #2 (high) of web is open: a token in a log" in told, told
    assert "wanted why it no longer blocks" in said(tiny, "blocker.yml", "-e", "issue=2", check=False)
    assert "CLOSED blocker #2" in said(tiny, "blocker.yml", "-e", "issue=2", "-e", "reason='it is logged no more'")
    assert [one["state"] for one in issues(tiny)] == ["open", "closed"]
    assert "UNCHANGED" in said(tiny, "blocker.yml", "-e", "issue=2", "-e", "reason=x")


def test_the_audit_follows_every_chain_and_exports_it(tiny: TinySite) -> None:
    told = said(tiny, "audit.yml", given=())
    assert "AUDITED" in told, told
    (export,) = (tiny.site.folder / "operator").rglob("audit/*/staging.json")
    exported = json.loads(export.read_text())
    assert (exported["whole"], exported["entries"]) == (True, tiny.host.ledger())
    ledger = Path(tiny.site.state) / "staging" / "ledger.jsonl"
    whole = ledger.read_bytes()
    ledger.write_bytes(whole.replace(b'"event":"promoted"', b'"event":"premoted"', 1))
    done = tiny.site.play("audit.yml", check=False)
    ledger.write_bytes(whole)
    assert done.returncode != 0
    assert "NOT WHOLE the ledger of staging, byte" in " ".join(done.stdout.split())


def test_a_plan_is_told_and_waits_when_it_could_not_be(tiny: TinySite, tmp_path: Path) -> None:
    out = tmp_path / "told"
    command = [sys.executable, "-c", f"import sys; open({str(out)!r}, 'a').write(sys.stdin.read())"]
    to_nobody = [{"name": "team", "to": "slack", "url": "http://127.0.0.1:9/canary-address"}]
    to_file = [{"name": "team", "to": "command", "command": command}]
    when = ("-e", "from=2026-11-27T22:00Z")
    first = said(tiny, "announce.yml", *when, "-e", json.dumps({"environment_notify": to_nobody}))
    assert "was not told: it does not answer" in first, first
    assert "canary-address" not in first
    said(tiny, "announce.yml", *when, "-e", json.dumps({"environment_notify": to_file}))
    assert out.read_text().count("web is to be promoted to staging on 2026-11-27T22:00Z") >= 2
