"""What the peers have in common: two images of the same service, its health check, its Compose file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from users import BASE, HERE, run

DOCKERFILE = f"""\
FROM {BASE}
COPY service.py /service.py
ARG RELEASE
RUN printf %s "$RELEASE" > /behaviour
CMD ["python3", "/service.py"]
"""
ASK = (
    "import socket; c = socket.create_connection(('127.0.0.1', 8080), 2); "
    "c.sendall(b'GET / HTTP/1.1\\r\\nConnection: close\\r\\n\\r\\n'); assert b' 200 ' in c.recv(99)"
)
HEALTH = ["python3", "-c", ASK]


def images(name: str) -> tuple[str, str]:
    """Build the images of both releases; return their references."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Dockerfile").write_text(DOCKERFILE)
        (Path(folder) / "service.py").write_text((HERE / "service.py").read_text())
        for release in ("one", "two"):
            tag = f"{name}:{release}"
            run(["docker", "build", "--quiet", "--build-arg", f"RELEASE={release}", "--tag", tag, folder])
    return f"{name}:one", f"{name}:two"


def service(image: str, drain: float = 0) -> dict[str, Any]:
    """Return the service as a Compose file has it; after SIGTERM it goes on for `drain` seconds."""
    return {
        "image": image,
        "pull_policy": "never",
        "init": True,
        "stop_grace_period": "15s",
        "environment": {"DRAIN": str(drain)},
        "healthcheck": {"test": ["CMD", *HEALTH], "interval": "300ms", "timeout": "3s", "retries": 20},
    }
