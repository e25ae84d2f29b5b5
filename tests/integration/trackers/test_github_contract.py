"""Every call of carbon's life fits GitHub's own descriptions of its APIs, and so do the stand-in's answers."""

from __future__ import annotations

import copy
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible_collections.tta.ops.plugins.plugin_utils.trackers.sending import send
from ansible_collections.tta.ops.plugins.plugin_utils.trackers.transport import Requests
from github_description import USED
from standin import Fault, Standin
from standin.bench import Beside, Time, settings, tracker
from standin.life import life

HERE = Path(__file__).parent


def wrong(tools: Path, recorded: list[dict[str, Any]]) -> str:
    """What GitHub's GraphQL schema has against these requests and answers; empty when nothing."""
    program = ["node", str(HERE / "contract/graphql.mjs"), str(tools)]
    done = subprocess.run(program, input=json.dumps(recorded), capture_output=True, text=True, check=True, timeout=120)
    return done.stdout.strip()


def test_a_life_fits_the_published_descriptions(tools: Path, prism: str, behind: Standin, tmp_path: Path) -> None:
    real, answers = Requests(), []

    def transport(method: str, url: str, *request: Any) -> Any:
        # the description has no GraphQL: its own test follows
        answer = real(method, url.replace(prism, behind.url) if url.endswith("/graphql") else url, *request)
        answers.append((answer[0], method, url, answer[2]))
        return answer

    behind.calls.clear()
    beside, where = Beside(tmp_path), settings(prism, project=5)
    for number, documents in enumerate(_longer(life())):
        beside.track(*copy.deepcopy(documents))
        result = send(documents, beside, lambda: tracker(where, behind.token, Time(), transport), f"run-{number}")
        assert (result.problems, result.queued) == ([], 0)
    assert [each for each in answers if each[0] >= 300] == []
    called = {(method.lower(), path) for method, path, _ in behind.calls if path != "/graphql"}
    described = {(method, path) for path, methods in USED.items() for method in methods}
    assert {_template(method, path) for method, path in called} == described
    assert len(behind.graphql) > 10
    assert wrong(tools, behind.graphql) == ""


def _longer(runs: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
    """Such a life with what seldom happens: a milestone that moves."""
    late = copy.deepcopy(runs[5])
    late[0]["milestone"] |= {"due": "2026-12-04"}
    return [*runs, late]


def _template(method: str, path: str) -> tuple[str, str]:
    forms = {re.sub(r"\{\w+\}", r"[^/]+", form): form for form in USED}
    return method, next(form for pattern, form in forms.items() if re.fullmatch(pattern, path))


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("POST", "issues", {"body": "no title"}),
        ("POST", "issues", {"title": "x", "labels": "carbon"}),
        ("POST", "issues", {"title": "x", "milestone": {"title": "y"}}),
        ("PATCH", "issues/1", {"state": "shut"}),
        ("PATCH", "issues/1", {"state": "closed", "state_reason": "because"}),
        ("POST", "issues/1/comments", {}),
        ("POST", "labels", {"color": "ededed"}),
        ("POST", "milestones", {"title": "x", "due_on": "on Friday"}),
    ],
)
def test_prism_would_have_said_so(prism: str, behind: Standin, method: str, path: str, content: dict[str, Any]) -> None:
    before = len(behind.calls)
    headers = {"Authorization": f"Bearer {behind.token}"}
    found = requests.request(method, f"{prism}/repos/octo/tta/{path}", json=content, headers=headers, timeout=30)
    assert (found.status_code, len(behind.calls)) == (422, before)


def test_prism_looks_at_answers_too(prism: str, behind: Standin) -> None:
    behind.faults = [Fault("GET .*/labels", 200, value=[{"name": "component:carbon"}])]
    found = requests.get(f"{prism}/repos/octo/tta/labels", timeout=30)
    assert found.status_code == 500
    assert "VIOLATIONS" in found.text


OWNER = 'repositoryOwner(login: "octo")'
ADD = "mutation M($i: ID!) { addProjectV2ItemById(input: {projectId: $i}) { item { id } } }"
FIND = f"query Q($n: Int!) {{ {OWNER} {{ ... on ProjectV2Owner {{ projectV2(number: $n) {{ id }} }} }} }}"


@pytest.mark.parametrize(
    ("query", "variables", "sentence"),
    [
        (f"{{ {OWNER} {{ projectV3 {{ id }} }} }}", {}, "Cannot query field"),
        (ADD, {"i": "x"}, "contentId"),
        (FIND, {"n": "five"}, "Int cannot represent"),
    ],
    ids=["field", "argument", "value"],
)
def test_the_schema_would_have_said_so(tools: Path, query: str, variables: dict[str, Any], sentence: str) -> None:
    assert sentence in wrong(tools, [{"query": query, "variables": variables, "data": {}}])
