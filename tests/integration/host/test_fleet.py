"""Two hosts as one environment: built once, carried, changed together."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator

import pytest
from container_host.docker_cli import docker
from container_host.host import ContainerHost
from tiny.fleet import Fleet

pytestmark = pytest.mark.engine
BASE = "tta-base:bookworm"


def image_ids(fleet: Fleet) -> list[str]:
    """Return for each host the id of the image that serves."""
    return [host.run("docker", "inspect", "--format", "{{.Image}}", *containers(host)) for host in fleet.hosts]


def containers(host: ContainerHost) -> list[str]:
    return host.run("docker", "ps", "--quiet", "--no-trunc").split()


def carried(output: str) -> float:
    """Return the most MB that went over at once."""
    return max(float(one) for one in re.findall(r"staging-1 → staging-2: [^\n]*?([0-9.]+) MB", output))


def test_both_hosts_serve_what_the_first_has_built(fleet: Fleet) -> None:
    code, output = fleet.play()
    assert code == 0, output
    assert fleet.serving() == ["fine", "fine"]
    first, second = image_ids(fleet)
    assert first == second
    assert output.count("builds the image of web") == 1
    assert [fleet.events(host) for host in fleet.hosts] == [[("deployed", 1, 1)]] * 2

    # Only what is missing goes over: of the next release one small layer.
    fleet.monorepo.commit("fine second")
    begun = time.monotonic()
    code, output = fleet.play()
    print(f"a deploy on two hosts took {time.monotonic() - begun:.1f} s")
    assert code == 0, output
    assert fleet.serving() == ["fine-second", "fine-second"]
    assert carried(output) < 0.3, output

    # The same again changes nothing.
    leases = [fleet.read(host, "staging/components/web/lease.json") for host in fleet.hosts]
    before = [containers(host) for host in fleet.hosts], [fleet.events(host) for host in fleet.hosts]
    code, output = fleet.play()
    assert code == 0, output
    assert "changed=0" in output
    assert "→" not in output
    assert ([containers(host) for host in fleet.hosts], [fleet.events(host) for host in fleet.hosts]) == before
    assert [fleet.read(host, "carrying") for host in fleet.hosts] == ["", ""]
    assert [fleet.read(host, "staging/components/web/lease.json") for host in fleet.hosts] == leases
    assert json.loads(leases[0])["until"] == 0

    # And back, on both.
    code, output = fleet.play("rollback")
    assert code == 0, output
    assert fleet.serving() == ["fine", "fine"]
    assert [fleet.events(host)[-1][:2] for host in fleet.hosts] == [("returned", 1)] * 2


def test_in_colours_the_edge_is_built_once_too(fleet: Fleet) -> None:
    fleet.monorepo.in_colours()
    for text in ("fine", "fine second"):
        fleet.monorepo.commit(text)
        code, output = fleet.play()
        assert code == 0, output
        if text == "fine":
            assert output.count("builds the edge's image") == 1
            assert re.search(r"→ staging-2: web, the edge, ", output)
    assert fleet.serving() == ["fine-second", "fine-second"]
    assert "staging-1 preview: judges web 2" in output
    assert output.index("staging-2 preview") < output.index("staging-1 switch"), "all are judged before one is switched"


@pytest.fixture
def without_base(fleet: Fleet) -> Iterator[Fleet]:
    """A fleet whose second host has no layer of what is to be carried."""
    fleet.hosts[1].run("sh", "-c", "docker image ls --quiet | sort -u | xargs docker image rm --force")
    yield fleet
    fleet.hosts[1].load_images(BASE)


def test_a_whole_image_is_carried_and_nothing_is_built(without_base: Fleet) -> None:
    fleet = without_base
    fleet.needs_other = True  # a dependency, whose image the second host cannot get by itself
    begun = time.monotonic()
    code, output = fleet.play()
    print(f"took {time.monotonic() - begun:.1f} s", *[line for line in output.splitlines() if "MB" in line], sep="\n")
    assert code == 0, output
    assert carried(output) > 90
    assert fleet.serving() == ["fine", "fine"]
    assert [len(containers(host)) for host in fleet.hosts] == [2, 2]
    assert BASE not in fleet.hosts[1].run("docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}")


def test_a_stream_that_is_cut_leaves_no_image(fleet: Fleet) -> None:
    first, second = fleet.hosts
    code, output = fleet.interfere("Build and prepare on the first host", ["true"])
    assert code == 0, output
    fleet.monorepo.commit("fine second")
    # What arrives is cut off by one byte before the second host looks at it.
    second.run("sh", "-c", "mv /usr/bin/docker /usr/bin/docker.whole")
    fleet.hosts[1].run("sh", "-c", _ALTERING, stdin=b"")
    try:
        code, output = fleet.play()
    finally:
        second.run("sh", "-c", "mv /usr/bin/docker.whole /usr/bin/docker")
    assert code != 0
    assert "staging-2" in output
    assert fleet.serving() == ["fine", "fine"]
    names = second.run("docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}").split()
    assert len([name for name in names if name.startswith("tta-ops/web")]) == 1
    assert docker("ps", "--quiet", "--filter", f"name={first.name}")


# A Docker that loads half of what it is given.
_ALTERING = r"""
cat > /usr/bin/docker <<'END'
#!/bin/sh
if [ "$1" = load ]; then truncate -s 5000 "$3"; fi
exec /usr/bin/docker.whole "$@"
END
chmod 755 /usr/bin/docker
"""


def test_two_operators_never_change_it_at_the_same_time(fleet: Fleet) -> None:
    code, output = fleet.play()
    assert code == 0, output
    fleet.monorepo.commit("fine second")
    first = fleet.start()
    while not json.loads(fleet.read(fleet.hosts[0], "staging/components/web/lease.json"))["until"]:
        assert first.poll() is None
    fleet.monorepo.commit("fine third")
    second = fleet.start()
    ended = [fleet.finish(one) for one in (first, second)]
    assert sorted(code == 0 for code, _ in ended) == [False, True], ended
    loser = next(output for code, output in ended if code)
    assert "is being changed by Jane" in loser or "is locked by Jane" in loser, loser
    answers = fleet.serving()
    assert answers[0] == answers[1]
    assert answers[0] in ("fine-second", "fine-third")


ACROSS = """
- hosts: staging-1
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: {name: tta.ops.release, tasks_from: deploy}
      vars: &given {release_operation: "{{ operation }}", release_environment_file: "{{ values }}"}
- hosts: staging-2
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: {name: tta.ops.release, tasks_from: carry}
      vars: {release_operation: "{{ operation }}", release_source: staging-1}
    - ansible.builtin.debug: {msg: "{{ release_carried.artifact.images.web.id }}"}
    - ansible.builtin.include_role: {name: tta.ops.release, tasks_from: deploy}
      vars: *given
"""


def test_what_staging_has_built_is_what_production_serves(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = fleet.operation()
    own = usual["environments"]["staging"]
    both = {"staging": {**own, "hosts": ["staging-1"]}, "production": {**own, "hosts": ["staging-2"]}}
    monkeypatch.setattr(fleet, "operation", lambda: {**usual, "environments": both, "target": "production"})
    code, output = fleet.finish(fleet.start(text=ACROSS))
    assert code == 0, output
    assert fleet.serving() == ["fine", "fine"]
    first, second = image_ids(fleet)
    assert first == second and first in output
    assert output.count("builds the image of web") == 1
    assert carried(output) < 0.3  # the layers below are there already
    records = [json.loads(fleet.read(host, path)) for host, path in zip(fleet.hosts, RECORDS, strict=True)]
    assert records[0]["artifact"]["images"] == records[1]["artifact"]["images"]


RECORDS = [f"{name}/components/web/releases/1/release.json" for name in ("staging", "production")]
