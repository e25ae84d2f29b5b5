"""The images of the databases: the example's own Dockerfiles, each built once for the content of its files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from container_host.docker_cli import docker
from container_host.image import base_image_id, exists

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "tta"


def image(name: str) -> str:
    """Return the reference of the example's image `postgres` or `redis`."""
    digest = hashlib.sha256(base_image_id().encode())
    for path in sorted((EXAMPLE / "docker" / name).iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    reference = f"tta-test-{name}:{digest.hexdigest()[:12]}"
    if not exists(reference):
        dockerfile = str(EXAMPLE / "docker" / name / "Dockerfile")
        docker("build", "--file", dockerfile, "--tag", reference, str(EXAMPLE), timeout=900)
    return reference
