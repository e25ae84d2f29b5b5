"""Asks the package index, by pip, which pinned packages have a newer release, and prints it as JSON.

Usage: outdated.py SCRATCH FILE…, with files that pin packages by ==. Prints `{examined, outdated, problems}`;
`examined` counts the packages about which the index had an answer. pip itself passes over the others in silence.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from packaging.version import InvalidVersion, Version

SECONDS = 240
_PINNED = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?\s*===?\s*(?P<version>[A-Za-z0-9.!+_-]+)\s*(;.*)?"
)


class NoAnswer(Exception):
    """pip could not say: one sentence."""


def pinned(text: str) -> tuple[dict[str, str], list[str]]:
    """Return the pinned packages of a requirements file, and the lines about which nothing can be said."""
    found, unclear = {}, []
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        wanted = re.sub(r"(^|\s)#.*$|\s--hash[=\s]\S+", "", line).strip()
        match = _PINNED.fullmatch(wanted)
        if match and _is_version(match["version"]):
            found[match["name"]] = match["version"]
        elif wanted and not re.match(
            r"--(index-url|extra-index-url|require-hashes|only-binary|no-binary|prefer)", wanted
        ):
            unclear.append(wanted)
    return found, unclear


def _is_version(text: str) -> bool:
    try:
        return bool(Version(text))
    except InvalidVersion:
        return False


def as_if_installed(names: Iterable[str], folder: Path) -> None:
    """Write what an installation of these packages would say about itself, each in a version older than any."""
    for name in names:
        about = folder / f"{re.sub(r'[-_.]+', '_', name)}-0.dist-info"
        about.mkdir(parents=True, exist_ok=True)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0\n")


def newest(folder: Path) -> dict[str, Version]:
    """Return the newest release of every package in the folder about which the index has an answer."""
    pip = [sys.executable, "-I", "-m", "pip", "list", "--path", str(folder), "--outdated", "--format", "json"]
    options = ["--disable-pip-version-check", "--retries", "1", "--timeout", "10", "--no-input"]
    try:
        done = subprocess.run([*pip, *options], capture_output=True, text=True, timeout=SECONDS)
        return {_normal(one["name"]): Version(one["latest_version"]) for one in json.loads(done.stdout)}
    except subprocess.TimeoutExpired as error:
        raise NoAnswer(f"pip did not end within {SECONDS} s") from error
    except (json.JSONDecodeError, KeyError, InvalidVersion) as error:
        words = done.stderr.strip().splitlines() or ["no reason given"]
        raise NoAnswer(f"pip could not list packages: {words[-1]}") from error


def main(scratch: str, files: Sequence[str]) -> int:
    """Compare what is pinned with what the index has."""
    packages: dict[str, str] = {}
    problems: list[str] = []
    for path in files:
        if not Path(path).is_file():
            problems.append(f"{path}, which the catalogue names, is not in the commit")
            continue
        found, unclear = pinned(Path(path).read_text(encoding="utf-8", errors="backslashreplace"))
        packages |= found
        problems += [f"{path}: {line!r} is not pinned with ==" for line in unclear]
    known: dict[str, Version] = {}
    folder = Path(scratch) / "as-if-installed"
    as_if_installed(packages, folder)
    try:
        known = newest(folder) if packages else {}
        problems += _unknown(packages, known)
    except NoAnswer as error:
        problems.append(str(error))
    older = [
        f"{name} {version}, newest is {known[_normal(name)]}"
        for name, version in sorted(packages.items())
        if _normal(name) in known and known[_normal(name)] > Version(version)
    ]
    print(json.dumps({"examined": len(known), "outdated": older, "problems": problems}))
    return 0


def _unknown(packages: Iterable[str], known: Mapping[str, Version]) -> list[str]:
    missing = [name for name in packages if _normal(name) not in known]
    if not missing:
        return []
    more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    return [f"the package index had no answer about {', '.join(missing[:5])}{more}"]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
