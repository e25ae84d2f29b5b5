"""The road of a rollback as the host itself tells it, and where it is closed."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import road


def release(number: int, image: str = "a", **more: Any) -> dict[str, Any]:
    return {"number": number, "kind": "stateless", "artifact": {"images": {"web": {"id": image}}}, **more}


@pytest.mark.parametrize(
    ("origin", "goal", "why"),
    [
        (release(8), release(7, "b"), None),
        (release(8, kind="stateful"), release(7, kind="stateful"), None),
        (
            release(8, kind="stateful"),
            release(7, "b", kind="stateful"),
            "web keeps data, and its releases 8 and 7 have",
        ),
        (release(8, data_schema=2), release(7, data_schema=2), None),
        (release(8, data_schema=2), release(7, data_schema=1), r"8 and 7 have different data schemas (2 and 1)"),
        (release(8, data_schema=2), release(7), r"(2 and none)"),
    ],
)
def test_no_road_leads_where_the_data_would_not_fit(origin: Any, goal: Any, why: str | None) -> None:
    found = road.closed("web", origin, goal)
    assert found is None if why is None else (found is not None and why in found)


def test_what_will_happen_is_said_before() -> None:
    told = road.sentence("web", 8, 7, "blue-green", warm=True, seconds=0.4)
    assert told == "returns web from 8 to 7 (warm: one switch of the edge; takes about 0.4 s); its data stays as it is"
    told = road.sentence("web", 8, 7, "stop-first", warm=False, seconds=None)
    assert "stop-first: it interrupts; takes an unknown time" in told
