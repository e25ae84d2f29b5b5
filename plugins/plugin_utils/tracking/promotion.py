"""What the tracker is to hold of a promotion: its request, its blockers, the standing report. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import blockers, board, events, request, request_page
from .issue import PROMOTION, STATUS, Issue, is_open, issue, kept, of, promotion_key
from .markdown import prose

Known = Sequence[Mapping[str, Any]]


def known_request(operation: Mapping[str, Any], known: Known) -> dict[str, Any] | None:
    """Return the request for exactly this artifact that is tracked already."""
    key = promotion_key(operation["component"], operation["stage_wanted"], operation["artifact"]["tree"])
    return next((one["fields"].get("request") for one in of(known, PROMOTION) if one["key"] == key), None)


def judged(
    operation: Mapping[str, Any],
    asked: Mapping[str, Any],
    judgement: Mapping[str, Any],
    known: Known,
    stages: Mapping[str, str],
    ledger: Known,
    report: str,
) -> list[Issue]:
    """Return what a judgement changes: the request (`asked`), each gate's blocker, and requests it takes the place of.

    `report` is the validation report in Markdown; it stays one comment, edited in place.
    """
    found = blockers.judged(operation, judgement["criteria"], known)
    after = _after(known, found)
    comments = [{"marker": "validation", "body": report}] if report else []
    return [_issue(operation, asked, after, stages, ledger, comments), *found, *_superseded(operation, asked, known)]


def changed(
    operation: Mapping[str, Any], asked: Mapping[str, Any], known: Known, stages: Mapping[str, str], ledger: Known
) -> list[Issue]:
    """Return the request as it is after its status changed, and the standing report's comment."""
    return [_issue(operation, asked, known, stages, ledger, []), _status(operation, asked, stages, known)]


def _issue(
    operation: Mapping[str, Any],
    asked: Mapping[str, Any],
    known: Known,
    stages: Mapping[str, str],
    ledger: Known,
    comments: list[dict[str, str]],
) -> Issue:
    component, target, done = asked["component"], asked["to"], asked["status"] == "completed"
    still = [one for one in of(known, "blocker", component) if is_open(one) and one["fields"].get("target") == target]
    asked = {**asked, "blockers": [] if done else [_in_words(one) for one in still]}
    name = f"requests/{component}-{target}-{asked['artifact']['tree'][:12]}"
    stage = target if done else stages.get(component, asked["from"])
    files = {f"{name}.json": request.as_json(asked), f"{name}.md": request_page.markdown(asked)}
    return issue(
        PROMOTION,
        promotion_key(component, target, asked["artifact"]["tree"]),
        component,
        title=asked["title"],
        at=asked["statuses"][-1]["at"],
        labels=asked["labels"],
        body=request_page.body(asked),
        state="closed" if done else "open",
        comments=comments,
        milestone=_milestone(component, asked, ledger),
        board=board.card(operation, stage, None if done else target, asked["coverage"], known, operation["asked_at"]),
        links=[one["key"] for one in still],
        fields={"status": asked["status"], "target": target, "tree": asked["artifact"]["tree"], "request": asked},
        files=files,
    )


def _milestone(component: str, asked: Mapping[str, Any], ledger: Known) -> dict[str, Any] | None:
    """The way to production begins with the completed promotion to staging, and ends with the one to production."""
    done = asked["completed"]
    if asked["to"] == "staging":
        return board.milestone(component, done["at"]) if done else None
    before = [one for one in events.promotions_of(component, ledger) if events.stage_of(one) == "staging"]
    return board.milestone(component, before[-1]["at"], reached=bool(done)) if before else None


def _superseded(operation: Mapping[str, Any], asked: Mapping[str, Any], known: Known) -> list[Issue]:
    """The component's open requests for other artifacts: this one takes their place."""
    own = promotion_key(asked["component"], asked["to"], asked["artifact"]["tree"])
    said = f"Superseded by the request for commit `{asked['artifact']['commit'][:12]}`."
    return [
        kept(
            one,
            state="closed",
            board=None,
            links=[own],
            comments=[{"marker": "superseded", "body": said}],
            at=operation["asked_at"],
        )
        for one in of(known, PROMOTION, asked["component"])
        if is_open(one) and one["key"] != own and one["fields"].get("target") == asked["to"]
    ]


def _status(operation: Mapping[str, Any], asked: Mapping[str, Any], stages: Mapping[str, str], known: Known) -> Issue:
    """The standing report of all components: one comment a component."""
    component, done = asked["component"], asked["status"] == "completed"
    stage = asked["to"] if done else stages.get(component, asked["from"])
    still = [one for one in of(known, "blocker", component) if is_open(one)]
    body = (
        f"**{prose(component)}**: {stage.capitalize()}, {asked['met']} criteria of {asked['from'].capitalize()} → "
        f"{asked['to'].capitalize()} met, request {asked['status']} on {asked['statuses'][-1]['at'][:10]}, "
        f"{len(still)} open blockers."
    )
    return issue(
        STATUS,
        "status/components",
        None,
        title="Component Status Report",
        at=operation["asked_at"],
        body="Where each component stands, a comment each, edited in place by every promotion.",
        labels=["component-status"],
        comments=[{"marker": component.replace("_", "-"), "body": body}],
    )


def _in_words(one: Mapping[str, Any]) -> str:
    return f"{one['fields'].get('severity', '')}: {one['title'].removeprefix('[BLOCKER] ')}"


def _after(known: Known, changed_ones: Sequence[Issue]) -> list[Mapping[str, Any]]:
    keys = {one["key"] for one in changed_ones}
    return [*(one for one in known if one["key"] not in keys), *changed_ones]


def restated(known: Mapping[str, Any], asked: Mapping[str, Any], because: str, operation: Mapping[str, Any]) -> Issue:
    """A tracked request after its status changed for a reason outside of its run, which is the issue `because`."""
    name = f"requests/{asked['component']}-{asked['to']}-{asked['artifact']['tree'][:12]}"
    return kept(
        known,
        labels=asked["labels"],
        body=request_page.body(asked),
        links=[*(one for one in known["links"] if one != because), because],
        fields={**known["fields"], "status": asked["status"], "request": asked},
        files={f"{name}.json": request.as_json(asked), f"{name}.md": request_page.markdown(asked)},
        at=operation["asked_at"],
    )
