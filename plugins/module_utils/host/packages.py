"""Verbs with a package of their own beside these modules.

Such a package has `VERBS`, `arguments(parser)`, which adds its own options, and `answer(call)`, which returns the
result and the sentence for a person, as `cli` does for its own verbs.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from types import ModuleType
from typing import Callable, Dict, Optional, Tuple

from . import backup, demotion, load_usage, outbox, recorder, rehearsal, schedule, tracked, watch
from .processes import Processes
from .state import State

PACKAGES: Tuple[ModuleType, ...] = (backup, tracked, schedule, recorder, rehearsal, outbox, watch, demotion, load_usage)


@dataclass(frozen=True)
class Call:
    """A verb as it was called. `who()` gives `{component, environment, run, actor, reason}` of it."""

    verb: str
    options: argparse.Namespace
    state: State
    processes: Processes
    tell: Callable[[str, str], None]
    who: Callable[[], Dict[str, str]]


def verbs() -> Tuple[str, ...]:
    """Return the verbs of all packages."""
    return tuple(verb for package in PACKAGES for verb in package.VERBS)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of all packages."""
    for package in PACKAGES:
        package.arguments(parser)


def of(verb: str) -> Optional[ModuleType]:
    """Return the package that answers a verb, or None."""
    return next((package for package in PACKAGES if verb in package.VERBS), None)
