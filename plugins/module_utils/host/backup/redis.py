"""Redis: BGSAVE, polled, and the RDB that it leaves, counted by redis-check-rdb.

A Redis with AOF on ignores an RDB beside it, and would start empty: there it is loaded as the base of a new AOF.
Options: ``password_variable`` (``REDIS_PASSWORD``), the variable in the container that has the password, which goes
through the environment.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any, Dict, List

from ..errors import HostError
from . import redis_packed, redis_words
from .box import Box
from .throwaway import Target, mount_of

STOPS = False
_FILE = "dump.rdb"
_TRIES = 20


def dump(box: Box, options: Dict[str, Any], folder: Path) -> Dict[str, Any]:
    """Have it saved, wait for the end of that, take the file; return ``{version, aof, dir, files, counts}``."""
    own = redis_words.facts(box, options)
    before = redis_words.total(redis_words.ask(box, options, "info", "keyspace"))
    _begin_save(box, options)
    redis_words.wait_for_save(box, options)
    status = redis_words.persistence(redis_words.ask(box, options, "info", "persistence"))
    if status.get("rdb_last_bgsave_status") != "ok":
        raise HostError(f"Redis of {box.service} could not save ({status}): see docker logs, most often a full disk")
    source = posixpath.join(own["dir"], own["dbfilename"])
    found = redis_words.saved(box.ask("redis-check-rdb", source))
    after = redis_words.total(redis_words.ask(box, options, "info", "keyspace"))
    stored = box.save(["cat", source], folder / _FILE, f"the copy of {source}")
    if before == after and _lasting(found) != _lasting(before):
        raise HostError(f"Redis of {box.service} has {before}, and saved {found}: the same command again")
    files = [{"name": _FILE, **stored._asdict()}]
    aof = own["appendonly"] == "yes"
    return {"version": own["version"], "aof": aof, "dir": own["dir"], "files": files, "counts": {"all": found}}


def _begin_save(box: Box, options: Dict[str, Any]) -> None:
    """Begin a save now; one that runs already (or a rewrite of the AOF) began too early."""
    for _ in range(_TRIES):
        redis_words.wait_for_save(box, options)
        answer = box.ask(*redis_words.cli(options, "bgsave")).strip()
        if answer == "Background saving started":
            return
    raise HostError(f"Redis of {box.service} did not begin to save: {answer[:200]}")


def require_loadable(found: Dict[str, Any], target: Dict[str, Any], service: str) -> None:
    """Refuse a dump of a newer server: its RDB may have a format that this one does not know."""
    if redis_packed.number(found["version"]) > redis_packed.number(target["version"]):
        raise HostError(
            f"the dump of {service} is of Redis {found['version']}, its image here is {target['version']}: an older "
            "server does not read it; restore it with the release it was taken from, or a newer image"
        )


def load(target: Target, options: Dict[str, Any], found: Dict[str, Any], folder: Path) -> None:
    """Start it empty to learn how it is configured, stop it, give it the dump where it will read it, start it."""
    box = target.start()
    box.wait(lambda: redis_words.ready(box, options), f"Redis of {target.service}")
    own = redis_words.facts(box, options)
    require_loadable(found, own, target.service)
    target.stop()
    packed = folder / ".load.tar"
    try:
        redis_packed.pack(folder / _FILE, own, packed)
        box.copy_in(packed, own["dir"])
    finally:
        packed.unlink(missing_ok=True)
    target.start()
    box.wait(lambda: redis_words.ready(box, options), f"Redis of {target.service}", redis_words.SAVE_SECONDS)


def check(target: Target, options: Dict[str, Any], found: Dict[str, Any]) -> List[str]:
    """Compare the keys that do not expire, and see that no more are there than were."""
    now, then = redis_words.total(redis_words.ask(target.box, options, "info", "keyspace")), found["counts"]["all"]
    if _lasting(now) != _lasting(then) or now["keys"] > then["keys"]:
        raise HostError(f"{target.service} has {now}, the dump was of {then}")
    return [f"{then['keys']} keys counted, redis-check-rdb"]


def _lasting(one: Dict[str, int]) -> int:
    """Return how many keys stay: the others may expire between two looks."""
    return one["keys"] - one["expires"]


def places(target: Target, found: Dict[str, Any]) -> List[str]:
    """Return the mounts to be emptied before a load."""
    return mount_of(target, str(found["dir"]))
