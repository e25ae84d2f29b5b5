"""Action `fleet`: one host's part in a change of all hosts of an environment.

Each step leaves the host's state (`release_fleet`) and looks at those of all others; none but the last fails.
See plugin_utils/fleet.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..plugin_utils import bundle, fleet, heartbeat, other_host
from ..plugin_utils.host_call import CallError
from ..plugin_utils.refusal import Refusal
from .carry import carried
from .release import Where

STEPS = ["ready", "lease", "start", "carry", "prepare", "switch", "return", "back", "conclude"]
ARGUMENTS: dict[str, dict[str, Any]] = {
    "step": {"required": True, "choices": STEPS},
    "turn": {"choices": ["first", "others", "all"], "default": "all"},
    "operation": {"type": "dict", "required": True},
    "environment": {"type": "str"},
    "component": {"type": "str"},
    "artifact": {"type": "dict"},
    "environment_file": {"type": "str", "no_log": True},
    "release": {"type": "int"},
}
PREPARE, SWITCH = "prepare,verify", "switch,drain"


class ActionModule(ActionBase):
    """Arguments in, one step, the host's state out."""

    _supports_check_mode = False
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the host's state; only `conclude` (and what is wrong with the arguments) fails."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(ARGUMENTS)
        part = Part(self, arguments, task_vars)
        step = arguments["step"]
        if step == "conclude":
            return result | part.conclude()
        if not part.has_turn(arguments["turn"]) or (part.state.get("lost") and step != "ready"):
            return result | {"changed": False, **part.state}
        try:
            return result | part.do(step)
        except (Refusal, CallError) as error:
            known = {} if step == "ready" else part.state
            return result | {"changed": False, **known, "problem": str(error)}


def _left(known: Mapping[str, Any], host: str) -> dict[str, Any]:
    """Return what a host's tasks have registered."""
    names = ("release_ready", "release_fleet")
    return {name: known[host][name] for name in names if host in known and name in known[host]}


class Part:
    """One host in the change of its fleet."""

    def __init__(self, action: ActionBase, arguments: Mapping[str, Any], task_vars: dict[str, Any]) -> None:
        """Take what the task was given, and the states that all hosts have come to."""
        self._action, self._arguments, self._variables = action, arguments, task_vars
        self.name = str(task_vars["inventory_hostname"])
        self.where = Where({**arguments, "state": None, "verb": arguments["step"]}, self.name)
        self.hosts = list(self.where.operation["environments"][self.where.environment]["hosts"])
        known = task_vars["hostvars"]
        left = {host: _left(known, host) for host in self.hosts}
        # `release_fleet` may still be that of an earlier change in the same play.
        last = "release_ready" if arguments["step"] in ("ready", "lease") else "release_fleet"
        self.states = {host: fleet.state_of(one.get(last), one.get("release_ready")) for host, one in left.items()}
        self.state = self.states[self.name]
        dependency = arguments["step"] in ("start", "carry")
        lead = self.where.operation["component"] if dependency else self.where.component
        self.leading = {**self.where.who, "component": lead}

    def has_turn(self, turn: str) -> bool:
        """Say whether this host acts in a task for the first host, for the others, or for all."""
        return turn == "all" or (turn == "first") == (self.name == self.hosts[0])

    def do(self, step: str) -> dict[str, Any]:
        """Do a step; return the state and `changed`."""
        steps: dict[str, Callable[[], dict[str, Any]]] = {
            "ready": self.ready,
            "lease": self.lease,
            "start": self.start,
            "carry": self.carry,
            "prepare": self.prepare,
            "switch": self.switch,
            "return": self.return_to,
            "back": self.back,
        }
        return {"changed": False, **steps[step]()}

    def ready(self) -> dict[str, Any]:
        """See what serves here now."""
        here = self._host().call.read([*self.where.state, "status", self.where.component, *self.where.place])
        components = here["environments"].get(self.where.environment, {}).get("components", {})
        if not here["engine"]:
            raise CallError(here["engine_error"])
        return {"before": fleet.before(components.get(self.where.component))}

    def lease(self) -> dict[str, Any]:
        """Take the lease, when every host answers."""
        if fleet.problems(self.states):
            return self.state
        fence = heartbeat.take(self._host().call, self.where.state[1], self.where.who, Display().display)
        return {**self.state, "fence": fence}

    def prepare(self) -> dict[str, Any]:
        """Make the release, judge it as far as that goes without touching what serves, and leave it there."""
        if fleet.problems(self.states):
            return self.state
        return self._act([PREPARE], self._bundle(number=fleet.number_of(self.name, self.states)))

    def carry(self) -> dict[str, Any]:
        """Make the images that the first host has built be here."""
        if fleet.problems(self.states):
            return self.state
        # What runs already since before the toolkit, or at another commit, need not be there.
        if_there = self.where.component != self.leading["component"]
        lease = {**self.leading, "fence": self._fence}
        found = carried(self._action, self.where, self._arguments, self._variables, lease, if_there=if_there)
        return {**self.state, "changed": found["changed"], "carried": found["msg"]}

    def start(self) -> dict[str, Any]:
        """Start a component that the change depends on, unless it runs."""
        if fleet.problems(self.states):
            return self.state
        with self._alive(acts=False):
            stdin = self._bundle(only_if_stopped=True)
            result = self._host().call([*self.where.state, ",".join([PREPARE, SWITCH])], stdin)
        problem = {"problem": result.get("message")} if result.get("failed") else {}
        return {**self.state, "changed": bool(result.get("changed")), **problem}

    def switch(self) -> dict[str, Any]:
        """Let the prepared release serve, when all hosts have come this far."""
        if fleet.problems(self.states) or (self.state.get("result") or {}).get("outcome") != "prepared":
            return self.state
        return {**self._act([SWITCH, self.where.component, *self.where.identity]), "switched": True}

    def return_to(self) -> dict[str, Any]:
        """Let an earlier release serve, when all hosts before this one could."""
        if fleet.problems(self.states):
            return self.state
        chosen = ["--release", str(self._arguments["release"])] if self._arguments["release"] else []
        return {**self._act(["rollback", self.where.component, *self.where.identity, *chosen]), "switched": True}

    def back(self) -> dict[str, Any]:
        """Return to what served here before, when another host could not change; give the lease back."""
        found = dict(self.state)
        options = fleet.way_back(self.name, self.states, self._tree)
        if fleet.problems(self.states) and options:
            done = self._call(["rollback", self.where.component, *self.where.identity, *options], b"")
            found |= {"returned": done, "changed": bool(done.get("changed"))}
            if done.get("failed") and not found.get("problem"):
                found["problem"] = done.get("message")
        return found

    def conclude(self) -> dict[str, Any]:
        """Give the lease back, and say what serves on each host; fails when not all have changed."""
        unchanged = fleet.is_unchanged(self.states)
        if self._fence and not self.state.get("lost"):
            told = {"unchanged": unchanged}
            heartbeat.lease(self._host().call, self.where.state[1], "give", self.where.who, self._fence, **told)
        result = dict(self.state.get("result") or {})
        number = (result.get("release") or {}).get("number")
        title = f"{self.where.component} {number}" if number else self.where.component
        good, message = fleet.concluded(self.states, title, self.where.environment)
        if good:
            return {**result, "changed": bool(result.get("changed")), "msg": message}
        report = {
            "headline": f"NOT DEPLOYED {message.partition(';')[0]}",
            "outcome": "returned" if any(one.get("returned") for one in self.states.values()) else "failed",
            "criteria": [],
            "rows": [["what happened", message]],
            "next": ["ansible-playbook status.yml"],
        }
        return {"changed": False, "failed": True, "msg": message, "report": report}

    def _bundle(self, *, only_if_stopped: bool = False, number: int | None = None) -> bytes:
        request = {
            "component": self.where.component,
            "artifact": self.where.artifact(self._arguments["artifact"]),
            "environment": self.where.environment,
            "environment_file": self._arguments["environment_file"],
            "only_if_stopped": only_if_stopped,
            "number": number,
        }
        git = bundle.git_bytes(self.where.operation["monorepo"])
        return bundle.assemble(git, self.where.operation, request)

    @property
    def _tree(self) -> str:
        """What all hosts are to serve; nothing when they return, which takes no monorepo."""
        return str((self.where.operation.get("artifact") or {}).get("tree") or "")

    @property
    def _fence(self) -> int:
        return int(self.states[self.hosts[0]].get("fence") or 0)

    def _act(self, words: list[str], stdin: bytes = b"") -> dict[str, Any]:
        result = self._call(words, stdin)
        problem = {"problem": result.get("message")} if result.get("failed") else {}
        return {**self.state, "changed": bool(result.get("changed")), "result": result, **problem}

    def _call(self, words: list[str], stdin: bytes) -> dict[str, Any]:
        told = ["--fence", str(self._fence)] if self._fence else []
        with self._alive():
            return self._host().call([*self.where.state, *words, *told], stdin)

    def _alive(self, *, acts: bool = True) -> AbstractContextManager[None]:
        """Keep the lease on the first host alive while this one works; acts under the lease do so themselves."""
        first = self.hosts[0]
        if (acts and self.name == first) or not self._fence:
            return nullcontext()
        reached = other_host.other(self._action, self._variables["hostvars"][first], first, lambda _: None)
        return heartbeat.beating(reached.call, self.where.state[1], self.leading, self._fence)

    def _host(self) -> other_host.Reached:
        display = Display()
        return other_host.own(self._action, self._variables, lambda line: display.display(f"  {self.name} {line}"))
