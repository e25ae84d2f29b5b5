"""What a demotion leaves in writing: MATURITY.md, the page of all components, the request. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..maturity import write
from ..refusal import Refusal
from . import dates, events, maturity_facts, page
from .issue import PROMOTION, kept, of


def written(arguments: Mapping[str, Any], event: events.Event, texts: Mapping[str, str | None]) -> dict[str, Any]:
    """Return `issues` and `files` after `event`, a component's `demoted`."""
    operation, ledger, known = arguments["operation"], arguments["ledger"], arguments["tracked"]["entries"]
    name, text = operation["entry"]["maturity"], texts["maturity"]
    if text is None:
        raise Refusal(f"{name} is missing", "the component's MATURITY.md", f"git status -- {name}")
    stage = str((event.get("data") or {}).get("stage") or "development")
    stages = {**arguments["stages"], event["component"]: stage}
    table = page.rows(operation["components"], stages, ledger)
    facts = maturity_facts.facts(operation, event, ledger, arguments["tracked"]["everywhere"])
    demotion = write.Demotion(stage.capitalize(), str(event["environment"]).capitalize(), dates.day(event["at"]), facts)
    return {
        "issues": _requests(operation, event, known),
        "files": [
            {"path": f"{operation['monorepo']}/{name}", "text": write.demote(text, demotion, name)},
            {
                "path": f"{operation['monorepo']}/{arguments['page']}",
                "text": page.write(texts["page"], table, arguments["page"]),
            },
        ],
    }


def _requests(operation: Mapping[str, Any], event: events.Event, known: Any) -> list[dict[str, Any]]:
    """The request by which the component had come, as it is, with what became of it as a comment."""
    said = f"Demoted to {(event.get('data') or {}).get('stage')} on {event['at'][:10]}, run `{event['run']}`."
    return [
        kept(one, comments=[{"marker": f"demoted-{event['at'][:10]}", "body": said}], at=operation["asked_at"])
        for one in of(known, PROMOTION, event["component"])
        if one["fields"].get("target") == event["environment"] and one["fields"].get("status") == "completed"
    ][-1:]
