"""Whom to tell: the variables `environment_notify` (a list) and `environment_webhook` (one address, JSON)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..refusal import Refusal
from ..shapes import known_keys
from . import words

KINDS = ("webhook", "slack", "command")
EVENTS = ("post_deploy", "post_rollback", "on_failure", "announced", "incident")
SECONDS = 10
OWN = "environment_webhook"
_KEYS = ("name", "to", "url", "command", "events", "template", "seconds")
_EXAMPLE = "{name: team, to: slack, url: https://…} or {name: pager, to: command, command: [program]}"

Receiver = dict[str, Any]


def checked(raw: Any, webhook: str, where: str) -> list[Receiver]:
    """Return `[{name, to, url, command, events, template, seconds}]`; raises `Refusal`, which shows no address.

    `webhook` is told first, as `environment_webhook`. `to`: `webhook` posts JSON, `slack` posts `{text, blocks}`,
    `command` is run with the JSON on its standard input. `template` has tokens in braces (`words.TOKENS`).
    """
    if not isinstance(raw or [], list):
        raise Refusal(f"{where} is {type(raw).__name__}", f"a list of {_EXAMPLE}")
    found = [_receiver({"name": OWN, "to": "webhook", "url": webhook}, where)] if webhook else []
    found += [_receiver(one, f"{where}[{number}]") for number, one in enumerate(raw or [])]
    names = [one["name"] for one in found]
    double = next((name for name in names if names.count(name) > 1), None)
    if double:
        raise Refusal(f"{where} has two receivers called {double}", "a name of its own for each")
    return found


def _receiver(raw: Any, where: str) -> Receiver:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str) or not raw["name"].strip():
        raise Refusal(f"{where} has no name", _EXAMPLE)
    known_keys(raw, _KEYS, where)
    if raw.get("to") not in KINDS:
        raise Refusal(f"{where}.to is {raw.get('to')!r}", f"one of {', '.join(KINDS)}")
    command, url = raw.get("command") or [], str(raw.get("url") or "")
    words_only = isinstance(command, list) and all(isinstance(word, str) for word in command)
    if raw["to"] == "command" and not (words_only and command):
        raise Refusal(f"{where}.command is no list of words", "a list of words; a shell only where you name one")
    if raw["to"] != "command" and not url:
        raise Refusal(f"{where}.url is missing", "an http or https address, from a vault")
    events = raw.get("events") or list(EVENTS)
    unknown = [one for one in events if one not in EVENTS] if isinstance(events, list) else [events]
    if unknown:
        raise Refusal(f"{where}.events has {unknown[0]!r}", f"some of {', '.join(EVENTS)}")
    template = str(raw.get("template") or words.TEMPLATE)
    foreign = words.unknown(template)
    if foreign:
        raise Refusal(f"{where}.template has {{{foreign}}}", f"tokens of {', '.join(words.TOKENS)}")
    seconds = raw.get("seconds", SECONDS)
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds <= 60:
        raise Refusal(f"{where}.seconds is {seconds!r}", "a number of seconds up to 60")
    return {
        "name": raw["name"].strip(),
        "to": raw["to"],
        "url": url,
        "command": list(command),
        "events": list(events),
        "template": template,
        "seconds": seconds,
    }
