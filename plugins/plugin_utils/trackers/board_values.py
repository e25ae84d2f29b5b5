"""Values as the fields of a board want them: text, number, date, or one of their options."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from . import limits
from .interface import Unsent

Field = dict[str, Any]
"""`id name dataType` of a field, and its `options` where it has some."""


def type_of(value: Any) -> str:
    """Return the type that a new field for this value gets."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "NUMBER"
    return "DATE" if _is_date(value) else "TEXT"


def value_of(field: Field, value: Any) -> dict[str, Any] | None:
    """Return a field's value as GraphQL wants it; raises `Unsent` for an option that the field has not."""
    kind = field["dataType"]
    if kind == "SINGLE_SELECT":
        return {"singleSelectOptionId": _option(field, str(value))}
    if kind == "NUMBER":
        number = _number(value)
        return None if number is None else {"number": number}
    if kind == "DATE":
        return {"date": str(value)[:10]} if _is_date(str(value)[:10]) else None
    return {"text": limits.line(", ".join(map(str, value)) if isinstance(value, list) else str(value), limits.FIELD)}


def _option(field: Field, wanted: str) -> str:
    """Return the option that is called like this, or has it as one of its words ("🧪 Staging")."""
    options = field.get("options") or []
    exact = [each for each in options if each["name"].lower() == wanted.lower()]
    near = [each for each in options if wanted.lower() in each["name"].lower().split()]
    if not (exact or near):
        known = ", ".join(each["name"] for each in options) or "none"
        raise Unsent(f"the board's field {field['name']} has no option {wanted}; it has {known}", alone=True)
    return str((exact or near)[0]["id"])


def _number(value: Any) -> float | None:
    try:
        number = float(str(value).rstrip(" %"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_date(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value)) if isinstance(value, str) and len(value) == 10 else False
    except ValueError:
        return False
