"""Looks for secrets in files by detect-secrets and prints as JSON where they are, never what they are.

Usage: secrets_in.py FILE…. Prints `{scanned, skipped, findings, allowed, problems, statement}`: files looked through;
files that are no text; `FILE:LINE: KIND` for each finding; places that a comment `pragma: allowlist secret` allows;
files that could not be read. Nobody is asked whether a finding is in use: that would send it away.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.core.scan import scan_file, scan_for_allowlisted_secrets_in_file
from detect_secrets.settings import default_settings, get_settings

# A file of the scanner's own choice to look away from is one that a secret could be in.
_SKIPS_FILES = (
    "detect_secrets.filters.heuristic.is_swagger_file",
    "detect_secrets.filters.heuristic.is_lock_file",
    "detect_secrets.filters.heuristic.is_non_text_file",
    "detect_secrets.filters.common.is_invalid_file",
)


def readable(path: str) -> tuple[bool, str]:
    """Say whether a file is text, and if not, why in a word: `binary` is skipped, anything else is a problem."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        return False, error.strerror or str(error)
    if b"\0" in data[:8192]:
        return False, "binary"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return False, f"no UTF-8 at byte {error.start}"
    return True, ""


def places(found: Iterable[PotentialSecret]) -> list[str]:
    """Return where secrets are and of which kind, each place once."""
    return sorted({f"{one.filename}:{one.line_number}: {one.type}" for one in found}, key=_by_line)


def _by_line(place: str) -> tuple[str, int, str]:
    file, line, kind = place.split(":", 2)
    return file, int(line), kind


def main(files: Sequence[str]) -> int:
    """Scan file by file: each one counts as looked through or is named."""
    document: dict[str, list[str]] = {"scanned": [], "skipped": [], "findings": [], "allowed": [], "problems": []}
    with default_settings():
        get_settings().disable_filters(*_SKIPS_FILES)
        for path in files:
            is_text, why = readable(path)
            if is_text:
                document["scanned"].append(path)
                document["findings"] += places(scan_file(path))
            else:
                document["skipped" if why == "binary" else "problems"].append(f"{path} cannot be read as text: {why}")
        # Last: it switches the scanner over to those places alone.
        for path in document["scanned"]:
            document["allowed"] += places(scan_for_allowlisted_secrets_in_file(path))
    allowed = len(document["allowed"])
    statement = f"none ({len(document['scanned'])} files; {allowed} allowed by a comment)" if allowed else None
    print(json.dumps({**document, "statement": statement}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
