"""What keeps a compose service from being deployed: pure checks, each finding one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .compose_file import SECRET_NAME

Service = Mapping[str, Any]

_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::[0-9]+)?"
IMAGE = re.compile(
    rf"(?:{_HOST}/)?{_PART}(?:/{_PART})*(?::[A-Za-z0-9_][A-Za-z0-9._-]{{0,127}})?(?:@sha256:[0-9a-f]{{64}})?"
    rf"|sha256:[0-9a-f]{{64}}"
)
_DEFAULT = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*):?-(?P<default>[^}]*)\}")
_IN_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:(?P<password>[^@/\s]+)@", re.IGNORECASE)
_ON_COMMAND_LINE = re.compile(r"(?:--requirepass|--password|--pass|\bredis-cli\b.*?\s-a)[=\s]+(?P<password>[^\s\"']+)")


def check(raw: Service, resolved: Service, name: str, root: Path, export: Path, *, local: bool) -> Iterator[str]:
    """Yield what is wrong with one service; `raw` as written, `resolved` as Docker Compose understands it.

    `root` is the folder of the compose file. Paths outside the export can be looked at only on the `local` machine.
    """
    yield from _image(resolved, name)
    yield from _names(resolved, name)
    yield from _build(resolved, name, export)
    yield from _mounts(resolved, name, root, export, local=local)
    yield from passwords(raw, name)


def health(resolved: Service, name: str, export: Path, one_shots: Iterable[str]) -> Iterator[str]:
    """Yield that a service cannot say whether it is healthy; one that only runs once need not."""
    declared = resolved.get("healthcheck") or {}
    test = declared.get("test") or []
    off = declared.get("disable") or test[:1] == ["NONE"]
    if name in one_shots or (test and not off) or (not off and _image_has_health(resolved, export)):
        return
    yield f"{name} has no health check"


def one_shots(config: Service) -> set[str]:
    """Return the services that others wait for to end: they run once."""
    waits = (service.get("depends_on") or {} for service in config["services"].values())
    return {
        name
        for wait in waits
        for name, how in wait.items()
        if isinstance(how, Mapping) and how.get("condition") == "service_completed_successfully"
    }


def ports(resolved: Service) -> list[tuple[str, int, str]]:
    """Return the published ports of a service: address (empty for all), port, protocol."""
    found = []
    for port in resolved.get("ports") or []:
        published = str(port.get("published") or "")
        first, _, last = published.partition("-")
        if first.isdigit() and int(first):
            numbers = range(int(first), int(last or first) + 1)
            found += [(port.get("host_ip", ""), number, port.get("protocol", "tcp")) for number in numbers]
    return found


def held(services: Mapping[str, Service], holder: Callable[[str, int, str], str | None]) -> Iterator[str]:
    """Yield each published port that somebody else holds, and by whom as `holder` knows."""
    for name, service in services.items():
        for address, port, protocol in ports(service):
            by = holder(address, port, protocol)
            if by:
                yield f"{name} publishes port {port}/{protocol}, which {by} holds on this machine"


def passwords(raw: Service, name: str) -> Iterator[str]:
    """Yield each password that stands in the file itself, as a value or as a default. The password is not repeated."""
    for key, value in _pairs(raw.get("environment")):
        default = next((found["name"] for found in _DEFAULT.finditer(value) if _is_secret(found, key)), None)
        if default:
            yield f"{name}: {key} has a default for {default} in the file"
        elif SECRET_NAME.search(key) and not key.upper().endswith("_FILE") and value and "${" not in value:
            yield f"{name}: {key} stands in the file"
        elif _literal_in_url(value):
            yield f"{name}: {key} has a password in its address"
    healthcheck = raw.get("healthcheck")
    test = healthcheck.get("test") if isinstance(healthcheck, Mapping) else None
    for what, words in (("command", raw.get("command")), ("entrypoint", raw.get("entrypoint")), ("health check", test)):
        line = " ".join(str(word) for word in words) if isinstance(words, list) else str(words or "")
        default = next((found["name"] for found in _DEFAULT.finditer(line) if _is_secret(found, "")), None)
        given = _ON_COMMAND_LINE.search(line)
        if default:
            yield f"{name}: the {what} has a default for {default} in the file"
        elif (given and "$" not in given["password"]) or _literal_in_url(line):
            yield f"{name}: the {what} has a password in the file"


def _is_secret(default: re.Match[str], key: str) -> bool:
    secret = SECRET_NAME.search(default["name"]) or SECRET_NAME.search(key)
    return bool(secret and default["default"])


def _literal_in_url(text: str) -> bool:
    return any("$" not in found["password"] for found in _IN_URL.finditer(text))


def _pairs(environment: Any) -> list[tuple[str, str]]:
    if isinstance(environment, Mapping):
        return [(str(key), "" if value is None else str(value)) for key, value in environment.items()]
    lines = environment if isinstance(environment, list) else []
    return [(key, value) for key, _, value in (str(line).partition("=") for line in lines)]


def _image(service: Service, name: str) -> Iterator[str]:
    image = service.get("image")
    if image and not IMAGE.fullmatch(image):
        yield f"{name}: {image} is no image reference (NAME:TAG or NAME@sha256:…)"
    if not image and not service.get("build"):
        yield f"{name} has neither an image nor a build"


def _names(service: Service, name: str) -> Iterator[str]:
    replicas = (service.get("deploy") or {}).get("replicas") or service.get("scale") or 1
    if service.get("container_name") and replicas > 1:
        yield f"{name} has container_name {service['container_name']} and {replicas} replicas: a name is for one"


def _build(service: Service, name: str, export: Path) -> Iterator[str]:
    build = service.get("build")
    if not build or build.get("dockerfile_inline"):
        return
    context = Path(build.get("context", "."))
    if "://" in str(build.get("context", "")):
        return
    dockerfile = context / build.get("dockerfile", "Dockerfile")
    if not dockerfile.is_file():
        yield f"{name} is built by {_shown(dockerfile, export)}, which is not in the commit"


def _mounts(service: Service, name: str, root: Path, export: Path, *, local: bool) -> Iterator[str]:
    for volume in service.get("volumes") or []:
        if volume.get("type") != "bind":
            continue
        source = root / volume["source"]
        inside = source.is_relative_to(export)
        if (inside or local) and not source.exists():
            where = "is not in the commit" if inside else "does not exist on this machine"
            yield f"{name} mounts {_shown(source, export)}, which {where}"


def _shown(path: Path, export: Path) -> str:
    return path.relative_to(export).as_posix() if path.is_relative_to(export) else str(path)


def _image_has_health(service: Service, export: Path) -> bool:
    build = service.get("build") or {}
    dockerfile = Path(build.get("context", "/nowhere")) / build.get("dockerfile", "Dockerfile")
    if not dockerfile.is_relative_to(export) or not dockerfile.is_file():
        return False
    lines = re.findall(r"(?im)^\s*HEALTHCHECK\s+(.*)$", dockerfile.read_text(encoding="utf-8", errors="replace"))
    return bool(lines) and not lines[-1].strip().upper().startswith("NONE")
