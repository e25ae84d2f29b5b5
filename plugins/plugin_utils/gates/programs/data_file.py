"""Reads JSON, YAML and TOML that somebody else wrote: duplicate keys refused, size, depth and aliases bounded.

Usage: data_file.py FILE KIND. Prints `{data, values}`, or `{refused}` with one sentence. A process of its own, because
there are texts over which a parser thinks for hours.
"""

from __future__ import annotations

import datetime
import json
import math
import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

MOST_BYTES = 512 * 1024
MOST_VALUES = 100_000


class Unreadable(ValueError):
    """A file that is not what it should be: one sentence without the file's name."""


def read(text: str, kind: str) -> tuple[Any, int]:
    """Return the data of a text and how many values it holds, mappings and lists included.

    `kind` is json, yaml or toml. Dates become text as ISO 8601 writes them, keys become text. Raises `Unreadable`.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise Unreadable(f"is larger than {MOST_BYTES} bytes")
    try:
        return _plain(_READERS[kind](text))
    except Unreadable:
        raise
    except RecursionError as error:
        raise Unreadable("is nested too deeply") from error
    except (ValueError, OverflowError, yaml.YAMLError) as error:
        raise Unreadable(f"is no {kind.upper()}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Return why a text is not of its kind, with the line and without the text itself."""
    mark = getattr(error, "problem_mark", None)
    if mark is not None:
        return f"{getattr(error, 'problem', error)}, line {mark.line + 1}"
    return " ".join(str(error).split())


def _json(text: str) -> Any:
    def constant(name: str) -> None:
        raise Unreadable(f"holds {name}, which is no JSON")

    return json.loads(text, object_pairs_hook=_unique, parse_constant=constant)


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise Unreadable(f"has the key {key!r} twice")
        found[key] = value
    return found


def _yaml(text: str) -> Any:
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise Unreadable("is empty")
        _weigh(node, loader, {}, ())
        return loader.construct_document(node)
    except TypeError as error:  # a mapping or a list as a key
        raise Unreadable(f"is no YAML: {error}") from error
    finally:
        loader.dispose()


def _weigh(node: yaml.Node, loader: yaml.SafeLoader, known: dict[int, int], above: tuple[int, ...]) -> int:
    """Return how many values a node stands for once its aliases are written out; refuses too many, and circles."""
    if id(node) in above:
        raise Unreadable("refers to itself by an alias")
    if id(node) not in known:
        parts: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            _require_unique([key for key, _ in node.value], loader)
            parts = [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            parts = node.value
        known[id(node)] = 1 + sum(_weigh(part, loader, known, (*above, id(node))) for part in parts)
        if known[id(node)] > MOST_VALUES:
            raise Unreadable(f"holds more than {MOST_VALUES} values once its aliases are written out")
    return known[id(node)]


def _require_unique(keys: Sequence[yaml.Node], loader: yaml.SafeLoader) -> None:
    """Refuse a key that comes twice, where YAML's own loader takes the last."""
    seen = set()
    for key in keys:
        if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
            value = loader.construct_object(key)
            if (type(value), value) in seen:
                raise Unreadable(f"has the key {key.value!r} twice, line {key.start_mark.line + 1}")
            seen.add((type(value), value))


def _plain(data: Any) -> tuple[Any, int]:
    """Return JSON-like data and the number of its values; refuses what JSON cannot say."""
    if isinstance(data, dict):
        pairs = [(str(key), *_plain(value)) for key, value in data.items()]
        return _unique([(key, value) for key, value, _ in pairs]), 1 + sum(number for _, _, number in pairs)
    if isinstance(data, (list, tuple)):
        items = [_plain(value) for value in data]
        return [value for value, _ in items], 1 + sum(number for _, number in items)
    if isinstance(data, float) and not math.isfinite(data):
        raise Unreadable(f"holds {data}, which is no number")
    if isinstance(data, (datetime.date, datetime.datetime, datetime.time)):
        return data.isoformat(), 1
    if data is None or isinstance(data, (bool, int, float, str)):
        return data, 1
    raise Unreadable(f"holds a value of the type {type(data).__name__}")


_READERS: dict[str, Callable[[str], Any]] = {"json": _json, "yaml": _yaml, "toml": tomllib.loads}


def main(file: str, kind: str) -> int:
    """Print what a file holds."""
    try:
        data, values = read(Path(file).read_text(encoding="utf-8"), kind)
        found = {"data": data, "values": values, "refused": ""}
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        found = {"refused": " ".join(str(error).split())}
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
