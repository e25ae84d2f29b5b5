"""The ledger: chained, checked, repaired after a crash, and folded into stages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import canonical
from ansible_collections.tta.ops.plugins.module_utils.host.errors import HostError, UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.ledger import Ledger, parse, stages


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "staging" / "ledger.jsonl", "staging")


def filled(ledger: Ledger) -> bytes:
    for number in (1, 2, 3):
        ledger.append("deployed", component="carbon", release=number, run=f"run-{number}", actor="Jane")
    return ledger.path.read_bytes()


def test_entries_are_chained_by_their_hashes(ledger: Ledger) -> None:
    filled(ledger)
    reading = ledger.read()
    assert reading.problem is None
    assert [entry["seq"] for entry in reading.entries] == [1, 2, 3]
    assert [entry["prev"] for entry in reading.entries[1:]] == [entry["hash"] for entry in reading.entries[:-1]]
    assert reading.head == reading.entries[-1]["hash"]


def test_the_same_event_of_a_run_is_written_once(ledger: Ledger) -> None:
    first, new = ledger.append("promoted", component="carbon", run="run-1")
    again, new_again = ledger.append("promoted", component="carbon", run="run-1", reason="again")
    assert (new, new_again, again) == (True, False, first)
    assert ledger.append("promoted", component="redis", run="run-1")[1]
    assert len(ledger.read().entries) == 3 - 1


@pytest.mark.parametrize("change", [b'"Jane"', b'"deployed"', b'"seq":2', b'"run-2"'])
def test_a_changed_entry_is_found_and_nothing_is_written_after_it(ledger: Ledger, change: bytes) -> None:
    data = filled(ledger)
    second = data.split(b"\n")[1]
    ledger.path.write_bytes(
        data.replace(second, second.replace(change, change.replace(b"e", b"a").replace(b"2", b"7")))
    )
    assert "damaged at line 2" in str(ledger.read().problem)
    assert len(ledger.read().entries) == 1
    with pytest.raises(HostError, match="damaged at line 2"):
        ledger.append("deployed", component="carbon", run="run-4")


def test_a_missing_entry_is_found(ledger: Ledger) -> None:
    lines = filled(ledger).splitlines(keepends=True)
    assert "damaged at line 2" in str(parse(lines[0] + lines[2]).problem)


def test_an_entry_with_a_right_hash_but_another_predecessor_is_found(ledger: Ledger) -> None:
    lines = filled(ledger).splitlines()
    forged = json.loads(lines[1]) | {"prev": "0" * 64}
    del forged["hash"]
    forged["hash"] = canonical.sha256(forged)
    assert "line 2" in str(parse(lines[0] + b"\n" + canonical.encode(forged) + b"\n").problem)


def test_a_ledger_cut_at_any_byte_keeps_its_whole_lines_and_goes_on(ledger: Ledger) -> None:
    data = filled(ledger)
    start = len(b"".join(data.splitlines(keepends=True)[:2]))
    for length in range(start, len(data)):
        ledger.path.write_bytes(data[:length])
        reading = ledger.read()
        assert (reading.problem, len(reading.entries), reading.torn) == (None, 2, data[start:length])
        ledger.append("deployed", component="carbon", release=3, run="run-3")
        assert (ledger.read().problem, len(ledger.read().entries), ledger.read().torn) == (None, 3, b"")


def test_unknown_events_and_facts_are_refused(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="known are genesis"):
        ledger.append("exploded", component="carbon")
    with pytest.raises(UsageError, match="has no colour"):
        ledger.append("deployed", component="carbon", colour="blue")
    assert not ledger.path.exists() or ledger.read().entries == ()


def entry(at: str, environment: str, event: str, seq: int = 1, **facts: object) -> dict[str, object]:
    empty = {"component": "carbon", "artifact": None, "data": None}
    return {**empty, "at": at, "environment": environment, "event": event, "seq": seq, **facts}


def test_stage_follows_promotions_and_demotions_of_both_environments() -> None:
    story = [
        entry("2026-01-01", "staging", "deployed", 1),
        entry("2026-01-02", "staging", "promoted", 2),
        entry("2026-01-09", "production", "promoted", 1),
        entry("2026-01-12", "production", "demoted", 2, data={"stage": "staging"}),
    ]
    found = [stages(story[: length + 1]).get("carbon", {}).get("stage") for length in range(4)]
    assert found == [None, "staging", "production", "staging"]
    assert stages(reversed(story)) == stages(story)
    assert stages(story)["carbon"]["since"] == "2026-01-12"


def test_genesis_enters_a_component_at_the_stage_it_names() -> None:
    found = stages([entry("2026-01-01", "staging", "genesis", component="redis", data={"stage": "production"})])
    assert found["redis"]["stage"] == "production"


def test_a_clock_that_jumped_back_does_not_reorder_a_ledger() -> None:
    story = [
        entry("2026-01-02", "staging", "promoted", 1),
        entry("2026-01-01", "staging", "demoted", 2, data={"stage": "development"}),
    ]
    assert stages(story)["carbon"]["stage"] == "development"


def test_the_next_artifact_in_staging_does_not_lower_a_component_in_production() -> None:
    entries = [
        entry("2026-11-20T09:00:00Z", "production", "genesis", data={"stage": "production"}),
        entry("2026-11-20T10:00:00Z", "staging", "promoted"),
    ]
    assert stages(entries)["carbon"]["stage"] == "production"
    demoted = entry("2026-11-20T11:00:00Z", "production", "demoted", seq=2, data={"stage": "development"})
    assert stages([*entries, demoted])["carbon"]["stage"] == "development"
