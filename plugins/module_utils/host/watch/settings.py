"""What a watch may be told, and what it does when it is told nothing. Triggers take a release back by themselves."""

from __future__ import annotations

from typing import Any, Dict, Tuple

# health: looks in a row that found it not healthy. error_rate: percent of the looks of the last minutes, or of the
# edge's answers where there are at least so many, that failed. logs: new kinds of errors, which the release before did
# not log. restarts: of its containers, beyond those it had when the watch began.
TRIGGERS: Dict[str, Dict[str, float]] = {
    "health": {"failed": 3},
    "error_rate": {"percent": 10, "minutes": 5, "at_least": 20},
    "logs": {"new": 1},
    "restarts": {"more": 2},
}
# hours: how long the host watches; every: seconds between two looks; first: seconds that the run waits for the first.
DEFAULTS: Dict[str, Any] = {"hours": 24, "every": 15, "first": 120, "triggers": TRIGGERS}
RANGES: Dict[str, Tuple[float, float]] = {
    "hours": (0.01, 336),
    "every": (1, 300),
    "first": (0, 3600),
    "failed": (1, 100),
    "percent": (0.1, 100),
    "minutes": (0.05, 1440),
    "at_least": (1, 1000000),
    "new": (1, 1000),
    "more": (1, 1000),
}
