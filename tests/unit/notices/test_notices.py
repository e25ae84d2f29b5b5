"""Who is told, in which words, and what waits when nobody could be: exactly what was given, and no address anywhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.notices import sending, settings, words
from ansible_collections.tta.ops.plugins.plugin_utils.notices.waiting import MOST, Waiting
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OPERATION = {"component": "web", "target": "staging", "actor": "Jane <j@x>", "reason": "why", "run": "r1"}
SECRET = "https://hooks.example.org/T0/SECRET"


def told(run: str = "r1", event: str = "post_deploy", msg: str = "web 8 serves") -> dict[str, Any]:
    return words.message({**OPERATION, "run": run}, event, {"msg": msg})


def receivers(**changes: Any) -> list[settings.Receiver]:
    return settings.checked([{"name": "team", "to": "slack", "url": SECRET, **changes}], "", "environment_notify")


class Receiver:
    """Answers what it is told to, and remembers what came."""

    def __init__(self) -> None:
        self.problem, self.got = "", []

    def __call__(self, receiver: Mapping[str, Any], message: Mapping[str, Any]) -> str:
        if not self.problem:
            self.got.append((receiver["name"], message["run"]))
        return self.problem


def test_what_does_not_arrive_waits_and_comes_first_in_order_and_once(tmp_path: Path) -> None:
    receiver = Receiver()
    waiting = Waiting(tmp_path / "w", receiver)
    receiver.problem = "it answers 500"
    for number in range(3):
        problems = waiting.tell(receivers(), told(f"r{number}"), NOW + timedelta(seconds=number))
        assert problems == {"team": "it answers 500"}
    assert waiting.tell(receivers(), told("r1"), NOW + timedelta(seconds=9)) == {"team": "it answers 500"}
    receiver.problem = ""
    assert waiting.tell(receivers(), told("r9"), NOW + timedelta(minutes=1)) == {}
    assert [run for _, run in receiver.got] == ["r0", "r1", "r2", "r9"]
    assert list((tmp_path / "w").iterdir()) == []


def test_nothing_that_waits_has_an_address_or_is_readable_by_others(tmp_path: Path) -> None:
    receiver = Receiver()
    receiver.problem = "no"
    Waiting(tmp_path, receiver).tell(receivers(), told(), NOW)
    (kept,) = tmp_path.iterdir()
    assert "SECRET" not in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_one_that_answers_is_told_although_another_does_not(tmp_path: Path) -> None:
    both = settings.checked(
        [{"name": "a", "to": "slack", "url": SECRET}, {"name": "b", "to": "webhook", "url": SECRET}], "", "x"
    )
    got = []

    def send(receiver: Mapping[str, Any], message: Mapping[str, Any]) -> str:
        got.append(receiver["name"])
        return "no" if receiver["name"] == "a" else ""

    assert Waiting(tmp_path, send).tell(both, told(), NOW) == {"a": "no"}
    assert got == ["a", "b"]
    assert len(list(tmp_path.iterdir())) == 1


def test_the_old_the_damaged_and_the_receiverless_are_dropped(tmp_path: Path) -> None:
    receiver = Receiver()
    receiver.problem = "no"
    waiting = Waiting(tmp_path, receiver)
    waiting.tell(receivers(), told("old"), NOW - timedelta(days=8))
    waiting.tell(receivers(name="gone"), told("gone"), NOW)
    (tmp_path / "0.json").write_text("{")
    receiver.problem = ""
    waiting.tell(receivers(), told("new"), NOW)
    assert [run for _, run in receiver.got] == ["new"]
    assert list(tmp_path.iterdir()) == []


def test_no_more_wait_than_there_is_room_for(tmp_path: Path) -> None:
    receiver = Receiver()
    receiver.problem = "no"
    waiting = Waiting(tmp_path, receiver)
    for number in range(MOST + 3):
        waiting._keep("team", told(f"r{number:04}"), NOW + timedelta(seconds=number))
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == MOST
    assert json.loads(kept[0].read_text())["message"]["run"] == "r0003"


def test_slack_gets_text_and_blocks_and_nobody_is_mentioned() -> None:
    sent = words.slack("{component}: {message} {reason}", told(msg="<!channel> & <@U1>", event="on_failure"))
    assert sent["text"] == ":x: web: &lt;!channel&gt; &amp; &lt;@U1&gt; why"
    assert [one["type"] for one in sent["blocks"]] == ["section", "context"]
    assert "Jane &lt;j@x&gt;" in sent["blocks"][1]["elements"][0]["text"]
    assert len(words.slack("{message}", told(msg="x" * 9000))["text"]) < 3000


def test_what_is_filled_in_is_no_template() -> None:
    assert words.text("{message}", told(msg="{actor} {{ 1 }}")) == "{actor} {{ 1 }}"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("x", "environment_notify is str"),
        ([{"to": "slack"}], "has no name"),
        ([{"name": "a", "to": "mail"}], "one of webhook, slack, command"),
        ([{"name": "a", "to": "slack"}], "url is missing"),
        ([{"name": "a", "to": "command", "command": "rm -rf"}], "no list of words"),
        ([{"name": "a", "to": "slack", "url": SECRET, "events": ["all"]}], "'all'"),
        ([{"name": "a", "to": "slack", "url": SECRET, "template": "{nobody}"}], "{nobody}"),
        ([{"name": "a", "to": "slack", "url": SECRET, "seconds": 600}], "600"),
        ([{"name": "a", "to": "slack", "url": SECRET}] * 2, "two receivers called a"),
        ([{"name": "a", "to": "slack", "url": SECRET, "address": 1}], "address"),
    ],
)
def test_bad_settings_are_refused_without_their_address(given: Any, said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        settings.checked(given, "", "environment_notify")
    assert said in str(refusal.value)
    assert "SECRET" not in str(refusal.value)


def test_a_command_gets_the_message_on_its_standard_input(tmp_path: Path) -> None:
    out = tmp_path / "got"
    command = [sys.executable, "-c", f"import sys; open({str(out)!r}, 'w').write(sys.stdin.read())"]
    (one,) = settings.checked([{"name": "pager", "to": "command", "command": command}], "", "x")
    assert sending.send(one, told()) == ""
    assert json.loads(out.read_text())["text"] == "web on staging: web 8 serves"
    for bad, why in ((["/no/such"], "cannot be run"), ([sys.executable, "-c", "exit(3)"], "ended with 3")):
        (one,) = settings.checked([{"name": "pager", "to": "command", "command": bad}], "", "x")
        assert why in sending.send(one, told())
