"""What a development project depends on besides the component's own files: compose file, what it names, base images."""

from __future__ import annotations

import posixpath
import re
import subprocess
from typing import Any

from . import control_node
from .inputs import SubjectFacts
from .tools import NotKnown

ASK_SECONDS = 30
_WORD = re.compile(r"[\w./@+-]+")
_IMAGE = re.compile(r"(?im)(?:^\s*FROM(?:\s+--\S+)*|(?:^|[\s{,])image:)\s+[\"']?([\w./:@-]+)")


def of(facts: SubjectFacts) -> dict[str, Any]:
    """Return it as JSON-like data; raises `NotKnown` when Docker does not say which images it has."""
    settings = facts.settings.get("development") or {}
    compose = str(settings.get("compose_file") or "")
    text = facts.text(compose)
    folder = posixpath.dirname(compose)
    named = {posixpath.normpath(posixpath.join(folder, word)) for word in _WORD.findall(text)} - {".", ".."}
    files = {path: blob for name in named for path, blob in facts.below(name).items()} if named else {}
    recipes = [path for path in {**facts.common, **files} if "dockerfile" in posixpath.basename(path).lower()]
    texts = [text, *(facts.text(path) for path in sorted(recipes))]
    wanted = sorted({name for each in texts for name in _IMAGE.findall(each)})
    return {
        "compose": facts.blob(compose),
        "example": facts.blob(str(settings.get("env_example") or "")),
        "named": {path: blob for path, blob in files.items() if path in facts.whole},
        "docker": control_node.program("docker"),
        "images": _images(wanted) if wanted else "",
    }


def _images(names: list[str]) -> str:
    """Return the ids of those images that the engine has; which name has which, in the order of the names."""
    command = ["docker", "image", "inspect", "--format", "{{.RepoTags}} {{.Id}}", *names]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=ASK_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotKnown from error
    if done.returncode and "No such image" not in done.stderr:
        raise NotKnown
    return done.stdout
