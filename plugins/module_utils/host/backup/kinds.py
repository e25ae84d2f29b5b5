"""How each kind of service is dumped, loaded and checked; one module a kind.

``STOPS``: whether it is dumped while stopped. ``dump(box, options, folder)`` returns ``{version, files, counts, …}``;
``load(target, options, found, folder)`` ends with the service holding exactly that; ``check`` says what was compared
or raises what differs; ``places`` are the mounts that are emptied before a load.
"""

from __future__ import annotations

from typing import Any

from . import neo4j, postgres, redis, volume

_MODULES = {"postgres": postgres, "redis": redis, "neo4j": neo4j, "volume": volume}


def of(kind: str) -> Any:
    """Return the module of a kind."""
    return _MODULES[kind]
