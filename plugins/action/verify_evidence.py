"""Action `verify_evidence`: decides every kept verdict again, and names the first byte that is not what it was."""

from __future__ import annotations

import base64
import io
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..module_utils.host import keep
from ..module_utils.host.errors import HostError
from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.evidence.report import is_verified, report
from ..plugin_utils.evidence.verify import Kept, Request, only_on_hosts, verify
from ..plugin_utils.refusal import Refusal

_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class ActionModule(ControlNodeAction):
    """Runs on the control node and only reads; expects `host_kept` registered on each environment's first host."""

    ARGUMENTS: ClassVar = {
        "operation": {"type": "dict", "required": True},
        "moment": {"type": "str", "choices": ["look", "verify"], "default": "verify"},
        "fetched": {"type": "list", "elements": "dict", "default": []},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `only_on_hosts`, or the outcome (see the documentation of the module of this name)."""
        with tempfile.TemporaryDirectory(prefix="tta-evidence-") as folder:
            request = _request(arguments, task_vars, Path(folder))
            if arguments["moment"] == "look":
                return {"only_on_hosts": only_on_hosts(request)}
            found = verify(request)
        if not found.runs and (request.run or request.component):
            of = request.run or request.component
            raise Refusal(
                f"there is no evidence of {of}",
                "a run, or a component that was judged",
                "ansible-playbook verify-evidence.yml",
            )
        told = report(found)
        return {
            "failed": not is_verified(found),
            "msg": "; ".join([told["headline"], *found.problems]),
            "problems": found.problems,
            "verdicts": found.verdicts,
            "report": told,
        }


def _request(arguments: Mapping[str, Any], task_vars: Mapping[str, Any], scratch: Path) -> Request:
    operation = arguments["operation"]
    run = task_vars.get("run", "")  # as it was typed: no template has seen it
    if run and not (isinstance(run, str) and _RUN.fullmatch(run)):
        raise Refusal(f"run={run!r} is no run", "the name of a folder of evidence", "-e run=20260131T120000Z-0a1b2c")
    state = Path(operation["operator_state"])
    return Request(
        shelf=state / "evidence",
        others=(state / "verification",),
        kept={
            name: _kept(task_vars["hostvars"], settings["hosts"][0])
            for name, settings in operation["environments"].items()
        },
        run=run or "",
        component=operation.get("component") or "",
        fetched=dict(_fetched(one, scratch) for one in arguments["fetched"] if one.get("tar")),
    )


def _kept(hostvars: Mapping[str, Any], host: str) -> Kept:
    answer = hostvars[host].get("host_kept") or {}
    if "runs" in answer:
        return Kept(host, answer)
    return Kept(host, None, str(answer.get("msg") or "it does not answer"))


def _fetched(one: Mapping[str, Any], scratch: Path) -> tuple[tuple[str, str], Path]:
    """Unpack what `release` (verb `kept`) has returned in a loop; raises `Refusal` for what is no evidence."""
    item = one["item"]
    folder = scratch / str(item["environment"]) / str(item["run"])
    try:
        keep.unpack(io.BytesIO(base64.b64decode(one["tar"])), folder)
    except HostError as error:
        raise Refusal(f"the copy of {item['run']} on {item['host']} cannot be read: {error}") from error
    return (str(item["environment"]), str(item["run"])), folder
