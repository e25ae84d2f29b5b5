"""A token that is missing, wrong or lacks a right: said in one sentence, without the token; what waits, waits."""

from __future__ import annotations

import pytest
from standin import Fault, Standin
from standin.bench import KEY, Beside, Time, document, sent, settings, shown, tracker

SCOPES = {"x-oauth-scopes": "gist, read:org", "x-accepted-oauth-scopes": "repo"}
FINE = {"x-accepted-github-permissions": "issues=write; pull_requests=write"}
NO_ACCESS = "Resource not accessible by personal access token"


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("", "GITHUB_TOKEN is not set; wanted: a token for octo/tta with issues and milestones: read and write"),
        ("   \n", "GITHUB_TOKEN is not set"),
        ("ghp_first ghp_second", "has spaces, line ends or other characters that no token has"),
        ("ghp_first\r\nX-Injected: yes", "has spaces, line ends or other characters that no token has"),
        ("ghp_grün", "other characters that no token has"),
        ("ghp_expired", "GitHub does not know the token in GITHUB_TOKEN, which is wrong, revoked or expired"),
    ],
)
def test_a_bad_token(standin: Standin, beside: Beside, token: str, sentence: str) -> None:
    found = sent([document()], beside, standin, token=token)
    assert sentence in found.problems[0]
    assert (found.queued, beside.waiting(), standin.writes()) == (1, [KEY], [])
    assert sent([], beside, standin, run="run-2").sent == 1


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            Fault("POST .*/issues$", 403, headers=SCOPES, message="Forbidden"),
            "may not POST /repos/octo/tta/issues: it has the scopes gist, read:org, wanted: repo",
        ),
        (
            Fault("POST .*/issues$", 403, headers=FINE, message=NO_ACCESS),
            "wanted: the permission issues: write, or pull_requests: write; next: give the token that right",
        ),
        (
            Fault("GET .*/labels", 404, headers={**SCOPES, "x-oauth-scopes": ""}, message="Not Found"),
            "octo/tta is not there, or the token in GITHUB_TOKEN may not GET /repos/octo/tta/labels: it has"
            " the scopes none",
        ),
        (Fault("GET .*/labels", 404, message="Not Found"), "octo/tta is not there for the token in GITHUB_TOKEN"),
        (
            Fault("POST", 403, message="Repository was archived so is read-only."),
            "octo/tta is archived, nothing can be written there",
        ),
        (
            Fault("POST .*/issues$", 410, message="Issues are disabled for this repo"),
            "issues are switched off in octo/tta",
        ),
        (
            Fault("GET", 301, headers={"location": "https://elsewhere.example/x"}),
            "leads to another address (elsewhere.example)",
        ),
        (Fault("POST", 301, headers={"location": "/repositories/1/issues"}), "octo/tta has moved"),
    ],
)
def test_what_the_token_may_not_do(standin: Standin, beside: Beside, fault: Fault, sentence: str) -> None:
    standin.faults = [fault]
    found = sent([document()], beside, standin)
    assert sentence in found.problems[0]
    assert (fault.times, found.queued) == (0, 1)


def test_a_renamed_repository_is_followed_at_github_itself(standin: Standin) -> None:
    there = f"{standin.url}/repos/octo/tta/labels?page=1"
    standin.faults = [Fault("GET .*/labels", 301, headers={"location": there})]
    tracker(settings(standin), standin.token, Time(), standin.direct).put(document(), {}, {})
    assert len(standin.store.issues) == 1


@pytest.mark.parametrize("kind", ["INSUFFICIENT_SCOPES", "FORBIDDEN"])
def test_a_token_without_projects_still_opens_the_issue(standin: Standin, beside: Beside, kind: str) -> None:
    said = "requires one of the following scopes: ['read:project']"
    standin.faults = [Fault("POST /graphql", 200, value={"errors": [{"type": kind, "message": said}]})]
    found = sent([document(board={"column": "Staging", "fields": {}})], beside, standin, project=5)
    wanted = "the token in GITHUB_TOKEN may not write the project 5 of octo"
    assert wanted in found.problems[0]
    assert "wanted: projects: read and write (a classic token: the scope project)" in found.problems[0]
    assert (len(standin.store.issues), found.queued) == (1, 1)


def test_a_project_that_is_not_there(standin: Standin, beside: Beside) -> None:
    found = sent([document(board={"column": "Staging", "fields": {}})], beside, standin, project=6)
    assert "project 6 of octo (it is not there for this token)" in found.problems[0]


def test_what_github_says_reaches_the_terminal_without_the_token(standin: Standin, beside: Beside) -> None:
    standin.faults = [Fault("POST .*/issues$", 403, message=f"odd {standin.token}\x1b[2J\u202e {'x' * 900}")]
    served = shown_by(standin, beside)
    assert standin.token not in served
    assert "odd ***[2J xxx" in served
    assert len(served) < 600


def shown_by(standin: Standin, beside: Beside) -> str:
    with standin:
        return str(shown([document()], beside, standin)["msg"])


@pytest.mark.parametrize(
    ("until", "says"), [("2020-01-01 10:00:00 UTC", True), ("9999-01-01 10:00:00 UTC", False), ("soon", False)]
)
def test_a_token_that_expires_soon_is_said_before(standin: Standin, beside: Beside, until: str, says: bool) -> None:
    standin.headers["github-authentication-token-expiration"] = until
    notice = sent([document()], beside, standin).notice
    assert notice == ("the token in GITHUB_TOKEN expires on 2020-01-01; next: make a new one before" if says else "")
