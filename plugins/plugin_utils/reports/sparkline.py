"""The geometry of a trend's line: where each run's number, the objective and the baseline lie. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT, MARGIN = 176, 40, 6


@dataclass(frozen=True)
class Dot:
    """One run: `y` is None where it has no number."""

    x: float
    y: float | None
    verdict: str
    last: bool


@dataclass(frozen=True)
class Sparkline:
    """`paths`: one polyline's points for each stretch of runs without a gap; `objectives` and `baseline`: heights."""

    dots: Sequence[Dot]
    paths: Sequence[str]
    objectives: Sequence[float]
    baseline: float | None
    width: int = field(default=WIDTH)
    height: int = field(default=HEIGHT)


def draw(
    trend: Sequence[Mapping[str, object]], thresholds: Sequence[float], baseline: float | None
) -> Sparkline | None:
    """Lay out a trend; None where there is no line to draw: less than two runs with a number."""
    numbers = [each["found"] for each in trend]
    known = [float(each) for each in numbers if isinstance(each, int | float)]
    if len(known) < 2:
        return None
    levels = [*known, *thresholds, *([baseline] if baseline is not None else [])]
    low, high = min(levels), max(levels)
    span = (high - low) or 1.0

    def height(number: float) -> float:
        share = (number - low) / span if high > low else 0.5
        return round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1)

    step = (WIDTH - 2 * MARGIN) / (len(trend) - 1)
    dots = [
        Dot(
            round(MARGIN + place * step, 1),
            height(float(number)) if isinstance(number, int | float) else None,
            str(each["verdict"]),
            place == len(trend) - 1,
        )
        for place, (each, number) in enumerate(zip(trend, numbers, strict=True))
    ]
    return Sparkline(
        dots, _paths(dots), [height(each) for each in thresholds], None if baseline is None else height(baseline)
    )


def _paths(dots: Sequence[Dot]) -> list[str]:
    stretches: list[list[str]] = [[]]
    for dot in dots:
        if dot.y is None:
            stretches.append([])
        else:
            stretches[-1].append(f"{dot.x},{dot.y}")
    return [" ".join(stretch) for stretch in stretches if len(stretch) > 1]
