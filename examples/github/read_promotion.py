"""Reads a promotion request's issue and says which component is to be judged for which stage.

The text of an issue is whatever somebody typed. It comes in the environment variable BODY, and leaves only as a name of
the catalogue and one of two stages, which are safe in a shell, in Ansible and in a file name.

    BODY="$(cat issue.md)" python read_promotion.py inventories/catalogue.yml >> "$GITHUB_OUTPUT"
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import yaml

NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
STAGES = ("staging", "production")
HEADINGS = {"component": "Component Name", "stage": "Target Stage"}


def answer(body: str, heading: str) -> str:
    """Return what stands below a heading of the issue form, empty when there is no such heading or nothing below it."""
    found = re.search(rf"(?m)^#{{2,4}} {re.escape(heading)}[ \t]*\r?\n\s*([^\r\n]*)", body)
    text = found.group(1).strip() if found else ""
    return "" if text.startswith("#") else text


def read(body: str, components: list[str]) -> tuple[str, str]:
    """Return component and stage; raises `ValueError` with a sentence for whoever wrote the issue."""
    component, stage = answer(body, HEADINGS["component"]), answer(body, HEADINGS["stage"]).lower()
    if not NAME.fullmatch(component) or component not in components:
        raise ValueError(f"{HEADINGS['component']!r} must be one of: {', '.join(components)}")
    if stage not in STAGES:
        raise ValueError(f"{HEADINGS['stage']!r} must be one of: {', '.join(STAGES)}")
    return component, stage


def main() -> int:
    """Print `component=` and `stage=` for GITHUB_OUTPUT, or say on standard error what is wrong."""
    known = yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))["components"]
    try:
        component, stage = read(os.environ.get("BODY", ""), sorted(known))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"component={component}\nstage={stage}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
