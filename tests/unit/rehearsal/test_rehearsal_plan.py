"""What a rehearsal is to do, decided from `status` and the ledger alone; and what came of it, from what was seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import full_rollback, operations_page
from ansible_collections.tta.ops.plugins.plugin_utils.gates import rehearsed
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.rehearsal import plan, report, result

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OPERATION: dict[str, Any] = {
    "component": "web", "target": "staging", "release": 0, "mode": "quick", "mode_typed": None, "run": "run-9",
    "actor": "Jane", "reason": "", "environments": {"staging": {"hosts": ["one"]}},
    "entry": {"kind": "stateless", "tests": {}, "rollback": "docs/web_ROLLBACK.md",
              "health": {"service": "web", "port": 8080, "http": "/health"}},
}  # fmt: skip
MARK = {"run": "run-1", "actor": "Joe", "reason": "mine", "process": "p", "from": 8, "to": 7, "state": "under-way",
        "at": "2026-11-20T11:50:00Z", "until": "2026-11-20T12:50:00Z"}  # fmt: skip


def kept(number: int, outcome: str = "deployed", **changed: Any) -> dict[str, Any]:
    facts = {"commit": f"c{number}" * 8, "tree": f"t{number}", "images": {"web": {"id": "i"}}, "data_schema": None}
    return {"number": number, "outcome": outcome, "strategy": "blue-green", **facts, **changed}


def here(**changed: Any) -> dict[str, Any]:
    facts = {"release": {"number": 8}, "previous": 7, "releases": [kept(6, "failed"), kept(7), kept(8)],
             "strategy": "stop-first", "colours": None, "rehearsal": None, "backups": []}  # fmt: skip
    return {**facts, **changed}


def find(facts: dict[str, Any] | None = None, entries: Any = (), gone: bool = False, **operation: Any) -> plan.Plan:
    return plan.find({**OPERATION, **operation}, facts or here(), list(entries), lambda _: gone, NOW)


def test_it_goes_to_the_release_before_and_back() -> None:
    found = find()
    assert found.away
    assert (found.mode, found.origin["number"], found.away.goal["number"], found.back.goal["number"]) == (
        "quick",
        8,
        7,
        8,
    )


def test_a_first_release_is_taken_away() -> None:
    found = find(here(previous=None, releases=[kept(6, "failed"), kept(8)]))
    assert (found.away, found.back.goal["number"], found.mode) == (None, 8, "quick")


def test_what_was_found_bad_is_not_gone_back_to() -> None:
    assert find(here(previous=None, releases=[kept(5), kept(6, "failed"), kept(8)])).origin["number"] == 8
    assert find(here(previous=None, releases=[kept(5), kept(6, "failed"), kept(8)])).away.goal["number"] == 5  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("operation", "facts", "sentence"),
    [
        ({}, {"release": None, "releases": []}, "web does not run on staging; .*promote-staging.yml"),
        ({}, {"problem": "current leads nowhere"}, "cannot be read: current leads nowhere"),
        ({"release": 8}, {}, "release 8 of web is the current one"),
        ({"release": 6}, {}, "release 6 of web never served"),
        ({"entry": {"services": [], "carried_by": "app"}}, {}, "web has no services of its own"),
        ({}, {"rehearsal": MARK}, "Joe .mine. rehearses the way back of web on staging since .*, run run-1"),
        ({}, {"releases": [kept(7, data_schema=1), kept(8, data_schema=2)]}, "different data schemas .* mode=full"),
        ({"entry": {"kind": "stateful", "tests": {}}}, {}, "no verified restore point with the data of release 7"),
    ],
)  # fmt: skip
def test_what_cannot_be_rehearsed_says_why(operation: dict[str, Any], facts: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        find(here(**facts), **operation)


@pytest.mark.parametrize("changed", [{"state": "dirty"}, {"until": "2026-11-20T11:55:00Z"}, {"process": "gone"}])
def test_what_was_left_comes_home_first(changed: dict[str, Any]) -> None:
    left = here(release={"number": 7}, previous=8, rehearsal={**MARK, **changed})
    found = find(left, gone="process" in changed)
    assert found.home
    assert (found.home["from"], found.origin["number"], found.away and found.away.goal["number"]) == (8, 8, 7)
    assert find(here(rehearsal={**MARK, "state": "dirty"})).home is None  # it serves again: there is nothing to bring


def test_data_that_were_replaced_come_home_too() -> None:
    restored = {"event": "restored", "component": "web", "data": {"rehearsal": "run-1", "safety_point": "s-1"}}
    left = here(release={"number": 7}, previous=8, rehearsal={**MARK, "state": "dirty"})
    assert find(left, [restored]).safety == "s-1"
    assert find(left, [restored, restored]).safety == ""  # they are back already


def test_a_stateful_component_rehearses_with_its_data() -> None:
    point = {"id": "p-7", "at": "2026-11-20T11:00:00Z", "release": 7, "verified_at": "x", "kind": "backup", "bytes": 1}
    found = find(here(backups=[point]), entry={"kind": "stateful", "tests": {}})
    assert found.away
    assert (found.mode, (found.away.point or {})["id"], found.away.strategy) == ("full", "p-7", "stop-first")
    assert find(here(backups=[point]), entry={"kind": "stateful", "tests": {}}, mode_typed="quick").mode == "quick"


# what came of it

PLAN: dict[str, Any] = {"mode": "quick", "origin": kept(8), "goal": kept(7)}
SEEN = {"requests": 100, "failures": 0, "longest_gap_seconds": 0.0, "target": "http://x/", "rate": 20.0}
LOGS = {"errors": [], "looked_at": 1}


def leg(name: str, release: int | None, **changed: Any) -> dict[str, Any]:
    done = {"containers": [{"service": "web", "state": "running"}], "strategy": "blue-green", "outcome": "returned",
            "receipt": {"swap_ms": 31.0, "probe": {"requests": 10, "failures": 0}}}  # fmt: skip
    facts = {
        "name": name,
        "release": release,
        "removed": False,
        "failure": "",
        "began": 10.0,
        "served": 12.0,
        "healthy": 12.5,
        "verified": 15.0,
        "health": "",
        "tests": "",
        "untested": "",
        "errors": LOGS,
        "result": done,
    }
    return {**facts, **changed}  # fmt: skip


def judged(*legs: dict[str, Any], current: int | None = 8, traffic: Any = SEEN, **planned: Any) -> dict[str, Any]:
    halted = {"current": current, "traffic": traffic}
    return result.data({**PLAN, **planned}, list(legs), halted, "2026-11-20T12:00:00Z")


GOOD = (leg("away", 7), leg("back", 8))


def test_a_good_rehearsal_is_measured_and_expires_after_14_days() -> None:
    data = judged(*GOOD)
    assert (data["checks"], data["failed"], data["inconclusive"], data["clean"]) == (9, 0, [], True)
    assert (data["recovery_seconds"], data["expires"]) == (2.5, "2026-12-04T12:00:00Z")
    assert [(one["name"], one["seconds"], one["release"]) for one in data["steps"]] == [
        ("away: served", 2.0, 7), ("away: verified", 3.0, 7), ("back: served", 2.0, 8), ("back: verified", 3.0, 8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("legs", "how", "failed", "inconclusive", "why"),
    [
        ((leg("away", 7, tests="1 failed"), leg("back", 8)), {}, ["7, integration tests: 1 failed"], [], []),
        ((leg("away", 7), leg("back", 8, health="500")), {},
         ["8, health: 500"], [],
         ["8, health: 500"]),
        ((leg("away", 7, untested="no checkout"), leg("back", 8)), {}, [],
         ["7, integration tests: no checkout"], []),
        ((leg("away", 7, untested="the catalogue declares no integration tests of web"), leg("back", 8)),
         {}, [], [], []),
        (GOOD, {"traffic": {**SEEN, "failures": 3}}, ["3 of 100 requests failed"], [], []),
        (GOOD, {"traffic": None}, [], ["nobody can say what users saw: what sends the requests was lost"], []),
        ((leg("away", 7, failure="not healthy"),), {}, ["7, serving: not healthy"],
         ["the release before did not serve", "the current release did not serve again by the rehearsal"], []),
        ((leg("away", 7), leg("back", 8, failure="x"), leg("again", 8, failure="y")), {"current": 7},
         ["8, serving: x", "8, serving: y"], ["the current release did not serve again by the rehearsal"],
         ["7 serves instead of 8"]),
    ],
)  # fmt: skip
def test_what_was_wrong_is_named(
    legs: Any, how: dict[str, Any], failed: list[str], inconclusive: list[str], why: list[str]
) -> None:
    data = judged(*legs, **how)
    assert (data["findings"], data["inconclusive"], data["why"]) == (failed, inconclusive, why)
    assert (data["failed"], data["clean"]) == (len(failed), not why)


def test_a_change_that_interrupts_is_not_blamed_for_it() -> None:
    stopped = [
        leg(name, number, result={**GOOD[0]["result"], "strategy": "stop-first"})
        for name, number in (("away", 7), ("back", 8))
    ]
    assert judged(*stopped, traffic={**SEEN, "failures": 3})["failed"] == 0


def test_a_first_release_s_recovery_is_its_removal() -> None:
    data = judged(leg("away", None, removed=True, healthy=None, verified=None), leg("back", 8), goal=None)
    assert (data["recovery_seconds"], data["first"], data["to"], data["failed"]) == (2.0, True, None, 0)


def test_the_report_is_loud_about_what_is_dirty() -> None:
    good = report.after(OPERATION, PLAN, GOOD, judged(*GOOD), "docs/x.md")
    assert (good["headline"], good["outcome"]) == (
        "REHEARSED web 8 → 7 → 8 on staging; 0 of 100 requests failed; the way back takes 2.5 s", "done"
    )  # fmt: skip
    assert good["table"]["rows"][0] == ["away: served", "7", "2.00 s", "31 ms", "0 of 10"]
    bad = report.after(OPERATION, PLAN, GOOD[:1], judged(GOOD[0], current=7), "docs/x.md")
    assert bad["headline"].startswith("STAGING IS DIRTY 7 serves instead of 8")
    assert bad["next"] == ["ansible-playbook rollback.yml -e component=web -e target=staging -e release=8"]
    assert bad["outcome"] == "failed"


# the page

FACTS = {"at": "2026-11-20T12:00:00Z", "run": "run-9", "actor": "J@ne", "origin": kept(8), "goal": kept(7),
         "published": {"web": {"8080": "127.0.0.1:8091"}}}  # fmt: skip


def page(data: dict[str, Any], **entry: Any) -> list[str]:
    return operations_page.render({**OPERATION, "entry": {**OPERATION["entry"], **entry}}, data, FACTS)


def test_the_page_says_the_commands_and_the_measured_times() -> None:
    lines = page(judged(*GOOD))
    text = "\n".join(lines)
    assert (
        "**Rollback time estimate: 2.5 s** (until the release before was healthy), measured in staging on 2026-11-20"
        in text
    )
    for command in (
        "ansible-playbook rollback.yml -e component=web -e target=production -e reason='why'",
        "sudo tta-ops rollback web", "curl --fail http://127.0.0.1:8091/health",
        "ansible-playbook rollback.yml -e component=web -e target=production -e mode=full --check",
    ):  # fmt: skip
        assert f"   {command}" in text, command
    assert [line for line in lines if line.startswith("## ")] == [f"## {one}" for one in operations_page.SECTIONS]
    assert "J@ne" not in text, "nobody is mentioned by it"
    assert operations_page.evidence(lines, judged(*GOOD), "docs/x.md")["findings"] == []
    assert operations_page.evidence(lines[:20], judged(*GOOD), "docs/x.md")["findings"] != []


def test_the_page_is_honest_about_what_was_not_measured() -> None:
    data = judged(leg("away", 7, failure="x"))
    assert "Rollback time estimate: not measured" in "\n".join(page(data))
    assert operations_page.evidence(page(data), data, "p")["findings"] == [
        "the page has no measured time of the way back"
    ]
    assert "It was not rehearsed: the last rehearsal was a quick one." in "\n".join(
        page(judged(*GOOD), kind="stateful")
    )


def test_what_people_wrote_stays() -> None:
    lines = page(judged(*GOOD))
    first = operations_page.place("# Web\n\n## Quick\n\nCall Jane.\n", lines, "web", "x.md")
    assert first.startswith("# web Rollback Procedure")
    assert "## As it was written by hand\n\n## Web\n\n### Quick\n\nCall Jane.\n" in first
    assert operations_page.place(first, lines, "web", "x.md") == first
    assert operations_page.place(None, lines, "web", "x.md").count(operations_page.BEGIN) == 1
    with pytest.raises(Refusal, match="has 2 times"):
        operations_page.place(first + operations_page.BEGIN, lines, "web", "x.md")


# what a gate makes of it, and what a full rollback takes


def test_a_rehearsal_counts_for_a_time() -> None:
    entry = {"event": "rehearsed", "at": "x", "data": judged(*GOOD)}
    assert rehearsed.problems(entry, {"kind": "stateless"}, NOW) == []
    assert "left the data alone" in rehearsed.problems(entry, {"kind": "stateful"}, NOW)[0]
    assert "expired on" in rehearsed.problems(entry, {}, datetime(2026, 12, 4, 12, tzinfo=UTC))[0]
    assert rehearsed.problems({"event": "observed", "data": {}}, {"kind": "stateful"}, NOW) == []


POINT = {"id": "20261120T110000Z-0a1b", "at": "2026-11-20T11:00:00Z", "release": 7, "verified_at": "x",
         "kind": "backup", "data_schema": 1}  # fmt: skip


def test_a_full_rollback_takes_the_newest_point_of_the_release_and_a_word_for_the_loss() -> None:
    operation = {**OPERATION, "mode": "full", "accept_loss": "1h5m", "point": ""}
    older = {**POINT, "id": "20261120T100000Z-0a1b", "at": "2026-11-20T10:00:00Z"}
    later = {**POINT, "id": "20261120T113000Z-0a1b", "release": 8, "data_schema": 2}
    found = full_rollback.point(operation, {"backups": [older, POINT, later]}, kept(7), "play", NOW.timestamp())
    assert (found["id"], found["lost_seconds"]) == (POINT["id"], 3600)
    assert full_rollback.words({**operation, "point": "p"}) == [
        "--mode",
        "full",
        "--point",
        "p",
        "--accept-loss",
        "1h5m",
    ]
    assert full_rollback.words(OPERATION) == []
    with pytest.raises(
        Refusal, match=r"loses what was written since .* play -e point=20261120T110000Z-0a1b -e accept_loss=1h5m"
    ):
        full_rollback.point({**operation, "accept_loss": ""}, {"backups": [POINT]}, kept(7), "play", NOW.timestamp())


@pytest.mark.parametrize("backups", [[], [{**POINT, "verified_at": None}], [{**POINT, "kind": "safety"}],
                                     [{**POINT, "release": 5, "data_schema": 9}]])  # fmt: skip
def test_without_a_verified_point_of_its_data_it_is_refused(backups: list[dict[str, Any]]) -> None:
    with pytest.raises(Refusal, match="no verified restore point with the data of release 7"):
        full_rollback.point({**OPERATION, "mode": "full"}, {"backups": backups}, kept(7), "play", NOW.timestamp())


def test_several_hosts_are_no_place_for_it() -> None:
    fleet = {**OPERATION, "environments": {"staging": {"hosts": ["one", "two"]}}}
    with pytest.raises(Refusal, match="staging has 2 hosts"):
        full_rollback.point(fleet, {"backups": [POINT]}, kept(7), "play", NOW.timestamp())
