"""The data's part in a full rollback: which point it takes, and that data were dumped before they are touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import files
from ansible_collections.tta.ops.plugins.module_utils.host.act import Plan, begin
from ansible_collections.tta.ops.plugins.module_utils.host.context import Context
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError
from ansible_collections.tta.ops.plugins.module_utils.host.full import choice, data
from ansible_collections.tta.ops.plugins.module_utils.host.state import State

SERVICES = [{"service": "db", "kind": "postgres", "image": "i1"}]
POINT: dict[str, Any] = {"id": "p-1", "release": 1, "verified_at": "x", "services": SERVICES, "data_schema": 1,
                         "at": "2026-11-20T10:00:00Z", "component": "db", "environment": "staging"}  # fmt: skip
SAFETY = {**POINT, "id": "s-1", "release": 2, "verified_at": None, "data_schema": 2}


class Engine:
    """Runs one container in the component's own project, and one of another site."""

    def __init__(self, did: list[str]) -> None:
        self.did = did

    def project(self, name: str) -> list[dict[str, Any]]:
        return [{"Id": "own", "State": {"Running": True}}] if name == "shop-db" else []

    def stop(self, ids: list[str]) -> None:
        self.did.append(f"stop {','.join(ids)}")


@pytest.fixture
def did() -> list[str]:
    return []


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, did: list[str]) -> Context:
    """Release 2 serves; a full rollback to 1 has begun."""
    engine: Any = Engine(did)
    found = Context(State(tmp_path), engine, "staging", "db", "run-1", "Jane", "", lambda *_: None)
    for number in (1, 2):
        folder = files.make_folder(found.store.folder / "releases" / str(number))
        artifact = {"images": {"db": {"id": f"i{number}"}}, "tree": f"t{number}"}
        facts = {"number": number, "project": "shop-db", "artifact": artifact, "data_schema": number}
        (folder / "release.json").write_text(json.dumps(facts))
    known = [POINT, SAFETY]
    monkeypatch.setattr(data.backup, "points_of", lambda *_: known)

    def dumped(_: Context) -> dict[str, Any]:
        did.append("dump")
        return SAFETY

    def put_back(_: Context, point: Any, release: Any) -> dict[str, Any]:
        did.append(f"put {point['id']} for {release.number}")
        return {"services": {"db": ["rows"]}, "seconds": 1.0}

    monkeypatch.setattr(data.backup, "safety_dump", dumped)
    monkeypatch.setattr(data.backup, "put_back", put_back)
    begin(found, plan())
    found.store.journal.step("switch")
    return found


def plan() -> Plan:
    return Plan("rollback", 1, 2, "run-1", "Jane", "", full={"point": "p-1"})


def choose(context: Context, wanted: str | None = None, accept: str | None = None) -> Any:
    return choice.choose(context, context.store.release(1), wanted, accept)


def test_it_stops_and_dumps_before_it_touches_data(context: Context, did: list[str]) -> None:
    data.forward(context, plan())
    assert did == ["stop own", "dump", "put p-1 for 1"]
    assert [line["step"] for line in context.store.journal.entries()][-3:] == ["safety", "restore", "restored"]
    told = data.told(context, plan())
    assert (told["point"], told["safety_point"], told["from_release"], told["services"]) == (
        "p-1", "s-1", 2, {"db": ["rows"]}
    )  # fmt: skip


def test_going_on_after_a_kill_does_not_dump_what_is_half_restored(context: Context, did: list[str]) -> None:
    context.store.journal.step("safety", point="s-1")
    context.store.journal.step("restore", point="p-1")
    data.forward(context, plan())
    assert did == ["put p-1 for 1"]


def test_what_was_touched_is_brought_back_and_what_was_not_is_left(context: Context, did: list[str]) -> None:
    data.backward(context, plan())
    context.store.journal.step("safety", point="s-1")
    data.backward(context, plan())
    assert did == []
    context.store.journal.step("restore", point="p-1")
    data.backward(context, plan())
    assert did == ["stop own", "put s-1 for 2"]


def test_data_that_cannot_be_brought_back_are_named(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    context.store.journal.step("safety", point="s-1")
    context.store.journal.step("restore", point="p-1")

    def fails(*_: Any) -> Any:
        raise HostError("no space left")

    monkeypatch.setattr(data.backup, "put_back", fails)
    with pytest.raises(HostError, match="no space left; db stays stopped, its data are in the safety dump s-1"):
        data.backward(context, plan())


def test_the_point_is_the_releases_own_and_its_loss_is_accepted(context: Context) -> None:
    with pytest.raises(HostError, match="loses what was written since"):
        choose(context)
    context.rehearsal = {"run": "run-1", "until": "x"}
    assert choose(context)["id"] == "p-1"


@pytest.mark.parametrize(
    ("known", "wanted", "sentence"),
    [
        ([], None, "no verified restore point with data that release 1 can read .there is none."),
        ([{**POINT, "verified_at": None}], None, "no verified restore point .* .there are others."),
        ([POINT], "p-9", "has no restore point p-9"),
        ([{**POINT, "services": []}], "p-1", "holds files, but no data"),
        ([SAFETY], "s-1", "is of release 2 with the data schema 2, release 1 has 1"),
        ([{**POINT, "verified_at": None}], "p-1", "was never restored"),
    ],
)
def test_a_point_that_does_not_do_is_refused(
    context: Context, monkeypatch: pytest.MonkeyPatch, known: list[dict[str, Any]], wanted: str | None, sentence: str
) -> None:
    monkeypatch.setattr(choice.backup, "points_of", lambda *_: known)
    with pytest.raises(HostError, match=sentence):
        choose(context, wanted)
