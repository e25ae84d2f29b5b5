"""`observe.yml` as an operator types it: started, told, refused, tested, stopped."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator

import pytest
from tiny.site import TinySite, tiny_site

pytestmark = pytest.mark.engine
WEB = ("-e", "component=web")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySite]:
    with tiny_site(tmp_path_factory.mktemp("observe"), f"e2e-ob-{os.getpid()}") as made:
        assert made.host.deploy()["outcome"] == "deployed"
        made.promoted()
        yield made


def observed(tiny: TinySite, *given: str, check: bool = True) -> str:
    return " ".join(tiny.site.play("observe.yml", *given, check=check).stdout.split())


def test_it_is_started_and_told_with_a_page(tiny: TinySite) -> None:
    observed(tiny, *WEB, "-e", "do=start")
    kept = json.loads((tiny.site.state / "staging/observation/web.json").read_text())
    assert kept["expect"] == "status == 'ok'"
    command = kept["settings"]["tests"]["command"]
    assert "tta.ops.observe" in command
    tiny.host("observe", "--do", "sample")
    told = observed(tiny, *WEB)
    assert "OBSERVED web on staging: " in told, told
    assert (tiny.site.folder / "operator/observation/web.html").read_text().startswith("<!doctype html>")


def test_all_that_is_observed_is_told_and_entered_into_the_ledger(tiny: TinySite) -> None:
    observed(tiny, *WEB, "-e", "do=start")
    record = tiny.site.state / "staging/observation/web.json"
    record.write_text(record.read_text().replace('"started":"20', '"started":"19'))
    # one whole minute has to be over since it was deployed
    until = time.monotonic() + 130
    while "no whole minute is over" in (told := observed(tiny)):
        assert time.monotonic() < until, told
    assert "OBSERVED web on staging: inconclusive" in told, told
    entry = next(one for one in tiny.site.ledger() if one["event"] == "observed")
    assert entry["artifact"]["tree"] == tiny.monorepo.artifact()["tree"]
    assert entry["data"]["slots"] == sum(entry["data"][key] for key in ("up", "down", "unknown", "maintenance")) > 0


def test_the_day_s_tests_are_run_and_noted(tiny: TinySite) -> None:
    observed(tiny, *WEB, "-e", "do=tests")
    found = tiny.host("observe", "web", "--environment", "staging")["reports"][0]["findings"]["tests"]
    assert (found["verdict"], found["examined"]) in (("pass", 1), ("inconclusive", 0))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("-e", "do=start"), "component is missing"),
        (("-e", "do=explode", *WEB), "is unknown"),
        (("-e", "do=start", "-e", "component=wep"), "component wep is not in the catalogue"),
        (("-e", "do=maintenance", *WEB, "-e", "from=tonight"), "is no time"),
        (("-e", "do=maintenance", *WEB, "-e", "from=2026-01-01T00:00Z", "-e", "until=2026-01-01T01:00Z"), "beforehand"),
    ],
)
def test_what_makes_no_sense_is_refused(tiny: TinySite, given: tuple[str, ...], sentence: str) -> None:
    assert sentence in observed(tiny, *given, "-e", "reason=why", check=False)


def test_it_is_stopped_and_the_host_does_nothing_by_itself_any_more(tiny: TinySite) -> None:
    observed(tiny, *WEB, "-e", "do=stop")
    assert tiny.host("jobs")["jobs"] == []
