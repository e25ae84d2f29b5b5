"""What a caller gives on stdin: one JSON object."""

from __future__ import annotations

import json
import sys
from typing import Any, Dict

from .errors import UsageError


def read(*, optional: bool = False) -> Dict[str, Any]:
    """Return the object; with ``optional``, nothing at all (or a terminal) is an empty one. Raises ``UsageError``."""
    text = "" if optional and sys.stdin.isatty() else sys.stdin.read()
    return {} if optional and not text.strip() else parsed(text)


def parsed(text: str) -> Dict[str, Any]:
    """Return the object in a text; raises ``UsageError``."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise UsageError(f"what came on stdin is not JSON ({error}); wanted: one JSON object") from error
    if not isinstance(value, dict):
        raise UsageError(f"what came on stdin is not a JSON object but {text[:40]!r}; wanted: one such as {{}}")
    return value
