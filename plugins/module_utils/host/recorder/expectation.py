"""Does an answer say that the service is well? The catalogue's `health.expect` on hosts that have no JMESPath.

Understood is the part of JMESPath that such conditions use: paths, literals, comparisons, `&&`, `||`, `!`, brackets.
Anything else is `NotUnderstood`, which makes a sample unknown, never up. Without a condition, JSON that calls its own
`status` down is not well.
"""

from __future__ import annotations

import json
import operator
import re
from typing import Any, Callable, Dict, List, Optional, Tuple

_TOKEN = re.compile(
    r"\s*(?:(?P<raw>'(?:[^'\\]|\\.)*')|(?P<json>`[^`]*`)|(?P<quoted>\"(?:[^\"\\]|\\.)*\")|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<index>\[-?\d+\])|(?P<sign>\|\||&&|==|!=|<=|>=|<|>|!|\(|\)|\.))"
)
_COMPARE: Dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: _same(a, b),
    "!=": lambda a, b: not _same(a, b),
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_BAD = {"down", "error", "fail", "failed", "failing", "unhealthy", "critical", "out_of_service", "unavailable"}


class NotUnderstood(ValueError):
    """A condition uses what is not understood here."""


def unmet(expect: Optional[str], body: Optional[str]) -> str:
    """Return why an answer's body is not as expected, empty when it is; raises `NotUnderstood`."""
    document, problem = _parsed(body)
    if not expect:
        status = document.get("status") if isinstance(document, dict) else None
        bad = isinstance(status, str) and status.strip().lower() in _BAD
        return f"it says {{'status': {status!r}}} of itself" if bad else ""
    if problem:
        return f"{problem}, where {expect} is expected"
    found = value(expect, document)
    return "" if found is True else f"{expect} gives {json.dumps(found)}"


def check(expect: Optional[str]) -> None:
    """Raise `NotUnderstood` for a condition that the recorder could not judge."""
    unmet(expect, "{}")


def value(path: str, document: Any) -> Any:
    """Return what a path finds in a document, None where there is nothing; raises `NotUnderstood`."""
    tokens = _tokens(path)
    found, rest = _either(tokens, 0, document)
    if rest != len(tokens):
        raise NotUnderstood(f"{path!r}: {tokens[rest][1]!r} is not understood there")
    return found


def _parsed(body: Optional[str]) -> Tuple[Any, str]:
    try:
        return json.loads(body or ""), ""
    except (ValueError, RecursionError):
        return None, "the answer is not JSON"


def _tokens(text: str) -> List[Tuple[str, str]]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if not match or not match.lastgroup:
            raise NotUnderstood(f"{text!r}: {text[at:].strip()[:20]!r} is not understood")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


Parsed = Tuple[Any, int]
Tokens = List[Tuple[str, str]]


def _is(tokens: Tokens, at: int, *signs: str) -> bool:
    return at < len(tokens) and tokens[at][0] == "sign" and tokens[at][1] in signs


def _either(tokens: Tokens, at: int, document: Any) -> Parsed:
    found, at = _both(tokens, at, document)
    while _is(tokens, at, "||"):
        other, at = _both(tokens, at + 1, document)
        found = found if _truth(found) else other
    return found, at


def _both(tokens: Tokens, at: int, document: Any) -> Parsed:
    found, at = _compared(tokens, at, document)
    while _is(tokens, at, "&&"):
        other, at = _compared(tokens, at + 1, document)
        found = other if _truth(found) else found
    return found, at


def _compared(tokens: Tokens, at: int, document: Any) -> Parsed:
    found, at = _value(tokens, at, document)
    if _is(tokens, at, *_COMPARE):
        sign = tokens[at][1]
        other, at = _value(tokens, at + 1, document)
        ordered = sign in ("==", "!=") or _have_an_order(found, other)
        found = bool(_COMPARE[sign](found, other)) if ordered else None
    return found, at


def _value(tokens: Tokens, at: int, document: Any) -> Parsed:
    if _is(tokens, at, "!"):
        found, at = _value(tokens, at + 1, document)
        return not _truth(found), at
    if _is(tokens, at, "("):
        found, at = _either(tokens, at + 1, document)
        if not _is(tokens, at, ")"):
            raise NotUnderstood("a bracket is not closed")
        return found, at + 1
    if at >= len(tokens):
        raise NotUnderstood("it ends too early")
    kind, text = tokens[at]
    if kind == "raw":
        return text[1:-1].replace("\\'", "'"), at + 1
    if kind == "json":
        return _parsed(text[1:-1])[0], at + 1
    return _path(tokens, at, document)


def _path(tokens: Tokens, at: int, document: Any) -> Parsed:
    found, first = document, True
    while at < len(tokens):
        kind, text = tokens[at]
        if kind == "index":
            place = int(text[1:-1])
            found = found[place] if isinstance(found, list) and -len(found) <= place < len(found) else None
        elif kind in ("name", "quoted") and (first or tokens[at - 1] == ("sign", ".")):
            key = json.loads(text) if kind == "quoted" else text
            found = found.get(key) if isinstance(found, dict) else None
        elif (kind, text) != ("sign", ".") or first:
            break
        at, first = at + 1, False
    if first or tokens[at - 1] == ("sign", "."):
        raise NotUnderstood(f"{tokens[min(at, len(tokens) - 1)][1]!r} is not understood")
    if _is(tokens, at, "("):
        raise NotUnderstood("functions are not understood")
    return found, at


def _truth(value: Any) -> bool:
    return value is not None and value is not False and value not in ("", [], {})


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _have_an_order(one: Any, other: Any) -> bool:
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in (one, other))
    return numbers or (isinstance(one, str) and isinstance(other, str))
