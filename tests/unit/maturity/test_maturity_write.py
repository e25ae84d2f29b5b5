"""A promotion changes its lines of MATURITY.md, and no other byte."""

from __future__ import annotations

import difflib

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.document import MaturityError, decode
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.parse import parse
from ansible_collections.tta.ops.plugins.plugin_utils.maturity.write import write
from maturity_documents import GUIDE, SEVEN, promotion


def changed(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), n=0)
    return [line[0] + " " + line[1:].rstrip("\r\n") for line in list(lines)[2:] if line[0] in "+-"]


def test_exactly_these_lines_change() -> None:
    assert changed(GUIDE, write(GUIDE, promotion())) == [
        "- **Current Stage**: Development",
        "- **Last Updated**: 2025-10-13",
        "+ **Current Stage**: Staging (promoted from Development on 2026-11-20)",
        "+ **Last Updated**: 2026-11-20",
        "- - [x] Core features complete (80%+)",
        "- - [ ] Unit tests passing (≥70% coverage)",
        "- - [ ] API documented",
        "- - [ ] Code quality checks passing",
        "- - [ ] Component README complete",
        "- - [ ] Dependencies stable",
        "- - [ ] Integration validated",
        "+ - [x] Core features complete (80%+) (your word: Jane Doe, 2026-11-19)",
        "+ - [x] Unit tests passing (≥70% coverage)",
        "+ - [x] API documented",
        "+ - [x] Code quality checks passing",
        "+ - [x] Component README complete",
        "+ - [x] Dependencies stable",
        "+ - [x] Integration validated",
        "- **Status**: 1/7 criteria met",
        "+ **Status**: 7/7 criteria met ✅",
        "- **Current Coverage**: 42.9%",
        "+ **Current Coverage**: 76.1%",
        "- - **Coverage**: 42.9%",
        "+ - **Coverage**: 76.1%",
        "+ - 2026-11-20: Promoted to Staging (evidence 20261120T084501Z-1a2b3c)",
        "+ 3. Earliest production promotion: 2026-11-27",
    ]


def test_a_second_time_changes_nothing() -> None:
    once = write(GUIDE, promotion())
    assert write(once, promotion()) == once


@pytest.mark.parametrize(
    "mangle",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: "\ufeff" + text.removeprefix("# Carbon Maturity Status\n\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "  \n"),
        lambda text: text.replace("→", "->"),
        lambda text: text.replace("**Current Stage**:", "**Current Stage:**"),
        lambda text: text.replace("- [ ]", "* [ ]"),
    ],
    ids=["crlf", "bom", "bom before the stage", "no final newline", "trailing blanks", "ascii", "colon", "stars"],
)
def test_other_bytes_stay(mangle) -> None:
    before = mangle(GUIDE)
    after = write(before, promotion())
    assert parse(after) == parse(write(GUIDE, promotion()))
    assert write(after, promotion()) == after
    kept = [line for line in changed(before, after) if line.startswith("-")]
    assert len(kept) == 12
    assert before.endswith("\n") == after.endswith("\n")
    assert ("\r\n" in before) == ("\r\n" in after)
    assert after.count("\n") - after.count("\r\n") == (0 if "\r\n" in before else after.count("\n"))


def test_line_breaks_of_markdown_stay_on_changed_lines() -> None:
    after = write(GUIDE.replace("\n", "  \n"), promotion())
    plain = [line for line in after.splitlines() if not line.endswith("  ")]
    assert plain == [
        "- 2026-11-20: Promoted to Staging (evidence 20261120T084501Z-1a2b3c)",
        "3. Earliest production promotion: 2026-11-27",
    ]


def test_only_criteria_that_passed_are_ticked() -> None:
    passed = dict.fromkeys(key for key in SEVEN if key != "unit-tests")
    ticked = write(GUIDE, promotion())
    after = write(ticked, promotion(passed=passed, met="6/7"))
    assert "- [ ] Unit tests passing (≥70% coverage)\n" in after
    assert "- [x] Core features complete (80%+)\n" in after
    assert "**Status**: 6/7 criteria met\n" in after


def test_what_is_missing_is_added() -> None:
    after = write("# Redis\n\n**Current Stage**: Development", promotion())
    assert after == (
        "# Redis\n\n"
        "**Current Stage**: Staging (promoted from Development on 2026-11-20)\n"
        "**Last Updated**: 2026-11-20\n\n"
        "## Development → Staging\n\n"
        "- [x] Core features complete (80%+) (your word: Jane Doe, 2026-11-19)\n"
        "- [x] Unit tests passing (≥70% coverage)\n"
        "- [x] API documented, no planned breaking changes\n"
        "- [x] Passes lint (ruff), types (pyright), security (bandit)\n"
        "- [x] Component README with usage examples\n"
        "- [x] Dependencies identified and stable\n"
        "- [x] Integrates with dependent components in development\n\n"
        "**Status**: 7/7 criteria met ✅\n"
        "**Current Coverage**: 76.1%\n\n"
        "## Promotion History\n\n"
        "- 2026-11-20: Promoted to Staging (evidence 20261120T084501Z-1a2b3c)\n\n"
        "## Next Steps\n\n"
        "- Earliest production promotion: 2026-11-27"
    )
    assert write(after, promotion()) == after


def test_missing_sections_come_before_the_footer() -> None:
    after = write("**Current Stage**: Development\n\n**Last Updated By**: me\n", promotion())
    assert after.endswith("- Earliest production promotion: 2026-11-27\n\n**Last Updated By**: me\n")


def test_earlier_promotions_are_caught_up_and_never_doubled() -> None:
    earlier = (("2026-10-01", "Staging", "run-1"),)
    after = write(GUIDE, promotion(earlier=earlier))
    assert parse(after).history == (
        "2025-09-01: Promoted to Development",
        "2026-10-01: Promoted to Staging (evidence run-1)",
        "2026-11-20: Promoted to Staging (evidence 20261120T084501Z-1a2b3c)",
    )


def test_a_later_promotion_moves_the_dates() -> None:
    later = promotion(date="2026-12-01", run="run-2", earliest_production="2026-12-08")
    after = write(write(GUIDE, promotion()), later)
    assert parse(after).earliest_production == "2026-12-08"
    assert after.count("Earliest production promotion") == 1
    assert len(parse(after).history) == 3


@pytest.mark.parametrize(
    ("text", "found", "wanted"),
    [
        ("This file has moved to docs/.\n", "no line **Current Stage**", "header of the template"),
        ("", "no line **Current Stage**", "header of the template"),
        ("**Current Stage**: soon\n", "'soon'", "header of the template"),
        (GUIDE + "\n**Current Stage**: Staging\n", "two fields Current Stage (lines 3 and 69)", "one"),
        (GUIDE + "\n## Promotion History\n", "section 'Promotion History' twice", "one"),
        (GUIDE + "\n### Development → Staging\n", "section 'Development → Staging' twice", "one"),
        (GUIDE + "\n## Next Steps\n", "section 'Next Steps' twice", "one"),
    ],
)
def test_what_cannot_be_understood_is_refused(text: str, found: str, wanted: str) -> None:
    with pytest.raises(MaturityError) as refusal:
        write(text, promotion(), "src/x/MATURITY.md")
    assert found in refusal.value.found
    assert wanted in refusal.value.wanted
    assert refusal.value.next_step
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("data", [b"\x89PNG\0", b"**Current Stage**: \xff"])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(MaturityError, match=r"x\.md is"):
        decode(data, "x.md")


def test_parse_reads_the_template() -> None:
    read = parse(GUIDE)
    assert (read.stage, read.last_updated, read.owner) == ("Development", "2025-10-13", "theinterneti")
    assert (read.group, read.met, read.coverage) == ("Monitoring & Operations", "1/7", 42.9)
    assert [key for key, box in read.criteria.items() if box.ticked] == ["core-features"]
