"""Action `release`: has the host program do something on a host, in one call, with everything streamed to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils.host import keep
from ..plugin_utils import bundle, full_rollback, repository
from ..plugin_utils.host_call import Answer, CallError, HostCall
from ..plugin_utils.look import foreseen
from ..plugin_utils.look import receipt as receipts
from ..plugin_utils.refusal import Refusal

ARGUMENTS: dict[str, dict[str, Any]] = {
    "verb": {
        "required": True,
        "choices": [
            "status",
            "deploy",
            "rollback",
            "abort",
            "record",
            "install",
            "keep",
            "kept",
            "errors",
            "look",
            "remove",
            "edge",
        ],
    },
    "operation": {"type": "dict"},
    "state": {"type": "str"},
    "environment": {"type": "str"},
    "component": {"type": "str"},
    "artifact": {"type": "dict"},
    "environment_file": {"type": "str", "no_log": True},
    "only_if_stopped": {"type": "bool", "default": False},
    "release": {"type": "int"},
    "undo": {"type": "bool", "default": False},
    "event": {"type": "dict"},
    "anchors": {"type": "dict", "default": {}},
    "evidence": {"type": "dict"},
    "run": {"type": "str"},
    "seconds": {"type": "float", "default": 0},
    "edge": {"type": "dict"},
}


class ActionModule(ActionBase):
    """Arguments in, one call of the host program, result out."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the verb; see `plugins/modules/release.py` for its keys."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        try:
            name = str(task_vars.get("inventory_hostname", "the host"))
            return result | self._act(arguments, self._host(task_vars, name), name)
        except (Refusal, CallError) as error:
            return result | _failure(arguments, str(error))

    def _act(self, arguments: dict[str, Any], host: HostCall, name: str) -> dict[str, Any]:
        verb = arguments["verb"]
        if verb == "install":
            return self._install(arguments["state"], host)
        if verb == "edge":
            if self._task.check_mode:
                return {"changed": False, "msg": "the edge's image is made when it is not there"}
            given = json.dumps(arguments["edge"] or {}).encode()
            return _outcome(arguments, host(["--state", str(arguments["state"]), "edge"], given))
        where = Where(arguments, name)
        if verb == "status":
            more = ["--disk"] if where.operation["verb"] == "status" else []
            return {"changed": False, "status": host.read([*where.state, "status", *more])}
        if verb == "kept":
            return _outcome(arguments, host.read([*where.state, "kept", *where.place, *_run(arguments["run"])]))
        if verb == "errors":
            return _outcome(arguments, host.read([*where.state, "errors", where.component, *where.place]))
        if verb == "look":
            told = ["look", where.component, *where.place, "--for", f"{arguments['seconds']:g}"]
            return _outcome(arguments, host.read([*where.state, *told]))
        if self._task.check_mode:
            return _would(where, arguments, host)
        if verb == "record":
            return _outcome(arguments, host([*where.state, "record"], where.event(arguments)))
        if verb == "keep":
            return _outcome(arguments, _keep(where, arguments["evidence"] or {}, host))
        if verb == "deploy":
            stdin = _bundle(where, arguments)
            return _outcome(arguments, host([*where.state, "prepare,verify,switch,drain"], stdin))
        chosen = ["--release", str(arguments["release"])] if arguments["release"] else []
        chosen += ["--undo"] if arguments["undo"] else full_rollback.words(where.operation)
        return _outcome(arguments, host([*where.state, verb, where.component, *where.identity, *chosen]))

    def _install(self, state: str | None, host: HostCall) -> dict[str, Any]:
        lacks_folder = bool(state) and not host.has_folder(str(state))
        outdated = not host.is_current()
        if not self._task.check_mode:
            if lacks_folder:
                host.make_folder(str(state))
            if outdated:
                host.install()
        return {"changed": lacks_folder or outdated}

    def _host(self, task_vars: Mapping[str, Any], name: str) -> HostCall:
        interpreter = str(self._templar.template(task_vars.get("ansible_python_interpreter") or ""))
        display = Display()

        def execute(command: str, stdin: bytes) -> Answer:
            done = self._low_level_execute_command(command, in_data=stdin or None)
            return Answer(done["rc"], done["stdout"], done["stderr"])

        own = "" if interpreter.startswith("auto") else interpreter
        return HostCall(execute, name, own, lambda line: display.display(f"  {line}"))


class Where:
    """Which component in which environment, and how the host program is told so."""

    def __init__(self, arguments: Mapping[str, Any], host: str) -> None:
        """Read it from the operation, unless the arguments say otherwise; the environment is the host's own."""
        if not arguments["operation"]:
            raise Refusal(f"{arguments['verb']} needs the operation", "operation: the fact that `ask` has set")
        self.operation: Mapping[str, Any] = arguments["operation"]
        environments = self.operation["environments"]
        own = [one for one, settings in environments.items() if host in settings.get("hosts", [])]
        self.environment = str(arguments["environment"] or (own or [self.operation["target"]])[0])
        self.component = str(arguments["component"] or self.operation["component"])
        self.state = ["--state", arguments["state"] or environments[self.environment]["state"]]

    @property
    def place(self) -> list[str]:
        """The environment, for acts that are about no component."""
        return ["--environment", self.environment]

    @property
    def identity(self) -> list[str]:
        """Who acts and why, for acts that come without a bundle."""
        who = ["--actor", self.operation["actor"], "--run", self.operation["run"], "--reason", self.operation["reason"]]
        drill = ["--rehearsal", self.operation["rehearsal"]] if self.operation.get("rehearsal") else []
        return [*self.place, *who, *drill]

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings of the environment."""
        settings: Mapping[str, Any] = self.operation["environments"][self.environment]
        return settings

    @property
    def who(self) -> dict[str, Any]:
        """Who acts on what and why, for the lease of a fleet."""
        facts = {key: self.operation[key] for key in ("run", "actor", "reason")}
        return {**facts, "component": self.component, "environment": self.environment}

    def event(self, arguments: Mapping[str, Any]) -> bytes:
        """Return the ledger's event as the host program reads it; what is given wins over the operation.

        The heads of the other environments' ledgers are anchored in it: a ledger that is cut off later is found short.
        """
        given: Mapping[str, Any] = arguments["event"] or {}
        facts = {key: self.operation[key] for key in ("actor", "reason", "run")}
        event = {**facts, "component": self.component, "environment": self.environment, **given}
        others = {name: head for name, head in (arguments["anchors"] or {}).items() if name != event["environment"]}
        if others:
            event["data"] = {**(event.get("data") or {}), "anchors": others}
        return json.dumps(event).encode()

    def artifact(self, given: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return what is to be deployed: for another component than the operation's, its files of the same commit."""
        if given:
            return dict(given)
        own: Mapping[str, Any] = self.operation["artifact"]
        if self.component == self.operation["component"]:
            return dict(own)
        git = repository.git_in(self.operation["monorepo"])
        return repository.artifact_of(git, own["commit"], self.operation["components"][self.component])


def _bundle(where: Where, arguments: Mapping[str, Any]) -> bytes:
    if arguments["environment_file"] is None:
        raise Refusal("a deploy needs the environment file", "environment_file: the text of the rendered file")
    request = {
        "component": where.component,
        "artifact": where.artifact(arguments["artifact"]),
        "environment": where.environment,
        "environment_file": arguments["environment_file"],
        "only_if_stopped": arguments["only_if_stopped"],
    }
    return bundle.assemble(bundle.git_bytes(where.operation["monorepo"]), where.operation, request)


def _keep(where: Where, evidence: Mapping[str, Any], host: HostCall) -> dict[str, Any]:
    """Send a folder of evidence; its name is the run's, its root hash is told apart from it."""
    folder = Path(str(evidence.get("path") or ""))
    if not evidence.get("path") or not folder.is_dir():
        raise Refusal(f"there is no evidence in {folder}", "the folder that the judgement has written")
    told = [*where.place, *_run(folder.name), "--root", str(evidence["root_sha256"])]
    return host([*where.state, "keep", *told], keep.pack(folder))


def _run(run: str | None) -> list[str]:
    return ["--run", run] if run else []


def _would(where: Where, arguments: Mapping[str, Any], host: HostCall) -> dict[str, Any]:
    """Say what the verb would do, from what `status` says now."""
    verb = arguments["verb"]
    if verb == "deploy" and host.is_current():
        return _planned(where, arguments, host)
    here = host.read([*where.state, "status"])["environments"].get(where.environment, {})
    facts = here.get("components", {}).get(where.component, {})
    release = facts.get("release")
    if verb == "keep":
        return {"changed": True, "msg": "would keep a copy of the evidence"}
    if verb == "record":
        return {"changed": not _is_recorded(where, arguments, here), "msg": "would write to the ledger"}
    if verb == "deploy" and release and release["artifact"]["tree"] == where.artifact(arguments["artifact"])["tree"]:
        return {
            "changed": False,
            "msg": f"{where.component} {release['number']} already is this artifact",
            **_shown(facts),
        }
    return {
        "changed": verb != "abort",
        "msg": f"would {verb} {where.component} on {where.environment}",
        **_shown(facts),
    }


def _planned(where: Where, arguments: Mapping[str, Any], host: HostCall) -> dict[str, Any]:
    """Have the host look at the bundle itself, and change nothing."""
    facts = host.read([*where.state, "status"])["environments"].get(where.environment, {}).get("components", {})
    shown = _shown(facts.get(where.component, {}))
    if arguments["only_if_stopped"] and shown["release"]:
        return {"changed": False, "msg": f"{where.component} is there already", **shown}
    found = host([*where.state, "plan", where.component, *where.place], _bundle(where, arguments))
    if found.get("failed"):
        return _outcome(arguments, found)
    plan = {key: value for key, value in found.items() if key != "message"}
    told = {**shown, "changed": found["changed"], "msg": found["message"], "plan": plan}
    if where.operation["verb"] == "deploy" and where.component == where.operation["component"]:
        told["report"] = foreseen.report(where.component, where.environment, host.name, plan)
    return told


def _is_recorded(where: Where, arguments: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    event = json.loads(where.event(arguments))
    entries = here.get("ledger", {}).get("entries", [])
    return any(all(entry[key] == event.get(key) for key in ("run", "event", "component")) for entry in entries)


def _shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a deploy would return about what runs, as far as it is known without one."""
    empty: dict[str, Any] = {"release": None, "containers": [], "published": {}, "previous": None}
    return {"outcome": "planned", **{key: facts.get(key, other) for key, other in empty.items()}}


def _outcome(arguments: Mapping[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Turn the host program's result into the action's."""
    message = found.pop("message", "")
    if found.get("failed"):
        failure = _failure(arguments, message, found.get("outcome", "failed"), bool(found.get("changed")))
        return found | _with_receipt(failure, message, found.get("receipt"))
    return found | {"msg": message}


def _with_receipt(failure: dict[str, Any], message: str, receipt: Mapping[str, Any] | None) -> dict[str, Any]:
    """Add to a failure's report what users saw of it."""
    seen, report = receipts.shown(receipt), failure["report"]
    if seen["rows"]:
        title = report["headline"].partition(message.partition(";")[0])[0]
        report["headline"] = f"{title}{receipts.first_line(message)}"
        report["table"] = seen["table"]
        report["rows"] += seen["rows"]
    return failure


def _failure(
    arguments: Mapping[str, Any], message: str, outcome: str = "failed", changed: bool = False
) -> dict[str, Any]:
    verb = arguments["verb"]
    shown = "returned" if outcome in ("returned", "removed", "rejected") else "failed"
    titles = {
        "deploy": "NOT DEPLOYED",
        "rollback": "NOT ROLLED BACK",
        "record": "NOT RECORDED",
        "keep": "NOT PROMOTED",
        "remove": "NOT REMOVED",
    }
    report = {
        "headline": f"{titles.get(verb, f'FAILED {verb}')} {message.partition(';')[0]}",
        "outcome": shown,
        "criteria": [],
        "rows": [["what happened", message]],
        "next": ["ansible-playbook status.yml"],
    }
    return {"failed": True, "changed": changed, "msg": message, "report": report}
