"""Read a task's result as callbacks get it: its reports, its message, whether it changed something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def _with_items(result: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    items = result.get("results")
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, Mapping))
    yield result


def reports_of(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The reports in a result, those of a loop's items first; anything else named ``report`` is not one."""
    found = [item.get("report") for item in _with_items(result)]
    return [report for report in found if isinstance(report, Mapping) and "headline" in report]


def components_of(result: Mapping[str, Any]) -> list[str]:
    """The names of all components, from the result that brings the operation."""
    operation = result.get("operation")
    components = operation.get("components") if isinstance(operation, Mapping) else None
    return [str(name) for name in components] if isinstance(components, Mapping) else []


def changed(result: Mapping[str, Any]) -> bool:
    """Whether the task, or one of its items, changed something."""
    return any(bool(item.get("changed")) for item in _with_items(result))


def message_of(result: Mapping[str, Any]) -> str:
    """What a task said: its message, that of its first failed item, or the last line of its output."""
    for item in _with_items(result):
        said = _message(item) if item is result or item.get("failed") else ""
        if said:
            return said
    return "no message; again with -v for the detail"


def _message(result: Mapping[str, Any]) -> str:
    message = result.get("msg")
    if isinstance(message, list):
        message = "\n".join(str(line) for line in message)
    if message and str(message) != "non-zero return code":
        return str(message).removeprefix("Task failed: ")
    for output in ("stderr", "stdout"):
        lines = str(result.get(output) or "").strip().splitlines()
        if lines:
            return f"{message}: {lines[-1]}" if message else lines[-1]
    return str(message or "")
