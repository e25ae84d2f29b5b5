"""The audit: is every ledger's chain whole, is it as long as others remember it, and what does it hold. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ...module_utils.host import ledger
from ..evidence import ledgers

SCHEMA = 1


def audit(
    operation: Mapping[str, Any],
    books: Mapping[str, bytes],
    requests: Mapping[str, Mapping[str, Any]],
    silent: Mapping[str, str],
) -> dict[str, Any]:
    """Return `{files: {environment: JSON text}, problems: [sentence], report}`.

    `books` are the bytes of the ledgers, `requests` the heads that promotion requests remember, `silent` why an
    environment's ledger could not be read: that is a problem too. A file has `{schema, environment, at, by, run, whole,
    problems, head: {seq, hash}, sha256 (of the ledger's bytes), entries}`, the entries up to the first damage.
    """
    unread = [f"the ledger of {name} could not be read: {why}" for name, why in sorted(silent.items())]
    problems = [*ledgers.check(books, requests), *unread]
    files, rows = {}, []
    for name, data in sorted(books.items()):
        reading = ledger.parse(data, f"the ledger of {name}")
        own = [one for one in problems if f"ledger of {name}" in one]
        head = reading.entries[-1] if reading.entries else {"seq": 0, "hash": None}
        document = {
            "schema": SCHEMA,
            "environment": name,
            "at": operation["asked_at"],
            "by": operation["actor"],
            "run": operation["run"],
            "whole": not own,
            "problems": own,
            "head": {key: head[key] for key in ("seq", "hash")},
            "sha256": hashlib.sha256(data).hexdigest(),
            "entries": list(reading.entries),
        }
        files[name] = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        rows.append(
            [name, f"{len(reading.entries)} entries, {'whole' if not own else 'NOT WHOLE'}, head {head['hash']}"]
        )
    return {"files": files, "problems": problems, "report": _report(rows, problems, len(books))}


def _report(rows: list[list[str]], problems: list[str], number: int) -> dict[str, Any]:
    good = f"AUDITED {number} ledgers: every chain is whole"
    return {
        "headline": good if not problems else f"NOT WHOLE {problems[0]}",
        "outcome": "done" if not problems else "refused",
        "criteria": [],
        "rows": [*rows, *[["problem", one] for one in problems]],
        "next": []
        if not problems
        else ["ansible-playbook verify-evidence.yml names the byte; then a copy of the file"],
    }
