"""What a deploy sends to the host: the component's files of one commit, its environment file, and what is wanted.

The bundle is a tar with `spec.json` (first), `environment` and `source.tar`. `source.tar` is a `git archive` of the
commit that was judged, limited to what the image build may see and what Compose needs to read.
"""

from __future__ import annotations

import io
import json
import posixpath
import re
import subprocess
import tarfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import yaml

from .refusal import Refusal

GitBytes = Callable[..., bytes]
GIT_SECONDS = 120
HEALTH = {"consecutive": 3, "deadline": 60, "interval": 0.3}


def git_bytes(monorepo: str) -> GitBytes:
    """Return a function that runs git in `monorepo` and gives its raw output; raises `Refusal` when git says no."""

    def git(*arguments: str) -> bytes:
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", monorepo, *arguments],
            capture_output=True,
            check=False,
            timeout=GIT_SECONDS,
        )
        if done.returncode:
            raise Refusal(f"git {arguments[0]} failed in {monorepo}: {' '.join(done.stderr.decode().split())}")
        return done.stdout

    return git


def assemble(
    git: GitBytes, operation: Mapping[str, Any], request: Mapping[str, Any], health: Mapping[str, float] = HEALTH
) -> bytes:
    """Return the bundle for `request`: {component, artifact, environment, environment_file, only_if_stopped, number}.

    Raises `Refusal` when the commit lacks a file that it takes.
    """
    environment = operation["environments"][request["environment"]]
    entry = operation["components"][request["component"]]
    commit = request["artifact"]["commit"]
    files = _listed(git, commit)
    compose_file = environment["compose_file"]
    document = _compose(git, commit, compose_file, files)
    build_paths = [path.rstrip("/") for path in [*entry["paths"], *entry["context"]]]
    for path in build_paths:
        if not _has(files, path):
            raise Refusal(f"{path} of {entry['name']} is not in commit {commit[:12]}", "a committed file or folder")
    read = compose_paths(document, compose_file, entry["services"])
    wanted = [compose_file, environment["env_example"], *build_paths, *read]
    spec = {
        "schema": 1,
        "component": request["component"],
        "environment": request["environment"],
        "run": operation["run"],
        "actor": operation["actor"],
        "reason": operation["reason"],
        "artifact": request["artifact"],
        "entry": entry,
        "compose_file": compose_file,
        "compose_name": None if document.get("name") else compose_name(operation["monorepo"], compose_file),
        "environment_path": environment_path(environment["env_example"]),
        "build_paths": build_paths,
        "health": health,
        "blue_green": environment.get("blue_green") or {},
        "only_if_stopped": request["only_if_stopped"],
        # what goes to production is what was observed in staging, and nothing that is built anew
        "only_carried": operation.get("verb") == "promote-production"
        and request["component"] == operation.get("component"),
        "number": request.get("number"),
    }
    return pack(spec, request["environment_file"].encode(), _archive(git, commit, wanted, files, entry))


def pack(spec: Mapping[str, Any], environment: bytes, source: bytes) -> bytes:
    """Return the tar of the three parts, in the order in which the host reads them."""
    packed = io.BytesIO()
    parts = (("spec.json", json.dumps(spec).encode()), ("environment", environment), ("source.tar", source))
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, data in parts:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            member.mode = 0o600
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def compose_name(monorepo: str, compose_file: str) -> str:
    """Return the project name that Compose takes from the file's folder."""
    folder = posixpath.basename(posixpath.dirname(posixpath.join(monorepo.rstrip("/"), compose_file)))
    return re.sub(r"[^a-z0-9_-]", "", folder.lower()).lstrip("_-") or "default"


def environment_path(example: str) -> str | None:
    """Return where the monorepo keeps the file that `example` is the example of."""
    return example[: -len(".example")] if example.endswith(".example") else None


def compose_paths(document: Mapping[str, Any], compose_file: str, services: Iterable[str]) -> list[str]:
    """Return the monorepo's files and folders that Compose reads or mounts for `services`, relative to the monorepo.

    Of the other services only what Compose needs to read the file at all. Paths made of variables cannot be known here.
    """
    all_services = document.get("services") or {}
    named = [path for service in all_services.values() for path in _read_for(service or {})]
    named += [path for item in document.get("include") or [] for path in _included(item)]
    own = [all_services[name] or {} for name in services if name in all_services]
    named += [path for service in own for path in _mounted(service)]
    for section in ("configs", "secrets"):
        used = {item if isinstance(item, str) else item.get("source") for one in own for item in one.get(section) or []}
        declared = document.get(section) or {}
        named += [declared[key]["file"] for key in sorted(used) if (declared.get(key) or {}).get("file")]
    return sorted({_in_monorepo(path, compose_file) for path in named if _is_relative(path)})


def _read_for(service: Mapping[str, Any]) -> list[str]:
    env_file = service.get("env_file") or []
    items = env_file if isinstance(env_file, list) else [env_file]
    extends = service.get("extends")
    other = [extends["file"]] if isinstance(extends, Mapping) and extends.get("file") else []
    return [*(item["path"] if isinstance(item, Mapping) else item for item in items), *other]


def _included(item: Any) -> list[str]:
    paths = item.get("path", []) if isinstance(item, Mapping) else item
    return list(paths) if isinstance(paths, list) else [paths]


def _mounted(service: Mapping[str, Any]) -> list[str]:
    found = []
    for mount in service.get("volumes") or []:
        if isinstance(mount, Mapping):
            found += [mount["source"]] if mount.get("type") == "bind" else []
        elif mount.startswith("."):
            found.append(mount.split(":")[0])
    return found


def _is_relative(path: str) -> bool:
    return not path.startswith(("/", "~")) and "$" not in path


def _in_monorepo(path: str, compose_file: str) -> str:
    found = posixpath.normpath(posixpath.join(posixpath.dirname(compose_file), path))
    if found.startswith(".."):
        raise Refusal(f"{compose_file} uses {path}, which lies outside of the monorepo", "a path inside the monorepo")
    return found


def _compose(git: GitBytes, commit: str, path: str, files: Sequence[str]) -> Mapping[str, Any]:
    if path not in files:
        raise Refusal(f"the Compose file {path} is not in commit {commit[:12]}", "a committed Compose file")
    try:
        document = yaml.load(git("show", f"{commit}:{path}"), Loader=_TolerantLoader)  # noqa: S506 -- a SafeLoader
    except yaml.YAMLError as error:
        raise Refusal(f"{path} is not valid YAML: {' '.join(str(error).split())}", "a Compose file") from error
    if not isinstance(document, Mapping):
        raise Refusal(f"{path} is no Compose file", "a mapping with `services:`")
    return document


class _TolerantLoader(yaml.SafeLoader):
    """Reads what Compose adds to YAML (`!reset`, `!override`) as if the tag were not there."""


def _untagged(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return None


_TolerantLoader.add_multi_constructor("!", _untagged)


def _listed(git: GitBytes, commit: str) -> list[str]:
    return git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).decode().split("\0")[:-1]


def _has(files: Iterable[str], path: str) -> bool:
    return path == "." or any(file == path or file.startswith(f"{path}/") for file in files)


def _archive(git: GitBytes, commit: str, paths: Iterable[str], files: list[str], entry: Mapping[str, Any]) -> bytes:
    """Return the tar of `paths` without the files that the toolkit writes, which are no part of an artifact."""
    chosen = [f":(top,literal){path}" for path in sorted({*paths}) if _has(files, path)]
    left_out = [f":(top,literal,exclude){entry[key]}" for key in ("maturity", "rollback")]
    return git("archive", "--format=tar", commit, "--", *chosen, *left_out)
