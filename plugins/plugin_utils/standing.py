"""Where every component stands: the stages, folded from the ledgers of both environments.

A ledger that could not be read leaves the components that only it could vouch for `unknown`, which is never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..module_utils.host import ledger
from ..module_utils.host.demotion.due import expired
from . import barred, way_back
from .anchors import heads, missing
from .production.staged import require_staged
from .refusal import Refusal

ORDER = ("development", "staging", "production")
# Whoever looks for damage must not be stopped by it.
TOLERANT = "verify-evidence"
# What these are about has to be in staging as it is.
STAGED = ("approve", "promote-production")


def standing(
    operation: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any] | None], hosts: Mapping[str, Iterable[str]]
) -> dict[str, Any]:
    """Return `{stages, entries, heads, promoted, last_promoted_commit, silent, damage, issues}` for the operation.

    `answers` maps a host to the result of its `status`, None when it did not answer; `hosts` maps an environment to its
    hosts, the first of which keeps the ledger. `entries` are those of all ledgers. `promoted` is the component's latest
    promotion to the stage wanted if it was of exactly this artifact and still stands, else None. `heads` are those of
    the ledgers by environment, each `{seq, hash}`. Raises `Refusal` when the target's own hosts are silent, and when a
    ledger is damaged or shorter than another one remembers it; the verb verify-evidence gets that as `damage`.
    """
    target, tolerant = operation["target"], operation.get("verb") == TOLERANT
    silent = sorted(host for host, answer in answers.items() if answer is None)
    for host in hosts.get(target, ()):
        _require_ready(host, answers.get(host), target)
    keepers = {name: next(iter(members)) for name, members in hosts.items() if members}
    books = {name: _book(answers[keeper], name) for name, keeper in keepers.items() if keeper not in silent}
    entries = {name: list(book.get("entries", [])) for name, book in books.items()}
    damage = [*_damaged(books), *_too_short(entries, operation)]
    if damage and not tolerant:
        raise damage[0]
    _require_earned(operation, entries.get(target, []))
    known = ledger.stages([entry for name in sorted(entries) for entry in entries[name]])
    promoted = _standing_promotion(operation, entries.get(target, []), known)
    if operation.get("verb") in STAGED and not promoted:
        require_staged(operation, entries.get("staging"), _serving(operation, answers, keepers.get("staging")))
    unread = [name for name in keepers if name not in entries]
    stages = {name: _stage(known.get(name), unread) for name in operation["components"]}
    return {
        "stages": stages,
        "silent": silent,
        "heads": heads(entries),
        "damage": [each.found for each in damage],
        "entries": [entry for name in sorted(entries) for entry in entries[name]],
        "promoted": promoted,
        "issues": issues({name: answers[keeper] for name, keeper in keepers.items()}),
        "last_promoted_commit": _last_promoted_commit(operation["component"], entries.get(target, [])),
    }


def issues(answers: Mapping[str, Mapping[str, Any] | None]) -> dict[str, Any]:
    """Return the tracked issues of all environments as gates want them: `{asked, problem, entries}`."""
    found: list[Any] = []
    problems = [f"the host that keeps those of {name} does not answer" for name, one in answers.items() if one is None]
    for name, answer in answers.items():
        if answer is None:
            continue
        here = ((answer.get("environments") or {}).get(name) or {}).get("issues") or {}
        found += [{**one, "environment": name} for one in here.get("entries") or []]
        problems += [str(here["problem"])] if here.get("problem") else []
    return {"asked": bool(answers), "problem": "; ".join(problems), "entries": found}


def _serving(
    operation: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any] | None], keeper: str | None
) -> Mapping[str, Any] | None:
    """Return the release of the operation's component that serves in staging, if its host tells of one."""
    here = ((answers.get(keeper or "") or {}).get("environments") or {}).get("staging") or {}
    release: Mapping[str, Any] | None = (here.get("components") or {}).get(operation["component"], {}).get("release")
    return release


def _stage(known: Mapping[str, Any] | None, unread: list[str]) -> str:
    stage = str(known["stage"]) if known else "development"
    could_be_higher = any(ORDER.index(name) > ORDER.index(stage) for name in unread)
    return "unknown" if could_be_higher and stage == "development" else stage


def _standing_promotion(
    operation: Mapping[str, Any], entries: list[dict[str, Any]], known: Mapping[str, Any]
) -> dict[str, Any] | None:
    component, artifact = operation["component"], operation["artifact"]
    if not artifact or not operation["stage_wanted"]:
        return None
    stage = known.get(component, {}).get("stage", "development")
    if ORDER.index(stage) < ORDER.index(operation["stage_wanted"]):
        return None
    own = [entry for entry in entries if entry["component"] == component]
    last: dict[str, Any] | None = next(
        (
            entry
            for entry in reversed(own)
            if entry["event"] in ("promoted", "demoted", "returned") and not barred.is_rehearsal(entry)
        ),
        None,
    )
    if last is None or last["event"] != "promoted" or (last["artifact"] or {}).get("tree") != artifact["tree"]:
        return None
    # what leant on a waiver is judged anew when the waiver has ended
    return None if expired(last, str(operation.get("asked_at") or "")[:10]) else last


def _require_earned(operation: Mapping[str, Any], entries: list[dict[str, Any]]) -> None:
    """Refuse a deploy of what was not promoted to the target as it is, or was taken back since."""
    if operation.get("verb") != "deploy":
        return
    way_back.require_services(operation)
    component, target, artifact = operation["component"], operation["target"], operation["artifact"]
    if barred.earned(entries, component, artifact["tree"]):
        return
    commit = str(artifact["commit"])[:12]
    taken = barred.by(entries, component, artifact["tree"])
    raise Refusal(
        f"{component} at commit {commit} was taken back on {taken['at']} and is barred until it is judged anew"
        if taken
        else f"{component} at commit {commit} has not earned {target}: it was never promoted there as it is",
        f"an artifact that was promoted to {target}",
        f"ansible-playbook promote-{target}.yml -e component={component} -e version={commit}",
    )


def _last_promoted_commit(component: str | None, entries: list[dict[str, Any]]) -> str:
    promoted = [each for each in entries if each["component"] == component and each["event"] == "promoted"]
    return str((promoted[-1]["artifact"] or {}).get("commit", "")) if promoted else ""


def _book(answer: Mapping[str, Any] | None, environment: str) -> Mapping[str, Any]:
    return ((answer or {}).get("environments") or {}).get(environment, {}).get("ledger") or {}


def _damaged(books: Mapping[str, Mapping[str, Any]]) -> list[Refusal]:
    return [
        Refusal(
            f"the ledger of {name} is damaged: {book.get('damage', 'its chain of hashes does not hold')}",
            "an unbroken chain",
            "ansible-playbook verify-evidence.yml names the first byte; then a copy of the ledger from the backup",
        )
        for name, book in sorted(books.items())
        if book.get("valid") is False
    ]


def _too_short(entries: Mapping[str, list[dict[str, Any]]], operation: Mapping[str, Any]) -> list[Refusal]:
    """Return what the ledgers miss of each other, in a sentence that says which file is to be restored."""
    refusals = []
    for each in missing(entries):
        state = operation.get("environments", {}).get(each.environment, {}).get("state", "")
        place = f"{state}/{each.environment}/ledger.jsonl"
        refusals.append(
            Refusal(str(each), "every entry that was ever written", f"a copy of {place} from the backup, in its place")
        )
    return refusals


def _require_ready(host: str, answer: Mapping[str, Any] | None, target: str) -> None:
    if answer is None:
        raise Refusal(
            f"{host} does not answer",
            "every host of the environment within reach",
            f"ansible {host} -m ansible.builtin.ping",
        )
    if answer.get("engine") is False:
        raise Refusal(
            f"Docker does not answer on {host}",
            "a running Docker Engine with Compose v2",
            f"ansible-playbook prepare-host.yml --limit {target}",
        )
