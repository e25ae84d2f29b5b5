"""What HAProxy is told and what it says: the edge's configuration, its map of colours, its statistics. Pure."""

from __future__ import annotations

import csv
import io
import re
from typing import Dict, List, NamedTuple, Sequence

from . import routes as routing
from .colours import BLUE, GREEN
from .routes import Check, Route

FOLDER, RUN = "/etc/tta-ops-edge", "/run/tta-ops-edge"
MAP = f"{FOLDER}/colours.map"
LIVE, PREVIEW, NOBODY = "live", "preview", "none"
COMMAND = ["haproxy", "-W", "-db", "-S", f"{RUN}/master.sock,mode,600,level,admin", "-f", f"{FOLDER}/haproxy.cfg"]

# A container must not see a request fail because another answers slowly: generous with answers, quick with connections.
_HEAD = f"""\
# Written by tta-ops; what is changed here is lost with the next release.
global
  maxconn 4096
  nbthread 2
  log stdout format raw daemon notice
  stats socket {RUN}/worker.sock mode 600 level admin expose-fd listeners
  server-state-file {FOLDER}/servers.state
  user haproxy
  group haproxy

defaults
  log global
  load-server-state-from-file global
  timeout connect 250ms
  timeout queue 10s
  timeout check 3s
  timeout http-request 60s
  timeout http-keep-alive 1h
  timeout client 1h
  timeout server 1h
  timeout tunnel 24h
  retries 3
  option redispatch 1
  option dontlognull

resolvers engine
  nameserver engine 127.0.0.11:53
  accepted_payload_size 8192
  timeout resolve 300ms
  timeout retry 500ms
  hold valid 300ms
  hold nx 1s
  hold obsolete 1s
  hold other 1h
  hold refused 1h
  hold timeout 1h
"""


def config(project: str, halves: Dict[str, Sequence[Route]]) -> str:
    """Return the configuration of the edge of ``project``; ``halves`` maps each colour to its release's routes.

    A port speaks HTTP only where both colours say so.
    """
    ports = sorted({route.port for half in halves.values() for route in half})
    return _HEAD + "".join(_port(project, port, halves) for port in ports)


def _port(project: str, port: int, halves: Dict[str, Sequence[Route]]) -> str:
    own = {colour: [route for route in half if route.port == port] for colour, half in halves.items()}
    http = all(route.http for half in own.values() for route in half)
    text = _frontend(LIVE, port, port, http) + _frontend(PREVIEW, port, routing.preview_port(port), http)
    return text + "".join(_backend(project, colour, route, http) for colour in (BLUE, GREEN) for route in own[colour])


def _frontend(key: str, port: int, listen: int, http: bool) -> str:
    lines = [
        f"frontend {key}_{port}",
        f"  bind :{listen}",
        f"  mode {'http' if http else 'tcp'}",
        f"  use_backend %[str({key}),map({MAP},{NOBODY})]_{port}",
    ]
    if http:
        lines += [
            "  option idle-close-on-response",
            "  option forwardfor if-none",
            "  option http-server-close",
            "  http-request disable-l7-retry unless { method GET HEAD OPTIONS }",
        ]
    return "\n" + "\n".join(lines) + "\n"


def _backend(project: str, colour: str, route: Route, http: bool) -> str:
    lines = [f"backend {colour}_{route.port}", f"  mode {'http' if http else 'tcp'}"]
    if http:
        lines += ["  option http-server-close", "  retry-on conn-failure empty-response"]
    checked = ""
    if route.check:
        lines += _check_lines(route.check)
        tls = " check-ssl verify none" if route.check.kind == "https" else ""
        checked = f" check port {route.check.port}{tls} inter 1s fastinter 300ms downinter 300ms fall 3 rise 1"
    target = f"{address(route.service, colour, project)}:{route.port}"
    lines.append(f"  server-template s 1-{route.slots} {target}{checked} resolvers engine init-addr last,none")
    return "\n" + "\n".join(lines) + "\n"


def _check_lines(check: Check) -> List[str]:
    if check.kind == "tcp":
        return []
    host = check.host_header or "localhost"
    send = (
        f"  http-check send meth GET uri {_word(check.path)} ver HTTP/1.1 hdr Host {_word(host)} hdr Connection close"
    )
    return ["  option httpchk", send, "  http-check expect status 200-299"]


def _word(text: str) -> str:
    """Return one word of HAProxy's language that means exactly ``text``."""
    return re.sub(r"([\\ \"'#$%])", r"\\\1", "".join(one for one in text if one.isprintable()))


def address(service: str, colour: str, project: str) -> str:
    """Return the name under which the edge alone finds the containers of a colour, in the component's networks."""
    return f"{service}.{colour}.{project}".lower()


NO_STATE = "1\n"  # the version of the format, and no server


def mapping(live: str, preview: str) -> str:
    """Return the map file: which colour serves, and which one is under judgement."""
    return f"{LIVE} {live}\n{PREVIEW} {preview}\n"


def parse_map(text: str) -> Dict[str, str]:
    """Return ``{key: colour}`` of the map file, or of ``show map``, which puts an address before each key."""
    rows = [line.split() for line in text.splitlines()]
    return {row[-2]: row[-1] for row in rows if len(row) in (2, 3) and row[-2] in (LIVE, PREVIEW)}


class Backend(NamedTuple):
    """One port of one colour: how many of its targets live, how many sessions they have, what the last check said."""

    colour: str
    port: int
    up: int
    sessions: int
    said: str = ""


def backends(stat: str) -> List[Backend]:
    """Return what ``show stat`` says of the colours."""
    rows = [row for row in csv.DictReader(io.StringIO(stat.lstrip("# "))) if row.get("svname")]
    found = []
    for row in rows:
        match = re.fullmatch(rf"({BLUE}|{GREEN})_(\d+)", row["pxname"])
        if match and row["svname"] == "BACKEND":
            own = [one for one in rows if one["pxname"] == row["pxname"] and one["svname"] != "BACKEND"]
            said = next((_said(one) for one in own if not _is_up(one) and _said(one)), "")
            up = sum(_is_up(one) for one in own)
            found.append(Backend(match[1], int(match[2]), up, int(row["scur"] or 0), said))
    return found


def _said(row: Dict[str, str]) -> str:
    code = row.get("check_code") or ""
    return f"HTTP {code}" if len(code) == 3 else str(row.get("last_chk") or row.get("check_desc") or "")


def _is_up(row: Dict[str, str]) -> bool:
    return row["status"].split()[0] in ("UP", "no")


def workers(processes: str) -> List[int]:
    """Return the processes that ``show proc`` of the master names as workers, also old ones with sessions left."""
    rows = [line.split() for line in processes.splitlines()]
    return [int(row[0]) for row in rows if len(row) > 1 and row[0].isdigit() and row[1] == "worker"]


def newest(processes: str) -> int:
    """Return the worker that takes new connections, 0 when there is none."""
    return next(iter(workers(processes.partition("# old workers")[0])), 0)
