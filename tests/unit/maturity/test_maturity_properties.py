"""What holds for every MATURITY.md, in whatever order and style its parts stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.document import Document, MaturityError
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.parse import Criterion, parse
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.write import Promotion, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from maturity_variants import OWNED, PEOPLES_BOXES, documents, promotions

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=60)
VARIANTS = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@given(WORDS)
def test_a_document_goes_back_together(text: str) -> None:
    assert str(Document(text)) == text


def assert_others_stay(text: str, after: str) -> None:
    """Lines that a promotion does not own keep every byte and their order."""
    before = [
        line.text + line.end
        for line in Document(text).lines
        if not line.text.removeprefix("\ufeff").startswith(OWNED) or line.text.startswith(PEOPLES_BOXES)
    ]
    written = iter([line.text + line.end for line in Document(after).lines])
    last = before.pop() if before and not before[-1].endswith("\n") else None
    assert all(line in written for line in before if line.strip())
    assert last is None or any(line.startswith(last) for line in written)


@VARIANTS
@given(documents(), promotions())
def test_300_variants_are_read_again_written_twice_the_same_and_keep_what_is_not_the_promotions(
    text: str, promotion: Promotion
) -> None:
    before, after = parse(text), write(text, promotion)
    read = parse(after)
    shown = {
        key: Criterion(key in promotion.passed, promotion.passed.get(key), promotion.waived.get(key, ()))
        for key in promotion.criteria
    }
    number = " (Issue #12)" if promotion.numbers else ""
    entry = f"{promotion.date}: Promoted to {promotion.stage}{number} (evidence {promotion.run})"
    to_staging, demoted = promotion.stage == "Staging", (promotion.facts or {}).get("demotions", [])
    expected = replace(
        before,
        stage=promotion.stage,
        stage_note=f"(promoted from {promotion.came_from} on {promotion.date})",
        last_updated=promotion.date,
        criteria=shown if to_staging else before.criteria,
        met=promotion.met if to_staging else before.met,
        coverage=before.coverage if promotion.coverage is None or not to_staging else promotion.coverage,
        to_production=before.to_production if to_staging else shown,
        met_production=before.met_production if to_staging else promotion.met,
        history=tuple(one for one in read.history if one in (*before.history, entry, *demoted)),
        earliest_production=promotion.earliest_production or before.earliest_production,
    )
    assert read == expected
    assert read.history.count(entry) == 1
    assert write(after, promotion) == after
    assert_others_stay(text, after)


@settings(VARIANTS, max_examples=60)
@given(documents(), promotions(), st.sampled_from(["header", "stage", "criteria", "history", "binary", "moved"]))
def test_what_cannot_be_understood_is_refused_and_never_half_written(text: str, promotion: Promotion, how: str) -> None:
    newline = "\r\n" if "\r\n" in text else "\n"
    spoilt = {
        "header": text.replace("**Current Stage**", "**Stage of sorts**", 1),
        "stage": text.replace("**Current Stage**: Development", "**Current Stage**: soon", 1),
        "criteria": newline.join([text, *["", "## Staging → Production", "- [ ] Load"] * 2]),
        "history": newline.join([text, *["", "## Promotion History", "- 2020-01-01: x"] * 2]),
        "binary": newline.join([text, "**Current Stage**: Staging"]),
        "moved": f"# X{newline}{newline}> **This document has moved!**{newline}> - **Path:** `kb/X Status.md`{newline}",
    }[how]
    with pytest.raises(MaturityError) as refusal:
        write(spoilt, promotion, "src/x/MATURITY.md")
    assert "src/x/MATURITY.md" in refusal.value.found
    assert refusal.value.wanted
    assert refusal.value.next_step
    assert how != "moved" or "kb/X Status.md" in str(refusal.value)
