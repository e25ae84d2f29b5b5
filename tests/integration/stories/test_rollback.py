"""`rollback.yml` and `deploy.yml` on the tiny monorepo: warm, cold, refused, offline."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import yaml
from tiny.site import TinySite, tiny_site

GIVEN = ("-e", "component=web", "-e", "target=staging")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySite]:
    """Two releases of a component in colours: 2 serves, 1 is warm."""
    with tiny_site(tmp_path_factory.mktemp("rollback"), f"e2e-rb-{os.getpid()}") as made:
        made.monorepo.in_colours(warm=600, drain=2)
        made.declare()
        assert made.host.deploy()["outcome"] == "deployed"
        made.promoted()
        made.monorepo.commit("two")
        assert made.host.deploy()["outcome"] == "deployed"
        made.promoted()
        yield made


def rolled_back(tiny: TinySite, *more: str, check: bool = True) -> str:
    return " ".join(tiny.site.play("rollback.yml", *GIVEN, *more, check=check).stdout.split())


def test_a_plan_changes_nothing_and_says_where_it_goes(tiny: TinySite) -> None:
    before = tiny.host.tree()
    told = rolled_back(tiny, "--check")
    assert "PLAN rollback web 2 → 1 on staging" in told, told
    assert "warm: it still runs" in told
    assert "unknown: none was measured yet" in told
    assert (tiny.host.tree(), tiny.host.release()) == (before, "two")


def test_a_warm_rollback_moves_the_traffic_and_looks_at_five_boxes(tiny: TinySite) -> None:
    told = rolled_back(tiny, "-e", "reason='it is slow'")
    assert tiny.host.release() == "one"
    assert "ROLLED BACK web 2 → 1 on staging; 0 of" in told, told
    assert "serves now web 1, commit" in told
    for box in ("Containers started", "Health checks pass", "Integration tests pass", "No new errors", "Latency"):
        assert box in told
    assert "not judged" not in told
    last = tiny.host.ledger()[-1]
    assert (last["event"], last["reason"], last["data"]["warm"]) == ("returned", "it is slow", True)
    assert last["data"]["gone"]["commit"] == tiny.monorepo.artifact()["commit"]


def test_a_rollback_of_what_was_taken_back_is_told_and_goes(tiny: TinySite) -> None:
    told = rolled_back(tiny, "-e", "release=2")
    assert tiny.host.release() == "two"
    assert "this artifact was itself taken back on" in told, told
    assert "takes: about" in told  # as the first one took


@pytest.mark.parametrize(
    ("given", "sentence", "command"),
    [
        ("release=CURRENT", "release CURRENT of web is the current one of staging wanted one of", "-e release="),
        ("release=x", "release='x' is no release's number", "-e component=web -e target=staging -e release=7"),
    ],
)
def test_what_leads_nowhere_is_refused_with_the_command_to_paste(
    tiny: TinySite, given: str, sentence: str, command: str
) -> None:
    before, current = tiny.host.tree(), tiny.host.current().rpartition("/")[2]
    given, sentence = given.replace("CURRENT", current), sentence.replace("CURRENT", current)
    done = tiny.site.play("rollback.yml", *GIVEN, "-e", given, check=False)
    told = " ".join(done.stdout.split())
    assert (done.returncode != 0, tiny.host.tree() == before) == (True, True), told
    assert sentence in told, told
    assert "ansible-playbook rollback.yml -e component=web" in told
    assert command in told
    assert "Traceback" not in told


def test_a_barred_artifact_is_not_deployed_until_it_is_judged_anew(tiny: TinySite) -> None:
    done = tiny.site.play("deploy.yml", *GIVEN, check=False)
    told = " ".join(done.stdout.split())
    assert done.returncode != 0
    assert "is barred until it is judged anew" in told, told
    assert "ansible-playbook promote-staging.yml -e component=web -e version=" in told


def test_what_has_earned_it_is_planned_deployed_and_told_of(tiny: TinySite) -> None:
    tiny.monorepo.commit("three")
    refused = tiny.site.play("deploy.yml", *GIVEN, check=False)
    assert "has not earned staging: it was never promoted there as it is" in " ".join(refused.stdout.split())
    tiny.monorepo.runs += 1
    tiny.promoted()
    told = tiny.site.folder / "told"
    tasks = [{"name": "Tell", "ansible.builtin.shell": f"echo tasks $TTA_RELEASE >> {told}"}]
    (tiny.site.folder / "hook.yml").write_text(yaml.safe_dump(tasks))
    tiny.set(
        environment_hooks={
            "pre_deploy": [{"command": ["sh", "-c", f"echo before $TTA_SERVES >> {told}"]}],
            "post_deploy": [
                {"command": ["sh", "-c", f"echo after $TTA_RELEASE $TTA_OUTCOME >> {told}; exit 1"]},
                {"tasks": "../hook.yml"},
            ],
        },
        environment_webhook="http://127.0.0.1:9/secret-of-the-hook",
    )
    before, serving = tiny.host.tree(), tiny.host.current().rpartition("/")[2]
    plan = " ".join(tiny.site.play("deploy.yml", *GIVEN, "--check", "--diff").stdout.split())
    assert f"PLAN deploy web {serving} → 3 on staging (staging-1)" in plan, plan
    assert f"start beside {serving}" in plan
    assert (tiny.host.tree(), told.exists()) == (before, False)
    done = " ".join(tiny.site.play("deploy.yml", *GIVEN).stdout.split())
    assert "DEPLOYED web 3 serves on staging; 0 of" in done, done
    assert "longest gap 0.00 s" in done
    assert told.read_text().splitlines() == [f"before {serving}", "after 3 deployed", "tasks 3"]
    assert "the hook post_deploy failed, and nothing else did" in done
    assert "environment_webhook of staging was not told" in done
    assert "secret-of-the-hook" not in done
    again = (tiny.host.tree(), tiny.host.colour("green"), tiny.host.colour("blue"))
    assert "UNCHANGED web 3 already serves" in " ".join(tiny.site.play("deploy.yml", *GIVEN).stdout.split())
    assert (tiny.host.tree(), tiny.host.colour("green"), tiny.host.colour("blue")) == again


def test_a_hook_that_says_no_stops_before_any_change(tiny: TinySite) -> None:
    tiny.set(environment_hooks={"pre_deploy": [{"command": ["sh", "-c", "echo not on a Friday >&2; exit 3"]}]})
    before = tiny.host.tree()
    done = tiny.site.play("deploy.yml", *GIVEN, check=False)
    assert done.returncode != 0
    assert "NOTHING DONE the hook pre_deploy said no" in done.stdout, done.stdout
    assert "not on a Friday" in done.stdout
    assert tiny.host.tree() == before
