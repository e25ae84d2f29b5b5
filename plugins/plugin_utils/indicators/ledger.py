"""Indicator `ledger`: what the ledgers say about the component.

Document: `{examined, events, latest, event, last, days, staging: {since, days, said}, promises, problems, observed}`.
`problems` says why `last` does not count (any more), such as that it expired. `examined` counts the component's
entries, `events` counts them by event, `latest` has the newest of each; `last` is the newest `event` of exactly this
artifact, `days` the time since; `staging` how long exactly this artifact has been in staging; `promises` compares
`last.data` with the catalogue's `sla`: `{compared, missed, unmeasured}`; `observed` says what an `observed` entry is
worth (`gates/observed.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from ..gates import observed, rehearsed, soak
from ..gates.bench import Bench
from ..gates.errors import DefinitionError
from ..gates.measurement import Measurement
from ..gates.objective import is_number
from .indicator import Indicator

ENVIRONMENTS = ("staging", "production")
_BY_HAND = "ansible-playbook status.yml -e component="


class Ledger(Indicator):
    """The newest `event` in an `environment` that is about exactly the artifact being judged. None is a problem."""

    keys: ClassVar[tuple[str, ...]] = ("event", "environment")
    reusable: ClassVar[bool] = False

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check the event's name and the environment."""
        event = parameters.get("event")
        if not isinstance(event, str) or not event:
            raise DefinitionError(f"{where}.event", f"is {event!r}", "an event of the ledger, such as promoted")
        if parameters.get("environment", "staging") not in ENVIRONMENTS:
            found = f"is {parameters['environment']!r}"
            raise DefinitionError(f"{where}.environment", found, f"one of {', '.join(ENVIRONMENTS)}")

    def measure(self, bench: Bench) -> Measurement:
        """Read the entries that came with the subject; nothing else is asked."""
        subject = bench.subject
        by_hand = f"{_BY_HAND}{subject.component}"
        own = [entry for entry in subject.ledger if entry.get("component") == subject.component]
        if not own:
            return Measurement(problem=f"the ledgers have no entry of {subject.component}", by_hand=by_hand)
        event, environment = self.parameters["event"], self.parameters.get("environment", "staging")
        tree = str(subject.operation["artifact"]["tree"])
        now = datetime.now(UTC)
        try:
            future = [entry for entry in own if soak.time_of(entry) > now]
        except ValueError as error:
            return Measurement(problem=f"the ledger has an entry without a time: {error}", by_hand=by_hand)
        if future:
            said = f"the ledger has an entry of {future[0]['at']}, which is still to come: compare the clocks"
            return Measurement(problem=said, by_hand=by_hand)
        fitting = [
            entry
            for entry in own
            if (entry.get("event"), entry.get("environment"), soak.tree_of(entry)) == (event, environment, tree)
        ]
        if not fitting:
            said = f"the ledger of {environment} has no event {event!r} of exactly this artifact ({tree[:12]})"
            return Measurement(problem=said, by_hand=by_hand)
        promises = dict(subject.entry.get("sla") or {})
        document = _document(own, fitting[-1], tree, promises, now)
        document["problems"] = rehearsed.problems(fitting[-1], subject.entry, now)
        return Measurement(document=document, by_hand=by_hand)


def _document(
    own: list[Mapping[str, Any]], last: Mapping[str, Any], tree: str, promises: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    return {
        "examined": len(own),
        "events": dict(Counter(str(entry["event"]) for entry in own)),
        "latest": {str(entry["event"]): _shown(entry) for entry in own},
        "event": last["event"],
        "last": _shown(last),
        "days": soak.days_between(soak.time_of(last), now),
        "staging": _staging(soak.stay(own, "staging", tree), now),
        "promises": _compared(last.get("data") or {}, promises),
        "observed": observed.judged(last, soak.stay(own, str(last["environment"]), tree), now)
        if last["event"] == "observed"
        else None,
    }


def _staging(stay: soak.Stay, now: datetime) -> dict[str, Any]:
    """Return how long exactly this artifact has been in staging: certainly 0 days when it is not there."""
    if stay.since:
        at = stay.since["at"]
        return {"since": at, "days": soak.days_between(soak.time_of(stay.since), now), "said": f"in staging since {at}"}
    ended = stay.ended
    said = f"it was, until {ended['at']}: {ended['event']}" if ended else "it was never promoted to staging"
    return {"since": None, "days": 0, "said": f"exactly this artifact is not in staging ({said})"}


def _shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry.get(key) for key in ("seq", "at", "environment", "release", "artifact", "run", "data", "hash")}


def _compared(data: Mapping[str, Any], promises: Mapping[str, Any]) -> dict[str, Any]:
    """Compare measured numbers with promised ones of the same name: `…_ms` and `error_rate` are upper limits."""
    upper = {name for name in promises if name.endswith("_ms") or name == "error_rate"}
    both = {name: (data[name], wanted) for name, wanted in promises.items() if is_number(data.get(name))}
    missed = [
        f"{name} was {found:g}, {'at most' if name in upper else 'at least'} {wanted:g} is promised"
        for name, (found, wanted) in both.items()
        if (found > wanted if name in upper else found < wanted)
    ]
    unmeasured = [f"{name} is promised, but was not measured" for name in promises if name not in both]
    return {"compared": sorted(both), "missed": missed, "unmeasured": unmeasured}
