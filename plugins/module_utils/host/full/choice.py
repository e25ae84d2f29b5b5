"""Which restore point a full rollback takes, and what it has to be told before it takes one."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

from ..backup import for_others as backup
from ..backup import putting_back
from ..context import Context
from ..errors import HostError
from ..store import Release

Point = Dict[str, Any]


def choose(context: Context, target: Release, wanted: Optional[str], accept_loss: Optional[str]) -> Point:
    """Return the point for ``target``: the one ``wanted``, else the newest verified that fits. Raises ``HostError``.

    What is lost by it has to be accepted by name; in a rehearsal nothing is, since the safety dump comes back.
    """
    known = backup.points_of(context.state, context.environment, context.component)
    point = _named(context, known, wanted) if wanted else _newest(context, known, target)
    _require_data(context, point)
    if wanted and not fits(point, target):
        raise HostError(
            f"the restore point {point['id']} is of release {point['release']} with the data schema "
            f"{_shown(point)}, release {target.number} has {_shown(target.facts)}: {_list(context)}"
        )
    if not point["verified_at"] and not context.rehearsal:
        raise HostError(
            f"the restore point {point['id']} was never restored: tta-ops verify-backups {context.component} "
            f"--environment {context.environment} does that"
        )
    if not context.rehearsal:
        putting_back.accepted(point, accept_loss, _again(context, target, point))
    return point


def fits(point: Point, target: Release) -> bool:
    """Say whether a point's data are what a release expects: made under it, or with the same schema and images."""
    if point["release"] == target.number:
        return True
    images = {one["service"]: one["image"] for one in point["services"]}
    own = {name: (one or {}).get("id") for name, one in (target.facts["artifact"].get("images") or {}).items()}
    same = all(own.get(service) == image for service, image in images.items())
    return same and point.get("data_schema") == target.facts.get("data_schema")


def _named(context: Context, known: Sequence[Point], wanted: str) -> Point:
    for one in known:
        if one["id"] == wanted:
            return one
    raise HostError(f"{context.title} has no restore point {wanted}: {_list(context)}")


def _newest(context: Context, known: Sequence[Point], target: Release) -> Point:
    fitting: List[Point] = [one for one in known if one["verified_at"] and one["services"] and fits(one, target)]
    own = [one for one in fitting if one["release"] == target.number]
    if not fitting:
        there = "there are others" if known else "there is none"
        raise HostError(
            f"{context.title} has no verified restore point with data that release {target.number} can read ({there}); "
            f"a full rollback needs one: {_list(context)}"
        )
    return (own or fitting)[-1]


def _require_data(context: Context, point: Point) -> None:
    if not point["services"]:
        raise HostError(
            f"the restore point {point['id']} of {context.title} holds files, but no data: what its releases differ in "
            f"lies in another component; {_list(context)}"
        )


def _again(context: Context, target: Release, point: Point) -> str:
    return (
        f"tta-ops rollback {context.component} --environment {context.environment} --release {target.number} "
        f"--mode full --point {point['id']}"
    )


def _list(context: Context) -> str:
    return f"tta-ops points {context.component} --environment {context.environment} lists them"


def _shown(facts: Dict[str, Any]) -> str:
    return "none" if facts.get("data_schema") is None else str(facts["data_schema"])
