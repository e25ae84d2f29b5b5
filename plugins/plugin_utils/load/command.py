"""The command line of locust, and what it finds in its environment. Pure."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..refusal import Refusal

LISTENER = Path(__file__).with_name("listener.py")
STOP_TIMEOUT_S = 10
_SETTLE_S, _LONGEST_SETTLE_S = 2.0, 30.0


@dataclass(frozen=True)
class Load:
    """How many users, how many of them begin in a second, for how many seconds in all."""

    users: int = 100
    rate: float = 10.0
    seconds: int = 300

    @property
    def warm_up(self) -> float:
        """Seconds that do not count: until all users are there, and a tenth of the rest, 2 to 30 s."""
        ramp = self.users / self.rate
        return ramp + min(_LONGEST_SETTLE_S, max(_SETTLE_S, (self.seconds - ramp) / 10))

    def checked(self) -> Load:
        """Return it; raises `Refusal` when more than half of the time would be warm-up."""
        if self.warm_up > self.seconds / 2:
            raise Refusal(
                f"{self.users} users at {self.rate:g} a second need {self.warm_up:.0f} of {self.seconds} s to warm up",
                "at least as long again to measure in",
                f"-e seconds={int(self.warm_up * 4)}",
            )
        return self


def arguments(locustfiles: Sequence[str], address: str, load: Load) -> list[str]:
    """Return locust's command line for a run without a page of its own."""
    files = ",".join([*locustfiles, str(LISTENER)])
    return [
        *(sys.executable, "-m", "locust", "--headless", "--locustfile", files, "--host", address),
        *("--users", str(load.users), "--spawn-rate", f"{load.rate:g}", "--run-time", f"{load.seconds}s"),
        *(
            "--stop-timeout",
            str(STOP_TIMEOUT_S),
            "--exit-code-on-error",
            "0",
            "--only-summary",
            "--loglevel",
            "WARNING",
        ),
    ]


def environment(
    own: Mapping[str, str], declared: Mapping[str, str], roots: Sequence[Path], load: Load, result: Path
) -> dict[str, str]:
    """Return the environment: the declared variables, where modules are found, where the result goes."""
    parts = LISTENER.parts
    collections = Path(*parts[: parts.index("ansible_collections")]) if "ansible_collections" in parts else Path()
    kept = {key: own[key] for key in ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR") if key in own}
    return {
        **kept,
        **declared,
        "PYTHONPATH": ":".join(str(path) for path in (*roots, collections)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TTA_LOAD_WARM_UP": f"{load.warm_up:.3f}",
        "TTA_LOAD_RESULT": str(result),
    }
