"""A component's identity is its committed files, without those that the toolkit writes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import catalogue, repository
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

ENTRY = catalogue.load("components: {a: {paths: [a.py, a], tests: {unit: {paths: [test_a.py]}}}}", "c")["components"][
    "a"
]


def commit(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py").replace("_md", ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", folder, "add", "-A"], check=True)
    subprocess.run(["git", "-C", folder, *identity, "commit", "-qm", "x", "--allow-empty"], check=True)


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    commit(tmp_path, a_py="1", a__MATURITY_md="m", a__README_md="r", test_a_py="t", b_py="b")
    return tmp_path


def tree(monorepo: Path) -> str:
    git = repository.git_in(str(monorepo))
    return repository.tree_of(git, repository.commit_of(git, "HEAD", str(monorepo)), ENTRY)


@pytest.mark.parametrize("changed", ["a_py", "a__README_md", "test_a_py"])
def test_a_changed_own_file_is_another_identity(monorepo: Path, changed: str) -> None:
    before = tree(monorepo)
    commit(monorepo, **{changed: "changed"})
    assert tree(monorepo) != before


@pytest.mark.parametrize("changed", ["b_py", "a__MATURITY_md"])
def test_other_files_and_the_toolkits_own_do_not_matter(monorepo: Path, changed: str) -> None:
    before = tree(monorepo)
    commit(monorepo, **{changed: "changed"})
    assert tree(monorepo) == before


def test_the_same_files_in_another_checkout_are_the_same_identity(monorepo: Path, tmp_path_factory) -> None:
    other = tmp_path_factory.mktemp("other")
    subprocess.run(["git", "init", "-q", other], check=True)
    commit(other, a_py="1", a__README_md="r", test_a_py="t")
    assert tree(other) == tree(monorepo)


def test_dirty_files_are_listed_without_the_toolkits_own(monorepo: Path) -> None:
    git = repository.git_in(str(monorepo))
    assert repository.dirty_files(git, ENTRY) == []
    (monorepo / "a" / "MATURITY.md").write_text("ticked")
    (monorepo / "b.py").write_text("other")
    assert repository.dirty_files(git, ENTRY) == []
    (monorepo / "a" / "new file.py").write_text("n")
    (monorepo / "a.py").write_text("2")
    assert repository.dirty_files(git, ENTRY) == ["a.py", "a/new file.py"]


def test_a_declared_path_that_is_not_committed_is_named(monorepo: Path) -> None:
    git = repository.git_in(str(monorepo))
    entry = {**ENTRY, "context": ["docker/a"]}
    with pytest.raises(Refusal, match="docker/a is not in commit"):
        repository.tree_of(git, "HEAD", entry)


def test_what_is_no_checkout_is_refused(tmp_path: Path, monorepo: Path, tmp_path_factory) -> None:
    with pytest.raises(Refusal, match="is no folder"):
        repository.git_in(str(tmp_path / "none"))
    plain = tmp_path_factory.mktemp("plain")
    with pytest.raises(Refusal, match="is no git checkout"):
        repository.commit_of(repository.git_in(str(plain)), "HEAD", str(plain))
    with pytest.raises(Refusal, match="lies inside the checkout"):
        repository.commit_of(repository.git_in(str(monorepo / "a")), "HEAD", str(monorepo / "a"))
    with pytest.raises(Refusal, match="has no commit v9"):
        repository.commit_of(repository.git_in(str(monorepo)), "v9", str(monorepo))
