"""Action `track`: computes what a promotion leaves in writing; the role `tracking` puts it where it belongs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from ..plugin_utils.control_node_action import ControlNodeAction
from ..plugin_utils.maturity import document, write
from ..plugin_utils.refusal import Refusal
from ..plugin_utils.tracking import dates, events, outcome, page, request


class ActionModule(ControlNodeAction):
    """Runs on the control node only; reads the monorepo's files, writes nothing."""

    ARGUMENTS: ClassVar = {
        "moment": {"type": "str", "choices": ["request", "record", "complete"], "required": True},
        "operation": {"type": "dict", "required": True},
        "judgement": {"type": "dict", "default": {}},
        "stages": {"type": "dict", "default": {}},
        "ledger": {"type": "list", "elements": "dict", "default": []},
        "deployed": {"type": "dict", "default": {}},
        "anchors": {"type": "dict", "default": {}},
        "known": {"type": "str", "default": ""},
        "page": {"type": "str", "required": True},
    }

    def act(self, arguments: dict[str, Any], task_vars: dict[str, Any]) -> dict[str, Any]:
        """Return `request` ({json, md}, for the host) and `files` (for the monorepo), or `event` (for the ledger)."""
        return _track(arguments, bool(self._task.check_mode))


def _track(arguments: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    operation, judgement, stages = arguments["operation"], arguments["judgement"], arguments["stages"]
    known = _known(arguments["known"])
    if arguments["moment"] == "request":
        # written out here already, so that a MATURITY.md nobody can understand is refused before anything is deployed
        event = events.presumed(operation, judgement)
        _files(operation, event, stages, arguments)
        return {
            "request": _request(request.opened(operation, judgement, stages, known, arguments["anchors"])),
            "files": [],
        }
    deployed = arguments["deployed"]
    if arguments["moment"] == "record":
        return {"event": outcome.recorded(events.presumed(operation, judgement), deployed)}
    event = _event(operation, judgement, arguments["ledger"], check_mode)
    return {
        "request": _request(request.completed(operation, event, stages, known)),
        "files": _files(operation, event, stages, arguments),
        "report": outcome.outcome(operation, event, deployed, unchanged=not judgement),
    }


def _event(
    operation: Mapping[str, Any], judgement: Mapping[str, Any], ledger: list[events.Event], check_mode: bool
) -> events.Event:
    """The promotion in the ledger; a plan (check mode), which records none, shows the one that would be."""
    try:
        return events.standing_promotion(
            operation["component"], operation["stage_wanted"], operation["artifact"]["tree"], ledger
        )
    except Refusal:
        if check_mode and judgement.get("criteria"):
            return events.presumed(operation, judgement)
        raise


def _files(
    operation: Mapping[str, Any], event: events.Event, stages: Mapping[str, str], arguments: Mapping[str, Any]
) -> list[dict[str, str]]:
    monorepo, name = Path(operation["monorepo"]), operation["entry"]["maturity"]
    ledger = [*(each for each in arguments["ledger"] if each != event), event]
    text = _read(monorepo, name)
    if text is None:
        raise Refusal(f"{name} is missing", "the component's MATURITY.md", f"git -C {monorepo} status -- {name}")
    table = page.rows(operation["components"], {**stages, event["component"]: events.stage_of(event)}, ledger)
    promotion = events.promotion(event, ledger, today=dates.day(operation["asked_at"]))
    return [
        {"path": str(monorepo / name), "text": write.write(text, promotion, name)},
        {
            "path": str(monorepo / arguments["page"]),
            "text": page.write(_read(monorepo, arguments["page"]), table, arguments["page"]),
        },
    ]


def _request(asked: Mapping[str, Any]) -> dict[str, str]:
    """The request's two files, by ending."""
    return {"json": request.as_json(asked), "md": request.as_markdown(asked)}


def _read(monorepo: Path, name: str) -> str | None:
    try:
        return document.decode((monorepo / name).read_bytes(), name)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refusal(
            f"{name} cannot be read: {error.strerror}", "a readable file", f"ls -l {monorepo / name}"
        ) from error


def _known(encoded: str) -> dict[str, Any] | None:
    """The request that is already there, base64-encoded as `slurp` returns it."""
    if not encoded:
        return None
    try:
        known = json.loads(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError) as error:
        raise Refusal(
            f"the promotion request on the host is damaged: {error}", "JSON", "remove the file; it is written anew"
        ) from error
    return known if isinstance(known, dict) else None
