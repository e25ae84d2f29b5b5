"""One service of a release, alone: without network, ports or neighbours, in a project of its own.

With volumes of its own it is thrown away afterwards (verification); with the release's volumes it is where data are
loaded while the component is stopped (restore).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

from .. import canonical, files
from ..engine import PROJECT, Engine
from ..errors import HostError
from ..store import Release
from .box import Box
from .documents import RESTORE, document
from .streams import Streams

_LIMIT = 300.0


class Target:
    """A context manager; whatever an earlier one with the same name has left is removed first.

    Data volumes of the release (``RESTORE``) stay, those of its own (``VERIFY``) go.
    """

    def __init__(
        self, engine: Engine, streams: Streams, release: Release, service: str, purpose: str, scratch: Path
    ) -> None:
        """Take which service of which release; ``scratch`` is a folder for what is needed meanwhile."""
        self._engine, self._streams, self._release = engine, streams, release
        self.service, self.purpose, self.scratch = service, purpose, scratch
        self.project = project(release, purpose)
        self._file = scratch / f".{purpose}.json"
        given = files.read_json(release.document)
        if service not in given["services"]:
            raise HostError(f"release {release.number} has no service {service}: see the catalogue's key backup")
        self.document = document(given, service, self.project, purpose)
        self.image = str(given["services"][service]["image"])
        self._box: Optional[Box] = None

    def __enter__(self) -> Target:
        """Make the container, and start nothing yet."""
        remove(self._engine, self.project)
        self._require_sources()
        try:
            self._make()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was made."""
        remove(self._engine, self.project)
        self._file.unlink(missing_ok=True)

    @property
    def box(self) -> Box:
        """The container."""
        if self._box is None:
            raise RuntimeError("the container is not made yet")
        return self._box

    @property
    def mounts(self) -> Dict[str, Dict[str, Any]]:
        """Target → mount, of those that are written to."""
        own = self.document["services"][self.service]["volumes"]
        return {str(one["target"]): one for one in own if not one.get("read_only")}

    def sleeping(self) -> Box:
        """Start the container with nothing running in it."""
        own = self.document["services"][self.service]
        own.update(entrypoint=["sleep", "infinity"], command=None, healthcheck={"disable": True})
        self._make()
        return self.start()

    def wipe(self, inside: str) -> None:
        """Empty the volume, or the folder of the host, that is mounted at ``inside``; the container goes."""
        mount = self.mounts[inside]
        kind, source = mount["type"], str(mount["source"])
        if kind == "volume":
            source = str(self.document["volumes"][source]["name"])
        remove(self._engine, self.project)
        where = f"type={kind},source={source},target=/wiped"
        words = ["run", "--rm", "--network", "none", "--user", "0:0", "--label", f"{PROJECT}={self.project}"]
        wiping = "rm -rf /wiped/..?* /wiped/.[!.]* /wiped/*"
        self._engine.ask(*words, "--mount", where, "--entrypoint", "sh", self.image, "-c", wiping, deadline=3600.0)
        self._make()

    def _make(self) -> None:
        files.write(self._file, canonical.encode(self.document) + b"\n", 0o600)
        self._engine.prepare(self.project, self._file, self._release.source, self._release.environment, _LIMIT)
        container = self._engine.project(self.project)[0]["Id"]
        self._box = Box(self._engine, self._streams, container, self.service)

    def _require_sources(self) -> None:
        """Refuse a folder of the host that is gone: Docker would make an empty one in its place."""
        for mount in self.document["services"][self.service]["volumes"]:
            source = Path(str(mount.get("source") or "/"))
            if mount["type"] == "bind" and not (self._release.source / source).exists():
                raise HostError(f"{source}, which {self.service} keeps its data in, is gone: put it back")
            if mount["type"] == "volume" and self.purpose == RESTORE and mount.get("source"):
                name = str(self.document["volumes"][mount["source"]]["name"])
                if not self._engine.exists("volume", name):
                    raise HostError(f"the volume {name}, which {self.service} keeps its data in, is gone")

    def start(self) -> Box:
        """Start the container."""
        self._engine.ask("start", self.box.container, deadline=_LIMIT)
        return self.box

    def stop(self) -> None:
        """Stop it, with the time that it asks for."""
        self._engine.stop([self.box.container])


def remove(engine: Engine, project: str) -> None:
    """Remove a project with the volumes that are its own; those that it only uses stay."""
    containers = engine.project(project)
    if containers:
        engine.ask("rm", "--force", "--volumes", *(one["Id"] for one in containers), deadline=180.0)
    left = engine.ask("volume", "ls", "--quiet", "--filter", f"label={PROJECT}={project}").split()
    if left:
        engine.ask("volume", "rm", "--force", *left, deadline=180.0)
    networks = engine.ask("network", "ls", "--quiet", "--filter", f"label={PROJECT}={project}").split()
    if networks:
        engine.ask("network", "rm", *networks)


def project(release: Release, purpose: str) -> str:
    """Return the name of such a project."""
    return f"{release.facts['project']}-{purpose}"


def mount_of(target: Target, path: str) -> List[str]:
    """Return the place of the mount that holds ``path``; none is an error: what is not in a volume is lost anyway."""
    holding = [one for one in target.mounts if path == one or path.startswith(f"{one.rstrip('/')}/")]
    if not holding:
        raise HostError(f"{target.service} keeps {path} in no volume: see the Compose file")
    return [max(holding, key=len)]
