"""How the host program is called: found or installed, its lines read, its silence explained."""

from __future__ import annotations

import json
import subprocess

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import host_call, host_program
from ansible_collections.tta.ops.plugins.plugin_utils.host_call import Answer, CallError, HostCall

RESULT = json.dumps({"result": {"changed": True}})


class Host:
    """Answers with what it is told, in order, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, bytes]] = []

    def __call__(self, command: str, stdin: bytes) -> Answer:
        self.asked.append((command, stdin))
        return self.answers.pop(0)


def test_result_is_found_among_what_a_login_shell_prints() -> None:
    told: list[str] = []
    progress = json.dumps({"progress": {"step": "switch", "text": "starts carbon 2", "at": "now"}})
    host = Host(Answer(0, f"Welcome {{to}} the host\n{{not json\n{progress}\n{RESULT}\n", ""))
    assert HostCall(host, "staging-1", tell=told.append)(["status"]) == {"changed": True}
    assert told == ["switch: starts carbon 2"]


def test_missing_or_other_program_is_installed_and_called_again() -> None:
    host = Host(Answer(86, "", ""), Answer(0, "", ""), Answer(0, RESULT, ""))
    assert HostCall(host, "staging-1")(["rollback", "carbon"], b"input") == {"changed": True}
    assert [stdin for _, stdin in host.asked] == [b"input", host_program.build().data, b"input"]


def test_a_program_that_was_replaced_while_it_was_loaded_is_called_again() -> None:
    torn = Answer(1, "", "zipimport.ZipImportError: bad local file header: '/usr/local/bin/tta-ops'")
    host = Host(torn, Answer(0, "", ""), Answer(0, RESULT, ""))
    assert HostCall(host, "staging-1")(["rollback", "carbon"]) == {"changed": True}
    begun = json.dumps({"progress": {"step": "switch", "text": "", "at": "now"}})
    with pytest.raises(CallError, match="no result"):
        HostCall(Host(torn._replace(out=begun)), "staging-1")(["rollback", "carbon"])


def test_reading_installs_nothing() -> None:
    host = Host(Answer(86, "", ""), Answer(0, RESULT, ""))
    assert HostCall(host, "staging-1").read(["status"]) == {"changed": True}
    assert "memfd_create" in host.asked[1][0]


def test_the_program_runs_from_memory(tmp_path: object) -> None:
    command = host_call.from_memory(["status", "--state", str(tmp_path)], "")
    done = subprocess.run(["sh", "-c", command], input=host_program.build().data, capture_output=True, check=False)
    assert host_call.parse(done.stdout.decode())[-1]["result"]["environments"] == {}, done.stderr


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([Answer(87, "", "")], "staging-1 has no Python 3"),
        ([Answer(86, "", ""), Answer(1, "", "mktemp: Permission denied")], r"Permission denied\): act as root there"),
        ([Answer(86, "", ""), Answer(0, "", ""), Answer(86, "", "")], "not the one that was just installed"),
        ([Answer(137, "", "Killed")], r"exit code 137 and no result \(Killed\)"),
        ([Answer(1, '{"result": tor', "")], "no result"),
    ],
)
def test_calls_that_give_no_result_are_explained(answers: list[Answer], sentence: str) -> None:
    with pytest.raises(CallError, match=sentence):
        HostCall(Host(*answers), "staging-1")(["status"])


def test_arguments_cannot_leave_their_quotes() -> None:
    command = host_call.invocation(["rollback", "--reason", "'; touch /tmp/x; $(id)"], "/usr/bin/python3")
    assert "'\"'\"'; touch /tmp/x; $(id)'" in command


def test_a_call_without_input_gets_an_empty_line_and_so_no_terminal() -> None:
    host = Host(Answer(0, RESULT, ""), Answer(0, RESULT, ""))
    HostCall(host, "staging-1").read(["status"])
    HostCall(host, "staging-1")(["rollback", "carbon"])
    assert [stdin for _, stdin in host.asked] == [b"\n", b"\n"]


def test_installing_lays_out_the_modules_too_and_names_a_missing_python() -> None:
    host = Host(Answer(0, "", ""))
    HostCall(host, "staging-1").install()
    assert host.asked[0][0].endswith('"$p" /usr/local/bin/tta-ops --json unpack')
    with pytest.raises(CallError, match="staging-1 has no Python 3"):
        HostCall(Host(Answer(87, "", "")), "staging-1").install()
