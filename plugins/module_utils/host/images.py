"""The images of an artifact: built once from the commit's files, or pulled when missing, and pinned by their ids.

The record ``artifacts/<component>-<tree>.json`` is the artifact (schema 1) with, per service, the id, the digest if it
came from a registry, and the reference it was pinned from. As long as the engine has these ids nothing is built again.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Callable, Dict, List

from . import canonical, compose, files, times
from .engine import Engine
from .errors import EngineError, HostError

Tell = Callable[[str], None]


def own_tag(component: str, service: str, tree: str) -> str:
    """Return the name that the toolkit gives an image of an artifact."""
    own = re.sub(r"[^a-z0-9]+", "-", f"{component}-{service}".lower()).strip("-")
    return f"tta-ops/{own}:{tree[:12]}"


class Images:
    """Makes the images of one artifact be there."""

    def __init__(self, engine: Engine, record: Path, artifact: Dict[str, Any], *, only_carried: bool = False) -> None:
        """Take the record of the artifact, which need not exist yet; ``only_carried``: nothing is built or fetched."""
        self._only_carried = only_carried
        self._engine = engine
        self._path = record
        self._asked = artifact
        self._record: Dict[str, Any] = dict(files.read_json(record)) if record.exists() else {}
        self.descriptions: Dict[str, Dict[str, Any]] = {}

    @property
    def artifact(self) -> Dict[str, Any]:
        """The artifact as it was asked for, with the images that are pinned."""
        built = {key: self._record.get(key) for key in ("images", "built")}
        return {**self._asked, **built, "images": built["images"] or {}}

    def pinned(self, document: Dict[str, Any], services: List[str]) -> Dict[str, str]:
        """Return the ids of the services whose recorded image still fits the document and is still in the engine."""
        found = {}
        for name in services:
            known = (self._record.get("images") or {}).get(name)
            if known and known["reference"] == self._reference(document, name):
                description = self._engine.image(known["id"])
                if description:
                    self.descriptions[name] = description
                    found[name] = str(known["id"])
        return found

    def make(self, document: Dict[str, Any], services: List[str], incoming: Path, tell: Tell) -> Dict[str, str]:
        """Build and fetch what is missing; return the id of every service's image, recorded."""
        have = self.pinned(document, services)
        missing = [name for name in services if name not in have]
        if missing and self._only_carried:
            raise HostError(self._not_carried(document, missing[0]))
        to_build = {
            name: self._reference(document, name) for name in missing if document["services"][name].get("build")
        }
        if to_build:
            tell(f"builds the image of {', '.join(to_build)} from commit {self._asked['commit'][:12]}")
            self._build(document, to_build, incoming)
        for name in missing:
            reference = self._reference(document, name)
            if name not in to_build and self._engine.image(reference) is None:
                tell(f"fetches {reference}")
                self._engine.pull(reference)
            have[name] = self._pin(name, reference)
        if missing:
            self._save()
        return have

    def _not_carried(self, document: Dict[str, Any], name: str) -> str:
        known, wanted = (self._record.get("images") or {}).get(name), self._reference(document, name)
        if known and known["reference"] != wanted:
            return (
                f"{name} is to run {wanted} here, but the artifact has {known['reference']}: name the same image in "
                "the Compose files of both environments, and promote to staging again"
            )
        return f"the image of {name} was not carried here, and what was observed elsewhere is not built anew"

    def _reference(self, document: Dict[str, Any], name: str) -> str:
        """Return what a service's image is called: a tag of our own if it is built, else what the file says."""
        if not document["services"][name].get("build"):
            return str(document["services"][name]["image"])
        return own_tag(self._asked["component"], name, self._asked["tree"])

    def _build(self, document: Dict[str, Any], tags: Dict[str, str], incoming: Path) -> None:
        labels = {f"tta.ops.{key}": str(self._asked[key]) for key in ("component", "commit", "tree")}
        source, build = incoming / "source", incoming / "build"
        plan = compose.build_document(document, tags, labels, str(source), str(build))
        file = incoming / "build.json"
        with files.explained(file):
            files.write_new(file, canonical.encode(plan), 0o600)
        self._engine.build(file, build, incoming / "environment", tags)

    def _pin(self, name: str, reference: str) -> str:
        description = self._engine.image(reference)
        if description is None:
            raise EngineError(
                f"the image {reference} of {name} is not in the engine although it was just made: try again"
            )
        digests = description.get("RepoDigests") or []
        self.descriptions[name] = description
        images = self._record.setdefault("images", {})
        images[name] = {"id": description["Id"], "digest": digests[0] if digests else None, "reference": reference}
        return str(description["Id"])

    def _save(self) -> None:
        files.make_folder(self._path.parent)
        record = {**self._asked, "images": self._record["images"], "built": times.now()}
        self._record = record
        files.write(self._path, canonical.encode(record) + b"\n")
