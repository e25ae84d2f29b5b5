from __future__ import annotations

from ansible_collections.tta.ops.plugins.plugin_utils.look.ending import Facts, Trouble, ending
from ansible_collections.tta.ops.plugins.plugin_utils.look.style import Look

GOOD = {"headline": "JUDGED carbon 7/7", "outcome": "done"}
BAD = {"headline": "NOT PROMOTED carbon → staging 6/7", "outcome": "refused"}


def trouble(message: str = "it broke", unreachable: bool = False) -> Trouble:
    return Trouble("Deploy to staging", "Deploy", "staging-1", message, unreachable)


def test_the_report_of_a_good_run() -> None:
    assert ending(Facts(report=GOOD, tasks=1), Look()) == ["JUDGED carbon 7/7"]


def test_a_failed_run_never_ends_with_a_report_of_success() -> None:
    lines = ending(Facts(report=GOOD, failed=True, trouble=trouble()), Look())
    assert lines == ["FAILED in step Deploy to staging: it broke"]


def test_a_refusal_is_its_own_end() -> None:
    assert ending(Facts(report=BAD, failed=True, trouble=trouble()), Look())[0] == BAD["headline"]


def test_a_host_without_answer_is_one_sentence() -> None:
    lines = ending(Facts(failed=True, trouble=trouble("ssh:\n  timed out", unreachable=True)), Look())
    assert lines == ["NO ANSWER from staging-1 in step Deploy to staging: ssh: timed out"]


def test_a_run_that_met_no_host_says_so() -> None:
    assert ending(Facts(), Look())[0].startswith("NOTHING DONE")


def test_a_run_without_report_says_how_long_it_took_and_what_changed() -> None:
    assert ending(Facts(tasks=3, changed=2, seconds=125.4), Look()) == ["DONE in 2 min 5 s, 2 changed"]


def test_the_command_in_a_failure_stays_whole() -> None:
    said = "Docker does not answer on staging-1, the machine. Type: ansible-playbook prepare-host.yml -e target=staging"
    lines = ending(Facts(failed=True, trouble=trouble(said)), Look(width=60))
    assert lines[0].startswith("FAILED in step Deploy to staging: Docker")
    assert lines[-1].strip() == "ansible-playbook prepare-host.yml -e target=staging"


def test_a_run_that_stopped_early_is_not_done() -> None:
    lines = ending(Facts(tasks=3, planned=4, begun=2, trouble=trouble("timed out", unreachable=True)), Look())
    assert lines == ["NO ANSWER from staging-1 in step Deploy to staging: timed out"]
