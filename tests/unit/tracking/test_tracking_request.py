"""The promotion request has every field of the guide's form, and lives once."""

from __future__ import annotations

import json

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.tracking import request, request_page
from tracking_facts import STAGES, judgement, operation, promoted, waived

FORM = [
    "Component Name",
    "Current Stage",
    "Target Stage",
    "Functional Group",
    "Promotion Justification",
    "Development → Staging Criteria",
    "Staging → Production Criteria",
    "Test Results",
    "Performance Metrics",
    "Security Review",
    "Documentation Links",
    "Dependencies",
    "Known Blockers",
    "Rollback Plan",
    "Additional Context",
]


def opened(**changes: object) -> dict[str, object]:
    return request.opened(operation(**changes), judgement(), STAGES, None)


def test_title_and_labels_are_the_guides() -> None:
    asked = opened()
    assert asked["title"] == "[PROMOTION] carbon: development → staging"
    assert asked["labels"] == ["component:carbon", "target:staging", "promotion:approved"]


def test_the_page_has_every_field() -> None:
    page = request_page.markdown(opened(reason="because"))
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == FORM
    assert page.startswith("# [PROMOTION] carbon: development → staging\n")
    for words in (
        "`redis` (Production)",
        "76.1% coverage",
        "found `76.1 %`, wanted `>= 70`",
        "- [x] Core features complete (your word)",
        "`src/components/carbon/README.md`",
        "Reason: `because`",
        "## Known Blockers\n\nNone",
        "ab" * 32,
    ):
        assert words in page


def test_a_criterion_that_is_not_met_has_an_empty_box() -> None:
    judged = judgement()
    judged["criteria"][1]["verdict"] = "fail"
    assert "- [ ] Unit tests and coverage" in request_page.markdown(request.opened(operation(), judged, STAGES, None))


def test_asking_again_keeps_who_asked_first() -> None:
    first = opened()
    assert [one["status"] for one in first["statuses"]] == ["requested", "in-review", "approved"]
    again = request.opened(operation(run="later", asked_at="2026-12-01T00:00:00Z"), judgement(), STAGES, first)
    assert again == first


def test_completing_twice_gives_the_same_bytes() -> None:
    done = request.completed(operation(), promoted(), STAGES, opened())
    read = json.loads(request.as_json(done))
    later = operation(run="later", asked_at="2026-12-01T00:00:00Z", actor="Joe")
    assert request.as_json(request.completed(later, promoted(), STAGES, read)) == request.as_json(done)
    assert done["status"] == "completed"
    assert done["labels"][-1] == "promotion:completed"
    assert "**Completed**: 2026-11-20T08:50:00Z by `Jane <jane@x>`" in request_page.markdown(done)


def test_a_request_that_was_lost_is_rebuilt_from_the_ledger() -> None:
    done = request.completed(operation(), promoted(), STAGES, None)
    page = request_page.markdown(done)
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == FORM
    assert "76.1% coverage" in page
    assert done["requested"]["at"] == "2026-11-20T08:50:00Z"


@pytest.mark.parametrize("field", ["found", "by_hand", "wanted"])
def test_tool_output_cannot_add_a_heading_or_close_a_block(field: str) -> None:
    judged = judgement()
    judged["criteria"][1]["gates"][0][field] = "```\n## Forged\n- [x] forged\n<b>@all</b>"
    page = request_page.markdown(request.opened(operation(), judged, STAGES, None))
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert "## Forged" not in headings
    assert "\n- [x] forged" not in page


def test_waivers_warnings_and_what_was_earned_before_are_shown() -> None:
    page = request_page.markdown(request.opened(operation(), waived(), STAGES, None))
    for words in (
        "- [ ] Code quality and security (waived until `2026-12-31` by `Jane Doe`)",
        "  - Waived until `2026-12-31` by `Jane Doe`: the vendor mends it",
        "  - Warning: 3 are outdated",
        "  - Earned `2026-11-19T09:00:20Z` in run `20261119T090000Z-aaaaaa`",
        "- **Report**: `/home/jane/report.html`",
    ):
        assert f"{words}\n" in page


def test_the_heads_of_the_ledgers_are_kept_and_the_promotions_own_is_added_once() -> None:
    heads = {"staging": {"seq": 2, "hash": "aa"}, "production": {"seq": 1, "hash": "bb"}}
    asked = request.opened(operation(), judgement(), STAGES, None, heads)
    assert asked["anchors"] == heads
    assert request.opened(operation(), judgement(), STAGES, asked, {"staging": {}})["anchors"] == heads
    done = request.completed(operation(), promoted(hash="cc"), STAGES, asked)
    assert done["anchors"] == {**heads, "staging": {"seq": 3, "hash": "cc"}}
    assert request.completed(operation(), promoted(hash="cc"), STAGES, done) == done
