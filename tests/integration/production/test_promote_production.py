"""The road to production and back on a real engine: refused, planned, granted, watched, demoted.

All gates are waived but those of readiness; the eight criteria are refused one by one below, each by its own gates.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tiny.host import docker
from tiny.production import GATES, NAMES, READINESS, ProductionSite, production_site

WAIVED = [name for name in NAMES if name not in READINESS]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProductionSite]:
    """A component that has been in staging for eight days."""
    with production_site(tmp_path_factory.mktemp("production"), f"e2e-prod-{os.getpid()}") as made:
        made.staged()
        yield made


def frozen() -> dict[str, object]:
    now = datetime.now(UTC)
    freeze = {"from": f"{now:%Y-%m-%dT00:00Z}", "until": f"{now + timedelta(days=9):%Y-%m-%dT00:00Z}"}
    return {"freezes": [{**freeze, "reason": "the sale"}]}


def test_readiness_is_refused_in_sentences(web: ProductionSite) -> None:
    web.set_in("production", environment_calendar=frozen())
    told = web.promote_production(check=False)
    assert "NOT PROMOTED web → production 0/8, 8 waived" in told, told
    assert "nobody has approved exactly this artifact of web" in told
    assert "production is frozen from" in told
    assert "the sale; it opens" in told
    assert web.site.ledger("production") == []
    web.set_in("production", environment_calendar={})


CRITERIA = {
    "integration-tests": "monorepo.development.compose_file is not set in the catalogue",
    "performance": "the ledger of staging has no event 'load-tested' of exactly this artifact",
    "security-review": "web has no audited requirements",
    "uptime": "the ledger of staging has no event 'observed' of exactly this artifact",
    "documentation": "docs/web/user-guide.md is not in commit",
    "monitoring": "web has no alert rules",
    "rollback": "the ledger of staging has no event 'rehearsed' of exactly this artifact",
    "load": "the ledger of staging has no event 'load-tested' of exactly this artifact",
}


@pytest.mark.parametrize("criterion", CRITERIA)
def test_each_criterion_refuses_on_its_own(web: ProductionSite, criterion: str) -> None:
    own = [gate["name"] for gate in GATES if gate["criterion"] == criterion]
    web.waive(name for name in NAMES if name not in own)
    told = web.promote_production(check=False)
    web.waive(WAIVED)
    assert "NOT PROMOTED web → production" in told, told
    assert CRITERIA[criterion] in told
    assert "remedy" in told
    refusing = {gate for gate in NAMES if f"{gate}: inconclusive found" in told or f"{gate}: fail found" in told}
    assert refusing <= set(own), refusing
    assert [entry for entry in web.site.ledger("production") if entry["event"] == "deployed"] == []


def test_the_plan_says_what_is_missing_and_changes_nothing(web: ProductionSite) -> None:
    before = web.host.tree()
    told = web.promote_production("--check")
    assert "PLAN web → production: 1 missing, now" in told, told
    assert "ansible-playbook approve.yml -e component=web" in told
    assert web.host.tree() == before


def test_another_artifact_than_the_one_in_staging_is_refused_before_it_is_judged(web: ProductionSite) -> None:
    staged = str(web.monorepo.artifact()["commit"])[:12]
    web.monorepo.commit("newer")
    told = web.promote_production("-e", "approve=yes", check=False)
    assert f"is another artifact than the one in staging (commit {staged}" in told, told
    assert f"ansible-playbook promote-production.yml -e component=web -e version={staged}" in told
    assert "Judge the component" not in told
    web.monorepo._git("reset", "--quiet", "--hard", "HEAD~1")


def test_the_same_images_go_to_production_and_are_watched(web: ProductionSite) -> None:
    web.site.play("approve.yml", "-e", "component=web", "-e", "reason='seen the report'")
    (approved,) = web.site.ledger("production")
    assert (approved["event"], approved["data"]["note"], approved["data"]["stage"]) == (
        "approved",
        "seen the report",
        "production",
    )
    told = web.promote_production()
    assert "PROMOTED web → production" in told, told
    assert "watched by the host until" in told
    assert web.images("production") == web.images("staging"), docker("ps", "--all", "--filter", f"name={web.site.name}")
    assert "builds the image" not in told
    events = [entry["event"] for entry in web.site.ledger("production")]
    assert events[:3] == ["approved", "deployed", "promoted"]
    artifact = web.site.ledger("production")[2]["artifact"]
    assert artifact["images"] == web.site.ledger("staging")[0]["artifact"]["images"]
    (watch,) = web.host("watch", "web", "--environment", "production")["watches"]
    assert (watch["state"], watch["release"]) == ("on", 1)
    jobs = {job["name"] for job in web.host("jobs", "--do", "list")["jobs"]}
    assert {"watch", "demote-due"} <= jobs
    maturity = (web.monorepo.folder / "src/MATURITY.md").read_text()
    assert "**Current Stage**: Production (promoted from Staging on" in maturity


def test_a_second_time_changes_nothing(web: ProductionSite) -> None:
    before = (web.images("production"), len(web.site.ledger("production")))
    assert "UNCHANGED web is already in production with this artifact" in web.promote_production()
    assert (web.images("production"), len(web.site.ledger("production"))) == before
    assert "UNCHANGED web is already in production" in web.promote_production("--check")


def test_a_release_that_turns_bad_when_everybody_has_left_is_taken_back_and_the_next_run_tracks_it(
    web: ProductionSite,
) -> None:
    web.host("watch", "web", "--environment", "production", "--do", "stop")
    web.staged("fine, and later")
    told = web.promote_production("-e", "approve=yes")
    assert "PROMOTED web → production" in told, told
    # the run has returned and nobody is connected; what is bad begins now
    (container,) = docker(
        "ps", "--quiet", "--filter", "label=tta.ops.environment=production", "--filter", f"name={web.site.name}"
    ).split()
    docker("pause", container)
    until = time.monotonic() + 120
    while time.monotonic() < until:
        (watch,) = web.host("watch", "web", "--environment", "production")["watches"]
        if watch["state"] != "on":
            break
        time.sleep(0.5)
    assert (watch["state"], watch["fired"]["trigger"]) == ("bad", "health"), watch
    returned, incident = [one for one in web.site.ledger("production") if one["actor"] == "tta-ops watch"]
    assert (returned["event"], returned["release"], returned["data"]["gone"]["commit"]) == (
        "returned",
        1,
        web.monorepo.artifact()["commit"],
    )
    assert incident["data"]["kind"] == "rollback"
    assert web.images("production") != web.images("staging"), "the release before serves"
    web.site.play("incident.yml", "-e", "component=web", "-e", "target=production", check=False)
    issues = web.host("issues", "--environment", "production")["environments"]["production"]
    assert [one["state"] for one in issues if one["kind"] == "incident"] == ["open"], issues
    again = web.promote_production(check=False)
    assert "NOT PROMOTED" in again or "NOTHING DONE" in again


def test_a_waiver_that_ends_and_a_bad_week_demote_by_themselves(web: ProductionSite) -> None:
    assert web.host("demote-due")["demoted"] == [], "what was taken back does not stand any more"
    status = web.host("status")
    assert status["environments"]["production"]["components"]["web"]["stage"] == "production"


def test_demotion_goes_down_stage_by_stage_and_removes_what_runs_in_staging(web: ProductionSite) -> None:
    given = ("-e", "component=web", "-e", json.dumps({"reason": "it leaks", "issue": 7}))
    told = " ".join(web.site.play("demote.yml", *given).stdout.split())
    assert "DEMOTED web production → staging" in told, told
    assert "production goes on serving as it is" in told
    last = web.site.ledger("production")[-1]
    assert (last["event"], last["reason"], last["data"]["stage"], last["data"]["issue"]) == (
        "demoted",
        "it leaks",
        "staging",
        7,
    )
    assert web.images("staging") != {}
    told = " ".join(web.site.play("demote.yml", *given).stdout.split())
    assert "DEMOTED web staging → development" in told, told
    assert web.images("staging") == {}
    assert [entry["event"] for entry in web.site.ledger("staging")][-2:] == ["demoted", "removed"]
    assert web.images("production") != {}
    before = web.host.tree()
    told = " ".join(web.site.play("demote.yml", *given).stdout.split())
    assert "UNCHANGED web is at development stage" in told, told
    assert web.host.tree() == before
