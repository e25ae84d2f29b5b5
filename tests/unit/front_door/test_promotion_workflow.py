"""The GitHub workflow for promotion issues: what somebody typed reaches neither a shell nor Ansible."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "examples" / "github" / "read_promotion.py"
WORKFLOW = ROOT / "examples" / "github" / "promotion.yml"
CATALOGUE = ROOT / "inventories" / "catalogue.yml"


def body(component: str = "carbon", stage: str = "Staging") -> str:
    return f"### Component Name\n\n{component}\n\n### Current Stage\n\nDevelopment\n\n### Target Stage\n\n{stage}\n"


def read(text: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BODY": text}
    command = [sys.executable, str(SCRIPT), str(CATALOGUE)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (body(), "component=carbon\nstage=staging\n"),
        (body("gameplay_loop", "Production"), "component=gameplay_loop\nstage=production\n"),
        (body().replace("\n", "\r\n"), "component=carbon\nstage=staging\n"),
        (body("  carbon  ", "STAGING "), "component=carbon\nstage=staging\n"),
    ],
)
def test_a_filled_in_form_is_read(text: str, printed: str) -> None:
    done = read(text)
    assert (done.returncode, done.stdout, done.stderr) == (0, printed, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'Component Name' must be one of: carbon, "),
        (body(""), "'Component Name' must be one of: carbon, "),
        (body("$(touch /tmp/pwned)"), "'Component Name' must be one of"),
        (body("carbon; id"), "'Component Name' must be one of"),
        (body("{{ lookup('pipe', 'id') }}"), "'Component Name' must be one of"),
        (body("carbon\nstage=production"), None),
        (body("carbon\r\nname<<EOF"), None),
        (body("carbn"), "'Component Name' must be one of"),
        (body("../../x"), "'Component Name' must be one of"),
        (body("a" * 300), "'Component Name' must be one of"),
        (body(stage="production, staging"), "'Target Stage' must be one of: staging, production"),
        (body(stage="Development"), "'Target Stage' must be one of"),
        (body(stage=""), "'Target Stage' must be one of"),
        (body(stage="staging`id`"), "'Target Stage' must be one of"),
    ],
)
def test_only_a_known_name_and_a_stage_come_out(text: str, said: str | None) -> None:
    done = read(text)
    if said is None:  # only the first line below a heading counts
        assert done.stdout == "component=carbon\nstage=staging\n"
    else:
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def workflow() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(WORKFLOW.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - `on` stays a word
    return found


def steps() -> list[dict[str, Any]]:
    return [step for job in workflow()["jobs"].values() for step in job["steps"]]


def test_no_script_has_an_expression_in_it() -> None:
    scripts = [step["run"] for step in steps() if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


def test_nothing_but_pinned_actions_runs() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used
    assert [each for each in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", each)] == []


def test_rights_are_given_a_job_at_a_time_and_what_runs_the_monorepos_code_may_only_read() -> None:
    jobs = workflow()["jobs"]
    assert workflow()["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "allow": {"contents": "read"},
        "judge": {"contents": "read"},
        "comment": {"issues": "write"},
    }
    assert all("timeout-minutes" in job for job in jobs.values())
    checkouts = [step["with"] for step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert {each["persist-credentials"] for each in checkouts} == {"false"}
    assert "secrets." not in WORKFLOW.read_text()


def test_only_for_people_who_may_write() -> None:
    jobs = workflow()["jobs"]
    assert jobs["judge"]["needs"] == "allow"
    assert "needs.allow.result == 'success'" in jobs["comment"]["if"]
    assert "admin | maintain | write) ;;" in jobs["allow"]["steps"][0]["run"]


@pytest.mark.parametrize("permission", ["admin", "maintain", "write", "read", "triage", "none", ""])
def test_the_check_of_the_permission_does_what_it_says(tmp_path: Path, permission: str) -> None:
    script = workflow()["jobs"]["allow"]["steps"][0]["run"]
    gh = tmp_path / "gh"
    gh.write_text(f"#!/bin/sh\necho '{permission}'\n")
    gh.chmod(0o755)
    given = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "AUTHOR": "jane", "SENDER": "x; exit 0", "REPOSITORY": "o/r"}
    done = subprocess.run(["bash", "-e", "-c", script], env=given, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is (permission in ("admin", "maintain", "write"))
