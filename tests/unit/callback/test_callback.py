"""The callback in real runs: steps, failures, the end, secrets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from callback_runs import play, play_on_terminal, visible

REPORT = {"headline": "PROMOTED carbon → staging 7/7", "outcome": "promoted", "rows": [["health", "answers"]]}
REFUSAL = {"headline": "NOT PROMOTED carbon → staging 6/7", "outcome": "refused", "next": ["make test"]}
SECRET = "Tr0ub4dor'&\"3"


def with_report(folder: Path, report: dict[str, Any], failed: bool = False) -> dict[str, Any]:
    """A task that returns a report, by a small action of the playbook's own."""
    actions = folder / "action_plugins"
    actions.mkdir(exist_ok=True)
    (actions / "reporting.py").write_text(
        "from ansible.plugins.action import ActionBase\n"
        "from ansible.utils.display import Display\n"
        "class ActionModule(ActionBase):\n"
        "    def run(self, tmp=None, task_vars=None):\n"
        "        Display().display('progress line')\n"
        "        return dict(self._task.args['result'])\n"
    )
    modules = folder / "library"
    modules.mkdir(exist_ok=True)
    (modules / "reporting.py").write_text("")
    result = {"report": report, "failed": failed, "msg": "the plain sentence", "changed": False}
    return {"name": "Judge", "reporting": {"result": result}}


def test_steps_are_numbered_timed_and_untold_of_tasks(tmp_path: Path) -> None:
    quiet = {"name": "Unseen task", "ansible.builtin.set_fact": {"a": 1}}
    code, output = play(
        tmp_path, [{"name": "Ask", "tasks": [quiet]}, {"name": "Judge the component", "tasks": [quiet]}]
    )
    assert code == 0
    assert re.fullmatch(r"1 Ask\n  ok \d\.\d s\n2 Judge the component\n  ok \d\.\d s\n\nDONE in \d\.\d s\n", output), (
        output
    )


def test_two_plays_of_one_name_are_one_step(tmp_path: Path) -> None:
    task = {"ansible.builtin.set_fact": {"a": 1}}
    _, output = play(tmp_path, [{"name": "Ask", "tasks": [task]}, {"name": "Ask", "tasks": [task]}])
    assert output.count("Ask") == 1


def test_progress_passes_and_the_report_ends_the_run(tmp_path: Path) -> None:
    code, output = play(tmp_path, [{"name": "Ask", "tasks": [with_report(tmp_path, REPORT)]}])
    assert code == 0
    assert output.startswith("1 Ask\nprogress line\n")
    assert output.split("\n\n")[1:] == ["PROMOTED carbon → staging 7/7", "  health  answers\n"]


def test_a_refusal_ends_the_run(tmp_path: Path) -> None:
    code, output = play(tmp_path, [{"name": "Ask", "tasks": [with_report(tmp_path, REFUSAL, failed=True)]}])
    assert code != 0
    assert output.endswith("\n\nNOT PROMOTED carbon → staging 6/7\n\nnext\n  make test\n")
    assert "  no Judge\n" in output
    assert "the plain sentence" not in output


def test_a_failure_after_a_good_report_is_what_the_end_says(tmp_path: Path) -> None:
    fail = {"name": "Stop", "ansible.builtin.fail": {"msg": "the disk is full"}}
    code, output = play(
        tmp_path,
        [{"name": "Judge", "tasks": [with_report(tmp_path, REPORT)]}, {"name": "Deploy to staging", "tasks": [fail]}],
    )
    assert code != 0
    assert output.endswith("\n\nFAILED in step Deploy to staging: the disk is full\n")
    assert "PROMOTED" not in output


def test_a_failure_that_was_rescued_is_told_where_it_happened(tmp_path: Path) -> None:
    fail = {"name": "Try", "ansible.builtin.fail": {"msg": "not this way"}}
    rescue = {"name": "Go back", "ansible.builtin.set_fact": {"a": 1}}
    code, output = play(tmp_path, [{"name": "Deploy", "tasks": [{"block": [fail], "rescue": [rescue]}]}])
    assert code == 0
    assert "  no Try\n     not this way\n" in output
    assert "DONE" in output


def test_a_host_without_answer(tmp_path: Path) -> None:
    remote = {"ansible_host": "127.0.0.1", "ansible_port": 1, "ansible_user": "nobody"}
    (tmp_path / "hosts.yml").write_text(json.dumps({"all": {"hosts": {"staging-1": remote}}}))
    code, output = play(tmp_path, [{"name": "Deploy", "hosts": "staging-1", "tasks": [{"ansible.builtin.ping": None}]}])
    assert code != 0
    assert output.rpartition("\n\n")[2].startswith("NO ANSWER from staging-1 in step Deploy: ")
    assert "no answer [staging-1]" in output


@pytest.mark.parametrize(("fatal", "end"), [("True", "NO ANSWER from staging-1 in step Read"), ("False", "DONE")])
def test_a_host_without_answer_that_was_to_be_ignored(tmp_path: Path, fatal: str, end: str) -> None:
    remote = {"ansible_host": "127.0.0.1", "ansible_port": 1, "ansible_user": "nobody"}
    hosts = {"staging-1": remote, "localhost": {"ansible_connection": "local"}}
    (tmp_path / "hosts.yml").write_text(json.dumps({"all": {"hosts": hosts}}))
    read = {"name": "Read", "hosts": "staging-1", "tasks": [{"ansible.builtin.ping": None, "ignore_unreachable": True}]}
    then = {"name": "Fold", "hosts": "localhost", "tasks": [{"ansible.builtin.set_fact": {"a": 1}}]}
    code, output = play(tmp_path, [read, then], ANSIBLE_ANY_ERRORS_FATAL=fatal)
    assert (code == 0) == (fatal == "False")
    assert output.rpartition("\n\n")[2].startswith(end)
    assert "no answer [staging-1] (the run goes on)" in output


def test_no_host_meant(tmp_path: Path) -> None:
    _, output = play(tmp_path, [{"name": "Deploy", "hosts": "nowhere", "tasks": []}])
    assert "NOTHING DONE" in output


def test_warnings_come_after_the_end(tmp_path: Path) -> None:
    warn = {"ansible.builtin.debug": {"msg": "{{ lookup('ansible.builtin.file', '/nowhere', errors='warn') }}"}}
    _, output = play(tmp_path, [{"name": "Ask", "tasks": [warn]}])
    assert output.index("DONE") < output.index("[WARNING]")


def test_a_plan_lists_what_would_change_with_its_differences(tmp_path: Path) -> None:
    copy = {"name": "Write", "ansible.builtin.copy": {"dest": str(tmp_path / "x"), "content": "new\n", "mode": "0600"}}
    _, output = play(tmp_path, [{"name": "Track", "tasks": [copy]}], "--check", "--diff")
    assert "would change: Write [localhost]" in output
    assert "\n+new\n" in output


def test_detail_with_v(tmp_path: Path) -> None:
    code, output = play(tmp_path, [{"name": "Ask", "tasks": [with_report(tmp_path, REFUSAL, failed=True)]}], "-v")
    assert code != 0
    assert "PLAY [Ask]" in output
    assert "TASK [Judge]" in output
    assert "PLAY RECAP" in output
    assert output.endswith("NOT PROMOTED carbon → staging 6/7\n\nnext\n  make test\n")


@pytest.mark.parametrize("verbosity", [[], ["-v"], ["-vvv"], ["-vvvvv"]])
@pytest.mark.parametrize("terminal", [False, True])
def test_secrets_appear_nowhere(tmp_path: Path, verbosity: list[str], terminal: bool) -> None:
    values = {"POSTGRES_PASSWORD": SECRET, "NESTED": {"KEY": "{{ elsewhere }}"}}
    tasks = [
        {"ansible.builtin.debug": {"msg": "{{ environment_values }} {{ environment_values.NESTED.KEY }}"}},
        {"ansible.builtin.command": {"argv": ["echo", "{{ environment_values.POSTGRES_PASSWORD }}"]}},
        {"ansible.builtin.fail": {"msg": "with {{ environment_values.POSTGRES_PASSWORD }}"}},
    ]
    variables = json.dumps({"environment_values": values, "elsewhere": "correct horse"})
    run = play_on_terminal if terminal else play
    _, output = run(tmp_path, [{"name": "Ask", "tasks": tasks}], "-e", variables, *verbosity)
    shown = visible(output)
    assert "***" in shown
    for trace in ("Tr0ub4dor", "correct horse"):
        assert trace not in shown
    assert "FAILED in step Ask: with ***" in shown


def test_secrets_stay_out_of_the_log(tmp_path: Path) -> None:
    tasks = [{"ansible.builtin.debug": {"msg": "{{ environment_values }}"}}]
    log = tmp_path / "ansible.log"
    variables = json.dumps({"environment_values": {"A": SECRET}})
    play(tmp_path, [{"name": "Ask", "tasks": tasks}], "-e", variables, "-vvv", ANSIBLE_LOG_PATH=str(log))
    assert "***" in log.read_text()
    assert "Tr0ub4dor" not in log.read_text()


def test_a_secret_that_a_lookup_makes_is_not_made_by_looking(tmp_path: Path) -> None:
    made = tmp_path / "password"
    values = {"environment_values": {"A": f"{{{{ lookup('ansible.builtin.password', '{made}') }}}}"}}
    refuse = {"ansible.builtin.fail": {"msg": "no such component"}}
    play(tmp_path, [{"name": "Ask", "tasks": [refuse]}], "-e", json.dumps(values))
    assert not made.exists()
    show = [{"ansible.builtin.set_fact": {"a": 1}}, {"ansible.builtin.debug": {"var": "environment_values"}}]
    _, output = play(tmp_path, [{"name": "Ask", "tasks": show}], "-e", json.dumps(values), "-v")
    assert made.read_text().split()[0] not in output
    assert "***" in output


def test_a_terminal_gets_a_live_line_colours_and_symbols(tmp_path: Path) -> None:
    slow = {"name": "Wait a while", "ansible.builtin.command": {"argv": ["sleep", "1"]}}
    code, output = play_on_terminal(tmp_path, [{"name": "Deploy", "tasks": [slow]}])
    assert code == 0
    assert "Wait a while" in output
    assert "Wait a while" not in visible(output)
    assert "✓" in output
    assert "\x1b[32m" in output


def test_no_color_is_respected(tmp_path: Path) -> None:
    _, output = play_on_terminal(tmp_path, [{"name": "Ask", "tasks": [with_report(tmp_path, REPORT)]}], NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*m", output)
    assert "PROMOTED" in output


def test_forced_colour_is_respected(tmp_path: Path) -> None:
    plays = [{"name": "Ask", "tasks": [with_report(tmp_path, REPORT)]}]
    _, output = play(tmp_path, plays, ANSIBLE_FORCE_COLOR="1")
    assert "\x1b[32mPROMOTED carbon → staging 7/7\x1b[0m" in output
    assert "\x1b[" not in play(tmp_path, plays)[1]


def test_a_narrow_terminal_wraps_words_and_no_commands(tmp_path: Path) -> None:
    command = "ansible-playbook promote-staging.yml -e component=carbon -e reason=because"
    report = {"headline": "NOT PROMOTED " + "word " * 20, "outcome": "refused", "next": [command]}
    _, output = play_on_terminal(tmp_path, [{"name": "Ask", "tasks": [with_report(tmp_path, report)]}], columns=40)
    end = visible(output).split("\n\n", 1)[1]
    assert f"\n{command}\n" in end
    assert all(len(line) <= 40 or line == command for line in end.splitlines())


def test_without_a_terminal_sentences_stay_whole(tmp_path: Path) -> None:
    sentence = "this is a long sentence that somebody will look for in a log, " * 5
    _, output = play(tmp_path, [{"name": "Ask", "tasks": [{"ansible.builtin.fail": {"msg": sentence}}]}])
    assert f"FAILED in step Ask: {sentence.strip()}\n" in output


def test_a_long_task_is_told_without_a_terminal(tmp_path: Path) -> None:
    slow = {"name": "Wait a while", "ansible.builtin.command": {"argv": ["sleep", "11"]}}
    _, output = play(tmp_path, [{"name": "Deploy", "tasks": [slow]}])
    assert re.search(r"     Wait a while \.\.\. 10 s, still running\n     Wait a while: 1\d s\n", output), output
