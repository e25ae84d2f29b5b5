"""What a deploy sends: the commit's files, limited to what the build may see and what Compose reads."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import bundle
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

COMPOSE = """\
services:
  carbon:
    build: {context: ..}
    env_file: [../.env.staging, {path: extra.env, required: false}]
    volumes:
      ["./conf/x.yml:/x.yml:ro", "data:/data", "/etc/hosts:/h", {type: bind, source: ./folder, target: /f}, "${DIR}:/d"]
    configs: [prometheus]
    ports: !reset []
  redis:
    env_file: redis.env
    volumes: ["./redis.conf:/redis.conf"]
configs: {prometheus: {file: ./prometheus.yml}, unused: {file: ./unused.yml}}
volumes: {data: {}}
"""
FILES = {
    "deploy/compose.yml": COMPOSE,
    "deploy/conf/x.yml": "x",
    "deploy/folder/a": "x",
    "deploy/prometheus.yml": "x",
    "deploy/unused.yml": "x",
    "deploy/extra.env": "x",
    "deploy/redis.env": "x",
    "deploy/redis.conf": "x",
    ".env.staging.example": "PASSWORD=\n",
    "src/carbon/a.py": "x",
    "src/carbon/MATURITY.md": "x",
    "src/other.py": "x",
    "docker/carbon/Dockerfile": "x",
}
ENTRY: dict[str, Any] = {
    "name": "carbon",
    "paths": ["src/carbon"],
    "context": ["docker/carbon/"],
    "services": ["carbon"],
    "maturity": "src/carbon/MATURITY.md",
    "rollback": "docs/carbon_ROLLBACK.md",
}


@pytest.fixture
def monorepo(tmp_path: Path) -> Path:
    folder = tmp_path / "My TTA"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=J", "-c", "user.email=j@x", "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", folder, *command], check=True)
    (folder / "src/carbon/a.py").write_text("not committed")
    return folder


def assembled(monorepo: Path, **entry: Any) -> tuple[dict[str, Any], str, dict[str, str]]:
    commit = subprocess.run(
        ["git", "-C", monorepo, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    operation = {
        "monorepo": str(monorepo),
        "run": "run-1",
        "actor": "Jane",
        "reason": "",
        "components": {"carbon": {**ENTRY, **entry}},
        "environments": {"staging": {"compose_file": "deploy/compose.yml", "env_example": ".env.staging.example"}},
    }
    request = {
        "component": "carbon",
        "artifact": {"commit": commit, "tree": "t", "component": "carbon"},
        "environment": "staging",
        "environment_file": "PASSWORD=x\n",
        "only_if_stopped": False,
    }
    data = bundle.assemble(bundle.git_bytes(str(monorepo)), operation, request)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        parts = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    with tarfile.open(fileobj=io.BytesIO(parts["source.tar"])) as tar:
        source = {one.name: tar.extractfile(one).read().decode() for one in tar if one.isfile()}  # type: ignore[union-attr]
    assert list(parts) == ["spec.json", "environment", "source.tar"]
    return json.loads(parts["spec.json"]), parts["environment"].decode(), source


def test_it_holds_the_commits_files_that_build_and_compose_read(monorepo: Path) -> None:
    spec, environment, source = assembled(monorepo)
    assert sorted(source) == [
        ".env.staging.example",
        "deploy/compose.yml",
        "deploy/conf/x.yml",
        "deploy/extra.env",
        "deploy/folder/a",
        "deploy/prometheus.yml",
        "deploy/redis.env",
        "docker/carbon/Dockerfile",
        "src/carbon/a.py",
    ]
    assert source["src/carbon/a.py"] == "x"
    assert environment == "PASSWORD=x\n"
    assert spec["build_paths"] == ["src/carbon", "docker/carbon"]
    assert (spec["compose_name"], spec["environment_path"]) == ("deploy", ".env.staging")


@pytest.mark.parametrize(
    ("folder", "file", "name"),
    [
        ("/x/My TTA", "compose.yml", "mytta"),
        ("/x/_tta/", "compose.yml", "tta"),
        ("/x/y", "a/b/c.yml", "b"),
        ("/x/Ä", "c.yml", "default"),
    ],
)
def test_projects_are_named_as_compose_names_them(folder: str, file: str, name: str) -> None:
    assert bundle.compose_name(folder, file) == name


def test_files_that_are_not_committed_are_named(monorepo: Path) -> None:
    with pytest.raises(Refusal, match="src/new of carbon is not in commit"):
        assembled(monorepo, paths=["src/new"])


def test_paths_outside_of_the_monorepo_are_refused() -> None:
    document = {"services": {"carbon": {"volumes": ["../../x:/x"]}}}
    with pytest.raises(Refusal, match="lies outside of the monorepo"):
        bundle.compose_paths(document, "deploy/compose.yml", ["carbon"])
