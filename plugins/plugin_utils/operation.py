"""The operation: what a run is about, decided once on the control node and handed to every later step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from . import catalogue, repository
from .refusal import Refusal

STAGE_WANTED = {"promote-staging": "staging", "promote-production": "production"}


@dataclass(frozen=True)
class Inventory:
    """What Ansible knows about hosts: group → host names, the hosts of this run, and each host's own variables."""

    groups: Mapping[str, Iterable[str]]
    in_this_run: frozenset[str]
    variables: Mapping[str, Mapping[str, Any]]
    limit: str


def environments(inventory: Inventory, wanted: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the settings of each environment that has hosts; every one in `wanted` must have some.

    Raises `Refusal` for an empty group, one that `--limit` leaves out, and a host that is in both environments.
    """
    hosts = {name: sorted(inventory.groups.get(name, ())) for name in ("staging", "production")}
    both = sorted({*hosts["staging"]} & {*hosts["production"]})
    if both:
        raise Refusal(
            f"{both[0]} is in staging and in production",
            "an alias of its own in each inventory, since variables of one would win over the other's",
            "rename it in one of the inventories (the machine behind both may be the same)",
        )
    for name in wanted:
        if not hosts[name]:
            raise Refusal(
                f"the group {name} has no hosts in this inventory",
                f"at least one host in the group {name}",
                "ansible-inventory --graph",
            )
        left_out = [host for host in ("localhost", *hosts[name]) if host not in inventory.in_this_run]
        if left_out:
            raise Refusal(
                f"--limit {inventory.limit} leaves out {', '.join(left_out)}",
                f"all hosts of {name}: an environment changes together",
                "the same command without --limit",
            )
    return {name: _settings(name, members, inventory) for name, members in hosts.items() if members}


def _settings(name: str, hosts: list[str], inventory: Inventory) -> dict[str, Any]:
    variables = inventory.variables[hosts[0]]
    settings = {"name": name, "hosts": hosts}
    for key in ("compose_file", "env_example", "address", "state"):
        value = variables.get(f"environment_{key}")
        if not value:
            raise Refusal(
                f"environment_{key} is not set for {hosts[0]}",
                f"environment_{key} in group_vars/{name}",
                f"ansible-inventory --host {hosts[0]}",
            )
        settings[key] = str(value)
    return settings


def artifact(
    git: repository.Git, components: Mapping[str, Any], name: str, answers: Mapping[str, Any], monorepo: str
) -> tuple[dict[str, Any], list[str]]:
    """Return the artifact that `answers` ask for, and the component's uncommitted files.

    Uncommitted files are refused unless `allow_dirty`; even then the commit is judged and built, never the work tree.
    """
    entry = components[name]
    commit = repository.commit_of(git, answers.get("version", "HEAD"), monorepo)
    dirty = repository.dirty_files(git, entry)
    if dirty and not answers.get("allow_dirty", False):
        raise Refusal(
            f"{name} has uncommitted files: {', '.join(dirty[:5])}{' …' if len(dirty) > 5 else ''}",
            "a commit that holds what is to be promoted",
            f"git -C {monorepo} commit, or -e allow_dirty=true to promote the commit without them",
        )
    return repository.artifact_of(git, commit, entry), dirty


def read_catalogue(path: Path) -> catalogue.Catalogue:
    """Return the complete catalogue in the file `path`."""
    try:
        return catalogue.load(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"the catalogue {path} cannot be read: {error}", "inventories/catalogue.yml") from error


def run_id(now: datetime, token: str) -> str:
    """Return a run's name: UTC start time and a random token, sortable."""
    return f"{now:%Y%m%dT%H%M%SZ}-{token}"
