"""The program as a whole: how it is built, what it refuses, what it says when Docker or its input is wrong."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.module_utils.host import cli, incoming
from ansible_collections.tta.ops.plugins.module_utils.host.engine import Engine
from ansible_collections.tta.ops.plugins.module_utils.host.errors import EngineError, HostError, UsageError
from ansible_collections.tta.ops.plugins.module_utils.host.processes import Completed, Processes, clean_environment
from ansible_collections.tta.ops.plugins.plugin_utils import bundle, host_program


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("program") / "tta-ops"
    path.write_bytes(host_program.build().data)
    return path


def call(program: Path, *arguments: str, stdin: bytes = b"") -> tuple[int, dict[str, Any]]:
    done = subprocess.run([sys.executable, str(program), *arguments], input=stdin, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    lines = done.stdout.splitlines()
    return done.returncode, json.loads(lines[-1])["result"] if lines else {}


def test_the_same_source_gives_the_same_bytes_wherever_it_lies(tmp_path: Path) -> None:
    copy = tmp_path / "host"
    shutil.copytree(host_program.SOURCE, copy)
    assert host_program.build(copy) == host_program.build()
    other = tmp_path / "other"
    shutil.copytree(copy, other)
    (other / "times.py").write_text("# other\n")
    assert host_program.build(other).sha256 != host_program.build().sha256


@pytest.mark.parametrize("version", ["3.9", "3.11", "3.13"])
def test_it_starts_on_the_pythons_of_hosts(program: Path, version: str) -> None:
    python = next(Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python3"), None)
    if python is None:
        pytest.skip(f"no Python {version} here")
    done = subprocess.run([python, program, "--help"], capture_output=True, check=False, text=True)
    assert (done.returncode, "rollback" in done.stdout) == (0, True), done.stderr


def test_it_does_nothing_when_it_is_not_the_one_expected(program: Path, tmp_path: Path) -> None:
    assert call(program, "--json", "--expect", "0" * 64, "status", "--state", str(tmp_path)) == (86, {})
    assert call(program, "--json", "--expect", host_program.build().sha256, "status", "--state", str(tmp_path))[0] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["explode"], "'explode' is no verb"),
        (["drain,switch"], "is no act"),
        (["rollback"], "needs a component"),
        (["rollback", "../../x"], "is no name: small letters"),
        (["rollback", "; rm -rf"], "is no name: small letters"),
        (["rollback", "carbon", "--environment", "a/b"], "environment 'a/b' is no name"),
        (["rollback", "carbon"], "was never deployed on this host"),
        (["rollback", "carbon", "--release", "two"], "invalid int value"),
        (["prepare,verify,switch,drain"], "is no bundle"),
        (["record"], "is not JSON"),
        (["probe"], "is not JSON"),
        ([], "required: VERB"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(
    program: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    code, found = call(program, "--json", "--state", str(tmp_path / "state"), *arguments, stdin=b"nonsense")
    assert (code, found["failed"], found["changed"]) == (2, True, False)
    assert sentence in found["message"]
    assert not (tmp_path / "state").exists()


def test_events_are_recorded_once(program: Path, tmp_path: Path) -> None:
    event = {"environment": "staging", "event": "promoted", "component": "carbon", "run": "run-1", "actor": "Jane"}
    results = [
        call(program, "--json", "--state", str(tmp_path), "record", stdin=json.dumps(event).encode()) for _ in range(2)
    ]
    assert [(code, found["changed"]) for code, found in results] == [(0, True), (0, False)]
    assert results[0][1]["entry"] == results[1][1]["entry"]


def packed(spec: dict[str, Any], *members: tuple[str, bytes, str]) -> io.BytesIO:
    source = io.BytesIO()
    with tarfile.open(fileobj=source, mode="w") as tar:
        for name, data, link in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            if link:
                member.type, member.linkname = tarfile.SYMTYPE, link
            tar.addfile(member, io.BytesIO(data))
    return io.BytesIO(bundle.pack(spec, b"PASSWORD=secret\n", source.getvalue()))


SPEC: dict[str, Any] = {
    "schema": 1, "component": "carbon", "environment": "staging", "run": "run-1", "actor": "Jane", "entry": {},
    "artifact": {"tree": "abc"}, "compose_file": "compose.yml", "build_paths": ["src", "docker/a"], "health": {},
    "environment_path": "deploy/.env.staging",
}  # fmt: skip


def test_builds_see_their_paths_and_nothing_else(tmp_path: Path) -> None:
    files = [
        ("compose.yml", b"x", ""),
        ("src/a.py", b"x", ""),
        ("srcs/b.py", b"x", ""),
        ("docker/a/Dockerfile", b"x", ""),
    ]
    incoming.unpack(incoming.read(packed(SPEC, *files)), tmp_path / "incoming")
    build = tmp_path / "incoming" / "build"
    assert sorted(str(one.relative_to(build)) for one in build.rglob("*") if one.is_file()) == [
        "docker/a/Dockerfile",
        "src/a.py",
    ]
    place = tmp_path / "incoming" / "source" / "deploy" / ".env.staging"
    assert place.read_bytes() == b"PASSWORD=secret\n"
    assert (tmp_path / "incoming" / "environment").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "member",
    [("../x", b"x", ""), ("/etc/x", b"x", ""), ("src/link", b"", "../../x"), ("src/link", b"", "/etc/passwd")],
)
def test_bundles_cannot_write_or_lead_outside(tmp_path: Path, member: tuple[str, bytes, str]) -> None:
    with pytest.raises(HostError, match=r"outside of its folder|leads out of the monorepo"):
        incoming.unpack(incoming.read(packed(SPEC, member)), tmp_path / "incoming")


@pytest.mark.parametrize(
    "change",
    [{"schema": 2}, {"component": "../x"}, {"environment": "A B"}, {"run": "a/b"}, {"artifact": {"tree": "../x"}}],
)
def test_specs_are_checked_before_anything_is_done(change: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        incoming.read(packed({**SPEC, **change}))


class Scripted:
    """A runner that gives one answer."""

    def __init__(self, code: int, err: str, out: str = "") -> None:
        self.answer = Completed(code, out, err)

    def __call__(self, argv: Sequence[str], *, deadline: float, cwd: str | None = None) -> Completed:
        return self.answer


@pytest.mark.parametrize(
    ("err", "sentence"),
    [
        (
            "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?",
            "Docker does not answer on this host",
        ),
        (
            "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
            "run it as root",
        ),
        ("docker: unknown command: docker compose\n\nRun 'docker --help'", "has no Compose v2"),
        ('time="x" level=warning msg="PASS is not set"\nservices.web: bad', "docker compose failed: services.web: bad"),
        ("", "exit code 1"),
    ],
)
def test_what_docker_says_becomes_a_sentence(err: str, sentence: str) -> None:
    with pytest.raises(EngineError, match=sentence):
        Engine(Scripted(1, err)).down("project")


def test_only_a_missing_image_is_a_missing_image() -> None:
    assert Engine(Scripted(1, "Error: No such image: x")).image("x") is None
    with pytest.raises(EngineError):
        Engine(Scripted(1, "Cannot connect to the Docker daemon")).image("x")


def test_commands_end_at_their_deadline_with_their_children() -> None:
    with pytest.raises(EngineError, match=r"sh -c gave no answer within 0\.3 s"):
        Processes()(["sh", "-c", "sleep 30 & sleep 30"], deadline=0.3)
    with pytest.raises(EngineError, match="is not installed"):
        Processes()(["no-such-program"], deadline=1)


def test_commands_do_not_get_the_callers_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPOSE_FILE", "elsewhere")
    assert "COMPOSE_FILE" not in Processes()(["env"], deadline=10).out
    given = {"PATH": "/bin", "DOCKER_HOST": "x", "COMPOSE_FILE": "x", "POSTGRES_PASSWORD": "x", "HOME": "/root"}
    assert clean_environment(given) == {"PATH": "/bin", "DOCKER_HOST": "x", "HOME": "/root"}


def test_it_starts_from_its_modules_laid_out_and_compiled(program: Path, tmp_path: Path) -> None:
    library = tmp_path / "lib"
    own = tmp_path / "tta-ops"
    own.write_bytes(host_program.build(library=str(library)).data)
    (library / "old").mkdir(parents=True)
    os.utime(library / "old", (1, 1))
    assert call(own, "--json", "unpack")[1]["changed"] is True
    (place,) = library.iterdir()
    assert place.name.endswith(sys.implementation.cache_tag)
    assert list(place.glob("tta_ops/__pycache__/cli.*.pyc"))
    assert call(own, "--json", "unpack")[1]["changed"] is False
    (place / "tta_ops" / "times.py").write_text("raise SystemExit(41)\n")
    (place / "tta_ops" / "__pycache__" / f"times.{sys.implementation.cache_tag}.pyc").unlink()
    assert call(own, "--json", "status", "--state", str(tmp_path))[0] == 41


def test_where_nothing_can_be_laid_out_it_starts_from_the_zip(tmp_path: Path) -> None:
    (tmp_path / "lib").write_text("a file")
    own = tmp_path / "tta-ops"
    own.write_bytes(host_program.build(library=str(tmp_path / "lib")).data)
    code, found = call(own, "--json", "unpack")
    assert (code, found["failed"], found["changed"]) == (0, False, False)
    assert "it starts from" in found["message"]


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ({"changed": True, "current": 7, "at": "12:00"}, "web 7 serves again\n         7 serves since 12:00"),
        (
            {"changed": True, "current": 7, "at": "12:01", "colours": {"since": "12:00"}},
            "web 7 serves again\n         7 serves since 12:00",
        ),
        ({"changed": False, "current": 7, "at": "12:00"}, "web 7 serves again"),
        ({"changed": True, "failed": True, "current": 7, "at": "12:00"}, "web 7 serves again"),
        ({"changed": True, "current": None}, "web 7 serves again"),
    ],
)
def test_a_person_is_told_who_serves_since_when(result: dict[str, Any], told: str) -> None:
    assert cli._told({"message": "web 7 serves again", **result}) == told
