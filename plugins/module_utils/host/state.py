"""Where everything is kept on the host."""

from __future__ import annotations

from pathlib import Path
from typing import List

from . import environment, files
from .ledger import Ledger
from .store import Store

DEFAULT = Path("/var/lib/tta-ops")


class State:
    """The state folder: ``<environment>/…`` for what runs there, ``artifacts/`` for what was built here."""

    def __init__(self, root: Path) -> None:
        """Take the root of the state folder, which need not exist yet."""
        self.root = root

    def environments(self) -> List[str]:
        """Return the names of the environments that this host has something of."""
        if not self.root.is_dir():
            return []
        return sorted(
            path.name
            for path in self.root.iterdir()
            if (path / "ledger.jsonl").exists() or (path / "components").exists()
        )

    def components(self, name: str) -> List[str]:
        """Return the components that have a release in an environment."""
        folder = self.root / name / "components"
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def ledger(self, name: str) -> Ledger:
        """Return the ledger of an environment."""
        return Ledger(self.root / name / "ledger.jsonl", name)

    def store(self, name: str, component: str) -> Store:
        """Return the store of a component in an environment."""
        return Store(self.root / name / "components" / component)

    def artifact(self, component: str, tree: str) -> Path:
        """Return where the record of a built artifact is kept."""
        return self.root / "artifacts" / f"{component}-{tree[:12]}.json"

    def key(self) -> bytes:
        """Return the host's key for hashes of environment values."""
        return environment.read_key(files.make_folder(self.root) / "key")
