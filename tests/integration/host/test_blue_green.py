"""Blue and green on a real engine, under load: nobody notices a deploy, a rollback, or a release that is no good."""

from __future__ import annotations

import time

import pytest
from tiny.host import Host, docker, free_port
from tiny.load import Load, waiting

pytestmark = pytest.mark.engine


def load(host: Host, **how: object) -> Load:
    return Load(host.monorepo.name, host.monorepo.port, **how)  # type: ignore[arg-type]


def test_deploys_and_rollbacks_lose_no_request(host: Host) -> None:
    host.monorepo.in_colours(warm=600)
    first = host.deploy()
    assert (first["code"], first["outcome"], first["strategy"]) == (0, "deployed", "blue-green"), first
    assert first["published"] == {"web": {"8080": f"127.0.0.1:{host.monorepo.port}"}}
    host.monorepo.commit("fine second")
    with load(host) as users:
        second = host.deploy()
        back = host("rollback", "web")
        again = host("rollback", "web", "--release", "2")
    assert (second["outcome"], second["current"], second["previous"]) == ("deployed", 2, 1), second
    assert (back["outcome"], back["current"], again["current"]) == ("returned", 1, 2), back
    assert users.failures == []
    assert users.requests > 200 and users.inside > 20 and users.echoes > 10
    assert set(users.releases) == {"fine", "fine-second"}
    for found in (second, back, again):
        seen = found["receipt"]["probe"]
        assert (seen["failures"], found["receipt"]["gap_seconds"]) == (0, 0.0), seen
        assert min(seen[phase]["requests"] for phase in ("before", "after")) > 0, seen
        assert 0 < found["receipt"]["swap_ms"] < 1000
    assert second["message"].startswith(f"web 2 serves on staging; 0 of {second['receipt']['probe']['requests']} ")
    assert second["receipt"]["probe"]["during"]["requests"] > 0  # a warm rollback is too short to have a during
    kept = host.ledger()[1]["data"]["receipt"]
    assert kept["probe"]["failures"] == 0 < kept["probe"]["requests"]


def test_bad_release_gets_no_live_request(host: Host) -> None:
    host.monorepo.in_colours()
    host.monorepo.health = {"consecutive": 2, "deadline": 3, "interval": 0.2}
    host.deploy()
    before = host.colour("blue")
    with load(host, inside=False) as users:
        for behaviour, cause in (("unhealthy", "HTTP 500"), ("crash", "ended with exit code 3"), ("noisy", "errors")):
            host.monorepo.commit(behaviour)
            found = host.deploy()
            assert (found["code"], found["outcome"], found["current"]) == (1, "rejected", 1), found
            assert cause in found["message"] and "its logs and inspect output" in found["message"]
            assert found["message"].startswith(f"web {found['release']['number']} rejected before traffic; 1 still ")
            assert " 0 of " in found["message"]
    assert users.failures == []
    assert set(users.releases) == {"fine"}
    assert (host.colour("blue"), host.colour("green")) == (before, [])
    assert [event for event, _ in host.events()] == ["deployed", "returned", "returned", "returned"]
    found = host("status")["environments"]["staging"]["components"]["web"]
    assert (found["release"]["number"], found["colours"]["live"], found["edge"]["problem"]) == (1, "blue", None)


def test_the_same_again_touches_nothing(host: Host) -> None:
    host.monorepo.in_colours()
    host.deploy()
    before = host.tree(), host.colour("blue"), host.colour("edge")
    found = host.deploy()
    assert (found["code"], found["outcome"], found["changed"]) == (0, "unchanged", False), found
    assert (host.tree(), host.colour("blue"), host.colour("edge")) == before


def test_first_step_from_stop_first_has_one_gap_and_the_way_back_another(host: Host) -> None:
    host.deploy()
    host.monorepo.in_colours()
    host.monorepo.commit("fine second")
    found = host.deploy()
    assert (found["outcome"], found["current"], found["strategy"]) == ("deployed", 2, "blue-green"), found
    assert "interrupts once" in host.output
    assert found["receipt"]["gap_seconds"] < 6
    assert (host.colour("blue") != [], host.containers(), host.colour("trial")) == (True, [], [])
    print("MIGRATION", found["message"], found["receipt"])
    back = host("rollback", "web")
    assert (back["outcome"], back["current"], back["strategy"]) == ("returned", 1, "blue-green"), back
    assert back["receipt"]["probe"]["failures"] == 0
    host.monorepo.entry["strategy"] = "stop-first"
    host.monorepo.commit("fine third")
    third = host.deploy()
    assert (third["outcome"], third["strategy"], host.answer()) == ("deployed", "stop-first", '{"status": "ok"}'), third
    assert [host.colour(one) for one in ("blue", "green", "edge")] == [[], [], []]


def test_step_from_stop_first_with_a_bad_release_interrupts_nobody(host: Host) -> None:
    host.monorepo.health = {"consecutive": 2, "deadline": 3, "interval": 0.2}
    host.deploy()
    before = host.containers()
    host.monorepo.in_colours()
    host.monorepo.commit("unhealthy")
    found = host.deploy()
    assert (found["outcome"], found["receipt"]["probe"]["failures"]) == ("rejected", 0), found
    assert host.containers() == before
    assert [host.colour(one) for one in ("blue", "green", "edge", "trial")] == [[], [], [], []]


def test_release_that_cannot_run_twice_is_refused_untouched(host: Host) -> None:
    host.deploy()
    before = host.tree(), host.containers()
    host.monorepo.in_colours(shares=[])
    found = host.deploy()
    assert "web writes to the volume data, and two releases run side by side" in found["message"], found
    assert (found["changed"], host.containers()) == (False, before[1])
    assert host.answer() == '{"status": "ok"}'


def test_release_too_large_for_two_is_refused_untouched(host: Host) -> None:
    host.monorepo.in_colours()
    compose = host.monorepo.folder / "compose.yml"
    host.monorepo.write(
        "compose.yml", compose.read_text().replace("    init: true\n", "    init: true\n    mem_limit: 900g\n")
    )
    host.monorepo.commit("fine")
    found = host.deploy()
    assert "up to 921600 MiB beside the one that serves" in found["message"], found
    assert "stop-first" in found["message"]
    assert host.colour("blue") == []


def test_cold_release_is_started_and_judged_before_it_serves(host: Host) -> None:
    host.monorepo.in_colours()
    host.deploy()
    host.monorepo.commit("fine second")
    host.deploy()
    assert host.colour("blue") == []
    with load(host, inside=False) as users:
        found = host("rollback", "web")
    assert (found["outcome"], found["current"]) == ("returned", 1), found
    assert [one for one in users.failures if "upgraded" not in one] == []
    assert set(users.releases) == {"fine-second", "fine"}
    assert (
        found["receipt"]["drain"]["left"],
        "1 long requests or connections of 2 were cut off" in found["message"],
    ) == (
        1,
        True,
    ), found


def test_what_is_kept_warm_stops_when_its_time_is_over(host: Host) -> None:
    host.monorepo.in_colours(warm=2)
    host.deploy()
    host.monorepo.commit("fine second")
    found = host.deploy()
    assert "1 is kept warm until" in found["message"], found
    assert host.colour("blue") != []
    until = time.monotonic() + 30
    project = f"label=com.docker.compose.project={host.monorepo.name}-web-blue"
    while docker("ps", "--all", "--quiet", "--filter", project) and time.monotonic() < until:
        time.sleep(0.2)
    assert host.colour("blue") == []
    while waiting(host.state) and time.monotonic() < until:
        time.sleep(0.1)
    assert host("drain", "web")["outcome"] == "unchanged"
    assert host("status")["environments"]["staging"]["components"]["web"]["colours"]["warm_until"] is None


def test_edge_and_colours_come_back_after_everything_was_killed(host: Host) -> None:
    compose = host.monorepo.folder / "compose.yml"
    host.monorepo.write("compose.yml", compose.read_text().replace('restart: "no"', "restart: always"))
    host.monorepo.commit("fine")
    host.monorepo.in_colours(warm=600)
    host.deploy()
    host.monorepo.commit("fine second")
    host.deploy()
    everything = [one.split()[0] for name in ("edge", "blue", "green") for one in host.colour(name)]
    docker("restart", "--time", "0", *everything)
    until = time.monotonic() + 20
    while host.answer() != '{"status": "ok"}' and time.monotonic() < until:
        time.sleep(0.1)
    assert host.release() == "fine-second"
    found = host("rollback", "web")
    assert (found["outcome"], found["current"], host.release()) == ("returned", 1, "fine"), found


def test_target_that_dies_later_is_taken_out_and_named(host: Host) -> None:
    host.monorepo.in_colours()
    host.monorepo.commit("dies")
    host.deploy()
    until = time.monotonic() + 30
    while True:
        found = host("status")["environments"]["staging"]["components"]["web"]["edge"]
        if found["problem"] or time.monotonic() > until:
            break
        time.sleep(0.2)
    assert found["problem"] == "nothing healthy is behind port 8080"
    host.monorepo.commit("fine")
    assert host.deploy()["outcome"] == "deployed"
    assert host.release() == "fine"


def test_undo_and_removal(host: Host) -> None:
    host.monorepo.in_colours(warm=600)
    host.deploy()
    host.monorepo.commit("fine second")
    host.deploy()
    found = host("rollback", "web", "--undo", "--run", "run-2")
    assert (found["outcome"], found["current"], found["previous"]) == ("returned", 1, None), found
    assert (host.colour("green"), host.release()) == ([], "fine")
    assert host("rollback", "web", "--undo", "--run", "run-2")["outcome"] == "unchanged"


def test_prepared_release_is_judged_and_waits_for_the_switch_or_goes(host: Host) -> None:
    host.monorepo.in_colours()
    host.deploy()
    host.monorepo.commit("fine second")
    found = host("prepare,verify", stdin=host.monorepo.bundle())
    assert (found["outcome"], found["current"], host.release()) == ("prepared", 1, "fine"), found
    assert host("abort", "web")["outcome"] == "forgotten"
    assert host.colour("green") == []
    host("prepare,verify", stdin=host.monorepo.bundle())
    found = host("switch,drain", "web")
    assert (found["outcome"], found["current"], host.release()) == ("deployed", 2, "fine-second"), found


def test_first_release_that_is_bad_leaves_nothing(host: Host) -> None:
    host.monorepo.in_colours()
    host.monorepo.commit("crash")
    found = host.deploy()
    assert (found["code"], found["outcome"], found["current"]) == (1, "removed", None), found
    assert [host.colour(one) for one in ("blue", "edge", "trial")] == [[], [], []]
    assert not (host.state / "staging/components/web/edge").exists()
    host.monorepo.commit("fine")
    assert host.deploy()["outcome"] == "deployed"


def test_another_health_path_reloads_the_edge_and_nobody_notices(host: Host) -> None:
    host.monorepo.in_colours(warm=600)
    host.deploy()
    edge = host.colour("edge")
    host.monorepo.entry["health"] = {**host.monorepo.entry["health"], "http": "/ready"}
    with load(host, inside=False) as users:
        found = host.deploy()
        back = host("rollback", "web")
    assert (found["outcome"], back["outcome"], users.failures) == ("deployed", "returned", []), (found, back)
    assert host.colour("edge") == edge


def test_other_ports_move_the_edge_there_and_back(host: Host) -> None:
    host.monorepo.in_colours(warm=600)
    host.deploy()
    old, new = host.monorepo.port, free_port()
    compose = host.monorepo.folder / "compose.yml"
    host.monorepo.write("compose.yml", compose.read_text().replace(f":{old}:8080", f":{new}:8080"))
    host.monorepo.commit("fine second")
    found = host.deploy()
    host.monorepo.port = new
    assert (found["outcome"], host.release(), host.colour("trial")) == ("deployed", "fine-second", []), found
    assert found["published"] == {"web": {"8080": f"127.0.0.1:{new}"}}
    assert "interrupts once" in host.output
    back = host("rollback", "web")
    host.monorepo.port = old
    assert (back["outcome"], host.release()) == ("returned", "fine"), back


def test_release_rejected_later_does_not_hide_who_deployed(host: Host) -> None:
    host.monorepo.health = {"consecutive": 2, "deadline": 2, "interval": 0.2}
    host.monorepo.in_colours()
    host.deploy()
    host.monorepo.commit("fine second")
    host.deploy()
    since = host("status")["environments"]["staging"]["components"]["web"]["since"]
    host.monorepo.commit("unhealthy")
    assert host.deploy()["outcome"] == "rejected"
    assert host("status")["environments"]["staging"]["components"]["web"]["since"] == since
    assert host("rollback", "web", "--undo", "--run", "run-2")["current"] == 1
