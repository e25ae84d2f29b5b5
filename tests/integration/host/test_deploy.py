"""Deploys on a real engine: the first, the same again, the next, and those that must not stay."""

from __future__ import annotations

import json

import pytest
from tiny.host import Host, docker
from tiny.monorepo import SECRET

pytestmark = pytest.mark.engine


def test_first_deploy_serves_and_is_recorded(host: Host) -> None:
    found = host.deploy()
    assert (found["code"], found["outcome"], found["changed"]) == (0, "deployed", True), found
    assert found["published"] == {"web": {"8080": f"127.0.0.1:{host.monorepo.port}"}}
    assert host.answer() == '{"status": "ok"}'
    assert host.events() == [("deployed", 1)]
    assert host.current() == "releases/1"
    assert found["release"]["artifact"]["images"]["web"]["id"] == found["containers"][0]["image"]
    labels = json.loads(
        docker("image", "inspect", "--format", "{{json .Config.Labels}}", found["containers"][0]["image"])
    )
    assert labels["tta.ops.commit"] == host.monorepo.artifact()["commit"]


def test_networks_and_volumes_keep_the_names_that_compose_would_give(host: Host) -> None:
    host.deploy()
    name = host.monorepo.name
    mounts = json.loads(docker("inspect", "--format", "{{json .Mounts}}", host.containers()[0].split()[0]))
    assert {mount.get("Name") or mount["Destination"] for mount in mounts} == {f"{name}_data", "/etc/web.conf"}
    assert docker("network", "ls", "--quiet", "--filter", f"name=^{name}_default$")


def test_the_same_again_touches_nothing(host: Host) -> None:
    host.deploy()
    before = host.tree(), host.containers()
    found = host.deploy()
    assert (found["code"], found["outcome"], found["changed"]) == (0, "unchanged", False), found
    assert (host.tree(), host.containers()) == before


def test_next_release_replaces_the_first_and_keeps_it(host: Host) -> None:
    host.deploy()
    host.monorepo.commit("fine second")
    found = host.deploy()
    assert (found["outcome"], found["current"], found["previous"]) == ("deployed", 2, 1), found
    assert len(host.containers()) == 1
    assert host.events() == [("deployed", 1), ("deployed", 2)]
    seen = found["receipt"]["probe"]
    assert (seen["before"]["failures"], seen["after"]["failures"]) == (0, 0), seen
    assert 0 < found["receipt"]["gap_seconds"] < 10 and seen["during"]["failures"] > 0, seen
    assert f"; {seen['failures']} of {seen['requests']} requests failed, the longest gap " in found["message"]


def test_other_values_are_another_release_of_the_same_images(host: Host) -> None:
    first = host.deploy()
    second = host.deploy(password="another-4711")
    assert (second["outcome"], second["current"]) == ("deployed", 2)
    assert second["containers"][0]["image"] == first["containers"][0]["image"]


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [("unhealthy", "HTTP 500"), ("crash", "ended with exit code 3"), ("noisy", "errors in its own log")],
)
def test_bad_release_gives_way_to_the_one_before(host: Host, behaviour: str, cause: str) -> None:
    host.monorepo.health = {"consecutive": 2, "deadline": 4, "interval": 0.2}
    host.deploy()
    host.monorepo.commit(behaviour)
    found = host.deploy()
    assert (found["code"], found["outcome"]) == (1, "returned"), found
    assert cause in found["message"]
    assert host.answer() == '{"status": "ok"}'
    assert host.current() == "releases/1"
    assert host.events() == [("deployed", 1), ("returned", 1)]


def test_bad_first_release_is_removed_and_its_volume_kept(host: Host) -> None:
    host.monorepo.commit("crash")
    found = host.deploy()
    assert (found["code"], found["outcome"]) == (1, "removed"), found
    assert host.containers() == []
    assert host.current() == ""
    assert host.events() == [("removed", 1)]
    assert docker("volume", "ls", "--quiet", "--filter", f"name={host.monorepo.name}_data")


def test_evidence_of_a_bad_release_has_its_logs_but_no_secret(host: Host) -> None:
    host.monorepo.commit("crash")
    found = host.deploy()
    folder = next((host.state / "staging/components/web/releases/1/evidence").iterdir())
    assert str(folder) in found["message"]
    texts = {path.name: path.read_text() for path in folder.iterdir()}
    log = next(text for name, text in texts.items() if name.startswith("web-"))
    assert "cannot go on with <PASSWORD>" in log
    assert not [name for name, text in texts.items() if SECRET in text or SECRET.replace("$", "$$") in text]


def test_secrets_stay_in_files_of_0600(host: Host) -> None:
    host.deploy()
    host.monorepo.commit("noisy")
    host.deploy()
    host("status")
    assert SECRET not in host.output
    having = [path for path in host.state.rglob("*") if path.is_file() and b"canary-4711" in path.read_bytes()]
    assert {path.name for path in having} == {"environment", "compose.json", ".env.staging"}
    assert {oct(path.stat().st_mode & 0o777) for path in having} == {"0o600"}


def test_stopped_release_is_started_and_a_running_one_left_alone(host: Host) -> None:
    host.deploy()
    docker("stop", host.containers()[0].split()[0])
    found = host.deploy(only_if_stopped=True)
    assert (found["outcome"], found["changed"], found["current"]) == ("started", True, 1), found
    host.monorepo.commit("fine second")
    found = host.deploy(only_if_stopped=True)
    assert (found["outcome"], found["current"]) == ("unchanged", 1)


def test_rollback_needs_nothing_but_the_host(host: Host) -> None:
    host.deploy()
    host.monorepo.commit("fine second")
    host.deploy()
    found = host("rollback", "web")
    assert (found["code"], found["outcome"], found["current"], found["previous"]) == (0, "returned", 1, 2), found
    assert host.events()[-1] == ("returned", 1)
    found = host("rollback", "web", "--release", "2")
    assert (found["outcome"], found["current"]) == ("returned", 2)


def test_rollback_refuses_what_makes_no_sense(host: Host) -> None:
    assert "was never deployed" in host("rollback", "web")["message"]
    host.deploy()
    before = host.tree(), host.containers()
    assert "no release before 1" in host("rollback", "web")["message"]
    assert "is the current release" in host("rollback", "web", "--release", "1")["message"]
    assert "kept are 1" in host("rollback", "web", "--release", "9")["message"]
    assert (host.tree(), host.containers()) == before


def test_undo_takes_back_only_what_the_run_itself_deployed(host: Host) -> None:
    host.deploy()
    host.monorepo.commit("fine second")
    host.deploy()
    assert host("rollback", "web", "--undo", "--run", "run-1")["outcome"] == "unchanged"
    found = host("rollback", "web", "--undo", "--run", "run-2")
    assert (found["outcome"], found["current"], found["previous"]) == ("returned", 1, None), found
    assert "no release before 1" in host("rollback", "web")["message"]


def test_undo_of_a_first_release_removes_it(host: Host) -> None:
    host.deploy()
    found = host("rollback", "web", "--undo", "--run", "run-1")
    assert (found["outcome"], found["current"]) == ("removed", None), found
    assert host.containers() == []
    assert host.events() == [("deployed", 1), ("removed", 1)]
    assert host.deploy()["outcome"] == "deployed"


def test_prepared_release_waits_for_the_switch_or_goes(host: Host) -> None:
    host.deploy()
    host.monorepo.commit("fine second")
    found = host("prepare,verify", stdin=host.monorepo.bundle())
    assert (found["outcome"], found["current"]) == ("prepared", 1), found
    assert host("abort", "web")["outcome"] == "forgotten"
    host("prepare,verify", stdin=host.monorepo.bundle())
    found = host("switch,drain", "web")
    assert (found["outcome"], found["current"]) == ("deployed", 2), found


def test_status_says_what_runs_also_without_engine(host: Host) -> None:
    host.deploy()
    found = host("status")
    web = found["environments"]["staging"]["components"]["web"]
    assert (found["engine"], web["release"]["number"], web["containers"][0]["health"]) == (True, 1, "healthy")
    assert found["environments"]["staging"]["ledger"]["valid"]
    found = host("status", env={"DOCKER_HOST": "unix:///nowhere.sock"})
    web = found["environments"]["staging"]["components"]["web"]
    assert (found["code"], found["engine"], web["release"]["number"], web["containers"]) == (0, False, 1, [])


def test_images_of_kept_releases_survive_pruning_and_the_room_is_told(host: Host) -> None:
    host.deploy()
    tree = host.monorepo.artifact()["tree"]
    host.monorepo.commit("fine second")
    host.deploy()
    docker("image", "prune", "--all", "--force", "--filter", f"label=tta.ops.tree={tree}")
    found = host("rollback", "web")
    assert (found["outcome"], found["current"], host.release()) == ("returned", 1, "fine"), found
    room = host("status", "--disk")["disk"]
    sizes = room["components"]["staging"]["web"]
    assert 0 < sizes["releases_bytes"] < 10**6 < sizes["images_bytes"]
    assert room["free_bytes"] > 0
    assert "disk" not in host("status")


def test_what_happens_is_said_before_it_does(host: Host) -> None:
    host.monorepo.entry["data_schema"] = 1
    host.deploy()
    host.monorepo.commit("fine second")
    host.deploy()
    host("rollback", "web")
    assert "from 2 to 1 (stop-first: it interrupts; takes an unknown time" in host.output
    host("rollback", "web", "--release", "2")
    assert "from 1 to 2 (stop-first: it interrupts; takes about " in host.output
    host.monorepo.entry["data_schema"] = 2
    host.monorepo.commit("fine third")
    host.deploy()
    before = host.tree(), host.containers()
    found = host("rollback", "web")
    assert "releases 3 and 2 have different data schemas (2 and 1)" in found["message"], found
    assert "rollback.yml -e component=web -e target=staging -e release=2 -e mode=full" in found["message"]
    assert (found["code"], host.containers()) == (1, before[1])
