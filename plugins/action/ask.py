"""Action `ask`: turns what the operator typed into the fact `operation`, or refuses with one sentence."""

from __future__ import annotations

import getpass
import secrets
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from ..plugin_utils import catalogue, front_door, repository
from ..plugin_utils import operation as operations
from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.environment_file import render
from ..plugin_utils.gates import needs
from ..plugin_utils.refusal import Refusal

ROOM_NEEDED = 64 * 1024 * 1024


class ActionModule(ControlNodeAction):
    """Runs on the control node only; reads, never writes."""

    ARGUMENTS: ClassVar = {
        "verb": {"type": "str", "required": True},
        "target": {"type": "str", "choices": ["", *front_door.TARGETS], "default": ""},
        "needs": {"type": "dict", "default": {}},
        "reads_monorepo": {"type": "bool", "default": True},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `operation` (see docs/architecture.md)."""
        return {"operation": _operation(arguments, task_vars)}


def _operation(arguments: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
    hosts = _Hosts(task_vars)
    known = operations.read_catalogue(hosts.beside("catalogue_file", "catalogue.yml"))
    answers = front_door.checked(task_vars, arguments["needs"], sorted(known["components"]), arguments["verb"])
    observes = answers.get("do", "report") != "report"
    target = arguments["target"] or answers.get("target") or ("staging" if observes else "")
    if answers.get("target", target) != target:
        raise Refusal(f"{arguments['verb']} acts in {target}, not in {answers['target']}", f"{target}, or no target")
    judges = arguments["verb"] == "gates"
    environments = operations.environments(hosts.inventory, [target] if target else [], whole=judges)
    _require_room(hosts.operator_state)
    now = datetime.now(UTC)
    operation = {
        "schema": 1,
        "verb": arguments["verb"],
        "component": None,
        "entry": None,
        "artifact": None,
        "artifacts": {},
        "dirty": [],
        "dependencies": [],
        "components": known["components"],
        "settings": known["monorepo"],
        "target": target or None,
        "stage_wanted": target
        if arguments["verb"] in operations.STAGE_OF_TARGET
        else operations.STAGE_WANTED.get(arguments["verb"], answers.get("stage")),
        "environments": environments,
        "monorepo": None,
        "commit": None,
        "release": answers.get("release", 0),
        "mode": answers.get("mode", "quick"),
        "point": answers.get("point", ""),
        "accept_loss": answers.get("accept_loss", ""),
        "verify": answers.get("verify", "full"),
        "mode_typed": answers.get("mode"),
        "approve": answers.get("approve", False),
        "issue": answers.get("issue"),
        **{key: answers.get(key, "") for key in front_door.TRACKED},
        "commit_pages": answers.get("commit_pages", False),
        "do": answers.get("do", "report"),
        "load": {key: answers.get(key, usual) for key, usual in front_door.LOAD.items()},
        "from": answers.get("from"),
        "until": answers.get("until"),
        "fresh": answers.get("fresh", False),
        "gates": answers.get("gates", []),
        "policy": answers.get("policy"),
        "waivers": str(hosts.beside("waivers_file", "waivers.yml")),
        "ledgers": True,
        "operator_state": str(hosts.operator_state),
        "actor": repository.actor_of(repository.git_in(str(Path.cwd())), getpass.getuser()),
        "reason": answers.get("reason", ""),
        "run": operations.run_id(now, secrets.token_hex(3)),
        "asked_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    if "component" in answers:
        name = answers["component"]
        operation |= {"component": name, "entry": catalogue.find(known["components"], name)}
    if operation["gates"] and operation["component"] and judges:
        operation |= _only_some(operation, task_vars)
    if arguments["verb"] in ("rollback", "rollback-rehearsal", "load-test", "incident") or operation["do"] == "start":
        operation["monorepo"] = _checkout(answers, hosts)
    if arguments["reads_monorepo"] or operation["do"] == "tests":
        operation |= _from_monorepo(operation, answers, hosts)
    return operation


def _only_some(operation: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stage that the chosen gates lead to, and whether anything depends on the ledgers.

    The catalogues of gates are the defaults of the role that judges; here their names and types are all that matters.
    """
    environments, names = operation["environments"], operation["gates"]
    known = {"staging": "quality_gates_catalogue", "production": "quality_gates_production"}
    gates = {
        stage: [*task_vars.get(variable, []), *environments.get(stage, {}).get("gates", [])]
        for stage, variable in known.items()
    }
    stage = operation["stage_wanted"] or needs.stage_of(names, gates)
    return {"stage_wanted": stage, "ledgers": stage is None or needs.ledgers(names, gates[stage])}


def _checkout(answers: Mapping[str, Any], hosts: _Hosts) -> str | None:
    """Return the checkout if there is one: a rollback needs none, only the tests after it do."""
    folder = Path(answers.get("monorepo") or hosts.beside("monorepo_default", "../workspace/tta")).absolute()
    return str(folder) if (folder / ".git").exists() else None


def _from_monorepo(operation: Mapping[str, Any], answers: Mapping[str, Any], hosts: _Hosts) -> dict[str, Any]:
    """Return what the checkout adds to an operation: the commit, and what there is of the component at it."""
    monorepo = str(Path(answers.get("monorepo") or hosts.beside("monorepo_default", "../workspace/tta")).absolute())
    git = repository.git_in(monorepo)
    found: dict[str, Any] = {
        "monorepo": monorepo,
        "commit": repository.commit_of(git, answers.get("version", "HEAD"), monorepo),
        "actor": repository.actor_of(git, getpass.getuser()),
    }
    if not operation["component"]:
        return found
    # uncommitted files are in the report of a judgement, not in its way
    allow_dirty = operation["verb"] in ("demote", "gates") or answers.get("allow_dirty", False)
    found |= operations.of_component(git, {**operation, **found}, operation["component"], allow_dirty=allow_dirty)
    if operation["target"] and (found["artifacts"] or found["entry"]["services"]):
        hosts.require_values(git, found["commit"], operation["environments"][operation["target"]])
    return found


class _Hosts:
    """The inventory of this run, as an action plugin finds it among its variables."""

    def __init__(self, task_vars: Mapping[str, Any]) -> None:
        self._first: Mapping[str, Any] = next(
            (
                task_vars["hostvars"][host]
                for group in front_door.TARGETS
                for host in task_vars["groups"].get(group, ())
            ),
            {},
        )
        self.inventory = operations.Inventory(
            groups=task_vars["groups"],
            in_this_run=frozenset(task_vars["ansible_play_hosts_all"]),
            variables=task_vars["hostvars"],
            limit=str(task_vars.get("ansible_limit", "")),
        )

    def beside(self, variable: str, default: str) -> Path:
        """Return the path in `variable`, else the file that lies beside the inventories."""
        given = self._first.get(variable)
        return Path(str(given)) if given else Path(str(self._first.get("inventory_dir", "."))) / ".." / default

    def require_values(self, git: repository.Git, commit: str, environment: Mapping[str, Any]) -> None:
        """Refuse now, by name, what rendering the environment file would refuse in the middle of a deploy."""
        host, example = environment["hosts"][0], environment["env_example"]
        values = self.inventory.variables[host].get("environment_values") or {}
        render(git("show", f"{commit}:{example}"), values, example)

    @property
    def operator_state(self) -> Path:
        """Where the operator's own copy of evidence and last known states lies."""
        return Path(str(self._first.get("operator_state") or "~/.local/state/tta-ops")).expanduser()


def _require_room(folder: Path) -> None:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < ROOM_NEEDED:
        raise Refusal(
            f"{existing} has {free // 1024} KiB left",
            f"at least {ROOM_NEEDED // 1024 // 1024} MiB for evidence",
            f"df -h {existing}",
        )
