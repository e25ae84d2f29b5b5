"""What ``status`` says of colours and edge, by the record, the engine and the edge itself. Reads only."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

from . import colouring, compose, edge_document, edge_socket, haproxy, health, routes, times
from . import colours as record
from .colours import OTHER, Colours
from .errors import EngineError

Containers = List[Dict[str, Any]]


def facts(folder: Path, found: Optional[Colours], containers: Containers) -> Dict[str, Any]:
    """Return ``{strategy, containers, published, colours, edge}`` of a component.

    ``containers`` are all of the component as the engine describes them; those returned are the ones that serve.
    ``colours`` is ``{live, since, warm_until, blue: {release, state, containers}, green: …}``, ``edge``
    ``{state, live, preview, ports: {port: {up, sessions}}, problem}``; both None where a component runs stop-first.
    """
    edges = [one for one in containers if _label(one, edge_document.LABEL_EDGE)]
    plain = [one for one in containers if one not in edges and not _label(one, colouring.LABEL_COLOUR)]
    if found is None:
        shown = {"containers": health.containers_of(plain), "published": health.published(plain)}
        return {"strategy": "stop-first", **shown, "colours": None, "edge": None}
    halves = {one: [each for each in containers if _label(each, colouring.LABEL_COLOUR) == one] for one in OTHER}
    held = [one for one in edges if str(_label(one, "com.docker.compose.project")).endswith(f"-{edge_document.EDGE}")]
    return {
        "strategy": "blue-green",
        "containers": health.containers_of(halves[found.live]),
        "published": edge_document.published(held),
        "colours": {
            "live": found.live,
            "since": found.since,
            "warm_until": found.warm_until,
            **{colour: _colour(found, colour, own) for colour, own in sorted(halves.items())},
        },
        "edge": _edge(folder, found, held),
    }


def _colour(found: Colours, colour: str, containers: Containers) -> Dict[str, Any]:
    running = any(one["State"].get("Running") for one in containers)
    number = found.releases.get(colour)
    if number is None:
        shown = {_label(one, compose.LABEL_RELEASE) for one in containers}
        number = int(str(shown.pop())) if len(shown) == 1 else None
        state = "started, does not serve" if running else "stopped"
    else:
        state = "stopped" if not running else "serves" if colour == found.live else "warm"
    return {"release": number, "state": state, "containers": health.containers_of(containers)}


def _edge(folder: Path, found: Colours, containers: Containers) -> Dict[str, Any]:
    result: Dict[str, Any] = {"state": "missing", "live": None, "preview": None, "ports": {}, "problem": None}
    if not containers:
        return {**result, "problem": "the edge has no container"}
    one = containers[0]
    result.update(state=one["State"]["Status"], preview=_preview(one))
    run = folder / edge_document.EDGE / "run"
    try:
        worker = haproxy.newest(edge_socket.ask(run, "show proc"))
        result["live"] = haproxy.parse_map(edge_socket.ask(run, f"@!{worker} show map {haproxy.MAP}")).get(haproxy.LIVE)
        backends = haproxy.backends(edge_socket.ask(run, f"@!{worker} show stat"))
    except EngineError as error:
        return {**result, "problem": str(error)}
    own = [each for each in backends if each.colour == result["live"]]
    result["ports"] = {str(each.port): {"up": each.up, "sessions": each.sessions} for each in own}
    down = [str(each.port) for each in own if not each.up]
    if result["live"] != found.live:
        result["problem"] = f"the edge sends to {result['live']}, the record says {found.live}"
    elif down:
        result["problem"] = f"nothing healthy is behind port {', '.join(down)}"
    return result


def _preview(one: Dict[str, Any]) -> Optional[str]:
    bound = one["NetworkSettings"].get("Ports") or {}
    own = [routes.preview_port(int(port)) for port in _ports(one)]
    found = next((bound[f"{port}/tcp"][0] for port in own if bound.get(f"{port}/tcp")), None)
    return f"{found['HostIp']}:{found['HostPort']}" if found else None


def _ports(one: Dict[str, Any]) -> List[str]:
    return list(edge_document.services_of(one))


def _label(one: Dict[str, Any], name: str) -> Optional[str]:
    return (one["Config"].get("Labels") or {}).get(name)


def lines(name: str, found: Dict[str, Any]) -> List[str]:
    """Return what a person is told about colours and edge; nothing for a component that runs stop-first."""
    if not found.get("colours"):
        return []
    own, edge = found["colours"], found["edge"]
    other = own[OTHER[own["live"]]]
    text = f"{own['live']} serves"
    if other["state"] == "warm":
        over = record.seconds_between(times.now(), own["warm_until"]) < 0
        until = f"{own['warm_until']}{f' (over: tta-ops drain {name} stops it)' if over else ''}"
        text += f"; {OTHER[own['live']]} (release {other['release']}) is warm until {until}"
    elif other["state"] != "stopped":
        text += f"; {OTHER[own['live']]} (release {other['release']}) is {other['state']}"
    ports = ", ".join(f"{port}: {one['sessions']} sessions" for port, one in sorted(edge["ports"].items()))
    health_of = edge["problem"] or f"runs ({ports})"
    return [f"    {text}", f"    edge: {health_of}"]
