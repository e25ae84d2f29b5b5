"""The coverage of exactly a component's own files, by coverage's own report, from what tests and containers ran."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .bench import PROGRAMS, Bench
from .process import Finished

# Settings of the monorepo's own could leave files out, so none are read: the number is the same everywhere.
NO_SETTINGS = "--rcfile=/dev/null"


@dataclass(frozen=True)
class Coverage:
    """What was covered: `found` is `{percent, statements, covered, files, gaps}`, None for the reason in `why_none`."""

    found: dict[str, Any] | None = None
    why_none: str = ""
    commands: tuple[Finished, ...] = ()
    report: str = ""


def of_files(
    bench: Bench,
    python: Sequence[str],
    data: Path,
    files: Sequence[str],
    ran: Mapping[str, Sequence[int]] | None = None,
) -> Coverage:
    """Return the coverage of `files`: what the tests' own process left in `data`, and what `ran` elsewhere, by file."""
    if not files:
        return Coverage(why_none="the component has no Python files")
    shown = ", ".join(files[:3])
    if not data.exists() and not ran:
        return Coverage(why_none=f"no test imports any of the component's files ({shown}): no coverage data")
    report, elsewhere = bench.scratch / "coverage.json", bench.scratch / "ran.json"
    elsewhere.write_text(json.dumps(ran or {}), encoding="utf-8")
    program = str(PROGRAMS / "coverage_of.py")
    finished = bench.run([*python, program, str(data), str(elsewhere), str(report), *files])
    if finished.exit != 0 or not report.exists():
        why = f"the coverage report could not be made: {finished.trouble or finished.last_words}"
        return Coverage(why_none=why, commands=(finished,))
    raw = report.read_text(encoding="utf-8")
    if not json.loads(finished.stdout)["measured"]:
        return Coverage(
            why_none=f"no test imports any of the component's files ({shown})", commands=(finished,), report=raw
        )
    return Coverage(found=summary(json.loads(raw)), commands=(finished,), report=raw)


def summary(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return what gates look at of coverage's JSON report."""
    files = [
        {
            "file": name,
            "percent": round(found["summary"]["percent_covered"], 2),
            "statements": found["summary"]["num_statements"],
            "missing": found["missing_lines"],
        }
        for name, found in sorted(report["files"].items())
    ]
    gaps = [f"{entry['file']}: {entry['percent']:g} %, not run: {_ranges(entry['missing'])}" for entry in files]
    totals = report["totals"]
    statements, covered = totals["num_statements"], totals["covered_lines"]
    return {
        # Cut, not rounded: 69.996 % must not read 70 %.
        "percent": int(10000 * covered / statements) / 100 if statements else None,
        "statements": statements,
        "covered": covered,
        "files": files,
        "gaps": [gap for gap, entry in zip(gaps, files, strict=True) if entry["missing"]],
    }


def _ranges(lines: list[int]) -> str:
    """Return line numbers as a person writes them: `3-7, 12`."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in spans]
    return ", ".join([*texts[:12], *(["…"] if len(texts) > 12 else [])])
