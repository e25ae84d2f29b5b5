"""How an environment is backed up: ``<state>/<environment>/backups/settings.json``, and the repository's key beside it.

``{schema, repository, keep: {last, daily, weekly, monthly}, alert_after, components: {name: {service: {kind, …}}}}``;
``repository`` null is the folder ``<state>/<environment>/restic``. The key (0600) is the operator's: his copy is the
escrow. What a backend wants in the environment (S3's keys) is in ``backend.json`` (0600).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Optional

from .. import canonical, files, names
from ..errors import HostError, UsageError
from ..state import State
from .restic import Restic
from .streams import Streams

KINDS = ("postgres", "redis", "neo4j", "volume")
KEEP = {"last": 3, "daily": 7, "weekly": 4, "monthly": 6}
_SHORTEST_KEY = 16


@dataclass(frozen=True)
class Settings:
    """What ``configure`` was told; ``alert_after`` in seconds."""

    repository: Optional[str] = None
    keep: Dict[str, int] = field(default_factory=lambda: dict(KEEP))
    alert_after: float = 26 * 3600.0
    webhook: str = ""
    components: Dict[str, Dict[str, Dict[str, Any]]] = field(default_factory=dict)


class Place:
    """The folder ``backups`` of one environment."""

    def __init__(self, state: State, environment: str) -> None:
        """Take the state folder and the environment."""
        self.state, self.environment = state, environment
        self.folder = state.root / environment / "backups"
        self.key = self.folder / "key"
        self._settings, self._backend = self.folder / "settings.json", self.folder / "backend.json"

    def component(self, name: str) -> Path:
        """Return the folder of a component's restore points."""
        return self.folder / name

    def configured(self) -> bool:
        """Say whether there are settings."""
        return self._settings.exists()

    def settings(self) -> Settings:
        """Return the settings; raises ``HostError`` when there are none."""
        if not self.configured():
            raise HostError(
                f"backups of {self.environment} are not set up on this host: "
                f"ansible-playbook backup.yml -e target={self.environment} sets them up"
            )
        found = files.read_json(self._settings)
        return Settings(**{key: found[key] for key in Settings.__dataclass_fields__ if key in found})

    def restic(self, streams: Streams) -> Restic:
        """Return the repository."""
        return self._restic(streams, self.settings().repository, self.key)

    def _restic(self, streams: Streams, repository: Optional[str], key: Path) -> Restic:
        where = repository or str(self.state.root / self.environment / "restic")
        extra = dict(files.read_json(self._backend)) if self._backend.exists() else {}
        return Restic(streams, where, key, extra, self.folder / "cache")

    def configure(self, request: Dict[str, Any], streams: Streams) -> Dict[str, Any]:
        """Take ``{settings, key, fresh, backend}``, make the repository; return ``{changed, repository, key}``.

        Another key than the one here is tried on the repository first: one that does not open it changes nothing.
        ``fresh``: the operator's machine had no copy of it; then the key here wins, and goes back as its escrow.
        """
        wanted, key = parse(request.get("settings")), str(request.get("key") or "")
        if request.get("fresh") and self.key.exists():
            key = self.key.read_text(encoding="utf-8")
        if len(key) < _SHORTEST_KEY or not key.isprintable():
            raise UsageError(f"the key of a repository has at least {_SHORTEST_KEY} printable characters")
        files.make_folder(self.folder, 0o700)
        before = [path.read_bytes() if path.exists() else b"" for path in self._own]
        backend = canonical.encode(request.get("backend") or {})
        files.write(self._backend, backend, 0o600)
        trial = self.folder / ".key.trial"
        try:
            files.write(trial, key.encode(), 0o600)
            repository = self._restic(streams, wanted.repository, trial)
            repository.create()
            files.write(self.key, key.encode(), 0o600)
            text = canonical.encode({"schema": 1, **wanted.__dict__})
            files.write(self._settings, text, 0o600)
        except BaseException:
            for place, path in enumerate(self._own):
                _put(path, before[place])
            raise
        finally:
            trial.unlink(missing_ok=True)
        changed = before != [path.read_bytes() for path in self._own]
        told = {"key": key} if request.get("fresh") else {}
        return {"changed": changed, "repository": repository.repository, **told}

    @property
    def _own(self) -> tuple[Path, ...]:
        return (self._settings, self.key, self._backend)


def parse(given: Any) -> Settings:
    """Return settings that make sense; raises ``UsageError``."""
    if not isinstance(given, dict):
        raise UsageError("settings of backups are a mapping")
    unknown = sorted(set(given) - set(Settings.__dataclass_fields__))
    if unknown:
        raise UsageError(f"backups have no {', '.join(unknown)}: known are {', '.join(Settings.__dataclass_fields__)}")
    if not str(given.get("webhook") or "https:").startswith(("http:", "https:")):
        raise UsageError("the webhook of backups is an address that begins with http: or https:")
    keep = {**KEEP, **(given.get("keep") or {})}
    if set(keep) != set(KEEP) or any(isinstance(n, bool) or not isinstance(n, int) or n < 0 for n in keep.values()):
        raise UsageError(f"keep is {keep!r}: wanted are whole numbers for {', '.join(KEEP)}")
    if not any(keep.values()):
        raise UsageError("keep is all zero, which would prune every restore point: keep at least one")
    for component, services in (given.get("components") or {}).items():
        names.checked("component", component)
        for service, options in services.items():
            if options.get("kind") not in KINDS:
                raise UsageError(f"{service} is of kind {options.get('kind')!r}: known are {', '.join(KINDS)}")
    return Settings(**{**given, "keep": keep})


def _put(path: Path, data: bytes) -> None:
    if data:
        files.write(path, data, 0o600)
    else:
        path.unlink(missing_ok=True)
