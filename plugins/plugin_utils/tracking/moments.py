"""The moments of a promotion at which something is written down: arguments of the action `track` in, texts out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..maturity import unproven, write
from ..refusal import Refusal
from . import (
    admission,
    dates,
    demotion,
    events,
    incidents,
    maturity_facts,
    outcome,
    page,
    promotion,
    request,
    retrospective,
)

Arguments = Mapping[str, Any]
Texts = Mapping[str, str | None]


def admit(arguments: Arguments) -> dict[str, Any]:
    """Refuse what tracked blockers and incidents do not let through; return the fixes that were given."""
    return {"fixes": admission.admitted(arguments["operation"], arguments["tracked"], arguments["ledger"])}


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
    files = _files(arguments, event, texts)
    numbers = maturity_facts.numbers(
        event["component"], [*ledger, event], arguments["tracked"]["everywhere"], arguments["numbers"]
    )
    report = outcome.outcome(operation, event, arguments["deployed"], unchanged=not judgement)
    without = unproven.unproven(files[0]["text"], events.proven(event["component"], [*ledger, event]), files[0]["path"])
    if without:
        report["rows"].append(["ticked without evidence", "; ".join(without)])
    still = [f"#{one['number']} ({one['severity']}) {one['title']}" for one in arguments["tracked"]["open"]]
    if still:
        report["rows"].append(["still open", "; ".join(still)])
    return {
        "issues": [
            *promotion.changed(operation, asked, arguments["tracked"]["entries"], stages, ledger),
            *incidents.fixed_by(event, arguments["tracked"]["entries"], operation),
        ],
        "files": files,
        "message": events.message(event, numbers),
        "report": report,
    }


def lessons(arguments: Arguments, texts: Texts) -> dict[str, Any]:
    """Return the page of what a promotion has taught, and the same as an issue."""
    operation, target = arguments["operation"], arguments["operation"]["target"]
    ledger = [one for one in arguments["ledger"] if one["environment"] == target]
    block = retrospective.lines(operation["component"], target, ledger, arguments["tracked"]["entries"])
    place = retrospective.place(operation)
    text = retrospective.page(texts.get("lessons"), operation["component"], target, block, place)
    return {
        "issues": [retrospective.tracked(operation, target, block)],
        "files": [{"path": f"{operation['monorepo']}/{place}", "text": text}],
        "report": {
            "headline": f"COLLECTED what {operation['component']} → {target} has taught",
            "outcome": "done",
            "criteria": [],
            "rows": [["page", place]],
            "next": ["update the guide with it: the answers are yours"],
        },
    }


def demoted(arguments: Arguments, texts: Texts) -> dict[str, Any]:
    """Return MATURITY.md, the page and the request after the component's last demotion; nothing when there is none."""
    operation, ledger = arguments["operation"], arguments["ledger"]
    own = [one for one in ledger if one["component"] == operation["component"] and one["event"] == "demoted"]
    if not own:
        return {"issues": [], "files": []}
    return demotion.written(arguments, own[-1], texts)


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
    known = arguments["tracked"]["everywhere"]
    promoted = events.promotion(
        event,
        ledger,
        dates.day(operation["asked_at"]),
        numbers=maturity_facts.numbers(event["component"], ledger, known, arguments["numbers"]),
        facts=maturity_facts.facts(operation, event, ledger, known),
    )
    return [
        {"path": f"{monorepo}/{name}", "text": write.write(text, promoted, name)},
        {"path": f"{monorepo}/{arguments['page']}", "text": page.write(texts["page"], table, arguments["page"])},
    ]
