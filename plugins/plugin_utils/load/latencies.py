"""Latencies in an HDR histogram: the memory is that of the histogram, however many samples it has seen."""

from __future__ import annotations

from hdrh.histogram import HdrHistogram

LONGEST_MS = 600_000
_LOWEST_US, _HIGHEST_US, _DIGITS = 1, LONGEST_MS * 1000, 3


class Latencies:
    """Milliseconds, kept to three digits between 1 µs and 10 minutes; what lasted longer counts as 10 minutes."""

    def __init__(self) -> None:
        """Begin with none."""
        self._histogram = HdrHistogram(_LOWEST_US, _HIGHEST_US, _DIGITS)

    def record(self, milliseconds: float, every_ms: float = 0.0) -> None:
        """Add one latency.

        `every_ms`: how often this user asks. While it waited longer than that, requests were due that it could not
        send: they are added with the latencies that they would have had (coordinated omission).
        """
        value = min(max(_LOWEST_US, round(milliseconds * 1000)), _HIGHEST_US)
        if 0 < every_ms < milliseconds:
            self._histogram.record_corrected_value(value, max(1, round(every_ms * 1000)))
        else:
            self._histogram.record_value(value)

    @property
    def count(self) -> int:
        """How many there are, those that were due and could not be sent among them."""
        return int(self._histogram.get_total_count())

    def percentile(self, percent: float) -> float | None:
        """Return the latency in milliseconds that `percent` of all do not exceed; None for none at all."""
        return self._histogram.get_value_at_percentile(percent) / 1000 if self.count else None

    def add(self, other: Latencies) -> None:
        """Merge another one's samples into this one: percentiles are never averaged."""
        self._histogram.add(other._histogram)

    def encoded(self) -> str:
        """Return it as text (HdrHistogram V2, compressed, base64)."""
        return str(self._histogram.encode().decode())

    @classmethod
    def decoded(cls, text: str) -> Latencies:
        """Return what `encoded` wrote."""
        own = cls()
        own._histogram.decode_and_add(text.encode())
        return own
