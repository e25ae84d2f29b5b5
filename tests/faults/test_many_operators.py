"""Twenty operators at once: one acts, each other one is told who, or finds done what it wanted."""

from __future__ import annotations

import json
import subprocess

import pytest
from faulty.standing import Standing
from tiny.host import DEPLOY

pytestmark = pytest.mark.engine


@pytest.mark.fault("20 operators at once")
def test_twenty_operators_at_once(standing: Standing) -> None:
    standing.monorepo.commit("fine for all")
    processes = []
    for number in range(20):
        command = standing.command("rollback", "web") if number % 5 == 4 else standing.command(DEPLOY)
        bundle = standing.monorepo.bundle() if DEPLOY in command else b""
        one = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert one.stdin
        one.stdin.write(bundle)
        one.stdin.close()
        processes.append(one)
    ended = []
    for one in processes:
        assert one.stdout and one.stderr
        said, wrong = one.stdout.read(), one.stderr.read()
        ended.append({**json.loads(said.splitlines()[-1])["result"], "code": one.wait(180)})
        assert not wrong, wrong.decode()
    standing.results += ended
    locked = [one for one in ended if one["code"] == 75]
    acted = [one for one in ended if one["outcome"] in ("deployed", "returned")]
    assert acted and len(locked) + len([one for one in ended if one["code"] == 0]) == 20, ended
    assert all("web on staging is locked by" in one["message"] for one in locked)
    numbers = [one["release"]["number"] for one in acted if one["outcome"] == "deployed"]
    assert len(numbers) == len(set(numbers)), numbers
    assert standing.release().startswith("fine")
    standing.converges()
