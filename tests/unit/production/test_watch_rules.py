"""What a watch makes of its looks: each trigger on its own, unknown is no proof, and what edges count."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import colours
from ansible_collections.tta.ops.plugins.module_utils.host.errors import UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.state import State
from ansible_collections.tta.ops.plugins.module_utils.host.watch import looking, record, rules
from ansible_collections.tta.ops.plugins.module_utils.host.watch.settings import TRIGGERS
from ansible_collections.tta.ops.plugins.plugin_utils.production import watching
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

BEGUN = "2026-11-20T12:00:00Z"
GIVEN = {
    "component": "carbon",
    "environment": "production",
    "release": 2,
    "run": "run-1",
    "actor": "Jane",
    "settings": watching.checked({}, "environment_watch"),
}
FACTS = {"tree": "t2", "commit": "c2", "back": 1, "restarts": {"a": 1}, "known": ["old <n>"]}


def begun(monkeypatch: pytest.MonkeyPatch | None = None, **triggers: Any) -> dict[str, Any]:
    settings = {**GIVEN["settings"], "triggers": {**dict.fromkeys(TRIGGERS), **triggers}}  # type: ignore[dict-item]
    watch = record.begin({**GIVEN, "settings": settings}, FACTS)
    return {**watch, "begun": BEGUN, "cursor": BEGUN}


def look(second: int, ok: bool | None = True, **more: Any) -> dict[str, Any]:
    at = colours.later(BEGUN, second)
    return {"at": at, "ok": ok, "why": "HTTP 500", "restarts": {"a": 1}, "errors": [], "traffic": None, **more}


def after(watch: dict[str, Any], *looks: dict[str, Any]) -> dict[str, Any]:
    for one in looks:
        watch = rules.seen(watch, one)
    return watch


def test_health_fires_only_in_a_row() -> None:
    watch = begun(health={"failed": 3})
    watch = after(watch, look(1, False), look(2, False), look(3), look(4, False), look(5, False))
    assert rules.fires(watch) is None
    found = rules.fires(after(watch, look(6, False)))
    assert found == {
        "trigger": "health",
        "severity": "critical",
        "why": "not healthy 3 times in a row: HTTP 500",
    }


def test_what_nobody_could_see_fires_nothing_and_makes_nothing_well() -> None:
    watch = begun(health={"failed": 2}, error_rate={"percent": 1, "minutes": 5, "at_least": 1})
    watch = after(watch, look(1, False), *(look(n, None) for n in range(2, 20)))
    assert (watch["unknown"], watch["row"], watch["failed"]) == (18, 1, 1)
    assert rules.fires({**watch, "recent": []}) is None
    assert rules.fires(after(watch, look(30, False)))["trigger"] == "health"  # type: ignore[index]


def test_the_rate_counts_looks_of_the_last_minutes_only() -> None:
    watch = begun(error_rate={"percent": 20, "minutes": 1, "at_least": 5})
    watch = after(watch, look(1, False), look(2, False), look(3), look(4))
    assert rules.fires(watch) is None, "too few to say"
    assert "2 of 5 requests failed within 1 minutes (40.0 %)" in rules.fires(after(watch, look(5)))["why"]  # type: ignore[index]
    late = after(watch, *(look(90 + n) for n in range(6)))
    assert rules.fires(late) is None


def test_the_rate_counts_what_the_edge_has_answered() -> None:
    watch = begun(error_rate={"percent": 5, "minutes": 5, "at_least": 10})
    first = after(watch, look(1, traffic={"answers": 1000, "failed": 3}))
    assert rules.fires(first) is None, "what was before the watch is not its own"
    bad = after(first, look(2, traffic={"answers": 1100, "failed": 13}))
    assert "10 of 102 requests failed" in rules.fires(bad)["why"]  # type: ignore[index]
    anew = after(first, look(2, traffic={"answers": 5, "failed": 5}))
    assert rules.fires(anew) is None, "a worker that began to count anew says nothing about the time between"


def test_restarts_count_from_those_that_were_before() -> None:
    watch = after(begun(restarts={"more": 2}), look(1, restarts={"a": 2}))
    assert (rules.fires(watch), watch["first_bad"]) == (None, colours.later(BEGUN, 1))
    watch = after(watch, look(2, restarts={"a": 1, "b": 0}), look(3, restarts={"a": 3}))
    assert "restarted 2 times" in rules.fires(watch)["why"]  # type: ignore[index]


def test_only_errors_that_were_not_known_fire() -> None:
    def logged(second: int, fingerprint: str, text: str) -> dict[str, Any]:
        return look(second, errors=[{"fingerprint": fingerprint, "text": text}])

    watch = after(begun(logs={"new": 2}), logged(1, "old <n>", "old 7"), logged(2, "new", "boom 1"))
    assert rules.fires(watch) is None
    watch = after(watch, logged(3, "new", "boom 2"))
    assert (rules.fires(watch), watch["new"]["new"]["count"]) == (None, 2)
    found = rules.fires(after(watch, logged(4, "newer", "crash")))
    assert found and found["why"] == "an error that the release before did not log: boom 1 and 1 more"


def test_what_somebody_bears_fires_when_it_is_over_its_cap_or_expired() -> None:
    def logged(second: int) -> dict[str, Any]:
        return look(second, errors=[{"fingerprint": "f" * 16, "text": "the sky fell", "exception": "", "count": 1}])

    entry = {"pattern": "sky fell", "owner": "Jane", "reason": "x", "expires": "2026-11-20", "cap": 2}
    watch = {**begun(logs={"new": 1}), "allow": [entry]}
    assert rules.fires(after(watch, logged(1), logged(2))) is None
    assert rules.fires(after(watch, logged(1), logged(2), logged(3))) is not None
    expired = {**watch, "allow": [{**entry, "expires": "2026-11-19"}]}
    assert rules.fires(after(expired, logged(1))) is not None


def test_the_record_does_not_grow_with_the_errors() -> None:
    errors = [{"fingerprint": str(n), "text": "x" * 5000} for n in range(500)]
    watch = after(begun(), look(1, errors=errors))
    assert (len(watch["new"]), len(watch["new"]["0"]["text"])) == (50, 300)


def test_the_table_of_the_edge() -> None:
    table = (
        "# pxname,svname,mode,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,\n"
        "in-8080,FRONTEND,http,90,1,2,7,\nin-9090,FRONTEND,tcp,,,,,\nblue,BACKEND,http,90,1,2,7,\n"
    )
    assert looking.counted(table) == {"answers": 100, "failed": 7}


def test_defaults_and_triggers_that_are_off() -> None:
    found = watching.checked({"hours": 2, "triggers": {"logs": False, "health": {"failed": 5}}}, "environment_watch")
    assert (found["hours"], found["every"], found["triggers"]["logs"]) == (2, 15, None)
    assert found["triggers"]["health"] == {"failed": 5}
    assert found["triggers"]["restarts"] == TRIGGERS["restarts"]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ([], "environment_watch is list"),
        ({"hour": 1}, "the unknown key hour"),
        ({"hours": 0}, "environment_watch.hours is 0"),
        ({"hours": True}, "environment_watch.hours is True"),
        ({"triggers": {"health": 3}}, "environment_watch.triggers.health is 3"),
        ({"triggers": {"health": {"failed": "3"}}}, "triggers.health.failed is '3'"),
        ({"triggers": {"cpu": {}}}, "the unknown key cpu"),
        ({"triggers": dict.fromkeys(TRIGGERS, False)}, "triggers are all off"),
    ],
)
def test_settings_that_cannot_be_right(raw: Any, sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        watching.checked(raw, "environment_watch")
    assert sentence in refusal.value.found


@pytest.mark.parametrize(
    "changed", [{"run": ""}, {"settings": {}}, {"settings": {"triggers": {"health": {"failed": 0}}}}, {"release": None}]
)
def test_the_host_does_not_watch_what_makes_no_sense(changed: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        record.begin({**GIVEN, **changed}, FACTS)


def test_who_looks_never_overwrites_who_ended_it_or_began_another(tmp_path: Path) -> None:
    state = State(tmp_path)
    (tmp_path / "production").mkdir()
    watch = begun(health={"failed": 3})
    record.write(state, watch)
    looked = after(watch, look(1))
    assert record.keep(state, looked)
    record.end(state, looked, "stopped by Jane")
    assert not record.keep(state, after(looked, look(2)))
    ended = record.read(state, "production", "carbon")
    assert ended and (ended["state"], ended["looks"], ended["outcome"]) == ("stopped", 1, "stopped by Jane")
    another = {**watch, "release": 3, "run": "run-3"}
    record.write(state, another)
    assert not record.keep(state, after(looked, look(3)))
    assert record.read(state, "production", "carbon") == another
