"""Taking a restore point: dumped → stored → verified; the journal has a line before each."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any, Dict

from .. import canonical, files, running, times
from ..errors import HostError
from ..store import Release
from . import documents, kinds, points, verification, volume
from .box import Box
from .points import Point
from .streams import hash_of
from .throwaway import Target
from .work import Work, stopped

_SPARE = 64 << 20


def take(work: Work, *, verify: bool = True, kind: str = "backup") -> Point:
    """Take a restore point of what the component holds now, and restore it once unless ``verify`` is off.

    The caller holds the lock of the component's backups. Raises ``HostError``; what was stored before is untouched.
    """
    context, release = work.context, work.release()
    _require_room(work)
    begun = time.monotonic()
    point: Point = {
        "schema": 1,
        "id": points.new_id(),
        "kind": kind,
        **{key: getattr(context, key) for key in ("environment", "component", "run", "actor")},
        "release": release.number,
        "artifact": release.facts["artifact"],
        "data_schema": release.facts.get("data_schema"),
        "at": times.now(),
    }
    work.journal.begin(act="backup", point=point["id"], actor=context.actor, run=context.run)
    folder = files.make_folder(work.scratch / "dump", 0o700)
    point["services"] = [_dump(work, release, name, kind == "safety") for name in sorted(work.services)]
    _require_same_release(work, release)
    point["counts"] = {one["service"]: one["counts"] for one in point["services"]}
    point["files"] = _own_files(work, release, folder)
    point["bytes"] = sum(one["bytes"] for part in (point, *point["services"]) for one in part["files"])
    point["seconds"] = {"dump": round(time.monotonic() - begun, 2)}
    files.write_new(folder / "manifest.json", canonical.encode(point) + b"\n", 0o600)
    _store(work, point, folder)
    files.remove_tree(folder)
    if verify:
        point = verification.verify(work, point)
    work.journal.step("done", outcome="verified" if point["verified_at"] else "stored")
    if kind == "backup":
        record(work, point)
    return point


def _store(work: Work, point: Point, folder: Path) -> None:
    work.journal.step("store")
    work.context.enter("store", f"stores {point['bytes'] / 1e6:.1f} MB of {work.context.component} in the repository")
    begun = time.monotonic()
    tags = [f"{key}={point[other]}" for key, other in _TAGS]
    point["snapshot"] = work.restic.store(folder, tags, point["environment"])
    point["seconds"]["store"] = round(time.monotonic() - begun, 2)
    point["verified_at"] = None
    points.write(work.place, point)
    work.journal.step("stored")


_TAGS = (("point", "id"), ("component", "component"), ("environment", "environment"), ("kind", "kind"))


def record(work: Work, point: Point) -> None:
    """Write it into the ledger: once for a run."""
    context = work.context
    keys = ("service", "kind", "files", "counts")
    context.ledger.append(
        "backed-up",
        component=context.component,
        release=point["release"],
        artifact=point["artifact"],
        actor=context.actor,
        reason=context.reason,
        run=context.run,
        fence=context.fence,
        data={
            "point": point["id"],
            "kind": point["kind"],
            "services": [{key: one[key] for key in keys} for one in point["services"]],
            "snapshot": point["snapshot"],
            "verified": bool(point["verified_at"]),
            "seconds": point["seconds"],
            "bytes": point["bytes"],
        },
    )


def _dump(work: Work, release: Release, service: str, anyhow: bool) -> Dict[str, Any]:
    """Dump one service; ``anyhow``: by a copy of its files when its own means fail."""
    options = work.services[service]
    kind, folder = options["kind"], work.scratch / "dump" / "services" / service
    work.journal.step("dump", service=service)
    try:
        found = _by_own_means(work, release, service, options, folder)
    except HostError as error:
        if not anyhow or kind == "volume":
            raise
        work.context.tell("dump", f"{service} cannot be dumped ({error}): its stopped files are copied instead")
        files.remove_tree(folder)
        kind, options = "volume", {"kind": "volume"}
        found = _by_own_means(work, release, service, options, folder)
    image = running.document(release)["services"][service]["image"]
    return {"service": service, "kind": kind, "image": image, "options": options, **found}


def _by_own_means(work: Work, release: Release, service: str, options: Dict[str, Any], folder: Path) -> Dict[str, Any]:
    module, context = kinds.of(options["kind"]), work.context
    files.make_folder(folder, 0o700)
    if not module.STOPS:
        context.enter("dump", f"dumps {service} ({options['kind']}) while it runs")
        own = [one for one in work.containers(service) if one["State"]["Running"]]
        if not own:
            raise HostError(f"{service} does not run, so it cannot be dumped: deploy {context.component} again first")
        found: Dict[str, Any] = module.dump(Box(context.engine, work.streams, own[0]["Id"], service), options, folder)
        return found
    context.enter("dump", f"stops {service} ({options['kind']}) for its copy{_last_gap(work, service)}")
    with stopped(work, service):
        target = Target(context.engine, work.streams, release, service, documents.RESTORE, work.scratch)
        with target:
            box = target.box if module is volume else target.sleeping()
            found = module.dump(box, options, folder)
    return {**found, "gap_seconds": context.facts.get("gap_seconds")}


def _last_gap(work: Work, service: str) -> str:
    gaps = [
        one["gap_seconds"]
        for point in points.every(work.place, work.context.component)
        for one in point["services"]
        if one["service"] == service and one.get("gap_seconds")
    ]
    return f", which interrupts it, the last time for {gaps[-1]:g} s" if gaps else ", which interrupts it"


def _own_files(work: Work, release: Release, folder: Path) -> list[Dict[str, Any]]:
    """Copy the release (Compose and environment files) and the ledger; return their names and hashes."""
    shutil.copytree(release.folder, folder / "release", symlinks=True, ignore=shutil.ignore_patterns("evidence"))
    ledger = work.context.ledger
    ledger.checked()
    if ledger.path.exists():
        files.write_new(folder / "ledger.jsonl", ledger.path.read_bytes(), 0o600)
    own = [folder / "ledger.jsonl", *sorted((folder / "release").rglob("*"))]
    plain = [path for path in own if path.is_file() and not path.is_symlink()]
    return [{"name": str(path.relative_to(folder)), **hash_of(path)._asdict()} for path in plain]


def _require_room(work: Work) -> None:
    """Refuse at once what the last restore point says will not fit."""
    known = points.every(work.place, work.context.component)
    wanted = (known[-1]["bytes"] if known else 0) + _SPARE
    free = shutil.disk_usage(work.folder).free
    if free < wanted:
        raise HostError(
            f"{work.folder} has {free >> 20} MiB left, a dump of {work.context.component} takes about "
            f"{wanted >> 20} MiB: free some (df -h {work.folder}), then the same again"
        )


def _require_same_release(work: Work, release: Release) -> None:
    current = work.context.store.current()
    if current is None or current.number != release.number:
        raise HostError(f"{work.context.title} was deployed anew while it was dumped: the same command again")
