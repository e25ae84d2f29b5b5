"""The main job on this machine: carbon earns its way to staging; the second run changes nothing."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from sites.site import Site


@pytest.fixture(scope="module")
def promoted(site: Site) -> str:
    return site.promote("carbon").stdout


def maturity(site: Site) -> str:
    return (site.monorepo / "src/components/carbon/MATURITY.md").read_text()


def test_the_outcome_stands_first_at_the_end(promoted: str) -> None:
    assert re.search(r"(?m)^PROMOTED carbon → staging 7/7", promoted), promoted


def test_the_service_answers(site: Site, promoted: str) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/health", timeout=5) as answer:
        assert json.load(answer)["status"] == "ok"


def test_the_ledger_names_commit_tree_and_image(site: Site, promoted: str) -> None:
    entry = next(each for each in site.ledger() if each["event"] == "promoted")
    assert entry["component"] == "carbon"
    assert entry["artifact"]["commit"] == site.git("rev-parse", "HEAD").strip()
    assert re.fullmatch("[0-9a-f]{64}", entry["artifact"]["tree"])
    image = entry["artifact"]["images"]["carbon"]["id"]
    running = subprocess.run(
        ["docker", "inspect", "--format", "{{.Image}}", site.containers()["carbon"][0]],
        capture_output=True,
        text=True,
        check=True,
    )
    assert running.stdout.strip() == image


def test_maturity_and_status_page_say_what_was_earned(site: Site, promoted: str) -> None:
    today = datetime.now(UTC).date()
    text = maturity(site)
    assert "**Current Stage**: Staging" in text
    assert f"**Last Updated**: {today}" in text
    assert "7/7 criteria met" in text
    assert str(today + timedelta(days=7)) in text
    page = (site.monorepo / "docs/component-promotion/COMPONENT_MATURITY_STATUS.md").read_text()
    assert re.search(r"(?m)^\|\s*carbon\s*\|\s*[Ss]taging", page), page


def test_a_second_run_changes_nothing(site: Site, promoted: str) -> None:
    before = (site.containers(), site.snapshot(), site.git("status", "--porcelain"), site.git("diff"))
    again = site.promote("carbon").stdout
    assert (site.containers(), site.snapshot(), site.git("status", "--porcelain"), site.git("diff")) == before
    assert "already in staging" in again


def test_check_mode_is_a_plan(site: Site, promoted: str) -> None:
    before = (site.containers(), site.snapshot(), site.git("diff"))
    site.promote("carbon", "--check", "--diff")
    assert (site.containers(), site.snapshot(), site.git("diff")) == before


def test_status_says_what_runs_where_and_what_is_missing(site: Site, promoted: str) -> None:
    shown = site.play("status.yml").stdout
    assert "carbon" in shown
    assert "staging" in shown
    assert site.git("rev-parse", "--short=12", "HEAD").strip() in shown
    assert str(datetime.now(UTC).date() + timedelta(days=7)) in shown


def test_an_artifact_that_cannot_start_leaves_the_old_release_serving(site: Site, promoted: str) -> None:
    before = site.containers()["carbon"]
    healthcheck = site.monorepo / "docker/carbon/Dockerfile"
    kept = healthcheck.read_text()
    healthcheck.write_text(kept + '\nENTRYPOINT ["false"]\n')
    site.commit("Break the image")
    try:
        refused = site.promote("carbon", check=False)
        assert refused.returncode != 0
        assert "Traceback" not in refused.stdout
        assert site.containers()["carbon"] == before or "carbon" in site.containers()
        with urllib.request.urlopen(f"http://127.0.0.1:{site.port}/health", timeout=5) as answer:
            assert json.load(answer)["status"] == "ok"
    finally:
        healthcheck.write_text(kept)
        site.commit("Mend the image")
