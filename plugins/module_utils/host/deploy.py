"""The verbs that change what runs: deploy (prepare, verify, switch, drain), rollback and abort."""

from __future__ import annotations

import time
from typing import Any, Dict, List, NamedTuple, Optional

from . import act, acts, colours, front, preparation, road, running, side_by_side, times, watching
from .act import Plan
from .context import Context
from .errors import HostError, UsageError
from .incoming import Bundle
from .rehearsal import mark
from .settings import BLUE_GREEN, STOP_FIRST
from .store import UNKNOWN, Release

STEPS = ("prepare", "verify", "switch", "drain")
_MOMENT = 10.0  # seconds without health after which what serves is no good any more, and is deployed anew


class Full(NamedTuple):
    """What a full rollback is told: the restore point (None: the newest that fits) and the loss that is accepted."""

    point: Optional[str]
    accept_loss: Optional[str]


def deploy(context: Context, bundle: Bundle, steps: List[str]) -> Dict[str, Any]:
    """Deploy a bundle. Without ``switch`` among the ``steps`` the release is left prepared, for a later ``switch``."""
    _admit(context)
    resumed = _begun(context)
    only_if_stopped = bundle.spec.get("only_if_stopped", False)
    current = context.store.current()
    if only_if_stopped and current:
        found = _revive(context, current)
        if found:
            return _with(resumed, found)
    work = preparation.Preparation(context, bundle)
    try:
        return _with(resumed, _deploy(context, work, steps, current))
    finally:
        work.clean()


def _begun(context: Context) -> Optional[Dict[str, Any]]:
    """See that ledger and engine can be relied on, and end what was cut off; return what became of that."""
    entries = context.ledger.checked().entries
    context.engine.version()
    for number in context.store.numbers():
        release = context.store.release(number)
        if release.outcome == UNKNOWN:  # its file is damaged: the ledger says it, too
            own = [one for one in entries if (one["component"], one["release"]) == (context.component, number)]
            served = any(one["event"] in ("deployed", "returned") and not act.is_rejection(one) for one in own)
            release.conclude("deployed" if served else "failed", times.now())
    return acts.resume(context)


def _deploy(
    context: Context, work: preparation.Preparation, steps: List[str], current: Optional[Release]
) -> Dict[str, Any]:
    context.enter("prepare", f"prepares {context.title}")
    work.unpack()
    draft = work.draft()
    if current and draft and preparation.same(current, draft):
        found = _revive(context, current)
        if found:
            return found
    plan = _plan(context, "deploy", _next_number(context, work.number), current, work.strategy)
    act.begin(context, plan)
    watching.begin(context, current)
    try:
        context.store.journal.step("prepare")
        release = work.write(plan.number)
        context.store.journal.step("verify")
        context.enter("verify", f"checks {context.component} {plan.number} before anything is touched")
        preparation.verify(context, release, plan.strategy)
    except BaseException:
        acts.forget(context, plan)
        raise
    if "switch" not in steps:
        rejected = acts.park(context, plan)
        if rejected:
            return rejected
        return act.result(
            context,
            release,
            "prepared",
            f"{context.component} {plan.number} is prepared; {context.serving()}",
            changed=True,
        )
    return acts.perform(context, plan)


def _revive(context: Context, current: Release) -> Optional[Dict[str, Any]]:
    """Leave the current release alone if it is healthy, start it if it is stopped; None when it needs a deploy."""
    found = colours.read(context.store.folder)
    until = time.monotonic() + _MOMENT
    while not (front.is_serving(context, current, found) if found else running.is_running(context, current)):
        if front.is_down(context, current, found) if found else running.is_stopped(context, current):
            break
        if time.monotonic() > until:
            return None
        time.sleep(current.facts["health"]["interval"])
    else:
        message = f"{context.component} {current.number} already serves on {context.environment}; nothing was changed"
        return act.result(context, current, "unchanged", message, changed=False)
    plan = _plan(context, "start", current.number, None, BLUE_GREEN if found else STOP_FIRST)
    act.begin(context, plan)
    return acts.perform(context, plan)


def switch(context: Context) -> Dict[str, Any]:
    """Let the release serve that an earlier ``prepare,verify`` left prepared."""
    context.ledger.checked()
    lines = context.store.journal.unfinished()
    if not lines or lines[-1]["step"] != "parked":
        raise UsageError(f"nothing of {context.title} is prepared: deploy it")
    if context.fence and lines[0]["run"] != context.run:
        raise UsageError(f"what is prepared of {context.title} is of run {lines[0]['run']}: deploy it")
    watching.begin(context, context.store.current())
    return acts.perform(context, act.plan_of(lines))


def rollback(context: Context, number: Optional[int], with_data: Optional[Full] = None) -> Dict[str, Any]:
    """Let an earlier release serve again, with what is on this host; ``with_data``: and the data it had."""
    _admit(context, number)
    resumed = _begun(context)
    store = context.store
    current = store.current()
    if current is None and number is None:
        raise HostError(f"{context.title} was never deployed: there is nothing to return to")
    target = store.release(number) if number is not None else store.previous()
    if target is None:
        raise HostError(
            f"{context.title} has no release before {current.number if current else 'it'}: deploy the commit you want"
        )
    if current is not None and target.number == current.number:
        raise HostError(
            f"{context.component} {number} is the current release of {context.environment}: {_kept(context)}"
        )
    if target.outcome != "deployed":
        raise HostError(f"{context.component} {target.number} never served on {context.environment}: {_kept(context)}")
    if with_data and current is not None:
        from .full import acting  # few rollbacks load it

        return _with(resumed, acting.perform(context, target, current, *with_data))
    closed = road.closed(context.component, current.facts, target.facts) if current else None
    if closed:
        full = f"-e component={context.component} -e target={context.environment} -e release={target.number}"
        raise HostError(f"{closed}: ansible-playbook rollback.yml {full} -e mode=full returns the data too")
    return _with(resumed, _return_to(context, "rollback", target, current))


def undo(context: Context, number: Optional[int] = None) -> Dict[str, Any]:
    """Take back this run's own deploy: the release before it serves again; a first release is removed.

    ``number`` is a release that is to be taken back although an earlier run, which was cut off, deployed it.
    """
    resumed = _begun(context)
    current = context.store.current()
    if current is None or not (current.number == number if number else _deployed_by(context, current)):
        message = f"this run changed nothing of {context.title}, so there is nothing to take back; {context.serving()}"
        return _with(resumed, {"outcome": "unchanged", "changed": False, "failed": False, "message": message})
    before = context.store.served_before(current.number)
    if before is None:
        who = (context.run, context.actor, context.reason)
        plan = Plan("remove", current.number, None, *who, rehearsal=context.rehearsal)
        act.begin(context, plan)
        return _with(resumed, acts.perform(context, plan))
    return _with(resumed, _return_to(context, "undo", context.store.release(before), current))


def _deployed_by(context: Context, release: Release) -> bool:
    own = [entry for entry in context.ledger.checked().entries if entry["component"] == context.component]
    moved = [entry for entry in own if entry["event"] in ("deployed", "returned") and not act.is_rejection(entry)]
    last = moved[-1] if moved else None
    return last is not None and (last["run"], last["event"], last["release"]) == (
        context.run,
        "deployed",
        release.number,
    )


def _return_to(context: Context, verb: str, target: Release, current: Optional[Release]) -> Dict[str, Any]:
    found = colours.read(context.store.folder)
    warm = bool(found and found.releases.get(found.idle) == target.number)
    in_colours = found is not None if current else target.facts.get("strategy") == BLUE_GREEN
    beside = warm or (in_colours and not side_by_side.refusal(context, target))
    plan = _plan(context, verb, target.number, current, BLUE_GREEN if beside else STOP_FIRST)
    act.begin(context, plan)
    watching.begin(context, current)
    try:
        context.store.journal.step("verify")
        context.enter("verify", _road(context, plan, warm))
        if not (warm and front.is_ready(context, target, str(plan.colour))):
            preparation.verify(context, target, plan.strategy)
    except BaseException:
        acts.forget(context, plan)
        raise
    return acts.perform(context, plan)


def _road(context: Context, plan: Plan, warm: bool) -> str:
    """Say from where to where it goes and how, before anything is touched."""
    if plan.back is None:
        return f"starts {context.component} {plan.number} again"
    own = [entry for entry in context.ledger.read().entries if entry["component"] == context.component]
    seconds = road.expected(own, plan.strategy, warm=warm)
    return road.sentence(context.component, plan.back, plan.number, plan.strategy, warm=warm, seconds=seconds)


def abort(context: Context) -> Dict[str, Any]:
    """Give up what is prepared, and bring an act that was cut off to its end."""
    found = acts.resume(context)
    return found or {
        "outcome": "unchanged",
        "changed": False,
        "failed": False,
        "message": f"nothing of {context.title} was under way; {context.serving()}",
    }


def _admit(context: Context, number: Optional[int] = None) -> None:
    """Refuse an act while somebody else rehearses, and one on a damaged ledger."""
    entries = [one for one in context.ledger.checked().entries if one["component"] == context.component]
    rehearsal = context.rehearsal["run"] if context.rehearsal else None
    mark.admit(context.store.folder, entries, rehearsal, number)


def _with(resumed: Optional[Dict[str, Any]], found: Dict[str, Any]) -> Dict[str, Any]:
    """Add what became of an act that had been cut off before."""
    if resumed is None:
        return found
    return {**found, "changed": found["changed"] or resumed["changed"], "resumed": resumed["message"]}


def _plan(context: Context, verb: str, number: int, current: Optional[Release], strategy: str) -> Plan:
    back = current.number if current else None
    was = running.strategy(context) if current else None
    colour = _colour(context, verb, number) if strategy == BLUE_GREEN else None
    who = (context.run, context.actor, context.reason)
    return Plan(verb, number, back, *who, strategy, was, colour, context.rehearsal)


def _colour(context: Context, verb: str, number: int) -> str:
    """Return the colour a release gets: the one it serves in if it only has to start, else the one that is free."""
    found = colours.read(context.store.folder)
    if found is None:
        return colours.BLUE
    return found.live if verb == "start" else found.idle


def _next_number(context: Context, wanted: int) -> int:
    """Return the number of a new release; the hosts of a fleet are told one, so that a number means the same on all."""
    return max(context.store.next_number(_last_number(context)), wanted)


def _last_number(context: Context) -> int:
    own = [entry["release"] for entry in context.ledger.checked().entries if entry["component"] == context.component]
    return max((number for number in own if isinstance(number, int)), default=0)


def _kept(context: Context) -> str:
    store = context.store
    served = [str(number) for number in store.numbers() if store.release(number).outcome == "deployed"]
    return f"kept are {', '.join(served)}"
