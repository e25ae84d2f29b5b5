"""The audit names every ledger that is not whole, too short, or silent; what it exports is what the ledger says."""

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.tta.ops.plugins.module_utils.host.ledger import Ledger
from ansible_collections.tta.ops.plugins.plugin_utils.tracking.audit import audit
from tracking_facts import operation


def book(folder: Path, entries: int = 3) -> bytes:
    ledger = Ledger(folder / "ledger.jsonl", "staging")
    for number in range(entries):
        ledger.append("genesis", component="carbon", actor="Jane", run=f"r{number}", reason="x")
    return ledger.path.read_bytes()


def test_whole_ledgers_are_exported_as_they_are(tmp_path: Path) -> None:
    data = book(tmp_path)
    found = audit(operation(), {"staging": data}, {}, {})
    told = json.loads(found["files"]["staging"])
    assert found["problems"] == []
    assert (told["whole"], told["head"]["seq"]) == (True, 3)
    assert [json.dumps(one, sort_keys=True) for one in told["entries"]] == [
        json.dumps(json.loads(line), sort_keys=True) for line in data.splitlines()
    ]
    assert found["report"]["headline"] == "AUDITED 1 ledgers: every chain is whole"


def test_one_changed_letter_a_lost_tail_and_silence_are_problems(tmp_path: Path) -> None:
    data = book(tmp_path)
    changed = audit(operation(), {"staging": data.replace(b'"Jane"', b'"Jake"', 1)}, {}, {})
    assert "the ledger of staging, byte" in changed["problems"][0]
    assert json.loads(changed["files"]["staging"])["whole"] is False
    assert json.loads(changed["files"]["staging"])["entries"] == []
    head = json.loads(data.splitlines()[2])
    short = b"".join(line + b"\n" for line in data.splitlines()[:2])
    remembered = {"request x": {"staging": {"seq": 3, "hash": head["hash"]}}}
    assert "too short" in audit(operation(), {"staging": short}, remembered, {})["problems"][0]
    silent = audit(operation(), {"staging": data}, {}, {"production": "no answer"})
    assert silent["problems"] == ["the ledger of production could not be read: no answer"]
    assert silent["report"]["outcome"] == "refused"
