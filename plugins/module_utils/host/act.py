"""Switch, settle, commit, drain, and the way back: the part of an act that must end at the old release or at the new.

The journal has a line before each step. ``resume`` picks an unfinished act up where it was, in whichever process.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict, List, Optional, Tuple

from . import evidence, health, running, times
from .context import Context
from .errors import HostError, UnhealthyError
from .store import Release


@dataclass(frozen=True)
class Plan:
    """What an act wants: ``number`` shall serve; ``back`` serves again if it cannot.

    Acts are ``deploy``, ``start`` (of the current release), ``rollback``, ``undo`` (of a deploy that was found bad
    after it served) and ``remove`` (the same of a first release: ``number`` shall go).
    """

    act: str
    number: int
    back: Optional[int]
    run: str
    actor: str
    reason: str


def begin(context: Context, plan: Plan) -> None:
    """Open the journal of an act."""
    context.store.journal.begin(**asdict(plan))


def plan_of(lines: List[Dict[str, Any]]) -> Plan:
    """Return what the act of a journal wanted."""
    return Plan(**{key: lines[0][key] for key in Plan.__dataclass_fields__})


def perform(context: Context, plan: Plan) -> Dict[str, Any]:
    """Let the release of ``plan`` serve; on any failure let the old one serve again. Returns the act's result."""
    release = context.store.release(plan.number)
    context.store.journal.step("switch")
    if plan.act == "remove":
        return _take_away(context, plan, release)
    context.enter("switch", _switch_text(context, plan))
    try:
        running.start(context, release)
        context.store.journal.step("settle")
        context.enter("settle", f"waits until {context.component} {plan.number} is healthy")
        containers = running.settle(context, release)
        if plan.act == "deploy":
            _require_clean_logs(context, release, containers)
    except HostError as cause:
        return _go_back(context, plan, str(cause))
    return _commit(context, plan)


def resume(context: Context) -> Optional[Dict[str, Any]]:
    """Bring an act that was killed to its end; return its result, or None when there was none."""
    lines = context.store.journal.unfinished()
    if not lines:
        return None
    plan = plan_of(lines)
    steps = {line["step"]: line for line in lines}
    context.tell(
        "resume",
        f"the {plan.act} of {context.component} {plan.number} by {plan.actor} was cut off: brings it to its end",
    )
    if "return" in steps:
        return _go_back(context, plan, steps["return"]["cause"])
    if "commit" in steps:
        return _commit(context, plan)
    if "switch" in steps:
        return perform(context, plan)
    return forget(context, plan)


def forget(context: Context, plan: Plan) -> Dict[str, Any]:
    """End an act that has not touched what runs."""
    if plan.act == "deploy":
        context.store.discard(plan.number)
    context.store.journal.step("done", outcome="forgotten")
    return {
        "outcome": "forgotten",
        "changed": False,
        "failed": False,
        "message": f"{context.component} {plan.number} was prepared but not started, and is gone; {context.serving()}",
    }


def _switch_text(context: Context, plan: Plan) -> str:
    if plan.back is None:
        return f"starts {context.component} {plan.number}"
    return f"stops {context.component} {plan.back} and starts {plan.number}"


def _require_clean_logs(context: Context, release: Release, containers: List[Dict[str, Any]]) -> None:
    found = evidence.log_errors(context.engine, containers, running.veil(context, release))
    if found:
        first = found[0]
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise UnhealthyError(f"errors in its own log: {first['service']}: {first['text'][:200]}{more}")


def _commit(context: Context, plan: Plan) -> Dict[str, Any]:
    store = context.store
    release = store.release(plan.number)
    store.journal.step("commit")
    context.enter("record", f"records {context.component} {plan.number}")
    if plan.act == "undo" and plan.back is not None:
        store.release(plan.back).conclude("failed", times.now())
    if plan.act != "start":
        store.point(plan.number, store.served_before(plan.number) if plan.act == "undo" else plan.back)
        release.conclude("deployed", times.now())
        event = "deployed" if plan.act == "deploy" else "returned"
        _record(context, plan, event, release, {"act": plan.act, "from": plan.back})
    store.journal.step("drain")
    store.prune()
    store.journal.step("done", outcome=plan.act)
    previous = store.previous()
    way_back = f"; {previous.number} is kept as the way back" if previous else ""
    outcome, text = _OUTCOMES[plan.act]
    message = f"{context.component} {plan.number} {text} on {context.environment}{way_back}"
    return result(context, release, outcome, message, changed=True)


_OUTCOMES = {
    "deploy": ("deployed", "serves"),
    "start": ("started", "was stopped and serves again"),
    "rollback": ("returned", "serves again"),
    "undo": ("returned", "serves again"),
}


def _go_back(context: Context, plan: Plan, cause: str) -> Dict[str, Any]:
    store = context.store
    failed = store.release(plan.number)
    context.enter("return", f"{context.component} {plan.number} failed: {cause}")
    folder = failed.folder / "evidence" / times.now().replace(":", "")
    where = evidence.try_collect(context.engine, failed.facts["project"], folder, cause, running.veil(context, failed))
    store.journal.step("return", cause=cause)
    if plan.act == "deploy":
        failed.conclude("failed", times.now())
    if plan.act == "start":
        outcome, message = "failed", f"{context.component} {plan.number} does not start: {cause}"
    elif plan.back is None:
        outcome, message = _remove(context, plan, failed, cause)
    else:
        outcome, message = _serve_again(context, plan, store.release(plan.back), cause)
    store.journal.step("done", outcome=outcome)
    return result(context, failed, outcome, f"{message}; {where}", changed=True, failed=True)


def _remove(context: Context, plan: Plan, failed: Release, cause: str) -> Tuple[str, str]:
    context.engine.down(failed.facts["project"])
    _record(context, plan, "removed", failed, {"cause": cause})
    return "removed", (
        f"{context.component} {plan.number}, its first release on {context.environment}, failed ({cause}) and was "
        "removed; its volumes are kept"
    )


def _take_away(context: Context, plan: Plan, release: Release) -> Dict[str, Any]:
    context.enter("switch", f"stops and removes {context.component} {plan.number}")
    context.engine.down(release.facts["project"])
    context.store.forget_current()
    release.conclude("failed", times.now())
    _record(context, plan, "removed", release, {"act": plan.act})
    context.store.journal.step("done", outcome="removed")
    message = f"{context.component} {plan.number}, its first release on {context.environment}, was removed"
    return result(context, release, "removed", f"{message}; its volumes are kept", changed=True)


def _serve_again(context: Context, plan: Plan, old: Release, cause: str) -> Tuple[str, str]:
    problem = None
    try:
        running.start(context, old)
        running.settle(context, old)
    except UnhealthyError as error:
        problem = str(error)
    _record(
        context,
        plan,
        "returned",
        old,
        {"act": plan.act, "from": plan.number, "cause": cause, "verified": problem is None},
    )
    sentence = f"{context.component} {plan.number} failed ({cause})"
    if problem is None:
        return "returned", f"{sentence}; {old.number} serves again on {context.environment}"
    return (
        "failed",
        f"{sentence}, and {old.number} did not come back ({problem}): see tta-ops status {context.component}",
    )


def _record(context: Context, plan: Plan, event: str, release: Release, data: Dict[str, Any]) -> None:
    context.ledger.append(
        event,
        component=context.component,
        release=release.number,
        artifact=release.facts["artifact"],
        actor=plan.actor,
        reason=plan.reason,
        run=plan.run,
        data=data,
    )


def result(
    context: Context, release: Release, outcome: str, message: str, *, changed: bool, failed: bool = False
) -> Dict[str, Any]:
    """Return the result of an act: the release it was about, what runs now, and the sentence for the operator."""
    serving = context.store.current()
    previous = context.store.previous()
    containers = context.engine.project((serving or release).facts["project"])
    seconds = {step: context.seconds(begin, end) for step, begin, end in _SPANS}
    gap = context.seconds("switch", f"first good {release.number}")
    return {
        "changed": changed,
        "failed": failed,
        "outcome": outcome,
        "message": message,
        "release": release.facts,
        "current": serving.number if serving else None,
        "previous": previous.number if previous else None,
        "containers": health.containers_of(containers),
        "published": health.published(containers),
        "receipt": {"seconds": seconds, "gap_seconds": gap},
        "at": times.now(),
    }


_SPANS = (
    ("prepare", "prepare", "verify"),
    ("verify", "verify", "switch"),
    ("start", "switch", "settle"),
    ("settle", "settle", "record"),
)
