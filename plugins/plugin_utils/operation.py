"""The operation: what a run is about, decided once on the control node and handed to every later step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..module_utils.host import look
from . import catalogue, hooks, repository, strategies
from .production import approval, calendar_shape, watching
from .refusal import Refusal

STAGE_WANTED = {"promote-staging": "staging", "promote-production": "production", "approve": "production"}
# Verbs that act on the environment that is typed, by the stage that it is for.
STAGE_OF_TARGET = ("deploy", "rollback", "rollback-rehearsal")
# Variables of an environment that have a form of their own.
_CHECKED = {"approval": approval.checked, "calendar": calendar_shape.checked, "watch": watching.checked}
NEXT_STAGE = {"development": "staging", "staging": "production", "production": "production"}


@dataclass(frozen=True)
class Inventory:
    """What Ansible knows about hosts: group → host names, the hosts of this run, and each host's own variables."""

    groups: Mapping[str, Iterable[str]]
    in_this_run: frozenset[str]
    variables: Mapping[str, Mapping[str, Any]]
    limit: str


def environments(inventory: Inventory, wanted: Iterable[str], *, whole: bool = False) -> dict[str, dict[str, Any]]:
    """Return the settings of each environment that has hosts; every one in `wanted` must have some.

    `whole`: the run is about all of the environments that have hosts.

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
    for name in [*wanted, *(name for name, members in hosts.items() if whole and members)]:
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
                "localhost and all hosts" if whole else f"all hosts of {name}: an environment changes together",
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
    return {
        **settings,
        "registry": str(variables.get("environment_registry") or ""),
        "gates": variables.get("environment_gates") or [],
        "blue_green": strategies.blue_green(
            variables.get("environment_blue_green") or {}, f"environment_blue_green of {name}"
        ),
        "watched_seconds": _watched(variables.get("environment_watched_seconds") or 0, name),
        "hooks": hooks.checked(variables.get("environment_hooks") or {}, f"environment_hooks of {name}"),
        **{
            key: check(variables.get(f"environment_{key}") or {}, f"environment_{key} of {name}")
            for key, check in _CHECKED.items()
        },
    }


def _watched(seconds: Any, name: str) -> float:
    """Accept for how long a deploy looks on at what it has deployed."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds <= look.MOST:
        raise Refusal(f"environment_watched_seconds of {name} is {seconds!r}", f"a number from 0 to {look.MOST:g}")
    return float(seconds)


def of_component(
    git: repository.Git, operation: Mapping[str, Any], name: str, *, allow_dirty: bool = False
) -> dict[str, Any]:
    """Return what an operation says besides when it is about the component `name` at the operation's `commit`.

    `artifacts` are those of what it depends on. Raises `Refusal` for an unknown component, for a path that the commit
    does not have, and, unless `allow_dirty`, for uncommitted files.
    """
    components, commit = operation["components"], operation["commit"]
    entry = catalogue.find(components, name)
    dependencies = catalogue.dependencies(components, name)
    served = [other for other in dependencies if components[other]["services"]]
    dirty = repository.dirty_files(git, entry)
    if dirty and not allow_dirty:
        raise Refusal(
            f"{name} has uncommitted files: {', '.join(dirty[:5])}{' …' if len(dirty) > 5 else ''}",
            "a commit that holds what is to be promoted",
            f"git -C {operation['monorepo']} commit, or -e allow_dirty=true to promote the commit without them",
        )
    return {
        "component": name,
        "entry": entry,
        "artifact": repository.artifact_of(git, commit, entry),
        "dirty": dirty,
        "dependencies": dependencies,
        "artifacts": {other: repository.artifact_of(git, commit, components[other]) for other in served},
    }


def of_stage(operation: Mapping[str, Any], stages: Mapping[str, str]) -> dict[str, Any]:
    """Return the operation with the stage that its component is judged for: the one asked for, else the next one.

    Raises `Refusal` when that depends on a ledger that nobody could read, or no host is in that environment.
    """
    own = stages.get(operation["component"], "development")
    stage = operation["stage_wanted"] or NEXT_STAGE.get(own)
    if not stage:
        raise Refusal(
            f"the stage of {operation['component']} is unknown: its ledger could not be read",
            "the stage to judge it for",
            f"-e component={operation['component']} -e stage=staging",
        )
    if stage not in operation["environments"]:
        raise Refusal(
            f"the group {stage} has no hosts in this inventory",
            f"at least one host in the group {stage}",
            "ansible-inventory --graph",
        )
    return {**operation, "stage_wanted": stage, "target": stage}


def read_catalogue(path: Path) -> catalogue.Catalogue:
    """Return the complete catalogue in the file `path`."""
    try:
        return catalogue.load(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"the catalogue {path} cannot be read: {error}", "inventories/catalogue.yml") from error


def run_id(now: datetime, token: str) -> str:
    """Return a run's name: UTC start time and a random token, sortable."""
    return f"{now:%Y%m%dT%H%M%SZ}-{token}"


def local(operation: Mapping[str, Any], hostvars: Mapping[str, Mapping[str, Any]]) -> dict[str, bool]:
    """Say of each environment whether its hosts are this machine: only then can its ports be looked at from here."""
    return {
        name: all(hostvars[host].get("ansible_connection") == "local" for host in settings["hosts"] if host in hostvars)
        for name, settings in operation["environments"].items()
    }
