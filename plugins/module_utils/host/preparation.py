"""Prepare and verify: a release is rendered and judged deployable before anything that runs is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from . import (
    canonical,
    compose,
    edge_document,
    environment,
    files,
    health,
    incoming,
    running,
    settings,
    side_by_side,
    times,
)
from .context import Context
from .engine import Engine
from .environment import Veil
from .errors import EngineError, HostError
from .images import Images
from .store import Release


class Draft(NamedTuple):
    """A release that is not written yet: its record without a number, what would run it, what it shares."""

    facts: Dict[str, Any]
    document: Dict[str, Any]
    shared: List[compose.Shared]


class Preparation:
    """Turns a bundle into a release."""

    def __init__(self, context: Context, bundle: incoming.Bundle, folder: Optional[Path] = None) -> None:
        """Take the act and what came for it; ``folder`` is where it is laid out, by default the store's."""
        self._context = context
        self._bundle = bundle
        spec = bundle.spec
        self._services: List[str] = list(spec["entry"]["services"])
        self._folder = folder or context.store.incoming
        self._images = Images(
            context.engine,
            context.state.artifact(context.component, spec["artifact"]["tree"]),
            spec["artifact"],
            only_carried=bool(spec.get("only_carried")),
        )
        self._resolved: Dict[str, Any] = {}
        self.number = int(spec.get("number") or 0)
        self.strategy = settings.strategy(spec["entry"].get("strategy"))
        self.settings = settings.parse({**(spec.get("blue_green") or {}), **(spec["entry"].get("blue_green") or {})})

    def unpack(self) -> None:
        """Lay out the bundle and resolve the user's Compose file."""
        incoming.unpack(self._bundle, self._folder)
        spec = self._bundle.spec
        values = incoming.values(self._bundle)
        file = self._folder / "source" / spec["compose_file"]
        name = None if "COMPOSE_PROJECT_NAME" in values else spec.get("compose_name")
        try:
            self._resolved = self._context.engine.config(file, file.parent, self._folder / "environment", name)
        except EngineError as error:
            hidden = Veil(values).over(str(error)).replace(f"{self._folder}/source/", "")
            raise EngineError(f"{spec['compose_file']} is not valid: {hidden}") from error
        compose.require_services(self._resolved, self._context.component, self._services)

    def draft(self) -> Optional[Draft]:
        """Return the release as it would be, or None when its images are not all there yet."""
        pinned = self._images.pinned(self._resolved, self._services)
        return self._draft(pinned) if len(pinned) == len(self._services) else None

    def outlook(self, unmade: str) -> Tuple[Dict[str, Any], List[str]]:
        """Return what would run, and the services whose image is not there yet: it is called ``unmade``."""
        pinned = self._images.pinned(self._resolved, self._services)
        missing = [name for name in self._services if name not in pinned]
        ids = {**pinned, **dict.fromkeys(missing, unmade)}
        source = str(self._folder / "source")
        return compose.project(self._resolved, self._context.component, self._services, ids, source), missing

    def mounted(self, document: Dict[str, Any]) -> Dict[str, str]:
        """Return the hashes of the commit's files that ``document`` mounts."""
        return incoming.paths_hash(self._folder / "source", compose.own_files(document))

    def write(self, number: int) -> Release:
        """Make the images and write the release under ``number``."""
        context = self._context
        try:
            ids = self._images.make(
                self._resolved, self._services, self._folder, lambda text: context.tell("prepare", text)
            )
        except EngineError as error:
            raise EngineError(Veil(incoming.values(self._bundle)).over(str(error))) from error
        draft = self._draft(ids)
        labelled = compose.labelled(draft.document, context.component, context.environment, number)
        facts = {**draft.facts, "number": number, "created": times.now(), "by": context.actor}
        with files.explained(self._folder):
            files.write_new(self._folder / "compose.json", canonical.encode(labelled) + b"\n", 0o600)
            shared = [[one.kind, one.name, one.options] for one in draft.shared if not one.declared_external]
            files.write_new(self._folder / "shared.json", canonical.encode(shared) + b"\n", 0o600)
            files.write_new(self._folder / "release.json", canonical.encode(facts) + b"\n", 0o640)
        files.remove_tree(self._folder / "build")
        (self._folder / "build.json").unlink(missing_ok=True)
        return context.store.adopt(number)

    def clean(self) -> None:
        """Remove what was laid out."""
        files.remove_tree(self._folder)

    def _draft(self, ids: Dict[str, str]) -> Draft:
        context, spec = self._context, self._bundle.spec
        document = compose.project(self._resolved, context.component, self._services, ids, str(self._folder / "source"))
        self._require_checks(document, ids)
        mounted = self.mounted(document)
        values = incoming.values(self._bundle)
        facts = {
            "schema": 1,
            "component": context.component,
            "environment": context.environment,
            "artifact": self._images.artifact,
            "compose_sha256": canonical.sha256(environment.masked(document, values)),
            "env_keys": sorted(values),
            "env_hmac": environment.keyed_hash(context.state.key(), self._bundle.environment),
            "kind": spec["entry"].get("kind"),
            "data_schema": spec["entry"].get("data_schema"),
            "strategy": self.strategy,
            "blue_green": settings.record(self.settings),
            "project": document["name"],
            "mounted": mounted,
            "health": {"probe": spec["entry"].get("health"), **spec["health"]},
        }
        return Draft(facts, document, self._shared(document))

    def _shared(self, document: Dict[str, Any]) -> List[compose.Shared]:
        found = compose.shared(self._resolved, document)
        veil = Veil(incoming.values(self._bundle), self._services)
        for one in found:
            if any(veil.over(option) != option for option in one.options if option.startswith("--opt=")):
                raise HostError(
                    f"the options of the {one.kind} {one.name} have a value of the environment file, which the process "
                    "list would show: create it by hand and declare it external"
                )
            if one.declared_external and not self._context.engine.exists(one.kind, one.name):
                raise HostError(
                    f"the external {one.kind} {one.name} does not exist: docker {one.kind} create {one.name}"
                )
        return found

    def _require_checks(self, document: Dict[str, Any], ids: Dict[str, str]) -> None:
        blind = health.unchecked(document, self._images.descriptions, self._bundle.spec["entry"].get("health"))
        if blind:
            raise HostError(
                f"nothing says whether {', '.join(blind)} is healthy: give it a healthcheck in the Compose file, "
                "or a health port in the catalogue"
            )


def same(current: Release, draft: Draft) -> bool:
    """Say whether a release is what a draft would become."""
    facts = current.facts
    keys = ("compose_sha256", "env_hmac", "mounted", "project", "health")
    if facts.get("strategy") != draft.facts["strategy"]:
        return False
    return facts["artifact"]["tree"] == draft.facts["artifact"]["tree"] and all(
        facts[key] == draft.facts[key] for key in keys
    )


def verify(context: Context, release: Release, strategy: str) -> None:
    """Refuse a release that could not run here: images gone, names or ports taken, no room for two. Touches nothing."""
    document = running.document(release)
    facts = release.facts
    _require_own_project(context, facts["project"])
    for name, service in document["services"].items():
        if context.engine.image(service["image"]) is None:
            raise HostError(
                f"the image {service['image'][:19]} of {name} is not in the engine any more: deploy the commit again"
            )
    if release.outcome is None:  # one that served was looked at by Compose before it did
        context.engine.config(release.document, release.source, release.environment, facts["project"])
    for port in compose.ports(document):
        own = [facts["project"], edge_document.project(facts["project"])]
        holder = running.holder_of_port(context.engine, port, own)
        if holder:
            raise HostError(f"port {port.port} of {port.service} is held by {holder}: free it, or publish another port")
    if strategy == settings.BLUE_GREEN:
        side_by_side.verify(context, release)
    else:
        _require_names(context.engine, document, facts["project"])


def _require_own_project(context: Context, project: str) -> None:
    current = context.store.current()
    if current and current.facts["project"] != project:
        raise HostError(
            f"the Compose project would change from {current.facts['project']} to {project}, leaving volumes behind: "
            "set `name:` in the Compose file"
        )
    for one in context.engine.project(project):
        owner = (one["Config"].get("Labels") or {}).get(compose.LABEL_ENVIRONMENT)
        if owner not in (None, context.environment):
            raise HostError(
                f"the Compose project {project} already runs for {owner} on this host: give each environment's "
                "Compose file its own `name:`"
            )


def _require_names(engine: Engine, document: Dict[str, Any], project: str) -> None:
    for name, service in document["services"].items():
        wanted = service.get("container_name")
        for one in engine.containers(f"name=^/{wanted}$") if wanted else []:
            if (one["Config"].get("Labels") or {}).get("com.docker.compose.project") != project:
                raise HostError(
                    f"the name {wanted} of {name} is taken by a container that is not ours: docker rm {wanted}, "
                    "or drop container_name"
                )
