"""What the operator says about backups, checked: the catalogue's key `backup`, and `environment_backups` in group_vars.

Pure: mappings in, the request for the host program out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..module_utils.host.backup import durations
from ..module_utils.host.backup.settings import KEEP, KINDS
from ..module_utils.host.errors import UsageError
from .refusal import Refusal
from .shapes import complete

_OPTIONS: dict[str, dict[str, Any]] = {
    "postgres": {"kind": None, "user": "postgres", "databases": None},
    "redis": {"kind": None, "password_variable": "REDIS_PASSWORD"},
    "neo4j": {"kind": None, "databases": ["neo4j", "system"]},
    "volume": {"kind": None, "paths": None, "check": None},
}
_SETTINGS: dict[str, Any] = {
    "key": None,
    "repository": None,
    "backend": {},
    "keep": KEEP,
    "alert_after": "26h",
    "webhook": "",
    "schedule": {},
}
_SCHEDULE = ("backup", "verify", "check")
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def of_entry(raw: Any, services: Iterable[str], where: str) -> dict[str, dict[str, Any]]:
    """Return the catalogue's `backup` of a component, complete: `{service: {kind, …}}`."""
    if not isinstance(raw, Mapping):
        raise Refusal(f"{where} is {raw!r}", "a mapping of services to {kind: …}")
    found = {}
    for service, options in raw.items():
        if service not in services:
            raise Refusal(f"{where} has {service}, which is no service of it", f"one of {', '.join(services)}")
        kind = options.get("kind") if isinstance(options, Mapping) else None
        if kind not in KINDS:
            raise Refusal(f"{where}.{service}.kind is {kind!r}", f"one of {', '.join(KINDS)}")
        found[str(service)] = complete(options, _OPTIONS[kind], f"{where}.{service}")
    return found


def settings(raw: Any, where: str) -> dict[str, Any]:
    """Return `environment_backups`, complete; times and lengths are checked."""
    found = complete(raw or {}, _SETTINGS, where)
    given = complete(found["keep"], dict.fromkeys(KEEP), f"{where}.keep")
    found["keep"] = {key: KEEP[key] if number is None else number for key, number in given.items()}
    wrong = [key for key, number in found["keep"].items() if isinstance(number, bool) or not _is_count(number)]
    if wrong or not any(found["keep"].values()):
        what = f"{where}.keep.{wrong[0]} is {found['keep'][wrong[0]]!r}" if wrong else f"{where}.keep is all zero"
        raise Refusal(what, "how many restore points to keep; all zero would prune every one")
    found["schedule"] = complete(found["schedule"], dict.fromkeys(_SCHEDULE), f"{where}.schedule")
    for name, at in found["schedule"].items():
        if at is not None and not (isinstance(at, str) and _TIME.fullmatch(at)):
            raise Refusal(f"{where}.schedule.{name} is {at!r}", 'a time of day in UTC, quoted: "02:00"')
    length("alert_after", found["alert_after"])
    return found


def request(
    found: Mapping[str, Any], components: Mapping[str, Mapping[str, Any]], key: str, *, fresh: bool
) -> dict[str, Any]:
    """Return what `configure-backups` reads; `fresh`: the key was made now, one that the host has wins."""
    kinds = {name: entry["backup"] for name, entry in sorted(components.items()) if entry.get("backup")}
    own = {
        "repository": found["repository"],
        "keep": found["keep"],
        "alert_after": durations.parse(found["alert_after"]),
        "webhook": found["webhook"],
        "components": kinds,
    }
    return {"settings": own, "key": key, "fresh": fresh, "backend": found["backend"]}


def require_declared(components: Mapping[str, Mapping[str, Any]], names: Iterable[str]) -> None:
    """Refuse a component with data of which nobody has said how they are dumped."""
    for name in names:
        entry = components[name]
        if entry["kind"] == "stateful" and not entry.get("backup"):
            service = (entry["services"] or ["SERVICE"])[0]
            raise Refusal(
                f"{name} is stateful, and the catalogue does not say how its data are backed up",
                f"backup: {{{service}: {{kind: {'|'.join(KINDS)}}}}} in its entry",
                "inventories/catalogue.yml",
            )


def jobs(environment: str, schedule: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """Return the jobs for the role `schedule`."""
    verbs = {"backup": ("backup", 14400), "verify": ("verify-backups", 14400), "check": ("check-repository", 14400)}
    found = []
    for name, (verb, seconds) in verbs.items():
        if schedule.get(name):
            argv = [verb, "--environment", environment]
            found.append({"name": f"{verb}-{environment}", "argv": argv, "at": schedule[name], "timeout_s": seconds})
    if schedule.get("backup"):
        argv = ["forget", "--environment", environment]
        found.append(
            {"name": f"forget-{environment}", "argv": argv, "at": _later(str(schedule["backup"])), "timeout_s": 7200}
        )
    return found


def all_jobs(environment: str) -> list[str]:
    """Return the names of all jobs there could be, to take away those that are not wanted any more."""
    return [f"{verb}-{environment}" for verb in ("backup", "verify-backups", "check-repository", "forget")]


def length(key: str, value: Any) -> str:
    """Accept a length of time as people type it."""
    try:
        durations.parse(value)
    except UsageError as error:
        raise Refusal(str(error), "a length of time", f"-e {key}=2h15m") from None
    return str(value)


def _later(at: str) -> str:
    hours, minutes = at.split(":")
    return f"{(int(hours) + 3) % 24:02d}:{minutes}"


def _is_count(number: Any) -> bool:
    return isinstance(number, int) and number >= 0
