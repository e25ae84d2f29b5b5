"""The machine goes, or its engine, or the way to it: what served before or what was deployed serves afterwards."""

from __future__ import annotations

import subprocess

import pytest
from faulty.machine import PROGRAM, Machine
from tiny.host import DEPLOY

pytestmark = pytest.mark.engine
WAYS = ["stop-first", "blue-green"]


def old_serves(machine: Machine, way: str) -> None:
    if way == "blue-green":
        machine.monorepo.in_colours(drain=1)
    found = machine.deploy()
    assert (found["outcome"], machine.serves()) == ("deployed", "fine"), found
    machine.monorepo.commit("fine second")


def converges(machine: Machine) -> None:
    found = machine.deploy()
    assert (found["code"], found["failed"], machine.serves()) == (0, False, "fine-second"), found
    assert machine.deploy()["outcome"] == "unchanged"


def start(machine: Machine, command: list[str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin
    process.stdin.write(machine.monorepo.bundle())
    process.stdin.close()
    return process


@pytest.mark.fault("host rebooted in mid-deploy")
@pytest.mark.parametrize(
    ("way", "step"),
    [("stop-first", "settle"), ("blue-green", "preview"), ("blue-green", "commit")],
)
def test_host_rebooted_in_mid_deploy(machine: Machine, way: str, step: str) -> None:
    old_serves(machine, way)
    machine.deploy_and_die_after(step)
    machine.reboot()
    assert machine.serves() in ("fine", "fine-second")
    assert machine("status")["environments"]["staging"]["components"]["web"]["unfinished"]["number"] == 2
    converges(machine)


@pytest.mark.fault("Docker restarted in mid-deploy")
@pytest.mark.parametrize(("way", "step"), [("stop-first", "settle"), ("blue-green", "start"), ("blue-green", "switch")])
def test_engine_restarted_in_mid_deploy(machine: Machine, way: str, step: str) -> None:
    old_serves(machine, way)
    process = start(machine, machine.command(DEPLOY))
    machine.wait_for_step(step)
    machine.restart_engine()
    process.wait(120)  # it was started through the engine's machine, not through the engine: it goes on by itself
    assert machine.serves() in ("fine", "fine-second")
    converges(machine)


@pytest.mark.fault("SSH connection cut")
@pytest.mark.parametrize(("way", "step"), [("stop-first", "verify"), ("blue-green", "start")])
def test_connection_cut_in_mid_deploy(machine: Machine, way: str, step: str) -> None:
    old_serves(machine, way)
    process = start(machine, ssh(machine, f"python3 {PROGRAM} --json --state {machine.state} {DEPLOY}"))
    machine.wait_for_step(step)
    process.kill()
    process.wait(10)
    machine.wait_for_step("done")
    assert machine.serves() == "fine-second"
    converges(machine)


def ssh(machine: Machine, command: str) -> list[str]:
    variables = machine.machine.variables()
    key = ["-i", variables["ansible_ssh_private_key_file"], "-o", "BatchMode=yes"]
    return ["ssh", *variables["ansible_ssh_common_args"].split(), *key, f"root@{variables['ansible_host']}", command]
