"""How two releases differ, told without values. Pure: facts of two releases in, names and sentences out."""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Tuple

_LONGEST = 80
_NOTHING = object()


def keys(before: Dict[str, str], after: Dict[str, str]) -> Dict[str, List[str]]:
    """Return the names of the variables that are ``added``, ``removed`` and ``changed``; values are not told."""
    return {
        "added": sorted(set(after) - set(before)),
        "removed": sorted(set(before) - set(after)),
        "changed": sorted(name for name in set(before) & set(after) if before[name] != after[name]),
    }


def files(before: Dict[str, str], after: Dict[str, str]) -> List[str]:
    """Return the paths whose content differs, or which only one of the two has; both map paths to hashes."""
    return sorted(path for path in {*before, *after} if before.get(path) != after.get(path))


def documents(before: Dict[str, Any], after: Dict[str, Any]) -> List[str]:
    """Return a sentence for each place in which two Compose documents differ; images are told elsewhere.

    Both are masked (see ``environment.masked``). Of a service's environment only the names are told.
    """
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return [
        _sentence(path, old.get(path, _NOTHING), new.get(path, _NOTHING))
        for path in sorted({*old, *new})
        if old.get(path, _NOTHING) != new.get(path, _NOTHING) and not path.endswith(".image")
    ]


def _leaves(node: Any, path: str = "") -> Iterator[Tuple[str, Any]]:
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from _leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list) and node:
        for number, value in enumerate(node):
            yield from _leaves(value, f"{path}[{number}]")
    else:
        yield path, node


def _sentence(path: str, old: Any, new: Any) -> str:
    if ".environment." in path:
        return f"{path}: {'added' if old is _NOTHING else 'removed' if new is _NOTHING else 'changed'}"
    if old is _NOTHING:
        return f"{path}: {_shown(new)} added"
    if new is _NOTHING:
        return f"{path}: {_shown(old)} removed"
    return f"{path}: {_shown(old)} → {_shown(new)}"


def _shown(value: Any) -> str:
    parts = str(value).split("\0")
    text = "".join(f"<{part}>" if number % 2 else part for number, part in enumerate(parts))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
