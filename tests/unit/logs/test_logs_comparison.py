"""New, known and borne errors; an allow-list that cannot hide anything for long."""

from __future__ import annotations

from datetime import date

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.log_classes import allowed, comparison, events

TODAY = date(2026, 11, 20)
ENTRY = {"pattern": "no disk", "owner": "ada", "reason": "ordered", "expires": "2026-11-20", "cap": 2}
FOUND = events.errors(["ERROR: no disk /dev/sda1"] * 2)


def compared(found=FOUND, previous=(), entries=(), today=TODAY) -> dict[str, int]:
    said = comparison.compare(found, previous, entries, today)
    return {key: len(value) for key, value in said.items() if value}


def test_what_the_release_before_did_not_have_is_new():
    assert compared() == {"new": 1}
    assert compared(previous={FOUND[0]["fingerprint"]}) == {"known": 1}


def test_nobody_knows_the_release_before_so_all_is_new():
    assert compared(previous=None) == {"new": 1}


def test_an_entry_bears_it_to_its_last_day_and_up_to_its_cap():
    assert compared(entries=[ENTRY]) == {"allowed": 1}
    assert compared(entries=[ENTRY], today=date(2026, 11, 21)) == {"new": 1, "expired": 1}
    assert compared(found=[{**FOUND[0], "count": 3}], entries=[ENTRY]) == {"new": 1, "over_cap": 1}


def test_an_entry_that_holds_wins_over_one_that_has_expired():
    assert compared(entries=[{**ENTRY, "expires": "2026-01-01"}, ENTRY]) == {"allowed": 1}


def test_an_entry_by_fingerprint_fits_that_one_only():
    entry = {**ENTRY, "pattern": FOUND[0]["fingerprint"]}
    assert compared(entries=[entry]) == {"allowed": 1}
    assert compared(found=events.errors(["ERROR: another"]), entries=[entry]) == {"new": 1}


def test_readings_add_up():
    assert comparison.merged([FOUND, FOUND])[0]["count"] == 4
    assert FOUND[0]["count"] == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"owner": ""}, "has no owner"),
        ({"cap": 0}, "has no cap"),
        ({"cap": "many"}, "cap is 'many'"),
        ({"expires": "soon"}, "expires is 'soon'"),
        ({"expires": "2027-11-20"}, "more than 90 days"),
        ({"pattern": "("}, "no regular expression"),
        ({"pattern": ".*"}, "allows everything"),
        ({"until": "2026-11-30"}, "has until, which is no key"),
    ],
)
def test_an_entry_says_who_why_until_when_and_how_much(change, said):
    assert allowed.problems([ENTRY], TODAY) == []
    found = allowed.problems([ENTRY | change], TODAY)
    assert len(found) == 1
    assert said in found[0]
