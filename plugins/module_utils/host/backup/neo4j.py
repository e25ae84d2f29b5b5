"""Neo4j Community: dumped while it is stopped, by a container of the same image with the same volumes.

It cannot be dumped while it runs, and it upgrades its store at the start of a newer image: there is no way back from
that but a dump. Options: ``databases`` (``[neo4j, system]``).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List, Tuple

from ..errors import HostError
from .box import Box
from .throwaway import Target

STOPS = True
_DATABASES = ("neo4j", "system")


def _databases(options: Dict[str, Any]) -> List[str]:
    return [str(one) for one in options.get("databases") or _DATABASES]


def version(box: Box) -> str:
    """Return the version of the image."""
    match = re.search(r"\d+\.\d+(?:\.\d+)?", box.ask("neo4j-admin", "--version"))
    if not match:
        raise HostError(f"neo4j-admin of {box.service} does not say its version")
    return match[0]


def dump(box: Box, options: Dict[str, Any], folder: Path) -> Dict[str, Any]:
    """Write one file a database; ``box`` is a container that only sleeps, with the volumes of the stopped service."""
    files, counts = [], {}
    for name in _databases(options):
        how = ["neo4j-admin", "database", "dump", name, "--to-stdout"]
        stored = box.save(how, folder / f"{name}.dump", f"neo4j-admin dump of {name}")
        if not stored.bytes:
            raise HostError(f"the dump of the database {name} of {box.service} is empty")
        files.append({"name": f"{name}.dump", **stored._asdict()})
        counts[name] = {"bytes": stored.bytes}
    return {"version": version(box), "databases": _databases(options), "files": files, "counts": counts}


def require_loadable(found: Dict[str, Any], target: Dict[str, Any], service: str) -> None:
    """Refuse a dump of a newer server."""
    if _number(found["version"]) > _number(target["version"]):
        raise HostError(
            f"the dump of {service} is of Neo4j {found['version']}, its image here is {target['version']}: an older "
            "server does not read it; restore it with the release it was taken from"
        )


def _number(text: str) -> Tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])


def load(target: Target, options: Dict[str, Any], found: Dict[str, Any], folder: Path) -> None:
    """Load every database in a container that only sleeps."""
    box = target.sleeping()
    require_loadable(found, {"version": version(box)}, target.service)
    for name in found["databases"]:
        how = ["neo4j-admin", "database", "load", name, "--from-stdin", "--overwrite-destination=true"]
        box.give(how, folder / f"{name}.dump", f"neo4j-admin load of {name}")


def check(target: Target, options: Dict[str, Any], found: Dict[str, Any]) -> List[str]:
    """Have Neo4j check the stores that were loaded."""
    for name in found["databases"]:
        target.box.ask("neo4j-admin", "database", "check", name)
    return [f"{name}: neo4j-admin check" for name in found["databases"]]


def places(target: Target, found: Dict[str, Any]) -> List[str]:
    """Return the mounts to be emptied before a load: none, a load replaces the stores."""
    return []
