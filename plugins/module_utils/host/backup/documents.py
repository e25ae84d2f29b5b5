"""The Compose document of one service alone. Pure."""

from __future__ import annotations

import copy
from typing import Any, Dict

VERIFY, RESTORE = "verify", "restore"
_KEPT = (
    *("image", "command", "entrypoint", "environment", "user", "working_dir", "volumes", "tmpfs", "configs", "secrets"),
    *("healthcheck", "init", "stop_signal", "stop_grace_period", "shm_size", "ulimits", "cap_add", "cap_drop"),
    *("sysctls", "security_opt", "read_only", "group_add", "mem_limit", "pull_policy", "hostname", "tty"),
)


def document(release: Dict[str, Any], service: str, project: str, purpose: str) -> Dict[str, Any]:
    """Return the Compose document that runs ``service`` of a release's document alone."""
    given = release["services"][service]
    own = {key: copy.deepcopy(given[key]) for key in _KEPT if key in given}
    own.update(network_mode="none", restart="no")
    known, used = release.get("volumes") or {}, {}
    mounts = []
    for mount in own.pop("volumes", []):
        named = mount["type"] == "volume" and mount.get("source")
        if named:
            key = mount["source"]
            used[key] = known[key] if purpose == RESTORE else {"name": f"{project}_{key}"}
        elif mount["type"] == "bind" and not mount.get("read_only") and purpose == VERIFY:
            # A folder of the host that the service writes: here it gets an empty one of its own.
            mount = {"type": "volume", "source": _slug(mount["target"]), "target": mount["target"]}
            used[mount["source"]] = {"name": f"{project}_{mount['source']}"}
        mounts.append(mount)
    result: Dict[str, Any] = {"name": project, "services": {service: {**own, "volumes": mounts}}}
    if used:
        result["volumes"] = used
    for section in ("configs", "secrets"):
        names = {item if isinstance(item, str) else item["source"] for item in own.get(section, [])}
        if names:
            result[section] = {name: release[section][name] for name in sorted(names)}
    return result


def _slug(path: str) -> str:
    return "bind" + "".join(letter if letter.isalnum() else "-" for letter in path).lower()
