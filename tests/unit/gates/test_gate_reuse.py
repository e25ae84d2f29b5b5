"""Not twice: what has not changed is taken over with its evidence, whatever has changed is judged anew."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import manifest
from ansible_collections.tta.ops.plugins.plugin_utils import catalogue, repository
from ansible_collections.tta.ops.plugins.plugin_utils.gates import (
    control_node,
    definition,
    development_inputs,
    evidence,
    history,
    reuse,
)
from ansible_collections.tta.ops.plugins.plugin_utils.gates.inputs import SubjectFacts
from ansible_collections.tta.ops.plugins.plugin_utils.gates.recompute import recompute
from ansible_collections.tta.ops.plugins.plugin_utils.gates.tools import NotKnown
from ansible_collections.tta.ops.plugins.plugin_utils.indicators import KNOWN
from definitions import ONE, lint
from evidence_folders import EARNED, RUN, judged, operation

CATALOGUE = """
monorepo: {infrastructure: [src/base.py], development: {compose_file: compose.yml, env_example: example.env}}
components:
  core: {paths: [src/core]}
  other: {paths: [src/other]}
  web: {paths: [src/web], context: [docker/web], depends: [core], tests: {unit: {paths: [tests/test_web.py]}}}
"""
FILES = {
    "pyproject.toml": "[project]\n",
    "compose.yml": "services: {}\n",
    "example.env": "A=1\n",
    "conftest.py": "",
    "docker/web/Dockerfile": "FROM scratch\n",
    "docs/guide.md": "# Guide\n",
    "docs/web_ROLLBACK.md": "# Back\n",
    "src/__init__.py": "",
    "src/base.py": "BASE = 1\n",
    "src/core/code.py": "CORE = 1\n",
    "src/other/code.py": "OTHER = 1\n",
    "src/web/code.py": "WEB = 1\n",
    "src/web/MATURITY.md": "# Maturity\n- [x] all\n",
    "tests/helper.py": "HELP = 1\n",
    "tests/test_other.py": "def test(): pass\n",
    "tests/test_web.py": "def test(): pass\n",
}
OF_OTHERS = {"docs/guide.md", "src/other/code.py", "tests/test_other.py", "docs/web_ROLLBACK.md"}
LATER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        subprocess.run(["git", "init", "--quiet", folder], check=True)
        self.commit(FILES)

    def commit(self, files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        git = ["git", "-C", self.folder, "-c", "user.name=Jane", "-c", "user.email=jane@example.org"]
        subprocess.run([*git, "add", "--all"], check=True)
        subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "change"], check=True)

    def operation(self, run: str = RUN, text: str = CATALOGUE) -> dict[str, Any]:
        known = catalogue.load(text, "catalogue.yml")
        entry = known["components"]["web"]
        git = repository.git_in(str(self.folder))
        artifact = repository.artifact_of(git, repository.commit_of(git, "HEAD", str(self.folder)), entry)
        more = {"entry": entry, "components": known["components"], "settings": known["monorepo"]}
        return {**operation("web", run, **more), "artifact": artifact, "monorepo": str(self.folder)}

    def facts(self, stages: Mapping[str, str] | None = None, last: str = "", **how: Any) -> SubjectFacts:
        return SubjectFacts.of(self.operation(**how), stages or {"core": "staging"}, {}, last)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "monorepo")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


def gates(*definitions: dict[str, Any]) -> list[definition.Gate]:
    return definition.check(list(definitions or [lint()]), ONE, KNOWN)


def earn(repo: Repository, root: Path, *definitions: dict[str, Any], run: str = RUN, found: int = 0) -> Path:
    about, chosen = repo.operation(run), gates(*definitions)
    made = [judged(gate, {"out": [1] * found, "files": ["a.py"]}, about["artifact"]) for gate in chosen]
    keys = reuse.keys(chosen, repo.facts())
    evidence.write(root / run, about, list(definitions or [lint()]), made, keys=keys, started=EARNED)
    return root / run


def taken(repo: Repository, root: Path, *definitions: dict[str, Any], **how: Any) -> set[str]:
    return set(reuse.reusable(gates(*definitions), repo.facts(), root, now=LATER, **how))


def test_an_unchanged_verdict_is_taken_over_with_its_evidence(repo: Repository, root: Path) -> None:
    first = earn(repo, root)
    repo.commit({"src/web/MATURITY.md": "# Maturity, written by the toolkit\n"})
    found = reuse.reusable(gates(), repo.facts(), root, now=LATER)
    assert found["lint"].verdict["reused_from"] == RUN
    about = repo.operation("20261120T090000Z-def456")
    evidence.write(root / about["run"], about, [lint()], list(found.values()))
    second = root / about["run"]
    assert (manifest.check(second), recompute(second)) == ([], [])
    for path in (first / "gates" / "lint").iterdir():
        assert (second / "gates" / "lint" / path.name).read_bytes() == path.read_bytes()
    (verdict,) = json.loads((second / "verdicts.json").read_text())
    assert (verdict["reused_from"], verdict["earned"]) == (RUN, "2026-11-20T08:45:01Z")
    assert verdict["artifact"]["commit"] == about["artifact"]["commit"]
    # The next one says who earned it, not who passed it on.
    third = reuse.reusable(gates(), repo.facts(), root, now=LATER)
    assert third["lint"].verdict["reused_from"] == RUN


@pytest.mark.parametrize("path", sorted({*FILES} - OF_OTHERS - {"src/web/MATURITY.md"}))
def test_a_changed_input_is_judged_anew(repo: Repository, root: Path, path: str) -> None:
    earn(repo, root)
    repo.commit({path: f"{FILES[path]}# changed\n"})
    assert taken(repo, root) == set()


@pytest.mark.parametrize("path", sorted(OF_OTHERS))
def test_what_belongs_to_others_changes_nothing(repo: Repository, root: Path, path: str) -> None:
    earn(repo, root)
    repo.commit({path: "changed = 1\n"})
    assert taken(repo, root) == {"lint"}


def test_a_new_file_among_the_inputs_is_a_change(repo: Repository, root: Path) -> None:
    earn(repo, root)
    repo.commit({"src/web/new.py": "", "ruff.toml": ""})
    assert taken(repo, root) == set()


@pytest.mark.parametrize("what", ["packages", "code_digest", "interpreter", "program"])
def test_other_tools_are_other_inputs(repo: Repository, root: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    earn(repo, root)
    monkeypatch.setattr(control_node, what, lambda *_: ("another",) if what == "packages" else "another")
    assert taken(repo, root) == set()


def test_another_definition_or_catalogue_is_judged_anew(repo: Repository, root: Path) -> None:
    earn(repo, root)
    assert taken(repo, root, lint(objective="<= 0")) == set()
    facts = repo.facts(text=CATALOGUE.replace("depends: [core]", "depends: [core, other]"))
    assert reuse.reusable(gates(), facts, root, now=LATER) == {}


def test_only_what_passed_and_has_not_expired_is_reused_and_nothing_when_fresh(repo: Repository, root: Path) -> None:
    earn(repo, root, found=1)
    assert taken(repo, root) == set()
    run, short = "20261120T085000Z-aaa111", lint(valid_hours=1)
    earn(repo, root, short, run=run)
    assert taken(repo, root, short) == {"lint"}
    assert taken(repo, root, short, fresh=True) == set()
    much_later = datetime(2026, 11, 20, 9, 45, 1, tzinfo=UTC)
    assert reuse.reusable(gates(short), repo.facts(), root, now=much_later) == {}


def test_what_was_earned_before_the_artifact_was_taken_back_is_judged_anew(repo: Repository, root: Path) -> None:
    earn(repo, root)
    assert taken(repo, root) == taken(repo, root, since="2026-11-01T00:00:00Z") == {"lint"}
    assert taken(repo, root, since="2027-01-01T00:00:00Z") == set()


def test_the_latest_word_about_the_same_inputs_counts(repo: Repository, root: Path) -> None:
    earn(repo, root)
    earn(repo, root, run="20261120T085000Z-aaa111", found=1)  # a test that fails now and then
    assert taken(repo, root) == set()
    earn(repo, root, run="20261120T085100Z-aaa111")
    assert taken(repo, root) == {"lint"}


def test_a_damaged_folder_is_judged_anew(repo: Repository, root: Path) -> None:
    folder = earn(repo, root)
    for path in [*(folder / "gates" / "lint").iterdir(), folder / "verdicts.json", folder / "manifest.json"]:
        was = path.read_bytes()
        path.write_bytes(was[:-1] if was else b"x")
        if path.name == "manifest.json":
            path.write_bytes(was.replace(b'"root_sha256": "', b'"root_sha256": "0'))
        assert taken(repo, root) == set(), path.name
        path.write_bytes(was)
    assert taken(repo, root) == {"lint"}


def test_what_looks_at_the_world_is_never_reused(repo: Repository) -> None:
    never = {name for name, kind in KNOWN.items() if not kind.reusable}
    assert {"compose", "deployed", "http", "prometheus", "container", "ledger"} & {*KNOWN} <= never
    port = lint(name="ports", indicator={"type": "compose"}, measure="findings", examined="examined")
    assert reuse.keys(gates(lint(), port), repo.facts())["ports"] is None


def test_stages_are_inputs_of_those_who_ask_for_them(repo: Repository) -> None:
    stable = gates(lint(name="stable", indicator={"type": "dependencies"}), lint())
    before = reuse.keys(stable, repo.facts({"core": "staging"}))
    after = reuse.keys(stable, repo.facts({"core": "production"}))
    assert (before["lint"] == after["lint"], before["stable"] == after["stable"]) == (True, False)


def test_a_document_that_the_toolkit_writes_is_an_input_of_its_gate(repo: Repository) -> None:
    features = gates(
        lint(name="features", indicator={"type": "document", "file": "{maturity}", "section": "x"}), lint()
    )
    before = reuse.keys(features, repo.facts())
    repo.commit({"src/web/MATURITY.md": "- [ ] all\n"})
    after = reuse.keys(features, repo.facts())
    assert (before["lint"] == after["lint"], before["features"] == after["features"]) == (True, False)


def test_a_command_that_is_given_more_depends_on_more(repo: Repository) -> None:
    def key(*arguments: str, last: str = "") -> str | None:
        one = lint(indicator={"type": "command", "steps": [["git", *arguments]]})
        return reuse.keys(gates(one), repo.facts(last=last))["lint"]

    before = {given: key(given) for given in ("{files}", "{monorepo}", "docs/guide.md", "{last_promoted}")}
    assert key("{last_promoted}", last="abc") != before["{last_promoted}"]
    repo.commit({"docs/guide.md": "changed\n"})
    changed = {given for given, was in before.items() if key(given) != was}
    assert changed == {"{monorepo}", "docs/guide.md"}


def test_a_runner_that_nothing_pins_is_not_trusted(repo: Repository) -> None:
    tests = lint(name="unit", indicator={"type": "tests", "kind": "unit"})
    runner = CATALOGUE.replace("monorepo: {", "monorepo: {runner: {run: [uv, run], tool: [no-such-runner]}, ")
    assert reuse.keys(gates(lint(), tests), repo.facts(text=runner)) == {"lint": None, "unit": None}
    repo.commit({"uv.lock": "version = 1\n"})
    assert reuse.keys(gates(tests), repo.facts(text=runner))["unit"]


def test_history_counts_what_was_earned_once(repo: Repository, root: Path) -> None:
    growing = lint(measure="length(out)", objective="<= +10%", baseline={"results": 3, "aggregate": "avg"})
    for number, found in enumerate((4, 5, 6, 7)):
        earn(repo, root, growing, run=f"20261120T08500{number}Z-aaa111", found=found)
    (root / "20261120T085009Z-aaa111").mkdir()  # one that a person made
    (root / "notes.txt").write_text("mine")
    runs = history.past(root, "web")
    assert [run.run for run in runs] == [f"20261120T08500{number}Z-aaa111" for number in (3, 2, 1, 0)]
    assert history.past(root, "core") == []
    found = history.baselines(gates(growing), runs)["lint"]
    passing = [run for run in runs if run.verdicts[0]["verdict"] == "pass"]
    assert [name for name, _ in found.results] == [run.run for run in passing][:3]
    points = history.trend(runs, "lint")
    assert [point["found"] for point in points] == [4, 5, 6, 7]
    again = reuse.reusable(gates(growing), repo.facts(), root, now=LATER)
    about = repo.operation("20261120T090000Z-def456")
    evidence.write(root / about["run"], about, [growing], list(again.values()))
    assert history.trend(history.past(root, "web"), "lint") == points


COMPOSE = """
services:
  web: {build: {context: ., dockerfile: docker/web/Dockerfile}, volumes: ["./conf:/etc/web:ro"]}
  cache: {image: "redis:7"}
"""


def test_a_development_project_depends_on_all_that_its_compose_file_names(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(development_inputs, "_images", lambda names: asked.append(names) or "ids")
    repo.commit({"compose.yml": COMPOSE, "conf/web.conf": "a", "conf.d/other": "a"})
    before = development_inputs.of(repo.facts())
    assert asked == [["redis:7", "scratch"]]
    for path in ("conf/web.conf", "example.env", "compose.yml"):
        repo.commit({path: "services: {}\n"})
        assert development_inputs.of(repo.facts()) != before, path
        repo.commit({path: (COMPOSE if path == "compose.yml" else "A=1\n" if path == "example.env" else "a")})
        before = development_inputs.of(repo.facts())
    repo.commit({"conf.d/other": "b", "docs/guide.md": "b"})
    assert development_inputs.of(repo.facts()) == before


def test_images_that_nobody_can_name_are_no_reason_to_take_over(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NotKnown):
        development_inputs._images(["tta-base:bookworm"])
