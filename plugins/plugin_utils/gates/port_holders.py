"""Who holds a port on this machine: a container, or a process."""

from __future__ import annotations

import errno
import json
import re
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_LISTENING = {"tcp": "0A", "udp": "07"}
_PUBLISHED = re.compile(r"(?P<address>[^,\s]*):(?P<first>\d+)(?:-(?P<last>\d+))?->\d+(?:-\d+)?/(?P<protocol>tcp|udp)")


class PortHolders:
    """Answers who holds a port, from the containers that run and from what the kernel says."""

    def __init__(
        self, containers: Iterable[Mapping[str, Any]], projects: Iterable[str], services: Iterable[str]
    ) -> None:
        """Take what `docker ps --format json` said, and the projects and services that are the component's own."""
        self._containers = list(containers)
        self._projects = set(projects)
        self._services = set(services)

    def holder(self, address: str, port: int, protocol: str) -> str | None:
        """Return who holds a port, None when nobody does, or when it is the component itself."""
        for container in self._containers:
            for published in _PUBLISHED.finditer(str(container.get("Ports", ""))):
                last = int(published["last"] or published["first"])
                same = published["protocol"] == protocol and int(published["first"]) <= port <= last
                if same and _overlap(address, published["address"]):
                    return None if self._is_own(container) else f"the container {container.get('Names', '?')}"
        if not _taken(address, port, protocol):
            return None
        return _process(port, protocol) or "a process of somebody else's"

    def _is_own(self, container: Mapping[str, Any]) -> bool:
        pairs = (pair.partition("=") for pair in str(container.get("Labels", "")).split(","))
        labels = {key: value for key, _, value in pairs}
        project, service = labels.get("com.docker.compose.project"), labels.get("com.docker.compose.service")
        return project in self._projects and service in self._services


def containers_in(listing: str) -> list[dict[str, Any]]:
    """Return the containers in the output of `docker ps --no-trunc --format '{{json .}}'`."""
    return [json.loads(line) for line in listing.splitlines() if line.strip()]


def _overlap(one: str, other: str) -> bool:
    everywhere = {"", "0.0.0.0", "::", "[::]", "*"}  # noqa: S104  compared, not bound
    return one == other or one in everywhere or other in everywhere


def _taken(address: str, port: int, protocol: str) -> bool:
    """Try to take the port for a moment: it is only certain to be free when that succeeds."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(family, kind) as attempt:
        if protocol == "tcp":
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((address, port))
        except OSError as error:
            # An address that this machine does not have, or a port that only root may take, is not held by anybody.
            return error.errno == errno.EADDRINUSE
    return False


def _process(port: int, protocol: str) -> str | None:
    """Return the process that listens, as far as the kernel lets us look; None where it has no /proc."""
    inodes = {
        fields[9]
        for table in (protocol, f"{protocol}6")
        for fields in _table(Path("/proc/net") / table)
        if fields[3] == _LISTENING[protocol] and int(fields[1].rpartition(":")[2], 16) == port
    }
    sockets = {f"socket:[{inode}]" for inode in inodes}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(descriptor.readlink()) in sockets:
                process = descriptor.parents[1]
                return f"the process {(process / 'comm').read_text().strip()} (PID {process.name})"
        except OSError:
            continue  # it has ended meanwhile, or is another user's
    return None


def _table(path: Path) -> list[list[str]]:
    try:
        return [line.split() for line in path.read_text().splitlines()[1:]]
    except OSError:
        return []
