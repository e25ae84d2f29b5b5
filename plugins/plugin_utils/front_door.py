"""Checks what the operator typed, before anything else reads it.

Values arrive untemplated (`{{ lookup('pipe', …) }}` is still text here) and as strings, since that is how `-e` passes
them. Each check returns the value, or raises `Refusal` with what was typed, what is allowed and an example.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .catalogue import NAME
from .refusal import Refusal

VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]{0,127}")
TARGETS = ("staging", "production")
GATE = re.compile(r"[a-z][a-z0-9_-]{0,62}")
RELEASE = re.compile(r"[1-9][0-9]{0,8}")
MODES = ("quick", "full")
OBSERVE = ("report", "start", "stop", "maintenance", "tests")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z")
RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
POINT = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")
LENGTH = re.compile(r"(?=\d)(?:\d{1,5}d)?(?:\d{1,5}h)?(?:\d{1,5}m)?(?:\d{1,7}s)?")
LONGEST_TEXT = 1000
SHOWN = 60

Check = Callable[[str, Any], Any]


def shown(value: object) -> str:
    """Return what was typed as one short, printable, quoted piece of text."""
    text = ascii(value) if not isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…' ({len(str(value))} characters)"


def component_name(key: str, value: Any) -> str:
    """Accept a component's name (form only; the catalogue decides whether there is such a one)."""
    if isinstance(value, str) and NAME.fullmatch(value):
        return value
    raise Refusal(
        f"{key}={shown(value)} is no component's name",
        "a lower-case letter, then lower-case letters, digits, - and _, at most 63 in all",
    )


def version(key: str, value: Any) -> str:
    """Accept a tag, branch or commit."""
    if isinstance(value, str) and VERSION.fullmatch(value) and ".." not in value:
        return value
    raise Refusal(f"{key}={shown(value)} is no tag or commit", "a tag or a commit of the monorepo", "-e version=v1.2.3")


def text(key: str, value: Any) -> str:
    """Accept one line of plain text without template braces."""
    if (
        isinstance(value, str)
        and len(value) <= LONGEST_TEXT
        and value.isprintable()
        and not re.search(r"\{[{%#]", value)
    ):
        return value
    raise Refusal(
        f"{key}={shown(value)} is not one line of plain text",
        f"printable characters without template braces, at most {LONGEST_TEXT}",
        f"-e {key}='…'",
    )


def folder(key: str, value: Any) -> str:
    """Accept a folder's path."""
    if text(key, value).strip():
        return str(value)
    raise Refusal(f"{key} is empty", "a folder", f"-e {key}=/path/to/folder")


def file(key: str, value: Any) -> str:
    """Accept a file's path; whether there is such a file is seen when it is read."""
    if text(key, value).strip():
        return str(value)
    raise Refusal(f"{key} is empty", "a file", f"-e {key}=/path/to/file")


def gate_names(key: str, value: Any) -> list[str]:
    """Accept names of gates, separated by commas (form only; the catalogue of gates decides whether there are such)."""
    names = [name.strip() for name in value.split(",")] if isinstance(value, str) else []
    if names and all(GATE.fullmatch(name) for name in names):
        return list(dict.fromkeys(names))
    raise Refusal(f"{key}={shown(value)} are no names of gates", "names separated by commas", f"-e {key}=lint,types")


def run(key: str, value: Any) -> str:
    """Accept the name of a run."""
    if isinstance(value, str) and RUN.fullmatch(value):
        return value
    wanted = "the name of a run, as reports and the folder of evidence have it"
    raise Refusal(f"{key}={shown(value)} is no run", wanted, f"-e {key}=20260131T120000Z-0a1b2c")


def release(key: str, value: Any) -> int:
    """Accept a release's number (form only; the host decides whether it keeps such a one)."""
    typed = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if RELEASE.fullmatch(typed):
        return int(typed)
    wanted = "the number of a kept release, as `status` shows it"
    raise Refusal(f"{key}={shown(value)} is no release's number", wanted, f"-e {key}=7")


def issue(key: str, value: Any) -> int:
    """Accept an issue's number, with or without #."""
    typed = str(value).removeprefix("#") if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if RELEASE.fullmatch(typed):
        return int(typed)
    raise Refusal(f"{key}={shown(value)} is no issue's number", "the number of an issue in the tracker", f"-e {key}=42")


def moment(key: str, value: Any) -> str:
    """Accept a time in UTC (form only; the host decides whether it fits)."""
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return value
    raise Refusal(f"{key}={shown(value)} is no time", "a time in UTC", f"-e {key}=2026-11-20T22:00Z")


def yes_or_no(key: str, value: Any) -> bool:
    """Accept a boolean as people type it."""
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, (bool, str)) and str(value).lower() in words:
        return words[str(value).lower()]
    raise Refusal(f"{key}={shown(value)} is neither yes nor no", "true or false", f"-e {key}=true")


def restore_point(key: str, value: Any) -> str:
    """Accept a restore point's id (form only; the host decides whether it has such a one)."""
    if isinstance(value, str) and POINT.fullmatch(value):
        return value
    wanted = "the id of a restore point, as `sudo tta-ops points` on the host shows it"
    raise Refusal(f"{key}={shown(value)} is no restore point", wanted, f"-e {key}=20260131T120000Z-0a1b")


def loss(key: str, value: Any) -> str:
    """Accept a length of time, such as 2h15m."""
    if isinstance(value, str) and LENGTH.fullmatch(value):
        return value
    raise Refusal(f"{key}={shown(value)} is no length of time", "such as 45s, 10m, 2h15m or 3d", f"-e {key}=2h15m")


def one_of(*choices: str) -> Check:
    """Return a check that accepts one of `choices`."""

    def check(key: str, value: Any) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise Refusal(f"{key}={shown(value)} is unknown", f"one of {', '.join(choices)}", f"-e {key}={choices[0]}")

    return check


LOAD = {"users": 100, "rate": 10, "seconds": 300}
_MOST = {"users": 10_000, "rate": 1000, "seconds": 14_400}


def load(key: str, value: Any) -> int:
    """Accept how many users ask, how many more of them a second, for how many seconds."""
    typed = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if RELEASE.fullmatch(typed) and int(typed) <= _MOST[key]:
        return int(typed)
    raise Refusal(f"{key}={shown(value)} is no number of {key}", f"1 to {_MOST[key]}", f"-e {key}={LOAD[key]}")


CHECKS: dict[str, Check] = {
    "component": component_name,
    "target": one_of(*TARGETS),
    "stage": one_of(*TARGETS),
    "monorepo": folder,
    "version": version,
    "reason": text,
    "allow_dirty": yes_or_no,
    "fresh": yes_or_no,
    "gates": gate_names,
    "policy": file,
    "run": run,
    "release": release,
    "mode": one_of(*MODES),
    "approve": yes_or_no,
    "issue": issue,
    "point": restore_point,
    "accept_loss": loss,
    "verify": one_of("full", "deferred"),
    "do": one_of(*OBSERVE),
    "from": moment,
    "until": moment,
    "fix": text,
    "commit_pages": yes_or_no,
    "users": load,
    "rate": load,
    "seconds": load,
}


# What a verb reads differently.
TRACKED = ("fix", "severity", "type", "description", "criteria")
_SEVERITY = one_of("critical", "high", "medium", "low")
_TYPE = one_of("tests", "documentation", "performance", "security", "dependencies", "integration", "other")
CHECKS_OF_VERB: dict[str, dict[str, Check]] = {
    "demote": {"stage": one_of("development", "staging")},
    "blocker": {"severity": _SEVERITY, "type": _TYPE, "description": text, "criteria": text},
    "incident": {"severity": _SEVERITY},
}


def checked(
    typed: Mapping[str, Any], required: Mapping[str, str], components: Sequence[str], verb: str = ""
) -> dict[str, Any]:
    """Return all front-door variables that were typed, checked.

    `required` maps each variable that must be there to what would be right; `components` are the known ones.
    """
    checks = {**CHECKS, **CHECKS_OF_VERB.get(verb, {})}
    example = {"component": f"-e component={components[0]}", "target": "-e target=staging"}
    known = {"component": f"one of {', '.join(components)}", "target": f"one of {', '.join(TARGETS)}"}
    answers = {}
    for key in [key for key in checks if key in typed]:
        try:
            answers[key] = checks[key](key, typed[key])
        except Refusal as refusal:
            step = _whole(required, answers, {**example, key: example.get(key, refusal.next_step)}, key)
            raise Refusal(refusal.found, known.get(key, refusal.wanted), step) from None
    for key, wanted in required.items():
        if not answers.get(key):
            raise Refusal(f"{key} is missing", known.get(key, wanted), _whole(required, answers, example, key))
    return answers


def _whole(required: Mapping[str, str], answers: Mapping[str, Any], example: Mapping[str, str], wrong: str) -> str:
    """Return the variables of the whole command: what was typed and is right, and an example of what is not."""
    keys = [*required, *([] if wrong in required else [wrong])]
    typed = {key: f"-e {key}={shlex.quote(str(answers[key]))}" for key in keys if key != wrong and answers.get(key)}
    return " ".join(typed.get(key) or example.get(key) or f"-e {key}='…'" for key in keys)
