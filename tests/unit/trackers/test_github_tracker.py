"""One document is one issue, however often it is sent and whoever else writes there."""

from __future__ import annotations

from typing import Any

import pytest
from standin import Standin
from standin.bench import KEY, Beside, Time, document, sent, settings, tracker

MILESTONE = {"title": "Carbon → Production Promotion", "due": "2026-11-27", "description": "7 days of observation"}


def labels(standin: Standin, number: int = 1) -> list[str]:
    return [each["name"] for each in standin.store.issues[number]["labels"]]


def test_an_issue_is_opened_with_everything(standin: Standin, beside: Beside) -> None:
    wanted = document(comments=[{"marker": "validation", "body": "7/7"}], milestone=MILESTONE)
    found = sent([wanted], beside, standin)
    assert (found.problems, found.queued, found.remotes[KEY]["number"]) == ([], 0, 1)
    issue = standin.store.issues[1]
    assert issue["title"] == "[PROMOTION] carbon: development → staging"
    assert issue["body"] == f"<!-- tta.ops issue {KEY} -->\n## Component Name\n\n`carbon`"
    assert labels(standin) == ["component:carbon", "target:staging", "promotion:requested"]
    assert standin.store.labels["promotion:requested"]["color"] == "c5def5"
    assert standin.store.labels["promotion:requested"]["description"] == "A promotion that was asked for"
    assert issue["milestone"]["due_on"] == "2026-11-27T12:00:00Z"
    assert [each["body"] for each in standin.store.comments_of(1)] == [
        f"<!-- tta.ops comment {KEY} validation -->\n7/7"
    ]


def test_the_same_again_sends_nothing_at_all(standin: Standin, beside: Beside) -> None:
    sent([document()], beside, standin)
    before = len(standin.calls)
    assert sent([document()], beside, standin, run="run-2").sent == 0
    assert len(standin.calls) == before


def test_another_machine_that_knows_nothing_finds_everything_by_its_markers(standin: Standin, beside: Beside) -> None:
    wanted = document(comments=[{"marker": "validation", "body": "7/7"}], milestone=MILESTONE)
    sent([wanted], beside, standin)
    writes = standin.writes()
    tracker(settings(standin), standin.token, Time(), standin.direct).put(wanted, {}, {})
    assert standin.writes() == writes


def test_a_request_goes_its_way_and_people_keep_their_labels(standin: Standin, beside: Beside) -> None:
    sent([document()], beside, standin)
    standin.store.change(
        1, {"labels": [*labels(standin), "question"], "body": standin.store.issues[1]["body"] + "\r\n"}
    )
    status = ["component:carbon", "target:staging", "promotion:completed"]
    found = sent([document(labels=status, state="closed")], beside, standin, run="run-2")
    assert found.problems == []
    assert labels(standin) == [*status, "question"]
    assert (standin.store.issues[1]["state"], standin.store.issues[1]["state_reason"]) == ("closed", "completed")
    assert standin.calls[-1][2].keys() == {"labels", "state", "state_reason"}


def test_a_comment_is_edited_in_place(standin: Standin, beside: Beside) -> None:
    for said in ("6/7", "7/7"):
        sent([document(comments=[{"marker": "validation", "body": said}])], beside, standin)
    assert [each["body"].splitlines()[1] for each in standin.store.comments_of(1)] == ["7/7"]


def test_a_copied_marker_of_an_outsider_is_not_ours(standin: Standin, beside: Beside) -> None:
    content = {"title": "mine", "body": f"<!-- tta.ops issue {KEY} -->\nharm", "labels": ["component:carbon"]}
    standin.store.open(content, by="mallory", association="NONE")
    found = sent([document(comments=[{"marker": "validation", "body": "7/7"}])], beside, standin)
    assert found.remotes[KEY]["number"] == 2
    standin.store.comment(2, standin.store.comments_of(2)[0], by="mallory", association="NONE")
    sent([document(comments=[{"marker": "validation", "body": "new"}])], beside, standin)
    assert [each["body"].splitlines()[1] for each in standin.store.comments_of(2)] == ["new", "7/7"]
    assert standin.store.issues[1]["body"].endswith("harm")


def test_the_oldest_of_two_is_ours(standin: Standin, beside: Beside) -> None:
    for _ in range(2):
        standin.store.open({"title": "x", "body": f"<!-- tta.ops issue {KEY} -->\nx", "labels": ["component:carbon"]})
    assert sent([document()], beside, standin).remotes[KEY]["number"] == 1


def test_it_is_found_among_hundreds_and_not_in_a_pull_request(standin: Standin, beside: Beside) -> None:
    body = f"<!-- tta.ops issue {KEY} -->\nx"
    request = standin.store.open({"title": "a pull request", "body": body, "labels": ["component:carbon"]})
    request["pull_request"] = {}
    for number in range(250):
        standin.store.open(
            {"title": f"{number}", "body": body if number == 230 else "", "labels": ["component:carbon"]}
        )
    assert sent([document()], beside, standin).remotes[KEY]["number"] == 232


def test_a_deleted_issue_is_opened_anew(standin: Standin, beside: Beside) -> None:
    sent([document()], beside, standin)
    standin.store.issues[2] = standin.store.issues.pop(1) | {"number": 2, "labels": [], "body": "somebody's"}
    found = sent([document(title="changed")], beside, standin)
    assert (found.problems, standin.store.issues[found.remotes[KEY]["number"]]["title"]) == ([], "changed")


def test_related_issues_are_linked_by_number(standin: Standin, beside: Beside) -> None:
    blocker = document(kind="blocker", key="blocker/carbon/staging/lint", links=[KEY, "unknown/key"])
    sent([document(), blocker], beside, standin)
    assert standin.store.issues[2]["body"].endswith("\n\nRelated: #1")


def test_a_milestone_is_moved_not_made_again(standin: Standin, beside: Beside) -> None:
    for due in ("2026-11-27", "2026-12-04", "2026-12-04"):
        sent([document(milestone={**MILESTONE, "due": due}, title=due + str(len(standin.calls)))], beside, standin)
    assert [each["due_on"] for each in standin.store.milestones.values()] == ["2026-12-04T12:00:00Z"]
    assert sum(call.startswith("PATCH") and "milestones" in call for call in standin.writes()) == 1


def test_the_standing_report_gets_its_comment_and_nothing_else(standin: Standin, beside: Beside) -> None:
    standin.store.open({"title": "Component Status Report", "body": "automated", "labels": []})
    wanted = document(
        kind="status",
        key="status/components",
        labels=["component-status"],
        comments=[{"marker": "carbon", "body": "x"}],
    )
    found = sent([wanted], beside, standin, status_issue=1)
    assert (found.problems, found.remotes["status/components"]["number"]) == ([], 1)
    issue = standin.store.issues[1]
    assert (issue["title"], issue["body"], issue["labels"]) == ("Component Status Report", "automated", [])
    assert len(standin.store.comments_of(1)) == 1


def test_issues_are_read_with_who_opened_them(standin: Standin, beside: Beside) -> None:
    sent(
        [document(kind="blocker", key="blocker/carbon/staging/lint", labels=["component:carbon", "blocker:tests"])],
        beside,
        standin,
    )
    content: dict[str, Any] = {"title": "it is slow", "body": "x", "labels": ["component:carbon", "user-report"]}
    standin.store.open(content, by="jane", association="NONE")
    standin.store.open({"title": "other", "labels": ["component:carbon"]})
    found = tracker(settings(standin), standin.token, Time(), standin.direct).read(
        "carbon", ["blocker:*", "user-report"]
    )
    assert [(each["key"], each["number"], each["state"], each["by"]) for each in found] == [
        ("blocker/carbon/staging/lint", 1, "open", "promoter"),
        (None, 2, "open", "jane"),
    ]


@pytest.mark.parametrize("length", [65_000, 65_536, 70_000, 300_000])
def test_a_huge_body_is_cut_at_githubs_limit(standin: Standin, beside: Beside, length: int) -> None:
    text = "```\n" + "x" * 99 + "\n" + ("y" * 99 + "\n") * (length // 100)
    found = sent([document(body=text, title="t" * 400, comments=[{"marker": "a", "body": text}])], beside, standin)
    assert found.problems == []
    assert len(standin.store.issues[1]["body"]) <= 65_536
    assert len(standin.store.issues[1]["title"]) == 256
