"""What is kept is verified in all of its places; whatever was changed, removed or cut anywhere is named."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import keep, manifest
from ansible_collections.tta.ops.plugins.module_utils.host.ledger import Ledger
from ansible_collections.tta.ops.plugins.plugin_utils.anchors import heads
from ansible_collections.tta.ops.plugins.plugin_utils.evidence.report import report
from ansible_collections.tta.ops.plugins.plugin_utils.evidence.verify import (
    Kept,
    Request,
    Verification,
    only_on_hosts,
    verify,
)
from evidence_folders import RUN, write

LATER = "20261120T090000Z-def456"


class Place:
    """An operator's folder and a host's state after a promotion of carbon and a judgement of redis."""

    def __init__(self, base: Path) -> None:
        self.own, self.state = base / "evidence", base / "state"
        self.promoted, self.judged = write(self.own), write(self.own, LATER, component="redis")
        root = manifest.root_of(manifest.of(self.promoted)["files"])
        keep.keep(self.state / "staging" / "evidence", RUN, root, io.BytesIO(keep.pack(self.promoted)))
        self.ledger = Ledger(self.state / "staging" / "ledger.jsonl", "staging")
        self.ledger.append("deployed", component="carbon", run=RUN)
        self.ledger.append("promoted", component="carbon", run=RUN, data={"evidence_root": root})
        anchors = heads({"staging": list(self.ledger.read().entries)})
        self.other = Ledger(self.state / "production" / "ledger.jsonl", "production")
        self.other.append("anchored", run=RUN, data={"anchors": anchors})

    def request(self, **how: str) -> Request:
        answers = {name: keep.kept(self.state / name, None) for name in ("staging", "production")}
        kept = {name: Kept(f"{name}-1", answer) for name, answer in answers.items()}
        return Request(self.own, kept, [self.own.parent / "verification"], **how)

    def problems(self, **how: str) -> list[str]:
        return verify(self.request(**how)).problems


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_what_is_whole_is_verified(place: Place) -> None:
    found = verify(place.request())
    assert (found.problems, found.verdicts, len(found.runs), found.entries) == ([], 4, 2, 3)
    assert report(found)["headline"].startswith("VERIFIED 4 verdicts of 2 runs, 2 ledgers")
    write(place.own.parent / "verification")  # the tests where it was deployed: the same run, of which no ledger speaks
    assert verify(place.request()).problems == []
    assert verify(place.request()).verdicts == 6
    assert verify(place.request(component="redis")).runs == {LATER}
    assert verify(place.request(run=RUN)).runs == {RUN}
    assert verify(place.request(run="unknown")).runs == set()


@pytest.mark.parametrize("where", ["evidence", "state/staging/evidence"])
def test_a_changed_byte_in_either_copy_is_named(place: Place, tmp_path: Path, where: str) -> None:
    path = tmp_path / where / RUN / "gates" / "size" / "stdout"
    path.write_bytes(path.read_bytes().replace(b"[]", b"[)"))
    (problem,) = place.problems()
    assert problem.endswith("gates/size/stdout, byte 1, line 1: one byte was changed: it is 0x29 ')' and was 0x5d ']'")
    assert ("staging-1" in problem) == (where != "evidence")
    assert report(verify(place.request()))["headline"] == "NOT VERIFIED 1 thing is not as it should be"


def test_a_folder_that_was_written_anew_is_found_by_the_ledger(place: Place) -> None:
    shutil.rmtree(place.promoted)
    write(place.own, size=1)
    assert "the whole folder was written anew" in place.problems()[0]


def test_a_verdict_that_does_not_follow_is_named(place: Place) -> None:
    verdicts = place.judged / "verdicts.json"
    verdicts.write_text(verdicts.read_text().replace('"found": 104.5', '"found": 90.5'))
    (place.judged / manifest.NAME).write_bytes(manifest.encode(manifest.of(place.judged)))
    (problem,) = place.problems()
    assert problem.endswith("verdicts.json: gate size, found: it says 90.5, the evidence says 104.5")


def test_what_only_the_host_has_is_fetched_and_verified(place: Place, tmp_path: Path) -> None:
    shutil.rmtree(place.promoted)
    request = place.request()
    assert only_on_hosts(request) == [{"environment": "staging", "host": "staging-1", "run": RUN}]
    copy = place.state / "staging" / "evidence" / RUN
    found = verify(replace(request, fetched={("staging", RUN): copy}))
    assert (found.problems, found.verdicts) == ([], 4)
    (copy / "run.json").unlink()
    again = replace(place.request(), fetched={("staging", RUN): copy})
    assert verify(again).problems == [f"the copy of {RUN} on staging-1: run.json: the file is missing"]


def test_evidence_that_is_gone_is_missed(place: Place) -> None:
    shutil.rmtree(place.state / "staging" / "evidence")
    assert place.problems() == [
        f"the evidence of {RUN}, by which carbon came to staging, has no copy on staging-1 any more"
    ]
    shutil.rmtree(place.promoted)
    assert "is gone: neither the operator nor staging-1 has it" in place.problems()[0]


def test_a_ledger_is_followed_to_its_end(place: Place) -> None:
    data = place.ledger.path.read_bytes()
    lines = data.splitlines(keepends=True)
    place.ledger.path.write_bytes(lines[0])
    short = (
        "the ledger of staging is too short: entry 2 is missing, which entry 1 of the ledger of production remembers"
    )
    assert place.problems() == [short]
    place.ledger.path.write_bytes(data.replace(b"deployed", b"dEployed"))
    at = data.index(b"deployed") + 1
    assert place.problems()[0].startswith(f"the ledger of staging, byte {at}, line 1: one byte was changed")
    place.ledger.path.write_bytes(data[:-9])
    assert f"byte {len(data) - 9}, line 2: the tail is missing" in place.problems()[0]


def test_both_ledgers_cut_are_missed_by_the_request(place: Place) -> None:
    requests = place.state / "staging" / "requests"
    requests.mkdir()
    head = place.ledger.read().entries[-1]
    told = f'{{"anchors": {{"staging": {{"seq": 2, "hash": "{head["hash"]}"}}}}}}'
    (requests / "carbon.json").write_text(told)
    assert place.problems() == []
    place.ledger.path.write_bytes(b"")
    place.other.path.write_bytes(b"")
    assert place.problems() == [
        "the ledger of staging is too short: entries 1 to 2 are missing, "
        "which the request carbon.json on staging-1 remembers"
    ]


def test_a_silent_host_is_no_pass(place: Place) -> None:
    request = place.request()
    silent = {**request.kept, "production": Kept("production-1", None, "no route to host")}
    assert verify(replace(request, kept=silent)).problems == [
        "the copies on production-1 could not be looked at: no route to host"
    ]


def test_what_is_no_evidence_is_remarked_on(place: Place) -> None:
    (place.own / f".{RUN}.part").mkdir()
    (place.own / "notes.txt").write_text("mine")
    found = verify(place.request())
    assert found.problems == []
    assert [remark.rpartition("/")[2] for remark in found.remarks[:2]] == [
        f".{RUN}.part is what a run left that was killed; it can be removed",
        "notes.txt is not the toolkit's",
    ]
    (place.judged / manifest.NAME).unlink()
    assert place.problems() == [f"{place.judged}: manifest.json: the file is missing"]


def test_nothing_verified_is_no_success() -> None:
    said = report(Verification(ledgers=2))
    assert said["headline"].startswith("NOTHING VERIFIED no verdict is kept yet")
    assert (said["outcome"], said["next"]) == ("refused", ["ansible-playbook gates.yml"])
