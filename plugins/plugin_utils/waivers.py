"""Waivers: a named person's reason to pass over one gate of one component until a date.

They lie in `waivers.yml` beside the inventories, which is the annotated example of the format. All of them are checked
before anything is judged. A waiver holds until the end of its last day, in UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from .refusal import Refusal

KEYS = ("gate", "component", "owner", "reason", "until")
LONGEST_TEXT = 1000


@dataclass(frozen=True)
class Waiver:
    """One entry; `until` is the last day on which it holds, in UTC."""

    gate: str
    component: str
    owner: str
    reason: str
    until: date

    @property
    def shown(self) -> dict[str, str]:
        """The entry as verdicts carry it."""
        return {"owner": self.owner, "reason": self.reason, "until": self.until.isoformat()}


def load(text: str, source: str, gates: Collection[str], components: Collection[str]) -> list[Waiver]:
    """Return the waivers in `text`; `source` is the file's name, for messages.

    `gates` and `components` are the known names. Raises `Refusal` that names file, entry and key.
    """
    try:
        # BaseLoader leaves every value text: what is no date must be told by us, and `no` is a word in a reason.
        raw = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it constructs nothing but text, lists and mappings
    except yaml.YAMLError as error:
        raise Refusal(f"{source} is not valid YAML: {' '.join(str(error).split())}", "a list `waivers:`") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("waivers"), list):
        raise Refusal(f"{source} has no list of waivers", "`waivers: []` when there are none")
    unknown = sorted(str(key) for key in raw if key != "waivers")
    if unknown:
        raise Refusal(f"{source} has the unknown key {unknown[0]}", "only `waivers:`")
    waivers: list[Waiver] = []
    for number, entry in enumerate(raw["waivers"], start=1):
        where = f"{source}, entry {number}"
        waiver = _waiver(entry, where, gates, components)
        if any((one.gate, one.component) == (waiver.gate, waiver.component) for one in waivers):
            raise Refusal(
                f"{where}: {waiver.gate} of {waiver.component} is waived twice", "one entry a gate and component"
            )
        waivers.append(waiver)
    return waivers


def apply(
    verdicts: Iterable[Mapping[str, Any]], waivers: Iterable[Waiver], component: str, today: date
) -> list[dict[str, Any]]:
    """Return the verdicts with `waiver` as it is `today` (UTC): the one in force, else None.

    A verdict stays what it is. One that an expired waiver no longer helps names it in `waiver_expired`.
    """
    own = {waiver.gate: waiver for waiver in waivers if waiver.component == component}
    applied = []
    for verdict in verdicts:
        waiver = own.get(verdict["gate"])
        in_force = waiver is not None and waiver.until >= today
        plain = {key: value for key, value in verdict.items() if key != "waiver_expired"}
        applied.append({**plain, "waiver": waiver.shown if waiver and in_force else None})
        if waiver and not in_force and verdict["verdict"] != "pass":
            applied[-1]["waiver_expired"] = waiver.shown
    return applied


def _waiver(raw: Any, where: str, gates: Collection[str], components: Collection[str]) -> Waiver:
    if not isinstance(raw, dict):
        raise Refusal(f"{where} is {raw!r}", f"a mapping with {', '.join(KEYS)}")
    unknown = sorted(str(key) for key in raw if key not in KEYS)
    if unknown:
        raise Refusal(f"{where} has the unknown key {unknown[0]}", f"only {', '.join(KEYS)}")
    for key in KEYS:
        value = raw.get(key)
        if value is None or value == "":
            raise Refusal(f"{where} has no {key}", f"all of {', '.join(KEYS)}")
        if not isinstance(value, str) or not value.isprintable() or not value.strip() or len(value) > LONGEST_TEXT:
            raise Refusal(
                f"{where}, key {key}, is {value!r:.80}", f"one line of text, at most {LONGEST_TEXT} characters"
            )
    for key, known in (("gate", gates), ("component", components)):
        if raw[key] not in known:
            raise Refusal(f"{where}, key {key}, is {raw[key]!r:.80}", f"one of {', '.join(known)}")
    until = _day(raw["until"])
    if until is None:
        raise Refusal(f"{where}, key until, is {raw['until']!r:.80}", "the last day, YYYY-MM-DD")
    return Waiver(raw["gate"], raw["component"], raw["owner"].strip(), raw["reason"].strip(), until)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-12-31") else None
    except ValueError:
        return None
