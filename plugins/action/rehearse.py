"""Action `rehearse`: plans a rehearsal of the way back, and says what came of it. It stays on the control node."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from ..plugin_utils import operations_page, run_process
from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.refusal import Refusal
from ..plugin_utils.rehearsal import plan as plans
from ..plugin_utils.rehearsal import report, result
from .plan import _subject


class ActionModule(ControlNodeAction):
    """Runs on the control node only; `plan` expects `host_status` registered on every host of the target."""

    ARGUMENTS: ClassVar = {
        "step": {"type": "str", "choices": ["plan", "judge", "conclude"], "required": True},
        "operation": {"type": "dict", "required": True},
        "seconds": {"type": "float", "default": 3600.0},
        "days": {"type": "int", "default": result.DAYS},
        "plan": {"type": "dict", "default": {}},
        "legs": {"type": "list", "elements": "dict", "default": []},
        "halted": {"type": "dict", "default": {}},
        "data": {"type": "dict", "default": {}},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return the plan, the data for the ledger with the page, or the report; see `plugins/modules/rehearse.py`."""
        if arguments["step"] == "plan":
            return self._plan(arguments, task_vars)
        if arguments["step"] == "judge":
            return _judged(arguments)
        return _concluded(arguments)

    def _plan(self, arguments: Mapping[str, Any], task_vars: Mapping[str, Any]) -> dict[str, Any]:
        operation = arguments["operation"]
        found = _alike(operation, task_vars)
        point = (found.away.point or {}).get("id", "") if found.away else ""
        how = {"mode": found.mode, "point": point, "accept_loss": ""}
        away = _leg({**operation, **how}, found.away, "away") if found.away else _removal({**operation, **how})
        legs = {"away": away, "back": _leg({**operation, **how, "point": ""}, found.back, "back")}
        if found.home:
            own = {"run": f"{operation['run']}.home", "rehearsal": found.home["run"], "point": found.safety}
            home = {**legs["back"]["operation"], **own, "mode": "full" if found.safety else "quick"}
            legs["home"] = {**legs["back"], "operation": home}
            legs["home"]["subject"] = {**legs["back"]["subject"], "run": own["run"]}
        untested = [str(leg["untested"]) for leg in legs.values()]
        rows = report.before(operation, found, arguments["seconds"], untested)
        told = {
            "headline": f"PLAN rehearsal of {operation['component']}",
            "outcome": "done",
            "criteria": [],
            "rows": rows,
        }
        again = f"ansible-playbook rollback-rehearsal.yml -e component={operation['component']}"
        return {
            "_ansible_verbose_always": True,
            "msg": [f"{label}: {text}" for label, text in rows],
            "mode": found.mode,
            "origin": dict(found.origin),
            "goal": dict(found.away.goal) if found.away else None,
            "home": dict(found.home) if found.home else None,
            "legs": legs,
            "seconds": arguments["seconds"],
            "process": run_process.own(),
            **({"report": {**told, "next": [again]}} if self._task.check_mode else {}),
        }


def _alike(operation: Mapping[str, Any], task_vars: Mapping[str, Any]) -> plans.Plan:
    """Return the plan of all hosts; refuse when they do not serve, or would not return to, the same release."""
    hosts = operation["environments"][operation["target"]]["hosts"]
    found = [_found(operation, task_vars["hostvars"][host].get("host_status") or {}) for host in hosts]
    if len({(one.origin["tree"], one.away.goal["tree"] if one.away else "") for one in found}) > 1:
        deploy = f"ansible-playbook deploy.yml -e component={operation['component']} -e target={operation['target']}"
        raise Refusal(f"the hosts of {operation['target']} are not alike", "one artifact on all of them", deploy)
    return found[0]


def _found(operation: Mapping[str, Any], answer: Mapping[str, Any]) -> plans.Plan:
    here = ((answer.get("status") or {}).get("environments") or {}).get(operation["target"]) or {}
    facts = (here.get("components") or {}).get(operation["component"]) or {}
    return plans.find(operation, facts, (here.get("ledger") or {}).get("entries") or [], run_process.is_gone)


def _leg(operation: Mapping[str, Any], way: Any, name: str) -> dict[str, Any]:
    """Return `{operation, number, remove, subject, untested}` of a change to the way's goal.

    The act is a run of its own: a run is entered into the ledger once for an event and component.
    """
    subject, untested = _subject(operation, way)
    own = {**operation, "run": f"{operation['run']}.{name}", "rehearsal": operation["run"]}
    goal = dataclasses.asdict(way)["goal"]
    tested = {**subject, "run": own["run"]}
    return {"operation": own, "number": goal["number"], "remove": False, "subject": tested, "untested": untested}


def _removal(operation: Mapping[str, Any]) -> dict[str, Any]:
    own = {**operation, "run": f"{operation['run']}.away", "rehearsal": operation["run"]}
    return {"operation": own, "number": 0, "remove": True, "subject": {}, "untested": ""}


def _judged(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `data` of the ledger's event, and the page as `files` for the monorepo."""
    operation, plan, legs = arguments["operation"], arguments["plan"], arguments["legs"]
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    data = result.data(plan, legs, arguments["halted"], now, arguments["days"])
    served = [leg for leg in legs if (leg.get("result") or {}).get("published")]
    facts = {key: operation[key] for key in ("run", "actor")} | {
        "at": now,
        "origin": plan["origin"],
        "goal": plan["goal"],
        "published": served[-1]["result"]["published"] if served else {},
    }
    path = str(operation["entry"]["rollback"])
    lines = operations_page.render(operation, data, facts)
    data["document"] = operations_page.evidence(lines, data, path)
    data["receipts"] = [dict(one) for one in data["receipts"]]
    return {"data": data, "files": _files(operation, lines, path, data)}


def _files(operation: Mapping[str, Any], lines: list[str], path: str, data: dict[str, Any]) -> list[dict[str, str]]:
    """Return the page's file; none without a checkout, and a broken page is a finding, not the end of the run."""
    if not operation["monorepo"]:
        return []
    place = Path(operation["monorepo"]) / path
    try:
        text = place.read_text(encoding="utf-8") if place.exists() else None
        page = operations_page.place(text, lines, operation["component"], path)
    except (OSError, UnicodeDecodeError, Refusal) as error:
        found = error.found if isinstance(error, Refusal) else f"{path} cannot be read: {error}"
        data["document"]["findings"].append(found)
        return []
    return [{"path": str(place), "text": page}]


def _concluded(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report; failed unless everything was looked at, was well, and is as it was."""
    operation, plan, data = arguments["operation"], arguments["plan"], arguments["data"]
    page = data["document"]["path"] if operation["monorepo"] else "not written: no checkout of the monorepo is here"
    told = report.after(operation, plan, arguments["legs"], data, page)
    folder = Path(operation["operator_state"]).expanduser() / "rehearsals" / operation["run"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rehearsal.json").write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return {"failed": told["outcome"] == "failed", "msg": told["headline"], "report": told}
