"""Several hosts change together: what each has come to, and what is to be done so that all end alike.

A host's state is the dictionary `release_fleet` that its last step left: `{fence, before, result, lost, failed_step}`.
`before` is what served there {number, tree, previous, previous_tree}; `result` the host program's last answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

State = Mapping[str, Any]
GOOD = ("prepared", "deployed", "unchanged", "started")


def state_of(registered: Mapping[str, Any] | None, ready: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a host's state from what its last task has registered; one that could not be reached is `lost`.

    `ready` is what its first step has registered: what served there is known by it.
    """
    found = dict(registered or {})
    if found.get("unreachable") or not found:
        lost = {"lost": str(found.get("msg") or "it took no part"), "problem": "it cannot be reached"}
        return lost | ({"before": ready["before"]} if ready and "before" in ready else {})
    kept = ("fence", "before", "result", "lost", "problem", "switched", "returned")
    return {key: found[key] for key in kept if key in found}


def before(component: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what serves, from a component's part of the host's status."""
    release = (component or {}).get("release") or {}
    return {
        "number": release.get("number"),
        "tree": (release.get("artifact") or {}).get("tree"),
        "previous": (component or {}).get("previous"),
        "last": max((component or {}).get("kept") or [0]),
    }


def number_of(host: str, states: Mapping[str, State]) -> int:
    """Return the number that a new release has to have at least: the first host's, above all others'."""
    first = next(iter(states))
    made = ((states[first].get("result") or {}).get("release") or {}).get("number")
    if host != first and made:
        return int(made)
    return 1 + max(int((one.get("before") or {}).get("last") or 0) for one in states.values())


def problems(states: Mapping[str, State]) -> dict[str, str]:
    """Return the hosts that are lost or whose step failed, each with the sentence that says why."""
    return {host: str(state["problem"]) for host, state in states.items() if state.get("problem")}


def is_unchanged(states: Mapping[str, State]) -> bool:
    """Say whether nothing was changed on any host, nor tried."""
    found = [(one.get("result") or {}).get("outcome") for one in states.values()]
    return not problems(states) and set(found) == {"unchanged"}


def way_back(host: str, states: Mapping[str, State], tree: str) -> list[str] | None:
    """Return the options of `rollback` that bring `host` back to where the fleet was, or None for nothing to do.

    A host that a run which was cut off had moved on already goes back too, where another one still serves what it had.
    """
    state = states[host]
    if state.get("lost") or not state.get("result"):
        return None
    outcome = state["result"].get("outcome")
    if outcome == "returned" and state.get("switched") and not state.get("problem"):
        return ["--release", str(state["before"]["number"])]  # a rollback
    if outcome in ("prepared", "unfinished") or (outcome == "deployed" and state.get("switched")):
        return ["--undo"]
    served = {other: (one.get("before") or {}).get("tree") for other, one in states.items() if other != host}
    own = state.get("before") or {}
    left_behind = any(other and other != tree for other in served.values())
    if outcome == "unchanged" and own.get("tree") == tree and own.get("previous") and left_behind:
        return ["--undo", "--release", str(own["number"])]
    return None


def serving(host: str, state: State) -> str:
    """Say what serves on a host now."""
    if state.get("lost"):
        own = (state.get("before") or {}).get("number")
        return f"{host} cannot be reached{f' ({own} served there)' if own else ''}"
    if "before" not in state:
        return f"what {host} serves is not known"
    result = state.get("returned") or state.get("result") or {}
    number = result.get("current", (state.get("before") or {}).get("number"))
    return f"{host} serves {number}" if number else f"{host} serves nothing"


def concluded(states: Mapping[str, State], title: str, environment: str) -> tuple[bool, str]:
    """Return whether all went well, and the sentence for the operator: each host with what serves there."""
    found = problems(states)
    each = "; ".join(serving(host, state) for host, state in states.items())
    if not found:
        return True, f"{title} is the same on all hosts of {environment}: {each}"
    causes = "; ".join(f"{host}: {why}" for host, why in found.items())
    return False, f"{title} did not change on {environment}, {causes}; {each}"
