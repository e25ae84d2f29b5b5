"""Each run in which a release was taken back is one incident, told from the ledger; re-promotion asks for its fix."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.tracking import (
    admission,
    by_hand,
    incidents,
    known,
    retrospective,
    triage,
)
from test_tracking_blockers import asking, judged, kept
from tracking_facts import TREE, operation, promoted

OLD = {"commit": "a" * 40, "tree": "b" * 64}
NEW = {"commit": "f" * 40, "tree": TREE}
PROBE = {"target": "http://x", "requests": 812, "failures": 3, "longest_gap_seconds": 0.4}


def entry(seq: int, event: str, **more: Any) -> dict[str, Any]:
    facts = {
        "seq": seq,
        "at": f"2026-11-20T1{seq}:00:00Z",
        "event": event,
        "environment": "staging",
        "component": "carbon",
        "release": 1,
        "artifact": OLD,
        "actor": "Jane <jane@x>",
        "reason": "",
        "run": f"run-{seq}",
        "data": {},
    }
    return {**facts, **more}


def ledger(**more: Any) -> list[dict[str, Any]]:
    """Release 1, then 2, which is taken back."""
    data = {"act": "rollback", "from": 2, "gone": NEW, "receipt": {"probe": PROBE}, **more.pop("data", {})}
    return [
        entry(1, "deployed"),
        entry(2, "deployed", release=2, artifact=NEW),
        entry(3, "returned", **{"reason": "users see errors", "data": data, **more}),
    ]


def report(entries: list[dict[str, Any]], *before: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    environments = {name: {"name": name, "state": "/var/lib/tta-ops"} for name in ("staging", "production")}
    asked = asking("rollback", environments=environments, **changes)
    told = {
        "operation": asked,
        "ledger": entries,
        "tracked": {"entries": list(before)},
        "changes": {"run-3": ["abc1234 Jane: Mend #1 @all"]},
        "there": {"found": [{"number": 5, "title": "It is slow", "labels": ["user-report"]}]},
    }
    return by_hand.happened(told)


def test_the_report_says_who_what_when_and_to_whom() -> None:
    (one,) = report(ledger())
    assert one["key"] == "incident/carbon/run-3"
    assert one["title"] == "[INCIDENT] carbon: release 2 taken back in staging: users see errors"
    assert one["labels"] == ["component:carbon", "incident", "severity:medium", "environment:staging"]
    assert one["due"] == "2026-11-27"
    for words in (
        "Medium (it had served in staging): Fix in staging. Fix due 2026-11-27.",
        "| 2026-11-20T12:00:00Z | deployed release 2 | Jane",
        "| 2026-11-20T13:00:00Z | returned release 1 | Jane",
        "whoever rolled back, run `run-3` by `Jane <jane@x>`",
        "From commit `aaaaaaaaaaaa` to `ffffffffffff`.",
        "- abc1234 Jane: Mend #\u200b1 @\u200ball",
        "3 of 812 probes failed, the longest gap 0.4 s.",
        "- #5 It is slow",
        "None: the data were not touched.",
        "- [ ] What is the root cause?",
        "`/var/lib/tta-ops/staging/components/carbon/releases/2/evidence`",
    ):
        assert words in one["body"], one["body"]
    assert "2026-11-20T11" not in one["body"]


def test_one_that_has_its_report_gets_no_second_and_the_same_ledger_gives_the_same() -> None:
    first = report(ledger())
    assert first == report(ledger())
    assert report(ledger(), *kept(first)) == []


def test_a_rehearsal_and_a_persons_demotion_are_none() -> None:
    assert report(ledger(data={"rehearsal": "run-3"})) == []
    demoted = entry(3, "demoted", data={"stage": "development", "by": "Jane"})
    assert report([*ledger(), demoted]) == []
    automatic = entry(3, "demoted", data={"stage": "development", "automatic": True})
    assert len(report([*ledger(), automatic])) == 1


def test_the_watch_and_its_rollback_are_one_incident_with_the_first_bad_signal() -> None:
    data = {"kind": "watch", "trigger": "5 probes failed", "severity": "critical", "from_release": 2, "to_release": 1}
    told = entry(3, "incident", data={**data, "first_bad": "2026-11-20T12:59:00Z", "details": "HTTP 500"})
    (one,) = report([*ledger(data={"act": "watch", "cause": "5 probes failed"}), told])
    assert one["fields"]["severity"] == "critical"
    assert one["due"] == "2026-11-20"
    assert "At 2026-11-20T12:59:00Z: 5 probes failed (HTTP 500)" in one["body"]
    assert "| 2026-11-20T12:59:00Z | first bad signal | the probes |" in one["body"]
    assert "the watch after the deploy" in one["body"]
    assert "When did it begin?" not in one["body"]


def test_a_first_release_that_was_removed_and_one_that_was_rejected() -> None:
    removed = [entry(1, "deployed", artifact=NEW), entry(2, "removed", artifact=NEW, run="run-1", data={"cause": "x"})]
    (one,) = report(removed)
    assert one["title"] == "[INCIDENT] carbon: release 1 removed in staging: x"
    assert "It was the first release: nothing ran before it." in one["body"]
    (one,) = report([ledger()[0], *ledger(data={"act": "deploy", "rejected": True, "cause": "no health"})[2:]])
    assert one["fields"]["severity"] == "low"
    assert "turned away before its promotion was complete" in one["body"]


def test_data_that_a_restore_threw_away_are_named() -> None:
    restored = entry(3, "restored", environment="production", data={"lost_since": "2026-11-20T09:00:00Z"})
    entries = [{**one, "environment": "production"} for one in ledger(data={"receipt": {}})]
    (one,) = report([*entries[:2], restored, entries[2]], target="production")
    assert "everything written since 2026-11-20T09:00:00Z" in one["body"]
    assert one["fields"]["severity"] == "critical"
    assert "Nobody probed while it changed: not known." in one["body"]


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        ({"environment": "production", "served": True, "failed_requests": 3}, "critical"),
        ({"environment": "production", "served": True, "failed_requests": 0, "data_lost": "x"}, "critical"),
        ({"environment": "production", "served": True, "failed_requests": 0}, "high"),
        ({"environment": "staging", "served": True, "failed_requests": 3}, "medium"),
        ({"environment": "staging", "served": False}, "low"),
        ({"environment": "staging", "served": True, "verified": False}, "high"),
        ({"environment": "production", "served": True, "verified": False}, "critical"),
        ({"environment": "staging", "served": True, "act": "undo"}, "low"),
        ({"environment": "production", "served": True, "act": "undo", "failed_requests": 0}, "high"),
        ({"environment": "staging", "served": False, "word": "high"}, "high"),
    ],
)
def test_severity_by_the_plans_triage(facts: dict[str, Any], severity: str) -> None:
    assert triage.severity(facts)[0] == severity


def test_the_request_of_what_was_taken_back_is_blocked() -> None:
    before = kept(judged({}))
    report_, asked = report(ledger(), *before)
    assert asked["labels"] == ["component:carbon", "target:staging", "promotion:blocked"]
    assert asked["links"] == [report_["key"]]
    assert "blocked, run" in asked["files"]["requests/carbon-staging-0123456789ab.md"]


def test_promotion_again_asks_for_the_fix_and_closes_the_incident() -> None:
    entries = kept(report(ledger()))
    tracked = known.tracked("carbon", "staging", entries, "", {}, {})
    with pytest.raises(Refusal) as refusal:
        admission.admitted(operation(), tracked)
    assert "incident #1 (medium) of carbon has no fix linked" in refusal.value.found
    assert refusal.value.next_step == "-e component=carbon -e fix='…'"
    fixes = admission.admitted(operation(fix="#12"), tracked)
    assert fixes == [{"incident": "incident/carbon/run-3", "number": 1, "fix": "#12"}]
    event = promoted()
    event["data"]["fixes"] = fixes
    (closed,) = incidents.fixed_by(event, entries, operation())
    assert (closed["state"], closed["fields"]["fix"]) == ("closed", "#12")
    assert "promoted to staging at commit `ffffffffffff`" in closed["comments"][0]["body"]
    assert admission.admitted(operation(), tracked, [event]) == fixes


def test_what_nobody_reported_yet_is_due_in_its_environment() -> None:
    entries = kept(report(ledger()))
    book = [*ledger(), *({**one, "environment": "production"} for one in ledger(run="run-9"))]
    assert known.tracked("carbon", "staging", entries, "", {}, {}, book)["due"] == ["production"]
    assert known.tracked("carbon", "staging", [], "", {}, {}, book)["due"] == ["staging", "production"]
    assert known.tracked("redis", "staging", [], "", {}, {}, book)["due"] == []


def test_an_incident_of_production_is_asked_about_in_staging_too() -> None:
    entries = [{**one, "environment": "production"} for one in ledger()]
    elsewhere = kept(report(entries, target="production"))
    with pytest.raises(Refusal, match=r"incident #1 \(critical\) of carbon has no fix linked"):
        admission.admitted(operation(), known.tracked("carbon", "staging", [], "", {"production": elsewhere}, {}))


def test_a_person_can_link_the_fix_change_the_severity_and_close_it() -> None:
    entries = kept(report(ledger()))
    told = {"ledger": [], "tracked": {"entries": entries}, "changes": {}, "there": {}}
    asked = asking("incident", issue=1, fix="#12", severity="high", reason="mended")
    (one,) = by_hand.incident({"operation": asked, **told})["issues"]
    assert (one["state"], one["fields"]["fix"], one["fields"]["severity"]) == ("closed", "#12", "high")
    assert (one["labels"][2], one["due"]) == ("severity:high", "2026-11-21")
    assert "fixed by `#12`; closed: mended." in one["comments"][0]["body"]
    with pytest.raises(Refusal, match="nothing to change"):
        by_hand.incident({"operation": asking("incident", issue=1), **told})


def test_the_lessons_have_refusals_waivers_times_and_rollbacks_and_keep_peoples_words() -> None:
    before = tuple(kept(judged({"unit_tests": "fail"})))
    entries = kept(judged({}, before, run="later", asked_at="2026-11-21T09:00:00Z"), before)
    event = promoted(run="later")
    event["data"]["criteria"][3]["waivers"] = [{"gate": "lint", "until": "2026-12-31", "owner": "J", "reason": "soon"}]
    book = [*ledger(), entry(4, "rehearsed", data={"checks": 9, "failed": 0}), event]
    block = retrospective.lines("carbon", "staging", book, entries)
    page = retrospective.page(None, "carbon", "staging", block, "lessons.md")
    for words in (
        "1 promotions, 1 refusals, 1 blockers, 1 incidents.",
        "- 2026-11-20, #1, run `20261120T084501Z-1a2b3c`: ",
        "- lint until 2026-12-31 by J: soon",
        "release 2, users see errors",
        "0 of 9 checks failed",
    ):
        assert words in page
    mine = page.replace("- What took longest?", "- It took long.")
    assert retrospective.page(mine, "carbon", "staging", block, "lessons.md") == mine
    assert retrospective.tracked(operation(), "staging", block)["state"] == "closed"
