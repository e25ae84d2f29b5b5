"""What holds for every MATURITY.md, in whatever order and style its parts stand."""

from __future__ import annotations

import datetime

from ansible_collections.tta.ops.plugins.plugin_utils.maturity.document import Document
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.parse import Criterion, Maturity, parse
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.write import Promotion, write
from hypothesis import given, settings
from hypothesis import strategies as st
from maturity_documents import SEVEN

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=60)
NAMES = st.from_regex(r"[A-Z][a-z]{1,8} [A-Z][a-z]{1,8}", fullmatch=True)
DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 1, 1)).map(datetime.date.isoformat)
RUNS = st.from_regex(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}", fullmatch=True)


@st.composite
def promotions(draw: st.DrawFn) -> Promotion:
    passed = draw(st.sets(st.sampled_from(SEVEN)))
    words = {key: draw(st.none() | st.tuples(NAMES, DAYS)) for key in SEVEN if key in passed}
    waivers = st.lists(st.tuples(DAYS, NAMES, NAMES), min_size=1, max_size=2).map(tuple)
    waived = {key: draw(waivers) for key in SEVEN if key not in passed and draw(st.booleans())}
    stage, came_from = draw(st.sampled_from([("Staging", "Development"), ("Production", "Staging")]))
    return Promotion(
        stage=stage,
        came_from=came_from,
        date=draw(DAYS),
        run=draw(RUNS),
        criteria=SEVEN,
        passed=words,
        met=f"{len(passed)}/7",
        coverage=draw(st.none() | st.integers(0, 1000).map(lambda tenths: tenths / 10)),
        earliest_production=draw(st.none() | DAYS),
        waived=waived,
    )


@st.composite
def documents(draw: st.DrawFn) -> str:
    header = ["# X", "", "**Current Stage**: Development", "**Last Updated**: 2025-01-01", "**Owner**: me"]
    boxes = [f"- [{draw(st.sampled_from(' xX'))}] {text}" for text in ("Core features", "Unit tests", "API", "README")]
    sections = [
        ["### Development → Staging", "", *boxes, "", "**Status**: 0/7 criteria met", "**Current Coverage**: 1%"],
        ["## Promotion History", "", "- 2020-01-01: Created"],
        ["## Next Steps", "", "1. Something"],
        ["## Free text", *draw(st.lists(WORDS.filter(lambda text: not text.lstrip().startswith(("#", "*", "-")))))],
        ["```", "**Current Stage**: Production", "## Next Steps", "```"],
    ]
    kept = draw(st.permutations(sections).map(lambda order: order[: draw(st.integers(0, 5))]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [line for part in [header, *kept] for line in [*part, ""]]
    return draw(st.sampled_from(["", "\ufeff"])) + newline.join(lines) + draw(st.sampled_from(["", newline]))


@given(WORDS)
def test_a_document_goes_back_together(text: str) -> None:
    assert str(Document(text)) == text


@settings(max_examples=300)
@given(documents(), promotions())
def test_what_is_written_is_read_again(text: str, promotion: Promotion) -> None:
    after = write(text, promotion)
    read = parse(after)
    before = parse(text)
    expected = Maturity(
        stage=promotion.stage,
        stage_note=f"(promoted from {promotion.came_from} on {promotion.date})",
        last_updated=promotion.date,
        owner=before.owner,
        group=before.group,
        criteria={
            key: Criterion(key in promotion.passed, promotion.passed.get(key), promotion.waived.get(key, ()))
            for key in SEVEN
        },
        met=promotion.met,
        coverage=before.coverage if promotion.coverage is None else promotion.coverage,
        history=(*before.history, f"{promotion.date}: Promoted to {promotion.stage} (evidence {promotion.run})"),
        earliest_production=promotion.earliest_production or before.earliest_production,
    )
    assert read == expected
    assert write(after, promotion) == after


@settings(max_examples=300)
@given(documents(), promotions())
def test_lines_that_a_promotion_does_not_own_stay_in_order(text: str, promotion: Promotion) -> None:
    owned = ("**Current Stage", "**Last Updated", "- [", "**Status", "**Current Coverage")
    before = [line.text + line.end for line in Document(text).lines if not line.text.startswith(owned)]
    after = iter([line.text + line.end for line in Document(write(text, promotion)).lines])
    last = before.pop() if before and not before[-1].endswith("\n") else None
    assert all(line in after for line in before)
    assert last is None or any(line.startswith(last) for line in after)
