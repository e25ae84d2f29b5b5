"""Action `health`: asks a service, from its host or from here, until it was healthy N times in a row."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jmespath
from ansible.plugins.action import ActionBase

from ..module_utils.host import probe
from ..plugin_utils.host_call import Answer, CallError, HostCall
from ..plugin_utils.refusal import Refusal

ARGUMENTS: dict[str, dict[str, Any]] = {
    "from": {"choices": ["host", "operator"], "default": "host"},
    "service": {"type": "str", "required": True},
    "url": {"type": "str"},
    "tcp": {"type": "str"},
    "container": {"type": "str"},
    "host_header": {"type": "str"},
    "ca": {"type": "path"},
    "expect": {"type": "str"},
    "consecutive": {"type": "int", "default": 3},
    "deadline": {"type": "float", "default": 60},
    "interval": {"type": "float", "default": 1},
}
Sample = dict[str, Any]


class ActionModule(ActionBase):
    """Samples are taken by the same code in both places (`module_utils/host/probe.py`)."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return `{samples, in_a_row, last, seconds, msg}`; failed when the deadline passed before N in a row."""
        task_vars = task_vars or {}
        result: dict[str, Any] = super().run(tmp, task_vars)
        _, arguments = self.validate_argument_spec(
            ARGUMENTS, mutually_exclusive=[["url", "tcp", "container"]], required_one_of=[["url", "tcp", "container"]]
        )
        try:
            take = self._sampler(arguments, task_vars)
            return result | _told(arguments, watch(take, arguments))
        except (Refusal, CallError, ValueError) as error:
            return result | {"failed": True, "msg": f"{arguments['service']}: {error}"}

    def _sampler(self, arguments: Mapping[str, Any], task_vars: Mapping[str, Any]) -> Callable[[], Sample]:
        request = _request(arguments)
        if arguments["from"] == "operator":
            if arguments["container"]:
                raise Refusal("a container can only be asked where it runs", "from: host")
            return lambda: probe.sample(request)
        interpreter = str(self._templar.template(task_vars.get("ansible_python_interpreter") or ""))
        call = HostCall(
            self._execute,
            str(task_vars.get("inventory_hostname", "the host")),
            "" if interpreter.startswith("auto") else interpreter,
        )
        stdin = json.dumps(request).encode()
        return lambda: _sampled(call(["probe"], stdin))

    def _execute(self, command: str, stdin: bytes) -> Answer:
        done = self._low_level_execute_command(command, in_data=stdin or None)
        return Answer(done["rc"], done["stdout"], done["stderr"])


def _request(arguments: Mapping[str, Any]) -> dict[str, Any]:
    request = {key: arguments[key] for key in ("url", "tcp", "container", "host_header") if arguments[key]}
    if arguments["ca"]:
        try:
            request["ca"] = Path(arguments["ca"]).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(f"the CA {arguments['ca']} cannot be read", "a PEM file on this machine") from error
    return request


def _sampled(found: Sample) -> Sample:
    if "ok" not in found:
        raise CallError(found.get("message", "the host took no sample"))
    return found


def watch(
    take: Callable[[], Sample],
    arguments: Mapping[str, Any],
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Take samples until `consecutive` in a row were good or `deadline` seconds have passed."""
    begin = clock()
    samples, row = 0, 0
    while True:
        last = judged(take(), arguments["expect"])
        samples += 1
        row = row + 1 if last["ok"] else 0
        seconds = round(clock() - begin, 1)
        if row >= arguments["consecutive"] or seconds >= arguments["deadline"]:
            return {"samples": samples, "in_a_row": row, "last": last, "seconds": seconds}
        pause(arguments["interval"])


def judged(sample: Sample, expect: str | None) -> Sample:
    """Return the sample, no longer good when its body is not what the JMESPath `expect` says."""
    if not expect or not sample["ok"]:
        return sample
    try:
        found = jmespath.search(expect, json.loads(sample["body"] or ""))
    except jmespath.exceptions.JMESPathError as error:
        raise ValueError(f"{expect!r} is not JMESPath ({error})") from error
    except ValueError:
        return {**sample, "ok": False, "error": "the answer is not JSON"}
    return sample if found is True else {**sample, "ok": False, "error": f"{expect} gives {json.dumps(found)}"}


def _told(arguments: Mapping[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    asked = arguments["url"] or arguments["tcp"] or f"container {arguments['container'][:12]}"
    if found["in_a_row"] >= arguments["consecutive"]:
        message = f"{arguments['service']} is healthy: {asked} answered {found['in_a_row']} times in a row"
        return found | {"changed": False, "msg": message}
    message = (
        f"{arguments['service']} is not healthy after {found['seconds']:g} s: {asked}: "
        f"{found['last']['error'] or 'good, but not often enough in a row'}"
    )
    report = {
        "headline": f"NOT HEALTHY {arguments['service']}",
        "outcome": "failed",
        "criteria": [],
        "rows": [["asked", asked], ["found", str(found["last"]["error"])]],
        "next": ["ansible-playbook status.yml"],
    }
    return found | {"failed": True, "changed": False, "msg": message, "report": report}
