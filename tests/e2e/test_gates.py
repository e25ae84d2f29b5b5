"""`gates.yml`: judges one component or all of them, promotes nothing, and says so by its exit code.

Two small libraries: `counter` is ready, `noisy` has an import that nobody uses. Nothing is built, nothing runs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sites.library import FILES
from sites.site import Site

TESTS = {"unit": {"paths": ["checks/test_unit.py"]}, "integration": {"paths": ["checks/test_live.py"]}}
CATALOGUE = {
    "monorepo": {"development": {"compose_file": "compose.yml", "env_example": "example.env"}},
    "components": {
        "counter": {"paths": ["counter"], "tests": TESTS},
        "noisy": {
            "paths": ["noisy"],
            "tests": {kind: {"paths": [f"noisy_{each['paths'][0]}"]} for kind, each in TESTS.items()},
        },
    },
}
PAGE = "docs/component-promotion/COMPONENT_MATURITY_STATUS.md"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site; the first command that anybody runs there judges both components."""
    site = Site(tmp_path_factory.mktemp("gates"), f"e2e-gates-{os.getpid()}")
    shutil.rmtree(site.monorepo)
    for name, text in FILES.items():
        write(site, name, text)
        if name.startswith(("counter/", "checks/")):
            write(site, name.replace("counter/", "noisy/").replace("checks/", "noisy_checks/"), noisy(text))
    subprocess.run(["git", "init", "--quiet", str(site.monorepo)], check=True)
    site.commit("Two libraries")
    (site.inventories / "catalogue.yml").write_text(yaml.safe_dump(CATALOGUE))
    for folder, group in (("staging-homelab", "staging"), ("production", "production")):
        path = site.inventories / folder / "group_vars" / group / "main.yml"
        files = {"environment_compose_file": "compose.yml", "environment_env_example": "example.env"}
        path.write_text(yaml.safe_dump(yaml.safe_load(path.read_text()) | files))
    yield site


def noisy(text: str) -> str:
    text = text.replace("counter", "noisy").replace("# Counter", "# Noisy")
    return text.replace('"""Counts."""\n', '"""Counts."""\n\nimport os\n')


def write(site: Site, name: str, text: str) -> None:
    (site.monorepo / name).parent.mkdir(parents=True, exist_ok=True)
    (site.monorepo / name).write_text(text)


def gates(site: Site, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return site.play("gates.yml", *(word for each in arguments for word in ("-e", each)), check=check)


def newest(site: Site, kind: str, component: str = "") -> Path:
    folders = (site.folder / "operator" / kind).glob(f"*{f'-{component}' if component else ''}")
    return max(folders, key=lambda path: path.name)


def test_all_components_are_judged_nearest_to_ready_first(two: Site) -> None:
    done = gates(two)
    assert "SURVEY 2 components, 2 judged: 1 ready for the next stage (counter)" in done.stdout, done.stdout
    told = done.stdout[done.stdout.index("SURVEY") :]
    assert told.index("\ncounter ") < told.index("\nnoisy ")
    assert "lint 1 finding (1 file), wanted 0 findings" in told
    page = (two.monorepo / PAGE).read_text()
    assert "| 1 | counter | development → staging | 7/7 |" in page
    assert "| 2 | noisy | development → staging | 6/7 |" in page
    assert two.git("status", "--porcelain").split() == ["??", "docs/"]
    assert (newest(two, "evidence", "noisy") / "manifest.json").is_file()
    run = newest(two, "evidence", "noisy").name.removesuffix("-noisy")
    report = two.folder / "operator" / "reports" / run / "report.html"
    assert report.is_file()
    assert f'href="../{run}-counter/report.html"' in report.read_text()
    assert (two.ledger(), two.ledger("production")) == ([], [])


def test_what_is_ready_is_ready_and_no_more(two: Site) -> None:
    two.commit("The page")
    done = gates(two, "component=counter")
    assert "READY counter → staging 7/7" in done.stdout, done.stdout
    assert "nothing has changed since they passed" in done.stdout
    assert two.ledger() == []
    assert not (two.state / "staging" / "requests").exists()
    assert two.git("status", "--porcelain") == ""


def test_some_gates_answer_what_was_asked(two: Site) -> None:
    done = gates(two, "component=counter", "gates=lint,security", "fresh=true")
    assert "PASSED 2 of 13 gates: counter → staging" in done.stdout, done.stdout
    verdicts = json.loads((newest(two, "evidence") / "verdicts.json").read_text())
    assert {each["gate"]: each["reused_from"] for each in verdicts} == {"lint": None, "security": None}


def test_what_is_not_committed_is_not_judged_and_is_named(two: Site) -> None:
    code = two.monorepo / "counter" / "__init__.py"
    was = code.read_text()
    code.write_text(f"import os\n{was}")
    done = gates(two, "component=counter", "gates=lint")
    code.write_text(was)
    assert "PASSED 1 of 13 gates" in done.stdout, done.stdout
    assert "counter/__init__.py" in done.stdout


def test_a_plan_leaves_nothing_behind(two: Site) -> None:
    before = two.snapshot()
    done = two.play("gates.yml", "--check", "-e", "component=counter", "-e", "gates=lint")
    assert "PASSED 1 of 13 gates" in done.stdout, done.stdout
    assert two.snapshot() == before


def waive(site: Site, until: str) -> None:
    entry = {"gate": "lint", "component": "noisy", "owner": "Jane", "reason": "it goes in the next release"}
    entry["until"] = until
    (site.inventories / "waivers.yml").write_text(yaml.safe_dump({"waivers": [entry]}))


def test_a_waiver_lets_through_until_it_has_expired(two: Site) -> None:
    today = datetime.now(UTC).date()
    refused = gates(two, "component=noisy", check=False)
    waive(two, f"{today + timedelta(days=1)}")
    waived = gates(two, "component=noisy")
    waive(two, f"{today - timedelta(days=1)}")
    expired = gates(two, "component=noisy", check=False)
    (two.inventories / "waivers.yml").unlink()
    assert refused.returncode != 0
    assert "NOT READY noisy → staging 6/7" in refused.stdout, refused.stdout
    assert "READY noisy → staging 6/7, 1 waived" in waived.stdout, waived.stdout
    assert "it goes in the next release" in newest_report(two)
    assert expired.returncode != 0
    assert "it goes in the next release" in expired.stdout, expired.stdout


def newest_report(site: Site) -> str:
    return (newest(site, "reports") / "report.html").read_text()


BAD = {
    "gates=lnt": ("there is no gate lnt", "one of features, unit-tests"),
    "component=number": ("component number is not in the catalogue", "one of counter, noisy"),
    "policy=/nowhere.yml": ("the policy /nowhere.yml cannot be read", "a YAML file"),
}


@pytest.mark.parametrize("typed", BAD)
def test_bad_input_is_refused(two: Site, typed: str) -> None:
    before = two.snapshot()
    given = [] if typed.startswith("component") else ["component=counter"]
    done = gates(two, *given, typed, check=False)
    assert_refused(done, *BAD[typed])
    assert two.snapshot() == before


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stdout
    told = " ".join(done.stdout.split())
    for word in ("NOTHING DONE gates", *words):
        assert word in told, done.stdout


def test_a_limit_is_refused(two: Site) -> None:
    done = two.play("gates.yml", "--limit", "staging", "-e", "component=counter", check=False)
    assert_refused(done, "--limit staging leaves out localhost")


def test_a_waiver_that_is_none_is_refused_before_anything_is_judged(two: Site) -> None:
    waive(two, "soon")
    before = two.snapshot()
    done = gates(two, "component=noisy", check=False)
    (two.inventories / "waivers.yml").unlink()
    assert_refused(done, "waivers.yml, entry 1, key until, is 'soon'", "YYYY-MM-DD")
    assert two.snapshot() == before
