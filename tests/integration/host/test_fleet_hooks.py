"""The operator's hooks and the webhook are told once for a fleet, not once a host; one that says no stops all of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
LOCAL = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}


def include(moment: str) -> dict[str, Any]:
    given = {"release_operation": "{{ operation }}", "release_hook": moment, "release_hook_result": {}}
    role = {"name": "tta.ops.release", "tasks_from": "hooks", "rolespec_validate": False}
    return {"ansible.builtin.include_role": role, "vars": given}


def played(folder: Path, moment: str, *hooks: dict[str, Any]) -> tuple[int, list[str]]:
    """Run a moment's hooks for two hosts, of which both have failed; return the exit code and what was told."""
    told, after = folder / "told", {"ansible.builtin.shell": f"echo went on >> {folder / 'told'}"}
    settings = {"hosts": ["a", "b"], "webhook": "", "hooks": {moment: [{"seconds": 9, **one} for one in hooks]}}
    operation = {
        "verb": "deploy", "component": "web", "target": "staging", "run": "r", "actor": "Jane", "reason": "",
        "artifact": None, "environments": {"staging": settings},
    }  # fmt: skip
    failed = {"block": [{"ansible.builtin.fail": {"msg": "no"}}], "rescue": [include(moment)]}
    play = {"hosts": "staging", "gather_facts": False, "tasks": [failed, after]}
    (folder / "play.yml").write_text(yaml.safe_dump([play]))
    (folder / "hosts.json").write_text(json.dumps({"staging": {"hosts": {"a": LOCAL, "b": LOCAL}}}))
    (folder / "given.json").write_text(json.dumps({"operation": operation}))
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts.json", "-e", "@given.json"]
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
    }
    done = subprocess.run(
        [*command, "play.yml"], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert "Traceback" not in done.stdout, done.stdout
    return done.returncode, told.read_text().splitlines() if told.exists() else []


@pytest.mark.parametrize("moment", ["post_deploy", "on_failure"])
def test_commands_and_tasks_run_once(tmp_path: Path, moment: str) -> None:
    tasks = [{"name": "Tell", "ansible.builtin.shell": f"echo tasks $TTA_HOOK >> {tmp_path / 'told'}"}]
    (tmp_path / "hook.yml").write_text(yaml.safe_dump(tasks))
    command = {"command": ["sh", "-c", f"echo command >> {tmp_path / 'told'}"], "tasks": ""}
    code, told = played(tmp_path, moment, command, {"command": [], "tasks": str(tmp_path / "hook.yml")})
    assert (code, told) == (0, ["command", f"tasks {moment}", "went on", "went on"])


def test_one_that_says_no_before_a_deploy_stops_all_hosts(tmp_path: Path) -> None:
    code, told = played(tmp_path, "pre_deploy", {"command": ["false"], "tasks": ""})
    assert (code != 0, told) == (True, [])
