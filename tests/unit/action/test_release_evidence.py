"""What the action `release` sends for evidence and events: the run, the root hash, and what is to be remembered."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.action.release import Where, _keep
from ansible_collections.tta.ops.plugins.module_utils.host import keep
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

OPERATION = {
    "component": "carbon",
    "target": "staging",
    "actor": "Jane",
    "reason": "",
    "run": "run-1",
    "environments": {
        "staging": {"hosts": ["staging-1"], "state": "/state"},
        "production": {"hosts": ["production-1"], "state": "/other"},
    },
}
HEADS = {"staging": {"seq": 3, "hash": "a"}, "production": {"seq": 1, "hash": "b"}}


def where(host: str = "staging-1", **arguments: Any) -> Where:
    given = {"verb": "record", "operation": OPERATION, "environment": None, "component": None, "state": None}
    return Where({**given, **arguments}, host)


def event(place: Where, anchors: dict[str, Any] | None = None, **given: Any) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(place.event({"event": given, "anchors": anchors}))
    return sent


def test_an_event_anchors_the_other_ledgers_and_not_its_own() -> None:
    sent = event(where(), HEADS, event="promoted", data={"stage": "staging"})
    assert sent["data"] == {"stage": "staging", "anchors": {"production": HEADS["production"]}}
    assert (sent["environment"], sent["component"]) == ("staging", "carbon")


def test_what_is_given_wins_also_where_it_is_nothing() -> None:
    heads = {"staging": HEADS["staging"]}
    sent = event(where(environment="production"), heads, event="anchored", component=None, run="run-0")
    assert (sent["environment"], sent["component"], sent["run"]) == ("production", None, "run-0")
    assert sent["data"] == {"anchors": heads}


@pytest.mark.parametrize("anchors", [None, {}, {"staging": HEADS["staging"]}])
def test_without_anything_to_remember_the_event_is_as_it_was(anchors: dict[str, Any] | None) -> None:
    assert "data" not in event(where(), anchors, event="deployed")


def test_a_folder_is_sent_under_the_name_of_its_run_with_its_root(tmp_path: Path) -> None:
    folder = tmp_path / "run-1"
    folder.mkdir()
    (folder / "run.json").write_text("{}")
    calls: list[tuple[Sequence[str], bytes]] = []

    def host(arguments: Sequence[str], stdin: bytes = b"") -> dict[str, Any]:
        calls.append((arguments, stdin))
        return {"changed": True}

    found = _keep(where(), {"path": str(folder), "root_sha256": "abc"}, host)  # type: ignore[arg-type]
    ((arguments, stdin),) = calls
    assert found == {"changed": True}
    assert " ".join(arguments) == "--state /state keep --environment staging --run run-1 --root abc"
    keep.unpack(io.BytesIO(stdin), tmp_path / "back")
    assert (tmp_path / "back" / "run.json").read_text() == "{}"


@pytest.mark.parametrize("path", ["", "nowhere"])
def test_evidence_that_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(Refusal, match="there is no evidence"):
        _keep(where(), {"path": path, "root_sha256": "abc"}, lambda *_: {})  # type: ignore[arg-type]
