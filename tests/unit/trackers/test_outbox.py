"""What waits beside the ledger: in order, once, and sent by one run at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host.errors import UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.outbox import queue
from ansible_collections.tta.ops.plugins.plugin_utils import run_process
from standin import Fault, Standin
from standin.bench import KEY, Beside, document, sent

LINT = document(kind="blocker", key="blocker/carbon/staging/lint")
TAKE = {"run": "run-1", "process": "", "seconds": 60}


def changed(outbox: queue.Outbox, now: float = 0.0, **asked: Any) -> tuple[queue.Outbox, bool]:
    return queue.changed(outbox, asked, lambda: now)


def test_the_same_twice_waits_once_and_another_state_waits_behind() -> None:
    outbox, _ = changed(queue.empty(), put=[document(), LINT, document()])
    outbox, _ = changed(outbox, put=[document(state="closed"), document(state="closed")])
    assert [(each["seq"], each["key"]) for each in outbox["queue"]] == [(1, KEY), (2, LINT["key"]), (3, KEY)]


def test_what_arrived_is_remembered_and_not_put_in_again() -> None:
    outbox, _ = changed(queue.empty(), put=[document()])
    (entry,) = outbox["queue"]
    remote = {"number": 46, "sent": entry["digest"]}
    outbox, _ = changed(outbox, done=[{"seq": entry["seq"], "key": KEY, "remote": remote}], put=[document()])
    assert (outbox["queue"], outbox["remotes"]) == ([], {KEY: remote})
    outbox, _ = changed(outbox, put=[document(title="other")])
    assert [each["seq"] for each in outbox["queue"]] == [2]


def test_what_is_for_programs_alone_is_not_sent() -> None:
    outbox, _ = changed(queue.empty(), put=[document(at="now", fields={"gate": "lint"}, number=3)])
    assert changed(outbox, put=[document(at="later")])[0] == outbox
    assert set(outbox["queue"][0]["document"]) == set(queue.WANTED)


def test_one_run_sends_at_a_time() -> None:
    outbox, mine = changed(queue.empty(), take=TAKE)
    assert (mine, outbox["holder"]) == (False, None)  # nothing waits
    outbox, mine = changed(outbox, put=[document()], take=TAKE)
    assert mine
    other = {**TAKE, "run": "run-2"}
    assert changed(outbox, 59, take=other)[1] is False
    assert changed(outbox, 61, take=other)[1] is True
    assert changed(outbox, 1, take={**other, "instead_of": "run-1"})[1] is True
    assert changed(changed(outbox, 1, leave="run-2")[0], 2, take=other)[1] is False
    assert changed(changed(outbox, 1, leave="run-1")[0], 2, take=other)[1] is True


def test_a_lease_of_a_clock_that_was_wrong_ends() -> None:
    outbox, _ = changed(queue.empty(), now=10**10, put=[document()], take=TAKE)
    assert changed(outbox, 0, take={**TAKE, "run": "run-2"})[1] is True


def test_the_lease_of_a_run_that_is_gone_is_taken_over(standin: Standin, beside: Beside) -> None:
    machine = run_process.own().rpartition("/")[0].rpartition("/")[0]
    beside({"put": [document()], "take": {"run": "gone", "process": f"{machine}/4194305/1", "seconds": 600}})
    assert beside({})["holder"]["run"] == "gone"
    assert sent([], beside, standin).sent == 1
    assert beside({})["holder"] is None


@pytest.mark.parametrize(
    "asked", [{"put": [{}]}, {"put": ["x"]}, {"done": [{}]}, {"take": {"run": "x"}, "put": [LINT]}]
)
def test_what_makes_no_sense_changes_nothing(tmp_path: Path, asked: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        queue.changed(queue.empty(), asked)
    beside = Beside(tmp_path)
    with pytest.raises(UsageError):
        beside(asked)
    assert beside.waiting() == []


def test_what_a_killed_run_left_beside_the_ledger_is_sent_by_the_next(standin: Standin, beside: Beside) -> None:
    beside.track(document(), LINT)
    found = sent([], beside, standin)
    assert sorted(found.remotes) == [LINT["key"], KEY]
    beside.track(document(state="closed"), document(kind="incident", key="incident/carbon/run-0", state="closed"))
    sent([], beside, standin, run="run-2")
    # one that was closed before it was ever sent is history, and stays where it is
    assert [each["state"] for each in standin.store.issues.values()] == ["closed", "open"]


def test_as_it_stands_beside_the_ledger_it_is_sent(standin: Standin, beside: Beside) -> None:
    standin.faults = [Fault(times=1000)]
    beside.track(document(comments=[{"marker": "first", "body": "1"}]))
    later = document(comments=[{"marker": "second", "body": "2"}])
    beside.track(later)
    sent([later], beside, standin)
    standin.faults = []
    sent([], beside, standin, run="run-2")
    assert [each["body"].splitlines()[1] for each in standin.store.comments_of(1)] == ["1", "2"]
