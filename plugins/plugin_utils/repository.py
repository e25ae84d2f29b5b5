"""What git knows about a component: the commit, the identity of its files, and which of them are not committed.

Shapes: a *tree hash* is the SHA-256 (hex) over the lines `mode blob path` of the component's files at a commit, sorted
by path. Files that the toolkit writes itself (MATURITY.md, ROLLBACK.md …) are left out, so that writing them neither
makes a component dirty nor starts a new identity.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from .refusal import Refusal

Git = Callable[..., str]
GIT_SECONDS = 60


def git_in(monorepo: str) -> Git:
    """Return a function that runs git in `monorepo` and gives its output; raises `Refusal` when git says no."""
    if not Path(monorepo).is_dir():
        raise Refusal(f"monorepo {monorepo} is no folder", "a git checkout", "-e monorepo=/path/to/checkout")

    def git(*arguments: str) -> str:
        try:
            done = subprocess.run(
                # A checkout of another user's is common (sudo); reading it is harmless.
                ["git", "-c", "safe.directory=*", "-c", "core.quotePath=false", "-C", monorepo, *arguments],
                capture_output=True,
                check=False,
                text=True,
                timeout=GIT_SECONDS,
            )
        except FileNotFoundError as error:
            raise Refusal("git is not installed", "git", "apt-get install git") from error
        if done.returncode:
            raise Refusal(f"git {arguments[0]} failed in {monorepo}: {' '.join(done.stderr.split())}")
        return done.stdout

    return git


def commit_of(git: Git, version: str, monorepo: str) -> str:
    """Return the full commit of a tag, branch or commit; `version` never reaches git as an option."""
    try:
        top = git("rev-parse", "--show-toplevel").strip()
    except Refusal as error:
        raise Refusal(
            f"monorepo {monorepo} is no git checkout",
            "the folder of a git checkout",
            "-e monorepo=/path/to/checkout",
        ) from error
    if Path(top).resolve() != Path(monorepo).resolve():
        raise Refusal(
            f"monorepo {monorepo} lies inside the checkout {top}", "the checkout itself", f"-e monorepo={top}"
        )
    try:
        return git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{version}^{{commit}}").strip()
    except Refusal as error:
        raise Refusal(f"the monorepo {monorepo} has no commit {version}", "a tag or a commit of it") from error


def own_files(entry: Mapping[str, Any]) -> list[str]:
    """Return the paths that make up a component's identity: its own, its tests' and what its image build reads."""
    tests = [path for kind in entry["tests"].values() if kind for path in kind["paths"]]
    return sorted({*entry["paths"], *entry["context"], *tests})


def written_by_toolkit(entry: Mapping[str, Any]) -> frozenset[str]:
    """Return the paths of the files that the toolkit writes for a component."""
    return frozenset({entry["maturity"], entry["rollback"]})


def tree_of(git: Git, commit: str, entry: Mapping[str, Any]) -> str:
    """Return the component's tree hash at a commit; raises `Refusal` when a declared path is not in it."""
    listing = git("ls-tree", "-r", "--end-of-options", commit, "--", *own_files(entry)).splitlines()
    files = [_listed(line) for line in listing]
    for declared in own_files(entry):
        wanted = declared.rstrip("/")
        if not any(path == wanted or path.startswith(f"{wanted}/") for _, _, path in files):
            raise Refusal(
                f"{entry['name']}: {declared} is not in commit {commit[:12]}",
                "a committed file or folder",
                f"git add {declared} and commit, or correct the catalogue",
            )
    ignored = written_by_toolkit(entry)
    kept = sorted((path, mode, blob) for mode, blob, path in files if path not in ignored)
    return hashlib.sha256("".join(f"{mode} {blob} {path}\n" for path, mode, blob in kept).encode()).hexdigest()


def dirty_files(git: Git, entry: Mapping[str, Any]) -> list[str]:
    """Return the component's files that differ from the last commit, without those that the toolkit writes."""
    records = git("status", "--porcelain", "-z", "--untracked-files=all", "--", *own_files(entry)).split("\0")
    ignored = written_by_toolkit(entry)
    changed = (record[3:] for record in records if len(record) > 3 and record[2] == " ")
    return sorted(path for path in changed if path not in ignored)


def artifact_of(git: Git, commit: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the artifact of a component at a commit, not yet built (no images)."""
    return {
        "schema": 1,
        "component": entry["name"],
        "commit": commit,
        "tree": tree_of(git, commit, entry),
        "images": {},
        "built": None,
    }


def actor_of(git: Git, fallback: str) -> str:
    """Return who acts, as git knows them: `Name <email>`; else the login name that the caller gives."""
    identity: Iterable[str] = git("var", "GIT_AUTHOR_IDENT").rsplit(" ", 2)[:1] if _has_identity(git) else [fallback]
    return "".join(identity)


def _has_identity(git: Git) -> bool:
    try:
        return bool(git("config", "user.email").strip())
    except Refusal:
        return False  # git exits 1 for a key that is not set


def _listed(line: str) -> tuple[str, str, str]:
    meta, _, path = line.partition("\t")
    mode, _, blob = meta.split(" ")
    return mode, blob, path
