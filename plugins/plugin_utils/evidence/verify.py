"""Verifies all that is kept: the operator's folders, the hosts' copies, and the ledgers. Reads only."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import copies, ledgers
from .ledgers import Promise


@dataclass(frozen=True)
class Kept:
    """What the first host of an environment keeps: the answer of the host program's `kept`, or why there is none."""

    host: str
    answer: Mapping[str, Any] | None
    silence: str = ""

    @property
    def runs(self) -> Mapping[str, Mapping[str, Any]]:
        """By run: root_sha256, bytes and findings."""
        return (self.answer or {}).get("runs") or {}


@dataclass(frozen=True)
class Request:
    """What to verify: `run` and `component` narrow it down; `fetched` are copies that only a host had, unpacked.

    `shelf` has the operator's evidence, `others` what else is to be verified, which no ledger names and no host keeps.
    """

    shelf: Path
    kept: Mapping[str, Kept]
    others: Sequence[Path] = ()
    run: str = ""
    component: str = ""
    fetched: Mapping[tuple[str, str], Path] = field(default_factory=dict)


@dataclass
class Verification:
    """What came of it: sentences on what does not fit, and on what was looked at."""

    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    runs: set[str] = field(default_factory=set)
    verdicts: int = 0
    ledgers: int = 0
    entries: int = 0


def only_on_hosts(request: Request) -> list[dict[str, str]]:
    """Return `{environment, host, run}` of each chosen run that a host keeps and the operator has not."""
    own = {folder.name for folder in _own(request, request.shelf)}
    return [
        {"environment": name, "host": kept.host, "run": run}
        for name, kept in sorted(request.kept.items())
        for run in sorted(kept.runs)
        if run not in own and _is_chosen(request, run, _promises(request).get(run))
    ]


def verify(request: Request) -> Verification:
    """Check every chosen folder, every copy of it, and all ledgers."""
    found = Verification()
    promised = _promises(request)
    own = _own(request, request.shelf)
    roots = {folder.name: _folder(found, folder, promised.get(folder.name), str(folder)) for folder in own}
    for other in request.others:
        for folder in _own(request, other):
            _folder(found, folder, None, str(folder))
    for root in (request.shelf, *request.others):
        found.remarks += copies.shelf(root).remarks
    for (name, run), folder in sorted(request.fetched.items()):
        where = f"the copy of {run} on {request.kept[name].host}"
        roots[run] = _folder(found, folder, promised.get(run), where)
        found.remarks.append(f"the evidence of {run} is only on {request.kept[name].host}; it was verified there")
    for name, kept in sorted(request.kept.items()):
        _copies(found, request, name, kept, roots, promised)
    for run, promise in sorted(promised.items()):
        if _is_chosen(request, run, promise):
            found.problems += _lost(request, promise, roots)
    books = _books(request)
    found.problems += ledgers.check(books, _requests(request))
    found.ledgers, found.entries = len(books), ledgers.length(books)
    return found


def _folder(found: Verification, folder: Path, promise: Promise | None, where: str) -> str:
    checked = copies.check(folder, promise.root if promise else "")
    found.problems += [f"{where}: {problem}" for problem in checked.problems]
    found.runs.add(folder.name)
    found.verdicts += checked.verdicts
    return checked.root


def _copies(
    found: Verification,
    request: Request,
    name: str,
    kept: Kept,
    roots: Mapping[str, str],
    promised: Mapping[str, Promise],
) -> None:
    if kept.answer is None:
        found.problems.append(f"the copies on {kept.host} could not be looked at: {kept.silence}")
        return
    for run, copy in sorted(kept.runs.items()):
        checked_here = (name, run) in request.fetched
        if checked_here or not _is_chosen(request, run, promised.get(run), known=run in roots):
            continue
        where = f"the copy of {run} on {kept.host}"
        damage = [_said(finding) for finding in copy["findings"]]
        wanted = promised[run].root if run in promised else roots.get(run)
        if not damage and wanted and copy["root_sha256"] != wanted:
            damage = [f"its root hash is {copy['root_sha256'][:16]}…, wanted {wanted[:16]}…: it was written anew"]
        found.problems += [f"{where}: {problem}" for problem in damage]
    size = sum(int(copy["bytes"]) for copy in kept.runs.values())
    found.remarks.append(f"{kept.host} keeps the evidence of {counted(len(kept.runs), 'run')}, {size / 1e6:.1f} MB")


def _lost(request: Request, promise: Promise, roots: Mapping[str, str]) -> Iterator[str]:
    """Yield what is missing of the evidence that a promotion rests on."""
    what = f"the evidence of {promise.run}, by which {promise.component} came to {promise.environment},"
    kept = request.kept.get(promise.environment)
    here = promise.run in roots and (promise.environment, promise.run) not in request.fetched
    there = bool(kept and promise.run in kept.runs)
    if not here and not there:
        yield f"{what} is gone: neither the operator nor {kept.host if kept else 'a host'} has it"
    elif kept and kept.answer is not None and not there:
        yield f"{what} has no copy on {kept.host} any more"


def _own(request: Request, root: Path) -> list[Path]:
    return [
        folder
        for folder in copies.shelf(root).runs
        if _is_named(request, folder.name) and request.component in ("", copies.component_of(folder))
    ]


def _is_named(request: Request, name: str) -> bool:
    return request.run in ("", name) or name.startswith(f"{request.run}-")


def _is_chosen(request: Request, run: str, promise: Promise | None, *, known: bool = False) -> bool:
    of_component = known or not request.component or bool(promise and promise.component == request.component)
    return _is_named(request, run) and of_component


def _promises(request: Request) -> dict[str, Promise]:
    return ledgers.promises(_books(request))


def _books(request: Request) -> dict[str, bytes]:
    answers = {name: kept.answer for name, kept in request.kept.items() if kept.answer is not None}
    return {name: base64.b64decode(answer.get("ledger") or "") for name, answer in answers.items()}


def _requests(request: Request) -> dict[str, Mapping[str, Any]]:
    return {
        f"{request_name} on {kept.host}": anchors
        for kept in request.kept.values()
        for request_name, anchors in ((kept.answer or {}).get("anchors") or {}).items()
    }


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 entry`, `2 entries`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _said(finding: Mapping[str, Any]) -> str:
    where = "" if finding["byte"] is None else f", byte {finding['byte']}, line {finding['line']}"
    return f"{finding['path']}{where}: {finding['what']}"
