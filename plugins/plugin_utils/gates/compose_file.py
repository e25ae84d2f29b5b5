"""Reads a compose file of the export through Docker Compose itself, with made-up values in the place of secrets."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from ..environment_file import ASSIGNMENT, PLACEHOLDER
from .bench import Bench
from .process import Finished

SECRET_NAME = re.compile(r"(?i)(password|passwd|passphrase|secret|token|api_?key|private_?key|credential|(^|_)auth$)")


class ComposeError(Exception):
    """Docker Compose does not accept the file: its own sentence."""


class NoCompose(Exception):
    """There is no Docker Compose to ask: a sentence with what to do."""


def made_up_environment(example: str) -> tuple[str, list[str]]:
    """Return an environment file with a random value for every secret or placeholder, and those values."""
    lines, values = [], []
    for line in example.splitlines():
        match = ASSIGNMENT.fullmatch(line)
        if match and (SECRET_NAME.search(match["key"]) or PLACEHOLDER.match(match["value"].strip())):
            values.append(secrets.token_hex(16))
            line = f"{match['key']}={values[-1]}"
        lines.append(line)
    return "\n".join(lines) + "\n", values


class ComposeFile:
    """One compose file in the export, with its environment file."""

    def __init__(self, bench: Bench, compose_file: str, environment: Path) -> None:
        """Take the file, relative to the export, and the environment file to read it with."""
        self.bench = bench
        self.path = bench.subject.export / compose_file
        self.environment = environment
        self.commands: list[Finished] = []

    def raw(self) -> dict[str, Any]:
        """Return the file as written; raises `ComposeError` when it is no YAML mapping with services."""
        try:
            data = yaml.safe_load(self.path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise ComposeError(f"{self.path.name} cannot be read: {' '.join(str(error).split())}") from error
        if not isinstance(data, dict) or not isinstance(data.get("services"), dict):
            raise ComposeError(f"{self.path.name} has no services")
        return data

    def complaint(self) -> str:
        """Return what Docker Compose finds inconsistent in the file, empty if nothing."""
        asked = self.run("config", "--quiet")
        return "" if asked.exit == 0 else f"{self.path.name}: {_complaint(asked, self.bench.subject.export)}"

    def resolved(self, *flags: str) -> dict[str, Any]:
        """Return the file as Docker Compose understands it, every profile included; `flags` are those of `config`.

        Raises `ComposeError` with its complaint, `NoCompose` when it is not there or prints something else.
        """
        self._provide_environment_files()
        asked = self.run("config", *flags, "--format", "json")
        if asked.trouble:
            raise NoCompose(f"{asked.trouble}: install Docker with Compose v2 (ansible-playbook prepare-host.yml)")
        if asked.exit != 0:
            if "is not a docker command" in asked.stderr or "unknown flag" in asked.stderr:
                raise NoCompose("Docker Compose v2 is not installed (ansible-playbook prepare-host.yml)")
            raise ComposeError(f"{self.path.name}: {_complaint(asked, self.bench.subject.export)}")
        try:
            data = json.loads(asked.stdout)
        except json.JSONDecodeError as error:
            raise NoCompose("docker compose config printed no JSON") from error
        if not isinstance(data, dict):
            raise NoCompose("docker compose config printed no mapping")
        return data

    def run(
        self, *arguments: str, project: str = "", file: Path | None = None, seconds: float | None = None
    ) -> Finished:
        """Run `docker compose` on this file, or on a rendered one."""
        named = ["--project-name", project] if project else []
        source = ["--project-directory", str(self.path.parent), "--env-file", str(self.environment)]
        command = ["docker", "compose", *named, *source, "-f", str(file or self.path), "--profile", "*", *arguments]
        finished = self.bench.run(command, seconds=seconds)
        self.commands.append(finished)
        return finished

    def _provide_environment_files(self) -> None:
        """Write the made-up environment where services want an `env_file` that git does not have."""
        text = self.environment.read_text(encoding="utf-8")
        for service in self.raw()["services"].values():
            for wanted in _environment_files(service):
                path = self.path.parent / wanted
                if not path.exists() and path.resolve().is_relative_to(self.bench.subject.export.resolve()):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.touch(mode=0o600)
                    path.write_text(text, encoding="utf-8")


def of_project(config: Mapping[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    """Return the wanted services of a resolved file, by name."""
    return {name: config["services"][name] for name in wanted if name in config.get("services", {})}


def _environment_files(service: Any) -> list[str]:
    declared = service.get("env_file") or [] if isinstance(service, dict) else []
    entries = declared if isinstance(declared, list) else [declared]
    paths = [entry.get("path") if isinstance(entry, dict) else entry for entry in entries]
    return [path for path in paths if isinstance(path, str) and "$" not in path]


def _complaint(asked: Finished, export: Path) -> str:
    lines = [line.strip() for line in asked.stderr.splitlines() if line.strip() and "level=warning" not in line]
    return " ".join(lines).replace(f"{export}/", "") or f"docker compose ended with exit code {asked.exit}"
