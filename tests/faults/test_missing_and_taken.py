"""What a release needs is not there, or is another's: said before anything is touched, each way of changing."""

from __future__ import annotations

import json
import resource
import socket
import subprocess

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from faulty.standing import Standing
from tiny.host import DEPLOY, docker, free_port

pytestmark = pytest.mark.engine
BUILD = "build: {context: ., dockerfile: docker/Dockerfile}"


def compose(standing: Standing, old: str, new: str) -> None:
    file = standing.monorepo.folder / "compose.yml"
    assert old in file.read_text()
    standing.monorepo.write("compose.yml", file.read_text().replace(old, new))
    standing.monorepo.commit("fine changed")


def untouched(standing: Standing, found: dict, before: object, says: str) -> None:
    standing.refuses(found, says)
    assert found["changed"] is False
    assert what_runs(standing) == before
    standing.converges()


def what_runs(standing: Standing) -> list[list[str]]:
    return [standing.containers(), *map(standing.colour, ("blue", "green", "edge", "trial"))]


@pytest.mark.fault("image missing")
def test_image_of_a_kept_release_is_gone(standing: Standing) -> None:
    standing.converges()
    old = standing("status")["environments"]["staging"]["components"]["web"]["releases"][-2]
    docker("image", "rm", "--force", old["images"]["web"]["id"])
    before = what_runs(standing)
    found = standing("rollback", "web", "--release", str(old["number"]))
    untouched(standing, found, before, "of web is not in the engine any more: deploy the commit again")


@pytest.mark.fault("image missing")
def test_base_image_is_nowhere(standing: Standing) -> None:
    file = standing.monorepo.folder / "docker/Dockerfile"
    whole, before = file.read_text(), what_runs(standing)
    standing.monorepo.write("docker/Dockerfile", whole.replace("tta-base:bookworm", "127.0.0.1:9/tta-no-such:1"))
    standing.monorepo.commit("fine but baseless")
    found = standing.deploy()
    standing.monorepo.write("docker/Dockerfile", whole)
    untouched(standing, found, before, "127.0.0.1:9")


@pytest.mark.fault("registry down")
def test_registry_does_not_answer(standing: Standing) -> None:
    before, file = what_runs(standing), standing.monorepo.folder / "compose.yml"
    whole = file.read_text()
    compose(standing, BUILD, "image: 127.0.0.1:9/tta-web:1")
    found = standing.deploy()
    standing.monorepo.write("compose.yml", whole)
    untouched(standing, found, before, "connection refused")


@pytest.mark.fault("port taken")
def test_port_is_held_by_another_process(standing: Standing) -> None:
    before, whole = what_runs(standing), (standing.monorepo.folder / "compose.yml").read_text()
    with socket.socket() as other:
        other.bind(("127.0.0.1", free_port()))
        other.listen()
        port = other.getsockname()[1]
        compose(standing, f"127.0.0.1:{standing.monorepo.port}:", f"127.0.0.1:{port}:")
        found = standing.deploy()
    standing.monorepo.write("compose.yml", whole)
    untouched(standing, found, before, f"port {port} of web is held by another process")


@pytest.mark.fault("compose file invalid")
def test_compose_file_is_invalid(standing: Standing) -> None:
    before, whole = what_runs(standing), (standing.monorepo.folder / "compose.yml").read_text()
    for old, new in ((BUILD, "no_such_key: 1"), ("PASSWORD:?", "NOWHERE_SET:?")):
        standing.monorepo.write("compose.yml", whole)
        compose(standing, old, new)
        found = standing.deploy()
        standing.refuses(found, "compose.yml is not valid: ")
        assert (found["changed"], what_runs(standing)) == (False, before)
    standing.monorepo.write("compose.yml", whole)
    compose(standing, "services:", "services: [")
    with pytest.raises(Refusal, match=r"compose\.yml is not valid YAML"):  # which the control node sees already
        standing.monorepo.bundle()
    standing.monorepo.write("compose.yml", whole)
    standing.converges()


@pytest.mark.fault("disk full while writing state")
def test_disk_is_full_when_the_release_is_written(standing: Standing) -> None:
    before = what_runs(standing)
    standing.monorepo.write("conf/web.conf", "x" * 60_000)
    standing.monorepo.commit("fine but large")
    done = subprocess.run(
        standing.command(DEPLOY),
        input=standing.monorepo.bundle(),
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )
    found = {**json.loads(done.stdout.splitlines()[-1])["result"], "code": done.returncode}
    standing.results.append(found)
    standing.monorepo.write("conf/web.conf", "answer = 42\n")
    untouched(standing, found, before, "no space left to write")


@pytest.mark.fault("release= unknown, current or pruned")
def test_release_that_is_not_to_be_had(standing: Standing) -> None:
    kept = standing("status")["environments"]["staging"]["components"]["web"]["kept"]
    before, tree = what_runs(standing), standing.tree()
    pruned = next(one for one in range(1, 100) if one not in kept)
    for number, says in (
        (str(pruned), f"release {pruned} of web is not kept here: kept are "),
        ("4711", "release 4711 of web is not kept here: kept are "),
        (standing.current().rpartition("/")[2], "is the current release of staging: kept are "),
    ):
        standing.refuses(standing("rollback", "web", "--release", number), says)
    standing.refuses_words(standing("rollback", "web", "--release", "latest"), "invalid int value: 'latest'")
    assert (what_runs(standing), standing.tree()) == (before, tree)


@pytest.mark.fault("leftover `<hash>_name` container")
def test_leftover_of_a_killed_replacement(standing: Standing) -> None:
    colour = next(one for one in ("", "blue", "green") if (standing.colour(one) if one else standing.containers()))
    own = (standing.colour(colour) if colour else standing.containers())[0].split()[0]
    name = docker("inspect", "--format", "{{.Name}}", own).strip().lstrip("/")
    docker("rename", own, f"{own[:12]}_{name}")
    standing.converges()
    left = docker("ps", "--all", "--format", "{{.Names}}", "--filter", f"name={standing.monorepo.name}-web").split()
    assert not [one for one in left if "_" in one], left
