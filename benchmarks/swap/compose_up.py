"""The peer that everybody has: `docker compose up -d --wait` with another image."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

from plain import images, service
from tiny.host import free_port
from users import Inside, run


class ComposeUp:
    """A project with the service and its published port; each swap replaces its container."""

    title = "docker compose up -d --wait"

    def __init__(self, folder: Path, name: str) -> None:
        """Take a folder of its own and a name that nobody else on the engine has."""
        self.name, self.port = name, free_port()
        self.file = folder / "compose.json"
        self.images = images(name)

    def __enter__(self) -> Self:
        """Start the first release."""
        self.to(0)
        return self

    def __exit__(self, *_: object) -> None:
        """Take everything away."""
        run([*self.compose, "down", "--timeout", "1", "--volumes"])
        run(["docker", "rmi", "--force", *self.images])

    @property
    def compose(self) -> list[str]:
        """The command for this project."""
        return ["docker", "compose", "-f", str(self.file)]

    @property
    def published(self) -> tuple[str, int]:
        """Where the users come."""
        return "127.0.0.1", self.port

    def inside(self) -> Inside:
        """Return callers in the project's network."""
        return Inside(["docker"], f"{self.name}_default", f"{self.name}-caller")

    def to(self, release: int) -> None:
        """Replace what runs by a release."""
        web = {**service(self.images[release]), "ports": [f"127.0.0.1:{self.port}:8080"]}
        self.file.write_text(json.dumps({"name": self.name, "services": {"web": web}}))
        run([*self.compose, "up", "-d", "--wait"])

    def there(self) -> None:
        """Deploy the other release."""
        self.to(1)

    def back(self) -> None:
        """And the first one again."""
        self.to(0)

    def look(self) -> None:
        """Nothing of its own has memory."""
