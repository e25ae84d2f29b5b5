"""Which colour serves, which is warm and until when, and what `status` says of it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import colours, status_colours, times, warm
from ansible_collections.tta.ops.plugins.module_utils.host.colours import Colours
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError, LockedError
from ansible_collections.tta.ops.plugins.module_utils.host.state import State
from tiny.load import waiting

NOW, SOON = "2026-11-20T12:00:00Z", "2026-11-20T12:15:00Z"
BLUE = Colours("blue", NOW, {"blue": 7})


def test_the_colour_that_served_stays_warm_or_goes() -> None:
    warm = BLUE.serving("green", 8, SOON, "2026-11-20T12:30:00Z")
    assert warm == Colours("green", SOON, {"blue": 7, "green": 8}, "2026-11-20T12:30:00Z")
    assert warm.colour_of(7) == warm.idle == "blue"
    assert warm.cooled() == Colours("green", SOON, {"green": 8})
    assert BLUE.serving("green", 8, SOON, None) == warm.cooled()
    assert warm.serving("blue", 7, SOON, SOON).colour_of(8) == "green"


def test_one_switch_is_enough_only_between_two_that_run_behind_the_same_edge() -> None:
    both = BLUE.serving("green", 8, SOON, SOON, alike=True)
    assert (both.alike, both.cooled().alike) == (True, False)
    assert not BLUE.serving("green", 8, SOON, None, alike=True).alike


def test_what_serves_already_serves_since_then() -> None:
    assert BLUE.serving("blue", 7, SOON, None).since == NOW
    assert BLUE.serving("blue", 9, SOON, None).since == SOON


def test_the_record_survives_and_the_same_is_not_written_again(tmp_path: Path) -> None:
    assert colours.read(tmp_path) is None
    colours.write(tmp_path, BLUE)
    first = (tmp_path / "colours.json").stat().st_ino
    colours.write(tmp_path, BLUE)
    assert (tmp_path / "colours.json").stat().st_ino == first
    assert colours.read(tmp_path) == BLUE
    colours.forget(tmp_path)
    assert colours.read(tmp_path) is None


@pytest.mark.parametrize("kept", [0, 1, 20, 40])
def test_a_record_cut_off_at_any_byte_is_named(tmp_path: Path, kept: int) -> None:
    colours.write(tmp_path, BLUE)
    path = tmp_path / "colours.json"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(HostError, match=r"colours\.json is damaged"):
        colours.read(tmp_path)


def test_time_is_counted_in_seconds() -> None:
    assert colours.later(NOW, 900) == SOON
    assert colours.seconds_between(SOON, NOW) == -900


def test_what_is_warm_is_stopped_when_its_time_is_over_and_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [NOW]
    monkeypatch.setattr(times, "now", lambda: moment[0])
    answers: list[Any] = [LockedError("taken", {}), {"outcome": "stopped"}]

    def stop() -> dict[str, Any]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)

    def later(left: float) -> dict[str, Any]:
        return {"outcome": "waits", "left": left}

    assert warm.when_due(tmp_path, stop, later)["outcome"] == "unchanged"
    colours.write(tmp_path, BLUE.serving("green", 8, NOW, SOON))
    assert warm.when_due(tmp_path, stop, later) == {"outcome": "waits", "left": 900}
    moment[0] = SOON
    assert warm.when_due(tmp_path, stop, later)["left"] > 0  # an act is under way, and may change what is warm
    assert warm.when_due(tmp_path, stop, later) == {"outcome": "stopped"}
    colours.write(tmp_path, BLUE)
    assert warm.when_due(tmp_path, stop, later)["outcome"] == "unchanged"


def test_whatever_is_over_anywhere_is_found(tmp_path: Path) -> None:
    state = State(tmp_path)
    for component, until in (("late", NOW), ("early", "2999-01-01T00:00:00Z"), ("cold", None)):
        folder = state.store("staging", component).folder
        folder.mkdir(parents=True)
        colours.write(folder, BLUE.serving("green", 8, NOW, until))
    assert warm.overdue(state) == [("staging", "late")]


def test_one_waiter_a_component_takes_the_place_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    program = tmp_path / "program.py"
    program.write_text(f"import sys; open({str(told)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10))")
    monkeypatch.setattr(warm.sys, "argv", [str(program)])
    context: Any = SimpleNamespace(state=State(tmp_path), environment="staging", component="web")
    context.store = context.state.store("staging", "web")
    context.store.folder.mkdir(parents=True)
    for seconds in (600, 600, 1):
        until = colours.later(times.now(), seconds)
        colours.write(context.store.folder, BLUE.serving("green", 8, NOW, until))
        warm.see_to_it(context)
        end = time.monotonic() + 10
        while len(waiting(tmp_path)) != 1 and time.monotonic() < end:
            time.sleep(0.01)
        (waiter,) = waiting(tmp_path)
    while not told.exists() and time.monotonic() < end:
        time.sleep(0.02)
    where = f"--json --state {tmp_path} --environment staging"
    assert told.read_text() == f"{where} drain web --when-due\n"
    os.waitpid(waiter, 0)
    assert waiting(tmp_path) == []


def container(colour: str | None, release: str, *, running: bool = True, edge: bool = False) -> dict[str, Any]:
    labels = {"com.docker.compose.service": f"web-{colour}", "tta.ops.service": "web", "tta.ops.release": release}
    labels |= {"tta.ops.colour": colour} if colour else {}
    if edge:
        labels = {"tta.ops.edge": "1", "tta.ops.ports": "{}", "com.docker.compose.project": "tta-web-edge"}
    return {
        "Id": f"{colour}-{release}",
        "Image": "sha256:1",
        "Config": {"Labels": labels},
        "NetworkSettings": {"Ports": {}},
        "State": {"Status": "running" if running else "exited", "Running": running, "StartedAt": "t"},
    }


def test_status_shows_what_serves_and_what_is_warm(tmp_path: Path) -> None:
    found = BLUE.serving("green", 8, NOW, SOON)
    shown = status_colours.facts(tmp_path, found, [container("green", "8"), container("blue", "7")])
    assert [one["id"] for one in shown["containers"]] == ["green-8"]
    assert shown["containers"][0]["service"] == "web"
    assert (shown["colours"]["green"]["state"], shown["colours"]["blue"]["state"]) == ("serves", "warm")
    assert shown["colours"]["blue"]["release"] == 7
    assert shown["edge"]["problem"] == "the edge has no container"
    text = "\n".join(status_colours.lines("web", shown))
    assert "green serves; blue (release 7) is warm until 2026-11-20T12:15:00Z" in text
    assert "the edge has no container" in text


def test_status_tells_a_stopped_colour_and_a_foreign_one(tmp_path: Path) -> None:
    shown = status_colours.facts(tmp_path, BLUE, [container("blue", "7", running=False), container("green", "8")])
    assert (shown["colours"]["blue"]["state"], shown["colours"]["green"]["state"]) == (
        "stopped",
        "started, does not serve",
    )
    assert shown["colours"]["green"]["release"] == 8


def test_an_edge_that_does_not_answer_is_named(tmp_path: Path) -> None:
    shown = status_colours.facts(tmp_path, BLUE, [container(None, "", edge=True)])
    assert shown["edge"]["state"] == "running"
    assert "the edge does not answer" in shown["edge"]["problem"]


def test_a_component_without_colours_is_shown_as_before(tmp_path: Path) -> None:
    plain = container(None, "7")
    shown = status_colours.facts(tmp_path, None, [plain])
    assert (shown["strategy"], shown["colours"], len(shown["containers"])) == ("stop-first", None, 1)
    assert status_colours.lines("web", shown) == []
