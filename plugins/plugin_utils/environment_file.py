"""Renders an environment file from the monorepo's `.example` and the operator's values.

Comments and order of the example are kept. A value of the operator's replaces the example's; a variable that still has
a placeholder, or none, is refused by name. Values are never part of a message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .refusal import Refusal

ASSIGNMENT = re.compile(r"\s*(?:export\s+)?(?P<key>[A-Za-z_][A-Za-z0-9_]*)=(?P<value>.*)")
PLACEHOLDER = re.compile(
    r"""(?ix) ^ ['"]? ( | <.*> | change[-_ ]?(me|this|it).* | (your|my)[-_ ].* | replace[-_ ]?(me|this).* | to[-_ ]?do
    | x{3,} | \*+ | \.\.\. | placeholder | secret | password | example ) ['"]? $"""
)
SAFE = re.compile(r"[A-Za-z0-9_@%+:,./-]+")


def render(example: str, values: Mapping[str, object], source: str) -> str:
    """Return the text of the environment file; raises `Refusal` naming every variable without a real value.

    `values` may bring variables that the example does not have: they are appended.
    """
    lines: list[str] = []
    seen: set[str] = set()
    missing: list[str] = []
    for line in example.splitlines():
        match = ASSIGNMENT.fullmatch(line)
        if not match:
            lines.append(line)
            continue
        key = match["key"]
        seen.add(key)
        given = values.get(key)
        value = match["value"].strip() if given is None else str(given)
        if PLACEHOLDER.match(value):
            missing.append(key)
        lines.append(f"{key}={value if given is None else quoted(key, value)}")
    extra = [key for key in values if key not in seen]
    missing += [key for key in extra if PLACEHOLDER.match(str(values[key] or ""))]
    if missing:
        names = ", ".join(sorted(missing))
        raise Refusal(
            f"{source}: no real value for {names}",
            "a value for each in environment_values",
            "ansible-vault edit inventories/<inventory>/group_vars/<environment>/vault.yml",
        )
    lines += [f"{key}={quoted(key, str(values[key]))}" for key in extra]
    return "\n".join(lines) + "\n"


def quoted(key: str, value: str) -> str:
    """Return a value as Compose's environment files read it back unchanged: single quotes take everything literally."""
    if SAFE.fullmatch(value):
        return value
    if "\n" in value or "\r" in value or "'" in value:
        raise Refusal(
            f"the value of {key} has a line break or a single quote, which an environment file cannot hold",
            "another value",
        )
    return f"'{value}'"
