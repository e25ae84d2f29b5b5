"""Tokens in the arguments of a gate's commands: `{component}` inside an argument, `{files}` in the place of several.

Tokens are no templates: the text that takes their place is never looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .errors import DefinitionError

# One argument each …
TEXT = (
    "api_reference",
    "component",
    "commit",
    "import_root",
    "last_promoted",
    "last_promoted_commit",
    "maturity",
    "module",
    "monorepo",
    "programs",
    "python",
    "readme",
    "rollback",
    "scratch",
    "toolkit_python",
    "troubleshooting",
    "user_guide",
)
# … and those that stand for any number of arguments.
LISTS = ("alert_rules", "audited_requirements", "files", "paths", "python_files", "requirements", "shipped_files")
_TOKEN = re.compile(r"\{([a-z_]+)\}")


def check_tokens(arguments: Any, where: str) -> None:
    """Raise `DefinitionError` unless `arguments` is a list of text whose tokens are all known."""
    if not isinstance(arguments, (list, tuple)) or not all(isinstance(argument, str) for argument in arguments):
        raise DefinitionError(where, f"is {arguments!r}", "a list of arguments, each of them text")
    for argument in arguments:
        for token in _TOKEN.findall(argument):
            if token in LISTS and argument != f"{{{token}}}":
                raise DefinitionError(where, f"has {{{token}}} inside {argument!r}", "it as an argument of its own")
            if token not in TEXT and token not in LISTS:
                allowed = ", ".join(f"{{{name}}}" for name in sorted((*TEXT, *LISTS)))
                raise DefinitionError(where, f"has the unknown token {{{token}}}", f"one of {allowed}")


def expand(arguments: Iterable[str], texts: Mapping[str, str], lists: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the arguments with every token replaced."""
    expanded: list[str] = []
    for argument in arguments:
        whole = _TOKEN.fullmatch(argument)
        if whole and whole[1] in lists:
            expanded.extend(lists[whole[1]])
        else:
            expanded.append(_TOKEN.sub(lambda match: texts[match[1]], argument))
    return expanded
