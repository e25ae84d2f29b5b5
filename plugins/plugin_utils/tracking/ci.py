"""Where the CI run that this is can be looked at, from the environment variables that CI systems set."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~%/+-]*)?")
_SAID_WHOLE = ("CI_JOB_URL", "BUILD_URL")
_GITHUB = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")


def address(variables: Mapping[str, str]) -> str:
    """Return the address of the run (GitHub Actions, GitLab, Jenkins), empty when this is no CI or it says nonsense."""
    found = next((variables[name] for name in _SAID_WHOLE if variables.get(name)), "")
    if all(variables.get(name) for name in _GITHUB):
        server, repository, run = (variables[name] for name in _GITHUB)
        found = f"{server}/{repository}/actions/runs/{run}"
    return found if _ADDRESS.fullmatch(found) else ""
