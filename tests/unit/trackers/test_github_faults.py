"""GitHub down, slow, limited, refusing, or failing in the middle: the local result stands, and nothing is doubled."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.trackers.transport import Requests
from standin import Fault, Standin
from standin.bench import KEY, Beside, Time, document, sent, settings, tracker
from standin.life import remembered


def everything(**changes: Any) -> dict[str, Any]:
    return document(
        comments=[{"marker": "validation", "body": "7/7"}, {"marker": "evidence", "body": "ab"}],
        milestone={"title": "Carbon → Production Promotion", "due": "2026-11-27", "description": "x"},
        board={"column": "Staging", "fields": {"Test Coverage": 76.1, "Owner": "jane"}},
        **changes,
    )


def test_what_cannot_be_sent_waits_and_goes_in_order_with_the_next_run(standin: Standin, beside: Beside) -> None:
    standin.faults = [Fault(times=1000)]
    first = sent([document()], beside, standin)
    assert (first.sent, first.queued) == (0, 1)
    assert "cannot be reached" in first.problems[0]
    blocker = document(kind="blocker", key="blocker/carbon/staging/lint", title="lint")
    sent([document(title="later"), blocker], beside, standin, run="run-2")
    assert beside.waiting() == [KEY, KEY, "blocker/carbon/staging/lint"]
    standin.faults = []
    found = sent([], beside, standin, run="run-3")
    assert (found.sent, found.queued, found.problems) == (3, 0, [])
    changes = [
        content.get("title")
        for method, path, content in standin.calls
        if method in ("POST", "PATCH") and "/issues" in path
    ]
    assert changes == ["[PROMOTION] carbon: development → staging", "later", "lint"]
    before = len(standin.calls)
    assert sent([], beside, standin, run="run-4").sent == 0
    assert len(standin.calls) == before


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("status", [0, 500, 502], ids=["cut", "500", "502"])
def test_an_answer_that_gets_lost_anywhere_doubles_nothing(tmp_path: Path, status: int, done: bool) -> None:
    clean = Standin()
    sent([everything()], Beside(tmp_path / "clean"), clean, project=5)
    for number in range(len(clean.calls)):
        standin = Standin()
        standin.faults = [_Nth(number, status=status, done=done)]
        found = sent([everything()], Beside(tmp_path / str(number)), standin, project=5)
        assert (found.problems, found.queued) == ([], 0), number
        assert remembered(standin) == remembered(clean), number


class _Nth(Fault):
    """Strikes one request, the one with this number."""

    def __init__(self, number: int, **facts: Any) -> None:
        super().__init__(**facts)
        self.number = number

    def strikes(self, call: str) -> bool:
        self.number -= 1
        return self.number == -1


def test_two_runs_never_send_at_once(standin: Standin, beside: Beside) -> None:
    standin.faults = [Fault(times=1000)]
    sent([document()], beside, standin)
    beside({"take": {"run": "run-2", "process": "", "seconds": 60}})
    standin.faults = []
    found = sent([document(title="mine")], beside, standin, run="run-3")
    assert (found.sent, found.queued) == (0, 2)
    assert "run run-2 sends right now" in found.problems[0]
    beside({"leave": "run-2"})
    assert sent([], beside, standin, run="run-4").sent == 2


@pytest.mark.parametrize(
    ("status", "headers", "slept"),
    [
        (403, {"retry-after": "7"}, 7.0),
        (429, {"retry-after": "7"}, 7.0),
        (
            403,
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1763627110", "date": "Thu, 20 Nov 2025 08:25:00 GMT"},
            11.0,
        ),
    ],
)
def test_a_short_rate_limit_is_waited_for(
    standin: Standin, beside: Beside, status: int, headers: dict[str, str], slept: float
) -> None:
    standin.faults = [Fault("POST .*/issues$", status, headers=headers, message="API rate limit exceeded")]
    clock = Time()
    tracker(settings(standin), standin.token, clock, standin.direct).put(document(), {}, {})
    assert clock.slept == [slept]
    assert len(standin.store.issues) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault("", 403, headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999"}, times=99),
        Fault("", 403, message="You have exceeded a secondary rate limit", times=99),
        Fault("", 429, headers={"retry-after": "3600"}, times=99),
    ],
    ids=["primary", "secondary", "429"],
)
def test_a_long_rate_limit_is_for_the_next_run(standin: Standin, beside: Beside, fault: Fault) -> None:
    standin.faults = [copy.copy(fault)]
    found = sent([document()], beside, standin)
    assert "rate limit" in found.problems[0]
    assert (found.queued, len(standin.calls)) == (1, 1)


def test_what_github_refuses_stops_nothing_else(standin: Standin, beside: Beside) -> None:
    standin.faults = [Fault("POST .*/issues$", 422, message="Validation Failed")]
    blocker = document(kind="blocker", key="blocker/carbon/staging/lint", title="lint")
    found = sent([document(), blocker], beside, standin)
    assert found.problems == [f"{KEY}: GitHub refuses POST /repos/octo/tta/issues: Validation Failed"]
    assert (beside.waiting(), len(standin.store.issues)) == ([KEY], 1)
    assert sent([document(state="closed")], beside, standin, run="run-2").queued == 0


def test_a_refused_document_gives_way_to_a_newer_one(standin: Standin, beside: Beside) -> None:
    standin.faults = [Fault("POST .*/issues$", 422, message="Validation Failed")]
    sent([document()], beside, standin)
    standin.faults = [Fault("POST .*/issues$", 422, message="Validation Failed")]
    found = sent([document(title="newer")], beside, standin, run="run-2")
    assert (found.problems, found.queued, standin.store.issues[1]["title"]) == ([], 0, "newer")


def test_a_board_that_cannot_be_changed_leaves_the_issue(standin: Standin, beside: Beside) -> None:
    found = sent([document(board={"column": "Nowhere", "fields": {}})], beside, standin, project=5)
    assert "Status has no option Nowhere; it has 🔧 Development, 🧪 Staging, 🚀 Production" in found.problems[0]
    assert len(standin.store.issues) == 1
    sent([document(board={"column": "Staging", "fields": {}})], beside, standin, project=5)
    assert (beside.waiting(), standin.projects.card("I_1")) == ([], {"Status": "🧪 Staging"})


def test_an_answer_that_drips_is_not_waited_for(served: Standin) -> None:
    served.faults = [Fault("GET", slow=0.1, times=99)]
    headers = {"Authorization": f"Bearer {served.token}"}
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        Requests()("GET", f"{served.url}/repos/octo/tta", headers, None, 0.5)
    assert time.monotonic() - began < 3


def test_nobody_waits_longer_than_the_budget(standin: Standin, beside: Beside) -> None:
    clock = Time()

    def silent(*_: Any) -> Any:
        clock.now += 20
        raise TimeoutError

    with pytest.raises(Exception, match=r"GitHub (does not answer in time|is slow)"):
        tracker(settings(standin), standin.token, clock, silent).put(document(), {}, {})
    assert clock.now <= 1000 + 60 + 20


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault("GET .*/labels", 200, value={"message": "a portal"}), "is no list"),
        (Fault("GET .*/labels", 200, value=["x"]), "is not understood"),
        (Fault("POST .*/issues$", 201, value={"message": "no number"}), "is not understood"),
        (Fault("POST /graphql", 200, value={"data": {"repositoryOwner": {"projectV2": {}}}}), "is not understood"),
    ],
)
def test_an_answer_of_somebody_else_is_survived(standin: Standin, beside: Beside, fault: Fault, sentence: str) -> None:
    standin.faults = [fault]
    found = sent([document(board={"column": "Staging", "fields": {}})], beside, standin, project=5)
    assert sentence in found.problems[0] or "not there for this token" in found.problems[0]
    assert sent([], beside, standin, run="run-2", project=5).queued == 0
