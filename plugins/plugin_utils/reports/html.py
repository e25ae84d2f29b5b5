"""The page of a report: one file that needs no network and no script, drawn from the document alone."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import urllib.parse
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from ..gates.comparison import plain
from . import sparkline, states

TEMPLATES = Path(__file__).parent / "templates"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PAGES = {"judgement": "judgement.html.j2", "survey": "survey.html.j2", "week": "week.html.j2"}


def render(model: Mapping[str, Any]) -> str:
    """The page of a judgement's, a survey's or a week's document."""
    page = _environment().get_template(_PAGES[model["kind"]]).render(report=model)
    return re.sub(r"\n\s*\n+", "\n", page).strip() + "\n"


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        bytecode_cache=_compiled(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"zip": zip, "moment": moment, "day": day, "href": href, "anchor": anchor, "number": number}
    environment.globals |= {"words": states.WORDS, "sparkline": sparkline.draw}
    return environment


def _compiled() -> FileSystemBytecodeCache | None:
    """Where compiled templates are kept: compiling takes longer than all else; None where nothing can be kept."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "tta-ops"
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        # what this file says about escaping is compiled in, but is no part of the name that Jinja would give it
        own = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
        pattern = f"{own}-%s.jinja"
        return FileSystemBytecodeCache(str(cache), pattern) if cache.stat().st_uid == os.geteuid() else None
    except OSError:
        return None


def moment(text: object) -> str:
    """A time as people read it, `20 Nov 2026, 08:45 UTC`; what is no time stays as it is."""
    at = _time(text)
    return f"{day(text)}, {at:%H:%M} UTC" if at else str(text)


def day(text: object) -> str:
    """The day of a time, `20 Nov 2026`."""
    at = _time(text)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}" if at else str(text)


def href(path: object) -> str:
    """A relative path as the value of a link: never an address, whatever it begins with."""
    return urllib.parse.quote(str(path).lstrip("/"), safe="/")


def anchor(name: object) -> str:
    """A name as the part of an address after `#`."""
    return urllib.parse.quote(str(name), safe="").replace("%", "_")


def number(value: float) -> str:
    """A number without the digits that only say how floats are kept."""
    return plain(round(value, 3))


def _time(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
