"""Redis: BGSAVE, polled, and the RDB that it leaves, counted by redis-check-rdb.

A Redis with AOF on ignores an RDB beside it, and would start empty: there it is loaded as the base of a new AOF.
Options: ``password_variable`` (``REDIS_PASSWORD``), the variable in the container that has the password, which goes
through the environment.
"""

from __future__ import annotations

import posixpath
import re
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Any, Dict, List, Tuple, Union

from ..errors import HostError
from .box import Box
from .throwaway import Target, mount_of

STOPS = False
_FILE = "dump.rdb"
_KEYSPACE = re.compile(r"^db\d+:keys=(\d+),expires=(\d+)", re.M)
_TRIES = 20
_CLI = 'if [ -n "${%s-}" ]; then REDISCLI_AUTH="$%s"; export REDISCLI_AUTH; fi; exec redis-cli "$@"'
_SAVE_SECONDS = 3600.0


def _cli(options: Dict[str, Any], *words: str) -> List[str]:
    variable = str(options.get("password_variable") or "REDIS_PASSWORD")
    return ["sh", "-c", _CLI % (variable, variable), "redis-cli", "--raw", *words]


def ask(box: Box, options: Dict[str, Any], *words: str) -> str:
    """Return the answer to a command; an error that redis-cli reports with exit code 0 is one."""
    answer = box.ask(*_cli(options, *words)).strip()
    if re.match(r"(?:ERR|NOAUTH|WRONGPASS|MISCONF|LOADING|NOPERM|EXECABORT) ", answer):
        raise HostError(f"Redis of {box.service} refused {words[0]}: {answer[:200]}")
    return answer


def facts(box: Box, options: Dict[str, Any]) -> Dict[str, str]:
    """Return ``dir``, ``dbfilename``, ``appendonly``, ``appendfilename``, ``appenddirname``, ``version``, ``owner``."""
    found = {}
    for name in ("dir", "dbfilename", "appendonly", "appendfilename", "appenddirname"):
        lines = ask(box, options, "config", "get", name).splitlines()
        found[name] = lines[1] if len(lines) > 1 else ""
    info = ask(box, options, "info", "server")
    match = re.search(r"^redis_version:(\S+)", info, re.M)
    owner = box.ask("stat", "-c", "%u:%g", found["dir"]).strip()
    return {**found, "version": match[1] if match else "", "owner": owner}


def total(text: str) -> Dict[str, int]:
    """Return ``{keys, expires}`` of all databases, of the answer to INFO keyspace."""
    found = _KEYSPACE.findall(text)
    return {"keys": sum(int(keys) for keys, _ in found), "expires": sum(int(mortal) for _, mortal in found)}


def dump(box: Box, options: Dict[str, Any], folder: Path) -> Dict[str, Any]:
    """Have it saved, wait for the end of that, take the file; return ``{version, aof, dir, files, counts}``."""
    own = facts(box, options)
    before = total(ask(box, options, "info", "keyspace"))
    _begin_save(box, options)
    _wait_for_save(box, options)
    status = persistence(ask(box, options, "info", "persistence"))
    if status.get("rdb_last_bgsave_status") != "ok":
        raise HostError(f"Redis of {box.service} could not save ({status}): see docker logs, most often a full disk")
    source = posixpath.join(own["dir"], own["dbfilename"])
    found = saved(box.ask("redis-check-rdb", source))
    after = total(ask(box, options, "info", "keyspace"))
    stored = box.save(["cat", source], folder / _FILE, f"the copy of {source}")
    if before == after and _lasting(found) != _lasting(before):
        raise HostError(f"Redis of {box.service} has {before}, and saved {found}: the same command again")
    files = [{"name": _FILE, **stored._asdict()}]
    aof = own["appendonly"] == "yes"
    return {"version": own["version"], "aof": aof, "dir": own["dir"], "files": files, "counts": {"all": found}}


def saved(text: str) -> Dict[str, int]:
    """Return ``{keys, expires}`` of what redis-check-rdb says; raises ``HostError`` when it says something else."""
    match = re.search(r"RDB looks OK.*?(\d+) keys read.*?(\d+) expires", text, re.S)
    if match is None:
        raise HostError(f"redis-check-rdb does not find the dump good: {' '.join(text.split())[-300:]}")
    return {"keys": int(match[1]), "expires": int(match[2])}


def _begin_save(box: Box, options: Dict[str, Any]) -> None:
    """Begin a save now; one that runs already (or a rewrite of the AOF) began too early."""
    for _ in range(_TRIES):
        _wait_for_save(box, options)
        answer = box.ask(*_cli(options, "bgsave")).strip()
        if answer == "Background saving started":
            return
    raise HostError(f"Redis of {box.service} did not begin to save: {answer[:200]}")


def persistence(text: str) -> Dict[str, str]:
    """Return what INFO persistence says."""
    pairs = (line.strip().partition(":")[::2] for line in text.splitlines() if ":" in line)
    return {key: value for key, value in pairs if key.startswith(("rdb_", "aof_", "loading"))}


def _wait_for_save(box: Box, options: Dict[str, Any]) -> None:
    def idle() -> bool:
        found = persistence(ask(box, options, "info", "persistence"))
        return found.get("rdb_bgsave_in_progress") == "0" and found.get("aof_rewrite_in_progress", "0") == "0"

    box.wait(idle, f"the save of Redis of {box.service}", _SAVE_SECONDS)


def require_loadable(found: Dict[str, Any], target: Dict[str, Any], service: str) -> None:
    """Refuse a dump of a newer server: its RDB may have a format that this one does not know."""
    if _number(found["version"]) > _number(target["version"]):
        raise HostError(
            f"the dump of {service} is of Redis {found['version']}, its image here is {target['version']}: an older "
            "server does not read it; restore it with the release it was taken from, or a newer image"
        )


def _number(version: str) -> Tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:2])


def load(target: Target, options: Dict[str, Any], found: Dict[str, Any], folder: Path) -> None:
    """Start it empty to learn how it is configured, stop it, give it the dump where it will read it, start it."""
    box = target.start()
    box.wait(lambda: ready(box, options), f"Redis of {target.service}")
    own = facts(box, options)
    require_loadable(found, own, target.service)
    target.stop()
    packed = folder / ".load.tar"
    try:
        pack(folder / _FILE, own, packed)
        box.copy_in(packed, own["dir"])
    finally:
        packed.unlink(missing_ok=True)
    target.start()
    box.wait(lambda: ready(box, options), f"Redis of {target.service}", _SAVE_SECONDS)


def pack(dump_file: Path, own: Dict[str, str], packed: Path) -> None:
    """Write the tar that puts a dump where a Redis configured as ``own`` reads it at its start."""
    with tarfile.open(packed, "w") as tar:
        if own["appendonly"] != "yes":
            _add(tar, own, own["dbfilename"], dump_file)
        elif _number(own["version"]) < (7, 0):
            _add(tar, own, own["appendfilename"], dump_file)  # it tells an RDB by its first bytes
        else:
            name, folder = own["appendfilename"], own["appenddirname"]
            member = _member(own, folder)
            member.type, member.mode = tarfile.DIRTYPE, 0o750
            tar.addfile(member)
            _add(tar, own, f"{folder}/{name}.1.base.rdb", dump_file)
            _add(tar, own, f"{folder}/{name}.1.incr.aof", b"")
            lines = f"file {name}.1.base.rdb seq 1 type b\nfile {name}.1.incr.aof seq 1 type i\n"
            _add(tar, own, f"{folder}/{name}.manifest", lines.encode())


def _add(tar: tarfile.TarFile, own: Dict[str, str], name: str, content: Union[Path, bytes]) -> None:
    member = _member(own, name)
    if isinstance(content, bytes):
        member.size = len(content)
        tar.addfile(member, BytesIO(content))
        return
    member.size = content.stat().st_size
    with content.open("rb") as source:
        tar.addfile(member, source)


def _member(own: Dict[str, str], name: str) -> tarfile.TarInfo:
    """Return a file that belongs to whom the data folder belongs."""
    member = tarfile.TarInfo(name)
    member.mode = 0o640
    member.uid, member.gid = (int(part) for part in own["owner"].split(":"))
    return member


def ready(box: Box, options: Dict[str, Any]) -> bool:
    """Say whether it has loaded what it has and answers."""
    return box.answers(*_cli(options, "ping")) and ask(box, options, "ping") == "PONG"


def check(target: Target, options: Dict[str, Any], found: Dict[str, Any]) -> List[str]:
    """Compare the keys that do not expire, and see that no more are there than were."""
    now, then = total(ask(target.box, options, "info", "keyspace")), found["counts"]["all"]
    if _lasting(now) != _lasting(then) or now["keys"] > then["keys"]:
        raise HostError(f"{target.service} has {now}, the dump was of {then}")
    return [f"{then['keys']} keys counted, redis-check-rdb"]


def _lasting(one: Dict[str, int]) -> int:
    """Return how many keys stay: the others may expire between two looks."""
    return one["keys"] - one["expires"]


def places(target: Target, found: Dict[str, Any]) -> List[str]:
    """Return the mounts to be emptied before a load."""
    return mount_of(target, str(found["dir"]))
