"""The check list below a heading, and whose word it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .bench import Bench
from .markdown import Page, Section
from .measurement import Measurement
from .process import Finished


def check_list(bench: Bench, page: Page, document: Mapping[str, Any], pattern: str, by_hand: str) -> Measurement:
    """Return the document grown by the check list of the first section whose title fits `pattern`."""
    file = document["file"]
    section = page.section(pattern)
    if section is None:
        return Measurement(problem=f"{file} has no section that fits {pattern!r}", by_hand=by_hand)
    items = page.check_list(section)
    if not items:
        problem = f"{file} has no check list (- [x] …) under {section.title!r}, line {section.first}"
        return Measurement(problem=problem, by_hand=by_hand)
    attested, asked = _last_hand(bench, file, section)
    ticked = sum(item.ticked for item in items)
    grown = {
        **document,
        "section": section.title,
        "items": [{"text": item.text, "ticked": item.ticked, "line": item.line} for item in items],
        "ticked": ticked,
        "total": len(items),
        "percent": int(1000 * ticked / len(items)) / 10,
        "open": [f"{file}:{item.line}: not ticked: {item.text}" for item in items if not item.ticked],
    }
    return Measurement(document=grown, attested=attested, commands=(asked,), by_hand=by_hand)


def _last_hand(bench: Bench, file: str, section: Section) -> tuple[dict[str, str] | None, Finished]:
    """Return who changed the section last and when, as git has it at the judged commit; None when git cannot say."""
    git = ["git", "-c", "safe.directory=*", "-C", bench.subject.monorepo]
    lines = f"-L{section.first},{section.last}"
    asked = bench.run([*git, "blame", "--line-porcelain", lines, bench.subject.commit, "--", file])
    names = re.findall(r"^author (.+)$", asked.stdout, re.MULTILINE)
    times = [int(second) for second in re.findall(r"^author-time (\d+)$", asked.stdout, re.MULTILINE)]
    if asked.exit != 0 or not names or len(names) != len(times):
        return None, asked
    second, name = max(zip(times, names, strict=True))
    return {"by": name, "at": datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d")}, asked
