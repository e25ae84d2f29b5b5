"""A document, an outbox on this machine, and settings that lead to the stand-in."""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible_collections.tta.ops.plugins.module_utils.host import outbox
from ansible_collections.tta.ops.plugins.module_utils.host.state import State
from ansible_collections.tta.ops.plugins.module_utils.host.tracked.shelf import Shelf
from ansible_collections.tta.ops.plugins.plugin_utils.trackers import mirror
from ansible_collections.tta.ops.plugins.plugin_utils.trackers.api import Api
from ansible_collections.tta.ops.plugins.plugin_utils.trackers.github import GitHub
from ansible_collections.tta.ops.plugins.plugin_utils.trackers.requesting import Transport
from ansible_collections.tta.ops.plugins.plugin_utils.trackers.sending import Sent, send
from ansible_collections.tta.ops.plugins.plugin_utils.trackers.settings import Settings, settings_of

from .server import Standin

KEY = "promotion/carbon/staging/0123456789ab"


def document(**changes: Any) -> dict[str, Any]:
    """Carbon's request for staging."""
    facts = {
        "kind": "promotion",
        "key": KEY,
        "title": "[PROMOTION] carbon: development → staging",
        "labels": ["component:carbon", "target:staging", "promotion:requested"],
        "body": "## Component Name\n\n`carbon`",
        "state": "open",
        "due": None,
        "comments": [],
        "milestone": None,
        "board": None,
        "links": [],
    }
    return {**facts, **changes}


def settings(standin: Standin | str, **changes: Any) -> Settings:
    """The catalogue's `monorepo.tracker`."""
    api = standin if isinstance(standin, str) else standin.url
    return settings_of({"tracker": {"backend": "github", "repository": "octo/tta", "api": api, **changes}})


class Time:
    """A clock that goes on when somebody sleeps, and only then."""

    def __init__(self) -> None:
        self.now, self.slept = 1000.0, []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Beside:
    """The outbox and the shelf of one environment, as the host program has them, below `root`."""

    def __init__(self, root: Path, environment: str = "staging") -> None:
        self.root, self.environment = root, environment

    def __call__(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        call: Any = types.SimpleNamespace(state=State(self.root))
        text = json.dumps({"environment": self.environment, **asked})
        return json.loads(json.dumps(outbox.answered(call, text)[0]))

    def track(self, *documents: dict[str, Any]) -> None:
        """Write them down locally."""
        Shelf(self.root / self.environment).put(list(documents))

    def waiting(self) -> list[str]:
        """The keys that wait to be sent, in order."""
        return [each["key"] for each in self({})["queue"]]


def tracker(where: Settings, token: str, time: Time, transport: Transport) -> GitHub:
    """GitHub with a clock of our own."""
    return GitHub(Api(where, token, transport, time, time.sleep), where)


def sent(
    documents: list[dict[str, Any]],
    beside: Callable[[Mapping[str, Any]], dict[str, Any]],
    standin: Standin,
    **changes: Any,
) -> Sent:
    """Send without a network, and without waiting for real."""
    run, transport = str(changes.pop("run", "run-1")), changes.pop("transport", standin.direct)
    token = changes.pop("token", standin.token)
    where = settings(standin, **changes)
    return send(documents, beside, lambda: tracker(where, token, Time(), transport), run)


def shown(documents: list[dict[str, Any]], beside: Beside, standin: Standin, **changes: Any) -> dict[str, Any]:
    """Send as the action does, and return what it returns."""
    run, token = str(changes.pop("run", "run-1")), changes.pop("token", standin.token)
    return mirror.send(documents, beside, settings(standin, **changes), token, run)
