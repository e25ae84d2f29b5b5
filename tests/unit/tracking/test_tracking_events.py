"""From the ledger alone to what MATURITY.md has to say."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.document import Document
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.parse import parse
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.write import write
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.tracking import dates, events
from hypothesis import given
from hypothesis import strategies as st
from tracking_facts import TITLES, TREE, judgement, operation, promoted, waived

TODAY = "2026-11-20"


def test_the_promotion_that_stands_is_the_latest_of_this_artifact() -> None:
    other = promoted(seq=5, artifact={"tree": "other"})
    again = promoted(seq=4, at="2026-11-21T00:00:00Z")
    assert events.standing_promotion("carbon", "staging", TREE, [other, again, promoted()]) is again


@pytest.mark.parametrize(
    "entries", [[], [promoted(artifact={"tree": "other"})], [promoted(component="redis")], [promoted(event="deployed")]]
)
def test_no_promotion_of_this_artifact_is_refused(entries: list[events.Event]) -> None:
    with pytest.raises(Refusal) as refusal:
        events.standing_promotion("carbon", "staging", TREE, entries)
    assert "0123456789ab" in refusal.value.found
    assert refusal.value.next_step == "ansible-playbook promote-staging.yml -e component=carbon"


def test_the_event_says_everything() -> None:
    found = events.promotion(promoted(), [promoted()], TODAY)
    assert (found.stage, found.came_from, found.date) == ("Staging", "Development", "2026-11-20")
    assert found.earliest_production == "2026-11-27"
    assert (found.met, found.coverage, found.run) == ("7/7", 76.1, "20261120T084501Z-1a2b3c")
    assert "deployability" not in found.criteria
    assert found.passed["core-features"] == ("Jane Doe", "2026-11-19")
    assert found.passed["api"] is None
    assert found.earlier == ()


def test_a_criterion_that_did_not_pass_is_not_among_those_that_did() -> None:
    event = promoted()
    event["data"]["criteria"][1]["verdict"] = "inconclusive"
    assert "unit-tests" not in events.promotion(event, [], TODAY).passed


def test_earlier_promotions_come_from_the_ledger() -> None:
    first = promoted(seq=1, at="2026-10-01T00:00:00Z", run="first", data={})
    assert events.promotion(promoted(), [first, promoted()], TODAY).earlier == (("2026-10-01", "Staging", "first"),)


def test_the_presumed_event_says_the_same_as_the_recorded_one() -> None:
    at = "2026-11-20T08:45:01Z"
    presumed = events.presumed(operation(), judgement())
    assert events.promotion(presumed, [], TODAY) == events.promotion(promoted(at=at), [], TODAY)
    assert [each["criterion"] for each in presumed["data"]["criteria"]] == list(TITLES)


def test_uncommitted_files_that_were_passed_over_are_recorded() -> None:
    presumed = events.presumed({**operation(), "dirty": ["a.py"]}, judgement())
    assert presumed["data"]["dirty"] == ["a.py"]


def test_seven_days() -> None:
    assert dates.earliest_production("2026-12-28T23:59:59Z") == "2027-01-04"


def test_waivers_in_force_reach_maturity_md_and_expired_ones_leave_it() -> None:
    presumed = events.presumed(operation(), waived())
    assert presumed["data"]["criteria"][3]["waivers"][0]["gate"] == "code-quality-gate"
    assert "waivers" not in presumed["data"]["criteria"][2]
    text = "**Current Stage**: Development\n\n### Development → Staging\n\n- [x] Code quality\n"
    written = write(text, events.promotion(presumed, [], "2026-12-31"))
    assert "- [ ] Code quality (waived until 2026-12-31 by Jane Doe: the vendor mends it)\n" in written
    assert "**Status**: 6/7 criteria met, 1 waived\n" in written
    later = write(written, events.promotion(presumed, [], "2027-01-01"))
    assert "- [ ] Code quality\n" in later
    assert "**Status**: 6/7 criteria met\n" in later


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_whatever_a_waiver_says_the_file_stays_readable(owner: str, reason: str) -> None:
    given_by = {"owner": owner, "reason": reason, "until": "2026-12-31"}
    promotion = events.promotion(events.presumed(operation(), waived(given_by)), [], TODAY)
    written = write("**Current Stage**: Development\n\n# Next Steps\n\n1. Rest\n", promotion)
    assert write(written, promotion) == written
    assert not any(line.inert for line in Document(written).lines)
    assert not parse(written).criteria["code-quality"].ticked
    assert parse(written).met == "6/7"
