"""Is a release healthy? Decided from what the engine says of its containers and what the service answers. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from . import compose, engine

RESTARTS = 3
LABEL_SERVICE = "tta.ops.service"


class Health(NamedTuple):
    """``waiting``: why it is not healthy (yet), empty when it is; ``hopeless``: waiting longer will not help."""

    waiting: List[str]
    hopeless: bool
    identity: Tuple[Tuple[str, str], ...]

    @property
    def ok(self) -> bool:
        """Say whether nothing is missing."""
        return not self.waiting


def judge(document: Dict[str, Any], containers: List[Dict[str, Any]]) -> Health:
    """Compare the containers of a project with its (labelled) document.

    A container must belong to this release, run, and be healthy by its own health check if it has one. A service
    that others wait for to end must have ended well.
    """
    waiting: List[str] = []
    hopeless = False
    once = compose.runs_once(document)
    for name, service in document["services"].items():
        own = [one for one in containers if _label(one, engine.SERVICE) == name and _is_release(one, service)]
        if len(own) < compose.replicas(service):
            stale = any(_label(one, engine.SERVICE) == name for one in containers)
            waiting.append(f"{name}: {'still the containers of another release' if stale else 'no container'}")
        for one in own:
            reason, final = _container(one, name in once)
            if reason:
                waiting.append(f"{name}: {reason}")
                hopeless = hopeless or final
    identity = tuple(sorted((one["Id"], one["State"].get("StartedAt", "")) for one in containers))
    return Health(waiting, hopeless, identity)


def _container(one: Dict[str, Any], once: bool) -> Tuple[Optional[str], bool]:
    state = one["State"]
    status = state["Status"]
    if once:
        if status == "exited":
            return (None, False) if state["ExitCode"] == 0 else (f"ended with exit code {state['ExitCode']}", True)
        return "has not ended yet", False
    if one.get("RestartCount", 0) >= RESTARTS and status != "running":
        return f"ended {one['RestartCount']} times, the last time with exit code {state['ExitCode']}", True
    if status in ("exited", "dead"):
        stays = (one["HostConfig"].get("RestartPolicy") or {}).get("Name") in (None, "", "no")
        return f"ended with exit code {state['ExitCode']}", stays
    if status != "running":
        return f"is {status}", False
    check = (state.get("Health") or {}).get("Status", "none")
    if check in ("none", "healthy"):
        return None, False
    return f"its health check says {check}{_last_words(state)}", False


def _last_words(state: Dict[str, Any]) -> str:
    entries = (state.get("Health") or {}).get("Log") or []
    words = " ".join(str(entries[-1].get("Output", "")).split()) if entries else ""
    return f" ({words[:200]})" if words else ""


def _is_release(one: Dict[str, Any], service: Dict[str, Any]) -> bool:
    return _label(one, compose.LABEL_RELEASE) == (service.get("labels") or {}).get(compose.LABEL_RELEASE)


def _label(one: Dict[str, Any], name: str) -> Optional[str]:
    return (one["Config"].get("Labels") or {}).get(name)


def request(health: Optional[Dict[str, Any]], containers: List[Dict[str, Any]]) -> Optional[Dict[str, Any]]:
    """Return the probe (see ``probe.py``) that a catalogue entry's ``health`` asks for, or None when it asks for none.

    The published port is asked, as users would; a service that publishes none is asked at its container's address.
    """
    if not health or not health.get("port"):
        return None
    own = [one for one in containers if service_of(one) == health["service"] and one["State"].get("Running")]
    address = next((found for one in own for found in [_address(one, int(health["port"]))] if found), None)
    return request_to(health, address)


def request_at(health: Dict[str, Any], one: Optional[Dict[str, Any]], port: int) -> Dict[str, Any]:
    """Return the probe that asks for the health of a service at ``port`` of another container, which leads there."""
    return request_to(health, _address(one, port) if one and one["State"].get("Running") else None)


def request_to(health: Dict[str, Any], address: Optional[str]) -> Dict[str, Any]:
    """Return the probe that asks for the health of a service at ``address:port``; None: nothing has the port."""
    if address is None:
        return {"tcp": f"127.0.0.1:{health['port']}", "unreachable": True}
    if health.get("tcp"):
        return {"tcp": address}
    scheme = "https" if health.get("https") else "http"
    return {
        "url": f"{scheme}://{address}{health.get('http') or health.get('https') or '/'}",
        "host_header": health.get("host_header"),
    }


def service_of(one: Dict[str, Any]) -> Optional[str]:
    """Return the service of the user's Compose file that a container belongs to, whichever colour it has."""
    return _label(one, LABEL_SERVICE) or _label(one, engine.SERVICE)


def _address(one: Dict[str, Any], port: int) -> Optional[str]:
    bound = (one["NetworkSettings"].get("Ports") or {}).get(f"{port}/tcp")
    if bound:
        return f"{reachable(bound[0]['HostIp'])}:{bound[0]['HostPort']}"
    networks = one["NetworkSettings"].get("Networks") or {}
    return next((f"{found['IPAddress']}:{port}" for found in networks.values() if found.get("IPAddress")), None)


def reachable(address: str) -> str:
    """Return where the host itself reaches a port that is bound to ``address``."""
    if address in ("", "0.0.0.0"):  # noqa: S104 -- read from the engine, nothing is bound here
        return "127.0.0.1"
    return "[::1]" if address == "::" else f"[{address}]" if ":" in address else address


def unchecked(
    document: Dict[str, Any], images: Dict[str, Dict[str, Any]], entry_health: Optional[Dict[str, Any]]
) -> List[str]:
    """Return the services of which nothing could ever say that they are healthy.

    ``images`` maps a service to its image as the engine describes it.
    """
    once = compose.runs_once(document)
    found = []
    for name, service in document["services"].items():
        probed = bool(entry_health and entry_health.get("service") == name and entry_health.get("port"))
        check = service.get("healthcheck") or images[name].get("Config", {}).get("Healthcheck") or {}
        test = check.get("test") or check.get("Test") or ["NONE"]
        if not probed and name not in once and (check.get("disable") or test[0] == "NONE"):
            found.append(name)
    return found


def containers_of(containers: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Return the containers as results and status show them."""
    return sorted(
        (
            {
                "service": service_of(one),
                "id": one["Id"],
                "image": one["Image"],
                "state": one["State"]["Status"],
                "health": (one["State"].get("Health") or {}).get("Status"),
                "started": one["State"].get("StartedAt"),
            }
            for one in containers
        ),
        key=lambda one: (str(one["service"]), str(one["id"])),
    )


def published(containers: List[Dict[str, Any]]) -> Dict[str, Dict[str, str]]:
    """Return ``{service: {container port: "address:port"}}`` of the ports that can be reached from outside."""
    found: Dict[str, Dict[str, str]] = {}
    for one in containers:
        for port, bound in sorted((one["NetworkSettings"].get("Ports") or {}).items()):
            if bound:
                number = port[:-4] if port.endswith("/tcp") else port
                found.setdefault(str(service_of(one)), {})[number] = f"{bound[0]['HostIp']}:{bound[0]['HostPort']}"
    return found


def sample_of(containers: List[Dict[str, Any]]) -> Dict[str, Any]:
    """Return a container's own health as a sample (see ``probe.py``); one without a health check is never healthy."""
    if len(containers) != 1:
        return {"ok": False, "status": None, "body": None, "ms": 0.0, "error": "no such container"}
    state = containers[0]["State"]
    check = (state.get("Health") or {}).get("Status", "none")
    ok = bool(state.get("Running")) and check == "healthy"
    found = (
        f"is {state['Status']}"
        if not state.get("Running")
        else "has no health check"
        if check == "none"
        else f"is {check}"
    )
    return {"ok": ok, "status": None, "body": None, "ms": 0.0, "error": None if ok else f"the container {found}"}
