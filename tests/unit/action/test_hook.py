"""A command of the operator's runs with the release in its environment; what it says when it fails is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.action import hook as hooks
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal


def ran(*command: str, seconds: float = 5) -> dict[str, Any]:
    return hooks._run({"command": list(command), "seconds": seconds}, {"TTA_RELEASE": "8"}, "post_deploy: x")


def test_a_command_finds_the_release_and_no_shell_reads_it() -> None:
    done = ran("printenv", "TTA_RELEASE")
    assert (done["failed"], done["stdout"]) == (False, "8\n")
    assert ran("echo", "$TTA_RELEASE; $(id)")["stdout"] == "$TTA_RELEASE; $(id)\n"


@pytest.mark.parametrize(
    ("command", "seconds", "sentence"),
    [
        (("sh", "-c", "echo first; echo not today >&2; exit 3"), 5, "post_deploy: x ended with 3: not today"),
        (("/no/such/program",), 5, "post_deploy: x cannot be run: No such file or directory"),
        (("sleep", "5"), 0.1, "post_deploy: x was not done within 0.1 s"),
    ],
)
def test_what_fails_says_how(command: tuple[str, ...], seconds: float, sentence: str) -> None:
    done = ran(*command, seconds=seconds)
    assert (done["failed"], done["msg"]) == (True, sentence)


def test_tasks_lie_beside_the_inventories_unless_their_path_is_whole(tmp_path: Path) -> None:
    (tmp_path / "hooks").mkdir()
    (tmp_path / "hooks" / "tell.yml").write_text("[]")
    variables = {"inventory_dir": str(tmp_path / "staging-homelab")}
    (tmp_path / "staging-homelab").mkdir()
    assert hooks._path("hooks/tell.yml", variables) == tmp_path / "hooks" / "tell.yml"
    assert hooks._path(str(tmp_path / "hooks" / "tell.yml"), {}) == tmp_path / "hooks" / "tell.yml"
    with pytest.raises(Refusal, match="are no file"):
        hooks._path("hooks/other.yml", variables)
