"""The images of a development project: built for the gate alone, their layers kept for the next time.

They carry a label of their own, so that their ids are nobody else's: an image that a release needs is never removed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .bench import Bench
from .compose_file import ComposeFile

LABEL = "tta.ops.gate"
KEPT = "tta-gate-cache"
_REMOVAL_SECONDS = 60


class NotBuilt(Exception):
    """An image could not be built: one sentence."""


class Images:
    """The images of the services that are built, under names of one project's own."""

    def __init__(self, compose: ComposeFile, config: Mapping[str, Any], names: list[str], project: str) -> None:
        """Take the resolved compose file, the services that run, and the project's name."""
        self._compose, self._bench, self._project = compose, compose.bench, project
        self._images = {name: config["services"][name].get("image") for name in names}
        self._builds = {
            name: config["services"][name]["build"] for name in names if config["services"][name].get("build")
        }

    def build(self) -> dict[str, str]:
        """Build all and return their ids by service; raises `NotBuilt`."""
        if not self._builds:
            return {}
        component = self._bench.subject.component
        services = {
            name: {
                "image": self._tag(name),
                "build": {**build, "labels": {**(build.get("labels") or {}), LABEL: component}},
            }
            for name, build in self._builds.items()
        }
        file = self._bench.scratch / "build.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps({"services": services}), encoding="utf-8")
        built = self._compose.run("build", "--quiet", *services, project=self._project, file=file)
        if built.exit != 0:
            raise NotBuilt(f"the images could not be built: {built.trouble or built.last_words}")
        ids = {name: _id(self._bench, self._tag(name)) for name in services}
        missing = [name for name, image in ids.items() if not image]
        if missing:
            raise NotBuilt(f"the image of {missing[0]} was built and is not there")
        for name, image in ids.items():
            self._keep_layers(name, image)
        return ids

    def variable(self, service: str, name: str) -> str:
        """Return an environment variable as the image of a service sets it, empty when it does not."""
        declared = self._images[service]
        image = self._tag(service) if service in self._builds else str(declared)
        inspect = ["docker", "image", "inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}", image]
        asked = self._bench.run(inspect)
        if asked.exit != 0 and service not in self._builds:
            self._bench.run(["docker", "pull", "--quiet", image])  # if not, starting it says why
            asked = self._bench.run(inspect)
        values = [line.partition("=")[2] for line in asked.stdout.splitlines() if line.startswith(f"{name}=")]
        return values[-1] if values else ""

    def untag(self) -> None:
        """Take this project's names from the images; the name that keeps the layers stays."""
        tags = [self._tag(name) for name in self._builds]
        if tags:
            self._bench.run_to_the_end(["docker", "image", "rm", "--no-prune", *tags], seconds=_REMOVAL_SECONDS)

    def _keep_layers(self, service: str, image: str) -> None:
        """Leave one name on the newest image of a service, and remove the older one: layers are for the next time."""
        kept = f"{KEPT}/{self._bench.subject.component}:{service}"
        before = _id(self._bench, kept)
        self._bench.run(["docker", "image", "tag", image, kept])
        if before and before != image:
            self._bench.run(["docker", "image", "rm", before])  # refused, and rightly, while another run uses it

    def _tag(self, service: str) -> str:
        return f"{self._project}-{service}:latest"


def _id(bench: Bench, image: str) -> str:
    asked = bench.run(["docker", "image", "inspect", "--format", "{{.Id}}", image])
    return asked.stdout.strip() if asked.exit == 0 else ""
