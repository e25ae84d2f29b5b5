"""A gate that says no is one blocker, until the run in which it passes; people's own block until they close them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.tracking import admission, blockers, by_hand, known, request
from ansible_collections.tta.ops.plugins.plugin_utils.tracking import promotion as promotions
from tracking_facts import STAGES, judgement, operation, promoted

GIVEN = {"type": "security", "severity": "high", "description": "a token in a log", "criteria": "log it no more; test"}


def refusing(**verdicts: str) -> dict[str, Any]:
    """A judgement in which these gates say no: `unit-tests-gate` is `unit_tests`."""
    judged = judgement(promotable=not verdicts, met="6/7" if verdicts else "7/7")
    for criterion in judged["criteria"]:
        verdict = verdicts.get(criterion["criterion"].replace("-", "_"))
        if verdict:
            criterion["verdict"] = verdict
            criterion["gates"][0] |= {"verdict": verdict, "found": "60 %", "remedy": "Test more.", "cause": "@all <b>"}
    return judged


def kept(issues: list[dict[str, Any]], before: tuple[dict[str, Any], ...] = ()) -> list[dict[str, Any]]:
    """The issues as a tracker has them afterwards."""
    shelf = {one["key"]: one for one in before}
    for one in issues:
        number = shelf[one["key"]]["number"] if one["key"] in shelf else len(shelf) + 1
        shelf[one["key"]] = {**one, "number": number, "opened": one["at"], "closed": None}
    return list(shelf.values())


def judged(verdicts: dict[str, str], before: tuple[dict[str, Any], ...] = (), **more: Any) -> list[dict[str, Any]]:
    found, asked = refusing(**verdicts), operation(**more)
    wanted = request.opened(asked, found, STAGES, promotions.known_request(asked, before))
    return promotions.judged(asked, wanted, found, before, STAGES, [], "the report")


def test_each_gate_that_says_no_is_one_blocker_linked_to_the_request() -> None:
    asked, *found = judged({"unit_tests": "fail", "readme": "inconclusive"})
    assert [(one["fields"]["gate"], one["fields"]["type"], one["fields"]["severity"]) for one in found] == [
        ("unit-tests-gate", "tests", "critical"),
        ("readme-gate", "documentation", "high"),
    ]
    assert asked["links"] == [one["key"] for one in found]
    assert asked["labels"] == ["component:carbon", "target:staging", "promotion:blocked"]
    assert asked["fields"]["request"]["blockers"][0].startswith("critical: carbon: unit-tests-gate")
    assert "- [ ] `unit-tests-gate`: `>= 70`" in found[0]["body"]
    assert "Test more." in found[0]["body"]
    assert asked["board"]["fields"]["Promotion Blocker Count"] == 2
    assert (asked["board"]["fields"]["Priority"], asked["board"]["column"]) == ("P1", "Development")


def test_the_same_judgement_again_wants_the_same() -> None:
    first = judged({"unit_tests": "fail"})
    again = judged({"unit_tests": "fail"}, tuple(kept(first)), run="later", asked_at="2026-12-01T00:00:00Z")
    assert [(one["key"], one["body"], one["labels"], one["fields"].get("status")) for one in again] == [
        (one["key"], one["body"], one["labels"], one["fields"].get("status")) for one in first
    ]


def test_the_run_in_which_it_passes_closes_it_and_approves() -> None:
    before = tuple(kept(judged({"unit_tests": "fail", "readme": "fail"})))
    asked, still, gone = judged({"readme": "fail"}, before, run="later")
    assert (still["fields"]["gate"], still["state"]) == ("readme-gate", "open")
    assert (gone["fields"]["gate"], gone["state"]) == ("unit-tests-gate", "closed")
    assert "the gate unit-tests-gate passes (run `later`" in gone["comments"][0]["body"]
    asked, *gone = judged({}, tuple(kept([asked, still, gone], before)), run="last")
    assert [one["state"] for one in gone] == ["closed"]
    assert [one["status"] for one in asked["fields"]["request"]["statuses"]] == [
        *("requested", "in-review", "blocked", "in-review", "approved"),
    ]
    assert asked["fields"]["request"]["blockers"] == []


def test_a_waived_gate_stays_a_blocker_that_is_only_shown() -> None:
    found = refusing(readme="fail")
    waiver = {"owner": "Jane", "reason": "soon", "until": "2026-12-31"}
    found["criteria"][4]["gates"][0]["waiver"] = waiver
    (one,) = blockers.judged(operation(), found["criteria"], [])
    assert one["fields"]["severity"] == "medium"
    assert "Waived until `2026-12-31` by `Jane`: soon" in one["body"]


def test_a_gate_that_is_gone_blocks_no_longer_and_other_stages_stay() -> None:
    (before,) = kept(blockers.judged(operation(), refusing(readme="fail")["criteria"], []))
    before["fields"]["gate"] = "old-gate"
    other = {
        **before,
        "key": "blocker/carbon/production/old-gate",
        "fields": {**before["fields"], "target": "production"},
    }
    (gone,) = blockers.judged(operation(), judgement()["criteria"], [before, other])
    assert (gone["key"], gone["state"]) == (before["key"], "closed")
    assert "there is no gate old-gate any more" in gone["comments"][0]["body"]


def test_tool_output_names_nobody_and_breaks_nothing() -> None:
    found = refusing(unit_tests="fail")
    found["criteria"][1]["gates"][0] |= {
        "remedy": "@all see #1 https://evil.example <img src=x>",
        "cause": "```\n# forged\n" + "x" * 100_000,
    }
    (one,) = blockers.judged(operation(), found["criteria"], [])
    assert "@all" not in one["body"]
    assert "<img" not in one["body"].replace("\\<img", "")
    assert "https://evil" not in one["body"]
    assert len(one["body"]) < 8000
    fence = next(line for line in one["body"].splitlines() if line.startswith("```"))
    assert one["body"].count(f"\n{fence}\n") == 2


def asking(verb: str, **changes: Any) -> dict[str, Any]:
    facts = {"verb": verb, "target": "staging", "issue": None, "fix": "", **dict.fromkeys(GIVEN, "")}
    return operation(**{**facts, **changes})


def by_hands(asked: dict[str, Any], entries: list[dict[str, Any]]) -> dict[str, Any]:
    return by_hand.blocker({"operation": asked, "tracked": {"entries": entries}})


def test_a_blocker_by_hand_blocks_until_it_is_closed_with_a_reason() -> None:
    (opened,) = kept(by_hands(asking("blocker", **GIVEN), [])["issues"])
    assert opened["title"] == "[BLOCKER] carbon: a token in a log"
    assert opened["labels"] == ["component:carbon", "target:staging", "blocker:security", "severity:high"]
    assert "- [ ] log it no more\n- [ ] test" in opened["body"]
    tracked = known.tracked("carbon", "staging", [opened], "", {}, {})
    with pytest.raises(Refusal, match=r"blocker #1 \(high\) of carbon is open: a token in a log"):
        admission.admitted(operation(), tracked)
    with pytest.raises(Refusal, match="reason is missing"):
        by_hands(asking("blocker", issue=1), [opened])
    (closed,) = by_hands(asking("blocker", issue=1, reason="logged no more"), [opened])["issues"]
    assert closed["state"] == "closed"
    assert admission.admitted(operation(), known.tracked("carbon", "staging", [closed], "", {}, {})) == []
    assert by_hands(asking("blocker", issue=1, reason="x"), kept([closed], (opened,)))["issues"] == []


@pytest.mark.parametrize("severity", ["medium", "low"])
def test_medium_and_low_ones_are_shown_and_let_through(severity: str) -> None:
    opened = kept(by_hands(asking("blocker", **{**GIVEN, "severity": severity}), [])["issues"])
    assert admission.admitted(operation(), known.tracked("carbon", "staging", opened, "", {}, {})) == []
    asked, *_ = judged({}, tuple(opened))
    assert asked["fields"]["request"]["blockers"] == [f"{severity}: carbon: a token in a log"]


@pytest.mark.parametrize("lacking", ["description", "severity", "type"])
def test_a_blocker_needs_to_say_what_it_is(lacking: str) -> None:
    with pytest.raises(Refusal) as refusal:
        by_hands(asking("blocker", **{**GIVEN, lacking: ""}), [])
    assert refusal.value.found == f"{lacking} is missing"
    assert refusal.value.wanted
    assert refusal.value.next_step.startswith("-e component=carbon -e target=staging -e ")


def test_one_that_is_not_there_is_answered_with_those_that_are() -> None:
    opened = kept(by_hands(asking("blocker", **GIVEN), [])["issues"])
    with pytest.raises(Refusal, match=r"has no blocker #9 in staging; wanted: one of those that are open: #1"):
        by_hands(asking("blocker", issue=9, reason="x"), opened)


def test_what_could_not_be_read_lets_nothing_through() -> None:
    with pytest.raises(Refusal, match=r"0001\.json is damaged"):
        admission.admitted(operation(), known.tracked("carbon", "staging", [], "0001.json is damaged", {}, {}))


def test_what_people_closed_or_opened_in_the_tracker_counts() -> None:
    opened = kept(by_hands(asking("blocker", **GIVEN), [])["issues"])
    there = {"found": [{"key": opened[0]["key"], "number": 7, "title": "t", "state": "closed", "labels": []}]}
    assert admission.admitted(operation(), known.tracked("carbon", "staging", opened, "", {}, there)) == []
    labels = ["component:carbon", "target:staging", "blocker:tests"]
    there = {"found": [{"key": None, "number": 9, "title": "[BLOCKER] carbon: x", "state": "open", "labels": labels}]}
    with pytest.raises(Refusal, match=r"blocker #9 \(high\)"):
        admission.admitted(operation(), known.tracked("carbon", "staging", [], "", {}, there))


def test_a_later_artifact_takes_the_place_of_an_open_request() -> None:
    before = tuple(kept(judged({"readme": "fail"})))
    newer = {"component": "carbon", "commit": "e" * 40, "tree": "d" * 64}
    asked, *rest = judged({"readme": "fail"}, before, artifact=newer)
    (old,) = [one for one in rest if one["kind"] == "promotion"]
    assert (old["key"], old["state"], old["links"]) == (before[0]["key"], "closed", [asked["key"]])


def test_the_completed_request_is_closed_with_milestone_and_card() -> None:
    before = kept(judged({}))
    done = request.completed(operation(), promoted(), STAGES, promotions.known_request(operation(), before))
    asked, status = promotions.changed(operation(), done, before, {**STAGES, "carbon": "staging"}, [promoted()])
    assert (asked["state"], asked["labels"][2]) == ("closed", "promotion:completed")
    assert asked["milestone"] == {
        "title": "Carbon → Production Promotion",
        "due": "2026-11-27",
        "description": "At least 7 days in staging, since 2026-11-20.",
        "state": "open",
    }
    assert (asked["board"]["column"], asked["board"]["fields"]["Test Coverage"]) == ("Staging", 76.1)
    assert sorted(asked["files"]) == [
        "requests/carbon-staging-0123456789ab.json",
        "requests/carbon-staging-0123456789ab.md",
    ]
    assert "**carbon**: Staging, 7/7 criteria" in status["comments"][0]["body"]
