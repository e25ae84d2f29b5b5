"""The classifier on real logs that were labelled before it was written, and `grep -i error` beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from ansible_collections.tta.ops.plugins.module_utils.host.log_classes import events

HELD_OUT = Path(__file__).parents[2] / "logs" / "held_out"


class Score(NamedTuple):
    right: int
    false_alarms: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.false_alarms)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)

    def __add__(self, other: Score) -> Score:  # type: ignore[override]
        return Score(*(a + b for a, b in zip(self, other, strict=True)))


def corpus() -> dict[str, tuple[list[str], list[str]]]:
    read = {}
    for path in sorted(HELD_OUT.glob("*.txt")):
        rows = [row.split("\t", 1) for row in path.read_text(encoding="utf-8").split("\n") if row]
        read[path.stem] = ([row[0] for row in rows], [row[1] for row in rows])
    return read


def classified(labels: list[str], lines: list[str]) -> Score:
    """An event counts at its first line; one that begins inside another, or where there is none, is a false alarm."""
    said = {event.first for event in events.read(lines) if event.level in ("error", "critical")}
    true = {number for number, label in enumerate(labels) if label == "E"}
    return Score(len(said & true), len(said - true), len(true - said))


def grepped(labels: list[str], lines: list[str]) -> Score:
    """`grep -i error`, judged kindly: a hit in the rest of an error is no false alarm, and finds the error."""
    right = alarms = found = 0
    current, hit = False, False
    for label, line in zip(labels, lines, strict=True):
        match = bool(re.search("error", line, re.IGNORECASE))
        if label == "E":
            found, hit, current = found + (hit and current), False, True
        if label == ".":
            found, current, hit = found + (hit and current), False, False
            alarms += match
        else:
            hit = hit or match
            right += match
    found += hit and current
    total = labels.count("E")
    return Score(found, alarms, total - found)


def test_precision_and_recall_on_real_logs(capsys):
    ours, grep, lines = Score(0, 0, 0), Score(0, 0, 0), 0
    table = [f"{'':16} {'lines':>5} {'errors':>6} | {'precision':>9} {'recall':>6} | grep -i error: precision recall"]
    for name, (labels, text) in corpus().items():
        own, other = classified(labels, text), grepped(labels, text)
        ours, grep, lines = ours + own, grep + other, lines + len(text)
        table.append(row(name, len(text), labels.count("E"), own, other))
    table.append(row("all", lines, ours.right + ours.missed, ours, grep))
    with capsys.disabled():
        print("\n" + "\n".join(table))

    assert lines >= 500
    assert ours.precision >= 0.95
    assert ours.recall >= 0.95


def row(name: str, lines: int, errors: int, own: Score, grep: Score) -> str:
    precision = grep.precision if grep.right + grep.false_alarms else 0
    return (
        f"{name:16} {lines:5} {errors:6} | {own.precision:9.3f} {own.recall:6.3f} |"
        f" {precision:25.3f} {grep.recall:6.3f}"
    )


def test_every_traceback_in_the_corpus_is_inside_one_event():
    for name, (labels, lines) in corpus().items():
        for event in events.read(lines):
            if event.level in ("error", "critical"):
                assert "E" not in labels[event.first + 1 : event.after], (name, event.first + 1)
