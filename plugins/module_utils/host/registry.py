"""Images through a registry: pushed under a name of ours, and named to others by digest alone."""

from __future__ import annotations

import re

from . import shelf
from .engine import PULL, Engine
from .errors import EngineError, UsageError

_REGISTRY = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*")


def checked(value: object) -> str:
    """Return ``value`` when it names a registry, with or without port and path."""
    if isinstance(value, str) and _REGISTRY.fullmatch(value):
        return value
    raise UsageError(
        f"{str(value)[:80]!r} is no registry: give host[:port][/path], such as registry.example.org:5000/tta"
    )


def push(engine: Engine, own: str, registry: str, tag: str) -> str:
    """Push the image ``own`` under ``tag`` below ``registry``; return the reference that pulls it by digest."""
    name = f"{checked(registry)}/{tag.rpartition('/')[2]}"
    shelf.tag(engine, own, name)
    try:
        engine.ask("push", "--quiet", name, deadline=PULL)
        description = engine.image(name) or {}
    finally:
        engine.ask("image", "rm", "--no-prune", name)
    repository = name.rpartition(":")[0]
    digests = [one for one in description.get("RepoDigests") or [] if one.startswith(f"{repository}@sha256:")]
    if not digests:
        raise EngineError(f"{registry} gave no digest for {name}: see whether it takes images (docker push {name})")
    return str(digests[0])
