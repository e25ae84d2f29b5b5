"""The moments of a promotion at which something is written down: arguments of the action `track` in, texts out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..maturity import write
from ..refusal import Refusal
from . import admission, dates, events, outcome, page, promotion, request

Arguments = Mapping[str, Any]
Texts = Mapping[str, str | None]


def admit(arguments: Arguments) -> dict[str, Any]:
    """Refuse what tracked blockers and incidents do not let through; return the fixes that were given."""
    return {"fixes": admission.admitted(arguments["operation"], arguments["tracked"])}


def judged(arguments: Arguments, texts: Texts) -> dict[str, Any]:
    """Return the issues after a judgement; a MATURITY.md that nobody can understand is refused here already."""
    operation, judgement = arguments["operation"], arguments["judgement"]
    if not judgement.get("criteria"):
        return {"issues": []}
    if judgement.get("promotable", True):
        _files(arguments, events.presumed(operation, judgement), texts)
    before = promotion.known_request(operation, arguments["tracked"]["entries"])
    asked = request.opened(
        operation, judgement, arguments["stages"], before, arguments["anchors"], ledger=arguments["ledger"]
    )
    asked["ci"] = (before or {}).get("ci") or arguments["ci"]
    report = texts.get("report") or ""
    return {
        "issues": promotion.judged(
            operation,
            asked,
            judgement,
            arguments["tracked"]["entries"],
            arguments["stages"],
            arguments["ledger"],
            report,
        )
    }


def record(arguments: Arguments) -> dict[str, Any]:
    """Return the entry of the ledger that the promotion is."""
    event = events.presumed(arguments["operation"], arguments["judgement"])
    return {"event": outcome.recorded(event, arguments["deployed"])}


def complete(arguments: Arguments, texts: Texts, check_mode: bool) -> dict[str, Any]:
    """Return the issues and files after the promotion, and the report for the terminal."""
    operation, judgement, ledger = arguments["operation"], arguments["judgement"], arguments["ledger"]
    event = _event(operation, judgement, ledger, check_mode)
    before = promotion.known_request(operation, arguments["tracked"]["entries"])
    asked = request.completed(operation, event, arguments["stages"], before, ledger=ledger)
    stages = {**arguments["stages"], event["component"]: events.stage_of(event)}
    return {
        "issues": promotion.changed(operation, asked, arguments["tracked"]["entries"], stages, ledger),
        "files": _files(arguments, event, texts),
        "report": outcome.outcome(operation, event, arguments["deployed"], unchanged=not judgement),
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


def _files(arguments: Arguments, event: events.Event, texts: Texts) -> list[dict[str, str]]:
    operation, ledger = arguments["operation"], [*(one for one in arguments["ledger"] if one != event), event]
    monorepo, name, text = operation["monorepo"], operation["entry"]["maturity"], texts["maturity"]
    if text is None:
        raise Refusal(f"{name} is missing", "the component's MATURITY.md", f"git -C {monorepo} status -- {name}")
    stages = {**arguments["stages"], event["component"]: events.stage_of(event)}
    table = page.rows(operation["components"], stages, ledger)
    promoted = events.promotion(event, ledger, today=dates.day(operation["asked_at"]))
    return [
        {"path": f"{monorepo}/{name}", "text": write.write(text, promoted, name)},
        {"path": f"{monorepo}/{arguments['page']}", "text": page.write(texts["page"], table, arguments["page"])},
    ]
