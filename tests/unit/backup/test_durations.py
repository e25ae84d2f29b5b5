"""Lengths of time: what is typed is what is meant, and what is accepted is what is lost."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.backup import durations, putting_back
from ansible_collections.tta.ops.plugins.module_utils.host.errors import UsageError
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "seconds"), [("45s", 45), ("10m", 600), ("2h15m", 8100), ("3d", 259200), ("1d1s", 86401)]
)
def test_parse(text: str, seconds: int) -> None:
    assert durations.parse(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "5 m", "m5", "-5m", "5m5h", "1.5h", "{{ 5m }}", "9999999d", None])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no length of time"):
        durations.parse(text)


@given(st.integers(0, 10**8))
def test_what_is_said_is_the_two_largest_units(seconds: int) -> None:
    assert 0 <= seconds - durations.parse(durations.text(seconds)) < max(3600, seconds / 24)


@given(st.floats(0, 10**7))
def test_what_is_proposed_is_accepted_for_five_minutes_and_a_blanket_never(lost: float) -> None:
    proposed = durations.text(putting_back.enough(lost))
    putting_back.require_named(lost, proposed)
    putting_back.require_named(lost + 299, proposed)
    with pytest.raises(UsageError):
        putting_back.require_named(lost, f"{int(lost) + 7300}s")
    with pytest.raises(UsageError):
        putting_back.require_named(lost + 1, f"{int(lost)}s")
    with pytest.raises(UsageError):
        putting_back.require_named(lost, None)
