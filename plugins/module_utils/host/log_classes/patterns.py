"""What is said of a line that states no level and is of no known service: does it look like an error?"""

from __future__ import annotations

import re

ANNOUNCES = re.compile(
    r"^(?:Exception in thread |Exception ignored in|Task exception was never retrieved|Exception in callback "
    r"|Unhandled exception in |Exception occurred during processing of request|unhandled exception during asyncio)"
)
_BAD = re.compile(
    r"^(?:[\w./-]+: )?(?:(?:fatal|unhandled|uncaught)\b.{0,20}\b(?:error|exception)|(?:fatal )?error|fatal|panic): \S"
    r"|^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception): "
    r"|^[\w./-]+: (?:cannot|can't|could not|couldn't|failed to|unable to) "
    r"|\bunhandled (?:exception|rejection)\b|\bsegmentation fault\b|\bout of memory\b|\bcore dumped\b"
    r"|^Killed$|^Aborted\b",
    re.I,
)
_REQUEST = re.compile(r"\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /\S* \d{3}\b")


def looks_bad(line: str) -> bool:
    """Say whether a line without a level looks like an error."""
    return not _REQUEST.search(line) and bool(ANNOUNCES.match(line) or _BAD.search(line))
