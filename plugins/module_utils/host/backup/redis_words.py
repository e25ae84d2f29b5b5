"""What is said to Redis, and what it answers.

The password goes through the environment: the option ``password_variable`` (``REDIS_PASSWORD``) names the container's.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List

from ..errors import HostError
from .box import Box

SAVE_SECONDS = 3600.0
_KEYSPACE = re.compile(r"^db\d+:keys=(\d+),expires=(\d+)", re.M)
_CLI = 'if [ -n "${%s-}" ]; then REDISCLI_AUTH="$%s"; export REDISCLI_AUTH; fi; exec redis-cli "$@"'


def cli(options: Dict[str, Any], *words: str) -> List[str]:
    """Return the command that says something inside of the container."""
    variable = str(options.get("password_variable") or "REDIS_PASSWORD")
    return ["sh", "-c", _CLI % (variable, variable), "redis-cli", "--raw", *words]


def ask(box: Box, options: Dict[str, Any], *words: str) -> str:
    """Return the answer to a command; an error that redis-cli reports with exit code 0 is one."""
    answer = box.ask(*cli(options, *words)).strip()
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


def saved(text: str) -> Dict[str, int]:
    """Return ``{keys, expires}`` of what redis-check-rdb says; raises ``HostError`` when it says something else."""
    match = re.search(r"RDB looks OK.*?(\d+) keys read.*?(\d+) expires", text, re.S)
    if match is None:
        raise HostError(f"redis-check-rdb does not find the dump good: {' '.join(text.split())[-300:]}")
    return {"keys": int(match[1]), "expires": int(match[2])}


def persistence(text: str) -> Dict[str, str]:
    """Return what INFO persistence says."""
    pairs = (line.strip().partition(":")[::2] for line in text.splitlines() if ":" in line)
    return {key: value for key, value in pairs if key.startswith(("rdb_", "aof_", "loading"))}


def wait_for_save(box: Box, options: Dict[str, Any]) -> None:
    """Wait until neither a save nor a rewrite of the AOF is going on."""

    def idle() -> bool:
        found = persistence(ask(box, options, "info", "persistence"))
        return found.get("rdb_bgsave_in_progress") == "0" and found.get("aof_rewrite_in_progress", "0") == "0"

    box.wait(idle, f"the save of Redis of {box.service}", SAVE_SECONDS)


def ready(box: Box, options: Dict[str, Any]) -> bool:
    """Say whether it has loaded what it has and answers."""
    return box.answers(*cli(options, "ping")) and ask(box, options, "ping") == "PONG"
