"""A component's edge as it runs: its image, its files, its container, and what its HAProxy says."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from . import canonical, edge_document, edge_socket, engine, files, haproxy, health, routes, running
from .context import Context
from .errors import EngineError, HostError
from .haproxy import LIVE, NOBODY, PREVIEW, Backend

_NOTHING = Path("/dev/null")
_ANSWER, _RELOAD, _POLL = 20.0, 10.0, 0.02


class Edge:
    """The edge of a component's project, or (``TRIAL``) one beside it that holds nothing but preview ports."""

    def __init__(self, context: Context, release_project: str, kind: str = edge_document.EDGE) -> None:
        """Take the act and the Compose project of the component's releases."""
        self._context = context
        self.project = edge_document.project(release_project, kind)
        self.folder = context.store.folder / kind
        self.kind = kind
        self._file = self.folder / "compose.json"
        self._etc, self._run = self.folder / "etc", self.folder / "run"

    def containers(self) -> List[Dict[str, Any]]:
        """Return the edge's containers; none or one, unless a killed replacement left two."""
        return self._context.engine.project(self.project)

    def runs(self) -> bool:
        """Say whether it runs: whether its process answers."""
        return self._worker() > 0

    def is_like(self, document: Dict[str, Any]) -> bool:
        """Say whether the edge that was started last was started by the same document."""
        if not self._file.exists():
            return False
        return edge_document.definition(files.read_json(self._file)) == edge_document.definition(document)

    def write(self, document: Dict[str, Any], config: str, live: str, preview: str) -> None:
        """Write what the edge is started from."""
        for folder in (self.folder, self._etc, self._run):
            files.make_folder(folder, 0o700)
        self._put(self._etc / "haproxy.cfg", config)
        self._put(self._etc / "servers.state", haproxy.NO_STATE)
        self._put(self._etc / "colours.map", haproxy.mapping(live, preview))
        self._put(self._file, canonical.encode(document).decode() + "\n")

    def _put(self, path: Path, text: str) -> None:
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            files.write(path, text.encode(), 0o600)

    def prepare(self) -> None:
        """Create the container beforehand, so that starting it is all that is left to do."""
        if not self.containers():
            self._context.engine.prepare(self.project, self._file, self.folder, _NOTHING, engine.SLOW)

    def up(self) -> None:
        """Start it, or replace it by what was written, and wait until it answers."""
        running.repair(self._context.engine, self.project)
        own = self.containers()
        ready = [one for one in own if one["State"]["Status"] == "created"]
        if len(own) == 1 and ready:
            self._context.engine.ask("start", ready[0]["Id"], deadline=engine.SLOW)
        else:
            self._context.engine.up(self.project, self._file, self.folder, _NOTHING, engine.SLOW)
        self._until(lambda: self._worker() > 0, _ANSWER, "does not start")

    def configure(self, config: str) -> None:
        """Have the running edge take another configuration; the old one goes on with the sessions that it has."""
        path = self._etc / "haproxy.cfg"
        if path.exists() and path.read_text(encoding="utf-8") == config:
            return
        before = self._worker()
        # The new process would know no address for a moment, and answer 503: it takes over what the old one knows.
        files.write(self._etc / "servers.state", self._ask(f"@!{before} show servers state").encode(), 0o600)
        files.write(path, config.encode(), 0o600)
        for one in self.containers():
            self._context.engine.signal(one["Id"], "USR2")
        self._until(lambda: self._worker() not in (0, before), _RELOAD, "did not take its new configuration")
        files.write(self._etc / "servers.state", haproxy.NO_STATE.encode(), 0o600)

    def point(self, live: Optional[str] = None, preview: Optional[str] = None) -> float:
        """Let the colours given serve and be under judgement, in the file and at once; return the milliseconds.

        The file first: an edge that restarts between the two comes back with what was wanted.
        """
        wanted = {**self.mapping(), **({LIVE: live} if live else {}), **({PREVIEW: preview} if preview else {})}
        begun = time.monotonic()
        self._put(self._etc / "colours.map", haproxy.mapping(wanted[LIVE], wanted[PREVIEW]))
        own = haproxy.workers(self._ask("show proc"))
        for worker in own:
            for key, colour in wanted.items():
                self._ask(f"@!{worker} set map {haproxy.MAP} {key} {colour}")
        took = round((time.monotonic() - begun) * 1000, 1)
        told = [haproxy.parse_map(self._ask(f"@!{worker} show map {haproxy.MAP}")) for worker in own[:1]]
        if told != [wanted]:
            raise EngineError(f"the edge {self.project} did not take its map: it says {told}, wanted is {wanted}")
        return took

    def mapping(self) -> Dict[str, str]:
        """Return ``{live: colour, preview: colour}`` as the map file has it."""
        path = self._etc / "colours.map"
        found = haproxy.parse_map(path.read_text(encoding="utf-8")) if path.exists() else {}
        return {LIVE: NOBODY, PREVIEW: NOBODY, **found}

    def backends(self) -> List[Backend]:
        """Return the state of each colour's ports; the sessions that an old worker still has are counted too."""
        own = haproxy.workers(self._ask("show proc"))
        said = [haproxy.backends(self._ask(f"@!{worker} show stat")) for worker in own]
        left: Dict[Tuple[str, int], int] = {}
        for one in (backend for half in said[1:] for backend in half):
            left[one.colour, one.port] = left.get((one.colour, one.port), 0) + one.sessions
        newest = said[0] if said else []
        return [one._replace(sessions=one.sessions + left.get((one.colour, one.port), 0)) for one in newest]

    def sessions(self, colour: str) -> int:
        """Return how many requests and connections a colour still has."""
        return sum(one.sessions for one in self.backends() if one.colour == colour)

    def request(self, probe: Optional[Dict[str, Any]], key: str) -> Optional[Dict[str, Any]]:
        """Return the request that asks for health through the edge: the serving colour's, or the one under judgement.

        None when the catalogue asks the containers only.
        """
        if not probe or not probe.get("port"):
            return None
        port = int(probe["port"])
        listen = routes.preview_port(port) if key == PREVIEW else port
        return health.request_at(probe, next(iter(self.containers()), None), listen)

    def down(self) -> None:
        """Remove it, and forget what it was told."""
        self._context.engine.down(self.project)
        files.remove_tree(self.folder)

    def gone(self) -> None:
        """Remove it if it was ever written, which is before it has a container."""
        if self.folder.exists():
            self.down()

    def stop(self) -> None:
        """Remove its container only: its files say how to start it again."""
        self._context.engine.down(self.project)

    def _worker(self) -> int:
        try:
            return haproxy.newest(self._ask("show proc"))
        except EngineError:
            return 0

    def _ask(self, command: str) -> str:
        return edge_socket.ask(self._run, command)

    def _until(self, good: Any, seconds: float, problem: str) -> None:
        until = time.monotonic() + seconds
        while not good():
            if time.monotonic() > until:
                raise HostError(f"the edge {self.project} {problem} within {seconds:g} s: {self._last_words()}")
            time.sleep(_POLL)

    def _last_words(self) -> str:
        lines = [line for one in self.containers() for line in self._context.engine.logs(one["Id"], 5).splitlines()]
        return " ".join(" ".join(lines).split())[:400] or "it wrote nothing"
