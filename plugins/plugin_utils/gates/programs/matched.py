"""Says what patterns find in a text; a program of its own, because nobody else can end a pattern that takes for ever.

Usage: matched.py FILE PATTERN [EACH]. Prints the named groups of the first match as JSON, null for none; what EACH
finds in its first group is in `each`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path


def main(file: str, pattern: str, each: str = "") -> None:
    """Print what is found."""
    text = Path(file).read_text(encoding="utf-8", errors="backslashreplace")
    match = re.search(pattern, text)
    out: dict[str, object] | None = dict(match.groupdict()) if match else None
    if out is not None and each:
        out["each"] = [found.group(1) for found in re.finditer(each, text)]
    json.dump(out, sys.stdout)


main(*sys.argv[1:])
