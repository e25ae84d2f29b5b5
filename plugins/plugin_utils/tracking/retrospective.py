"""Lessons learned: what a promotion's refusals, waivers, times and rollbacks come to, from ledger and tracker. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from . import happened
from .issue import BLOCKER, PROMOTION, RETROSPECTIVE, Issue, issue, of
from .markdown import code, prose
from .page import placed
from .spaced import spaced

Entries = Sequence[Mapping[str, Any]]
BEGIN = "<!-- tta.ops: what happened, written by the toolkit -->"
END = "<!-- tta.ops: end of what happened -->"


def place(operation: Mapping[str, Any]) -> str:
    """Return the page's path in the monorepo, beside the page of all components."""
    folder = (operation.get("settings") or {}).get("status_page", "docs/").rpartition("/")[0]
    stage = operation.get("target") or operation.get("stage_wanted")
    return f"{folder}/lessons/{operation['component']}-{stage}.md"


def lines(component: str, stage: str, ledger: Entries, known: Entries) -> list[str]:
    """Return the block of the page; `ledger` is that of the stage's environment, `known` what is tracked there."""
    own = [one for one in ledger if one["component"] == component]
    requests = [one for one in of(known, PROMOTION, component) if one["fields"].get("target") == stage]
    blocked = [one for one in of(known, BLOCKER, component) if one["fields"].get("target") == stage]
    done = [one for one in own if one["event"] == "promoted"]
    return [
        BEGIN,
        *("## In numbers", *_numbers(requests, blocked, done, own)),
        *("## Refusals", *_refusals(requests)),
        *("## Blockers", *_blockers(blocked)),
        *("## Waivers", *_waivers(done)),
        *("## Times", *_times(requests, done, own)),
        *("## Rollbacks and incidents", *_incidents(own)),
        *("## Rehearsals", *_rehearsals(own)),
        END,
    ]


def page(text: str | None, component: str, stage: str, block: Sequence[str], name: str) -> str:
    """Return the page with the block in place of the one there; what people wrote around it stays."""
    begun = text if text is not None else _new(component, stage)
    return placed(begun, spaced(block), BEGIN, END, name)


def tracked(operation: Mapping[str, Any], stage: str, block: Sequence[str]) -> Issue:
    """Return the page as an issue: closed, for it asks nobody for anything but to read it."""
    component = operation["component"]
    return issue(
        RETROSPECTIVE,
        f"{RETROSPECTIVE}/{component}/{stage}",
        component,
        title=f"[RETROSPECTIVE] {component} → {stage}",
        at=operation["asked_at"],
        labels=[f"component:{component}", f"target:{stage}", "retrospective"],
        body="\n".join(spaced(block[1:-1])) + "\n",
        state="closed",
        fields={"target": stage},
    )


def _new(component: str, stage: str) -> str:
    return (
        f"# Lessons learned: {component} → {stage}\n\n"
        "The guide asks to be updated with lessons learned. The facts below are written by the toolkit, the answers\n"
        "are yours.\n\n"
        "- What should the guide have said?\n- Which gate should have spoken earlier?\n- What took longest?\n\n"
    )


def _numbers(requests: Entries, blocked: Entries, done: Entries, own: Entries) -> list[str]:
    refused = sum(_times_in(one, "blocked") for one in requests)
    back = len(happened.found(list(own)))
    return [f"{len(done)} promotions, {refused} refusals, {len(blocked)} blockers, {back} incidents."]


def _times_in(one: Mapping[str, Any], status: str) -> int:
    return sum(each["status"] == status for each in (one["fields"].get("request") or {}).get("statuses") or [])


def _refusals(requests: Entries) -> list[str]:
    found = []
    for one in requests:
        asked = one["fields"].get("request") or {}
        for each in asked.get("statuses") or []:
            if each["status"] == "blocked":
                why = prose(each.get("why") or ", ".join(_refusing(asked)) or "see the evidence of the run")
                found.append(f"- {each['at'][:10]}, #{one['number']}, run {code(each['run'])}: {why}")
    return found or ["None"]


def _refusing(asked: Mapping[str, Any]) -> list[str]:
    return [gate["gate"] for each in asked["criteria"] for gate in each["gates"] if gate["verdict"] != "pass"]


def _blockers(blocked: Entries) -> list[str]:
    return [
        f"- #{one['number']} {prose(one['title'])}: "
        + (f"open for {_span(one['opened'], one['closed'])}" if one.get("closed") else "still open")
        for one in blocked
    ] or ["None"]


def _waivers(done: Entries) -> list[str]:
    return [
        f"- {prose(waiver['gate'])} until {waiver['until']} by {prose(waiver['owner'])}: {prose(waiver['reason'])}"
        for one in done
        for each in (one.get("data") or {}).get("criteria") or []
        for waiver in each.get("waivers") or []
    ] or ["None"]


def _times(requests: Entries, done: Entries, own: Entries) -> list[str]:
    found = []
    for one in requests:
        way = (one["fields"].get("request") or {}).get("statuses") or []
        if way and way[-1]["status"] == "completed":
            found.append(f"- #{one['number']}: requested to completed in {_span(way[0]['at'], way[-1]['at'])}")
    for one in own:
        seconds = ((one.get("data") or {}).get("receipt") or {}).get("seconds") or {}
        parts = [f"{step} {value:.1f} s" for step, value in seconds.items() if isinstance(value, (int, float))]
        if one["event"] == "deployed" and parts:
            found.append(f"- Deploy of release {one['release']} on {one['at'][:10]}: {', '.join(parts)}")
    return found or ["None"]


def _incidents(own: Entries) -> list[str]:
    return [
        f"- {one['at']}: release {one['bad']['number']}, {prose(one['cause']) or 'no reason was given'}"
        for one in happened.found(list(own))
    ] or ["None"]


def _rehearsals(own: Entries) -> list[str]:
    return [
        f"- {one['at'][:10]}: {(one.get('data') or {}).get('failed')} of {(one.get('data') or {}).get('checks')} "
        "checks failed"
        for one in own
        if one["event"] == "rehearsed"
    ] or ["None"]


def _span(begun: str, ended: str) -> str:
    seconds = (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()
    days, rest = divmod(int(seconds), 86400)
    hours, rest = divmod(rest, 3600)
    words = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours or days) + [f"{rest // 60} min {rest % 60} s"]
    return " ".join(words)
