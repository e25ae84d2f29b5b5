"""What an image is, whatever the engine's store calls it: its layers and its configuration.

The classic store's id is the hash of the configuration, containerd's that of the manifest (Engine 29's default);
layers (hashed unpacked) and configuration are the same in both.
"""

from __future__ import annotations

import json
from typing import Any, Dict

from . import canonical
from .engine import Engine

CLASSIC, CONTAINERD = "classic", "containerd"
_MEANT = (
    "Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck", "Labels", "Shell", "StopSignal", "User", "Volumes",
    "WorkingDir",
)  # fmt: skip


def facts(description: Dict[str, Any]) -> Dict[str, Any]:
    """Return ``{layers, bytes, likeness}`` of an image as ``docker image inspect`` describes it."""
    layers = list((description.get("RootFS") or {}).get("Layers") or [])
    settings = description.get("Config") or {}
    # What is not set is left out by some engines and written as null, "" or {} by others.
    meant = {key: settings[key] for key in _MEANT if settings.get(key)}
    platform = [description.get("Os"), description.get("Architecture")]
    return {
        "layers": layers,
        "bytes": description.get("Size") or 0,
        "likeness": canonical.sha256([platform, layers, meant]),
    }


def store(engine: Engine) -> str:
    """Return which kind of image store the engine has: ``classic`` or ``containerd``."""
    status = json.loads(engine.ask("info", "--format", "{{json .DriverStatus}}")) or []
    return CONTAINERD if any("io.containerd.snapshotter" in str(value) for row in status for value in row) else CLASSIC
