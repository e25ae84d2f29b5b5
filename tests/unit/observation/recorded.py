"""A recorder with a clock of its own and a component that is as the test says, without an engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible_collections.tta.ops.plugins.module_utils.host import canonical, files
from ansible_collections.tta.ops.plugins.module_utils.host.engine import Engine
from ansible_collections.tta.ops.plugins.module_utils.host.processes import Processes
from ansible_collections.tta.ops.plugins.module_utils.host.recorder import acts, observed, tick, windows
from ansible_collections.tta.ops.plugins.module_utils.host.recorder.clocks import Clock
from ansible_collections.tta.ops.plugins.module_utils.host.recorder.looking import Seen
from ansible_collections.tta.ops.plugins.module_utils.host.state import State

TREE, OTHER = "a" * 64, "b" * 64
BEGIN = windows.moment("2026-11-16T00:00:00Z")  # a Monday
WHO = {"component": "web", "environment": "staging", "actor": "Jane", "reason": "why", "run": "r1"}


class Recorder:
    """Samples `web` on staging, deployed at BEGIN; `wall` and `steady` are its clocks, `boot` its machine's start."""

    def __init__(self, folder: Path) -> None:
        self.state = State(folder)
        self.wall, self.steady, self.boot = BEGIN, 1000.0, "boot-1"
        self.seen = Seen("up", ms=10.0, release=1, tree=TREE)
        files.make_folder(self.state.store("staging", "web").folder)
        self.enter("deployed", BEGIN, TREE, 1)
        self.record({"ranges": {}})

    def enter(self, event: str, at: float, tree: str, release: int | None, data: dict[str, Any] | None = None) -> None:
        """Write an entry into the ledger as if it were `at`."""
        ledger = self.state.ledger("staging")
        reading = ledger.read()
        entry = {
            **dict.fromkeys(("actor", "reason", "fence", "evidence")),
            "component": "web", "release": release, "artifact": {"tree": tree, "commit": tree}, "data": data,
            "run": f"run-{len(reading.entries)}", "schema": 1, "seq": len(reading.entries) + 1, "prev": reading.head,
            "at": windows.text_of(at), "event": event, "environment": "staging",
        }  # fmt: skip
        entry["hash"] = canonical.sha256(entry)
        files.make_folder(ledger.path.parent)
        files.append(ledger.path, canonical.encode(entry) + b"\n")

    def record(self, settings: dict[str, Any]) -> None:
        """Observe it since BEGIN."""
        record = {**WHO, "schema": 1, "started": windows.text_of(BEGIN), "stopped": None, "expect": None}
        observed.write(self.state, {**record, "settings": settings})

    @property
    def file(self) -> Path:
        return observed.database(self.state, "staging", "web")

    def tick(self, look: Callable[..., Seen] | None = None) -> dict[str, Any]:
        """Sample once, at the clock's time."""
        clock = Clock(lambda: self.wall, lambda: self.steady, lambda: self.boot)
        how = look or (lambda *_: self.seen)
        return tick.tick(self.state, Engine(Processes()), None, clock, hooks=(), look=how)

    def run(self, minutes: int, state: str = "up", reason: str = "", **seen: Any) -> None:
        """Sample once a minute."""
        for _ in range(minutes):
            self.seen = Seen(state, reason, **{"ms": 10.0, "release": 1, "tree": TREE, **seen})
            assert not self.tick()["failed"]
            self.pass_time(60)

    def pass_time(self, seconds: float) -> None:
        """Let time pass, on both clocks."""
        self.wall += seconds
        self.steady += seconds

    def report(self, now: float | None = None) -> dict[str, Any]:
        """Return the report as of now."""
        record = observed.required(self.state, "staging", "web")
        return json.loads(json.dumps(acts.told(self.state, record, now or self.wall)))


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    """Return the slots of a report: up, down, unknown, maintenance."""
    return (report["up"], report["down"], report["unknown"], report["maintenance"])
