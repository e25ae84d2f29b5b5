"""What the host program wants from the Docker Engine and from Compose, through one injected runner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Sequence, Set, Tuple

from . import engine_socket, times
from .engine_socket import EngineSocket, Reply
from .errors import EngineError
from .processes import Completed, Runner

QUICK, SLOW, PULL, BUILD = 30.0, 180.0, 1800.0, 3600.0
PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
_MISSING = 404


class Engine:
    """The engine of this host. Every method raises ``EngineError`` when it refuses or does not answer."""

    def __init__(self, run: Runner, line: Optional[EngineSocket] = None) -> None:
        """Take what runs commands, and the engine's socket if it can be spoken to directly, which is quicker."""
        self._run = run
        self._line = line

    def ask(self, *arguments: str, deadline: float = QUICK) -> str:
        """Run ``docker`` with ``arguments`` and return its output."""
        done = self._run(["docker", *arguments], deadline=deadline)
        if done.code:
            raise EngineError(_sentence(done, arguments[0]))
        return done.out

    def version(self) -> str:
        """Return the engine's version; the way to find out whether it answers at all."""
        if self._line:
            return str(self._get("/version", "version").json["Version"])
        return self.ask("version", "--format", "{{.Server.Version}}").strip()

    def image(self, reference: str) -> Optional[Dict[str, Any]]:
        """Return the image that ``reference`` (a name or an id) means here, or nothing."""
        if self._line:
            found = self._get(f"/images/{reference}/json", "image inspect", missing=True)
            return dict(found.json) if found.status != _MISSING else None
        done = self._run(["docker", "image", "inspect", reference], deadline=QUICK)
        if done.code == 0:
            return dict(json.loads(done.out)[0])
        if "no such image" in done.err.lower():
            return None
        raise EngineError(_sentence(done, "image inspect"))

    def pull(self, reference: str) -> None:
        """Fetch an image from its registry."""
        self.ask("pull", "--quiet", reference, deadline=PULL)

    def containers(self, *filters: str) -> List[Dict[str, Any]]:
        """Return the containers, running or not, that match all ``filters``, as the engine describes them."""
        if self._line:
            return self._described(filters)
        chosen = [part for one in filters for part in ("--filter", one)]
        ids = self.ask("ps", "--all", "--quiet", "--no-trunc", *chosen).split()
        if not ids:
            return []
        done = self._run(["docker", "inspect", "--type", "container", *ids], deadline=QUICK)
        # One that went away in between is simply not listed; anything else is an error.
        if done.code and "no such container" not in done.err.lower():
            raise EngineError(_sentence(done, "inspect"))
        return list(json.loads(done.out or "[]"))

    def _described(self, filters: Sequence[str]) -> List[Dict[str, Any]]:
        wanted: Dict[str, List[str]] = {}
        for one in filters:
            key, _, value = one.partition("=")
            wanted.setdefault(key, []).append(value)
        listed = self._get("/containers/json", "ps", all="1", filters=wanted).json
        found = [self._get(f"/containers/{one['Id']}/json", "inspect", missing=True) for one in listed]
        return [dict(one.json) for one in found if one.status != _MISSING]

    def _get(self, path: str, what: str, *, missing: bool = False, **query: Any) -> Reply:
        """Return what the engine answers; one that it does not know is an answer when it may be ``missing``."""
        return self._send("GET", path, what, missing=missing, **query)

    def _send(
        self,
        method: str,
        path: str,
        what: str,
        *,
        missing: bool = False,
        deadline: float = QUICK,
        given: Optional[Dict[str, Any]] = None,
        **query: Any,
    ) -> Reply:
        if self._line is None:
            raise RuntimeError("there is no socket to the engine")
        found = self._line(method, path, deadline, given=given, **query)
        if found.status >= 400 and not (missing and found.status == _MISSING):
            raise EngineError(engine_socket.sentence(found, what))
        return found

    def project(self, project: str) -> List[Dict[str, Any]]:
        """Return the containers of a Compose project."""
        return self.containers(f"label={PROJECT}={project}")

    def images(self) -> List[Dict[str, Any]]:
        """Return all images with ``Id``, ``RepoTags`` and ``Labels``; nothing where the socket is not to be had."""
        return list(self._get("/images/json", "image ls").json) if self._line else []

    def images_in_use(self) -> Set[str]:
        """Return the ids of all images that a container has."""
        if not self._line:
            return set()
        return {str(one["ImageID"]) for one in self._get("/containers/json", "ps", all="1").json}

    def layers_of(self, image: str) -> Tuple[List[str], List[Dict[str, Any]]]:
        """Return the layers of an image and the steps that made it, newest first; nothing when it went meanwhile."""
        described = self.image(image)
        steps = self._get(f"/images/{image}/history", "history", missing=True) if self._line else None
        if described is None or steps is None or steps.status == _MISSING:
            return [], []
        return list((described.get("RootFS") or {}).get("Layers") or []), list(steps.json)

    def hold(self, image: str, name: str, labels: Dict[str, str]) -> None:
        """Create a container of an image that will never run, and so keeps it; an image that is gone needs none."""
        if self._line is None:
            told = [f"--label={key}={value}" for key, value in labels.items()]
            if self.image(image) is not None:
                self.ask("create", "--name", name, "--network", "none", *told, image, "true")
            return
        wanted = {"Image": image, "Cmd": ["true"], "Labels": labels, "HostConfig": {"NetworkMode": "none"}}
        self._send("POST", "/containers/create", "create", missing=True, given=wanted, name=name)

    def exists(self, kind: str, name: str) -> bool:
        """Say whether a ``network`` or ``volume`` called exactly ``name`` exists."""
        if self._line:
            found = self._get(f"/{kind}s", f"{kind} ls", filters={"name": [name]}).json
            listed = found if isinstance(found, list) else found.get("Volumes") or []
            return any(one["Name"] == name for one in listed)
        return name in self.ask(kind, "ls", "--filter", f"name={name}", "--format", "{{.Name}}").split()

    def create(self, kind: str, name: str, options: Sequence[str]) -> None:
        """Create a ``network`` or ``volume``; one that another act has created meanwhile is as good."""
        try:
            self.ask(kind, "create", *options, name)
        except EngineError:
            if not self.exists(kind, name):
                raise

    def logs(self, container: str, tail: int, since: str = "") -> str:
        """Return the last ``tail`` lines that a container wrote, both streams; ``since`` a time, if given."""
        if self._line:
            from_then: Dict[str, Any] = {"since": str(int(times.seconds(since)))} if since else {}
            path = f"/containers/{container}/logs"
            return engine_socket.unframed(self._get(path, "logs", stdout="1", stderr="1", tail=tail, **from_then).body)
        after = ["--since", since] if since else []
        done = self._run(["docker", "logs", "--tail", str(tail), *after, container], deadline=QUICK)
        if done.code:
            raise EngineError(_sentence(done, "logs"))
        return done.out + done.err

    def rename(self, container: str, name: str) -> None:
        """Give a container another name."""
        self.ask("rename", container, name)

    def remove(self, container: str) -> None:
        """Stop and remove a container; its volumes stay."""
        if self._line:
            self._send("DELETE", f"/containers/{container}", "rm", missing=True, deadline=SLOW, force="1")
            return
        self.ask("rm", "--force", container, deadline=SLOW)

    def config(self, file: Path, folder: Path, environment: Path, project: Optional[str]) -> Dict[str, Any]:
        """Return the user's Compose file as Compose resolves it, with all profiles."""
        named = ["--project-name", project] if project else []
        out = self._compose(
            [
                *named,
                "--file",
                str(file),
                "--project-directory",
                str(folder),
                "--env-file",
                str(environment),
                "--profile",
                "*",
                "config",
                "--format",
                "json",
            ],
            QUICK,
        )
        return dict(json.loads(out))

    def build(self, file: Path, folder: Path, environment: Path, services: Iterable[str]) -> None:
        """Build the images of ``services``."""
        self._compose(
            [
                "--file",
                str(file),
                "--project-directory",
                str(folder),
                "--env-file",
                str(environment),
                "--progress",
                "plain",
                "build",
                *services,
            ],
            BUILD,
        )

    def up(self, project: str, file: Path, folder: Path, environment: Path, deadline: float) -> None:
        """Make the project's containers what ``file`` says, starting and removing what it takes."""
        self._make(project, file, folder, environment, deadline, ["up", "--detach"])

    def prepare(self, project: str, file: Path, folder: Path, environment: Path, deadline: float) -> None:
        """Make the project's containers what ``file`` says, and start none."""
        self._make(project, file, folder, environment, deadline, ["create"])

    def _make(
        self, project: str, file: Path, folder: Path, environment: Path, deadline: float, how: Sequence[str]
    ) -> None:
        named = ["--project-name", project, "--file", str(file), "--project-directory", str(folder)]
        chosen = [*named, "--env-file", str(environment), "--progress", "plain"]
        self._compose([*chosen, *how, "--remove-orphans", "--no-build", "--pull", "never"], deadline)

    def stop(self, containers: Sequence[str]) -> None:
        """Stop containers, each with the time that it asks for, and keep them."""
        if containers:
            self.ask("stop", *containers, deadline=SLOW)

    def signal(self, container: str, name: str) -> None:
        """Send a signal to the first process of a container."""
        if self._line:
            self._send("POST", f"/containers/{container}/kill", "kill", signal=name)
            return
        self.ask("kill", "--signal", name, container)

    def build_image(self, tag: str, folder: Path) -> None:
        """Build the image ``tag`` of a folder with its Dockerfile."""
        self.ask("build", "--quiet", "--tag", tag, str(folder), deadline=BUILD)

    def down(self, project: str) -> None:
        """Stop and remove the project's containers; its volumes and shared networks stay.

        Compose is asked only where there is an order to keep.
        """
        if self._line:
            found = self._get("/containers/json", "ps", all="1", filters={"label": [f"{PROJECT}={project}"]}).json
            for one in found[:1] if len(found) < 2 else []:
                self._stop_and_remove(one["Id"])
            if len(found) < 2:
                return
        self._compose(["--project-name", project, "--progress", "plain", "down", "--remove-orphans"], SLOW)

    def _stop_and_remove(self, container: str) -> None:
        """Stop a container with the time that it asks for, and remove it; one that is gone already is as good."""
        self._send("POST", f"/containers/{container}/stop", "stop", missing=True, deadline=SLOW)
        self._send("DELETE", f"/containers/{container}", "rm", missing=True, deadline=SLOW, force="1")

    def _compose(self, arguments: Sequence[str], deadline: float) -> str:
        done = self._run(["docker", "compose", "--ansi", "never", *arguments], deadline=deadline)
        if done.code:
            raise EngineError(_sentence(done, "compose"))
        return done.out


def _sentence(done: Completed, what: str) -> str:
    text = done.err.strip() or done.out.strip()
    low = text.lower()
    if (
        "cannot connect to the docker daemon" in low
        or "error during connect" in low
        or "is the docker daemon running" in low
    ):
        return engine_socket.SILENT
    if "permission denied" in low and "docker" in low and "sock" in low:
        return engine_socket.DENIED
    if ("compose" in low and "unknown command" in low) or "unknown flag: --ansi" in low:
        return "Docker has no Compose v2 on this host: prepare the host, or install the package docker-compose-plugin"
    lines = [
        line for line in text.splitlines() if line.strip() and "level=warning" not in line and not line.startswith("#")
    ]
    return f"docker {what} failed: {' '.join(' '.join(lines[-4:]).split())[:600] or f'exit code {done.code}'}"
