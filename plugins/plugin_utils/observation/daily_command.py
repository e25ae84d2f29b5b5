"""The command that a staging host on this very machine runs once a day for the integration tests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from typing import Any

from ansible import constants as C

from ...module_utils.host.recorder.daily import COMMIT


def command(operation: Mapping[str, Any], environment: str, sources: Sequence[str]) -> list[str] | None:
    """Return the command, in which the host puts the commit of what serves; None without a checkout or the toolkit.

    Jobs get none of the operator's environment, so what Ansible has to find is in the command.
    """
    program = shutil.which("ansible-playbook")
    if not operation.get("monorepo") or not program or not sources:
        return None
    given = {
        "do": "tests",
        "component": operation["component"],
        "target": environment,
        "monorepo": operation["monorepo"],
        "version": COMMIT,
    }
    found = [f"ANSIBLE_COLLECTIONS_PATH={':'.join(C.config.get_config_value('COLLECTIONS_PATHS'))}"]
    inventories = [word for source in sources for word in ("--inventory", source)]
    play = [program, "tta.ops.observe", *inventories, "--extra-vars", json.dumps(given, sort_keys=True)]
    return ["/usr/bin/env", *found, *play]
