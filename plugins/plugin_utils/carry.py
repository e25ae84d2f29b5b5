"""Carries the images of one artifact from the host that built them to another, through this control node.

`carry(artifact, source, target)`: only what the target lacks, piece by piece, each piece compressed; nothing of it
is written to this machine's disk. Called for each host that is to get them.
"""

from __future__ import annotations

import base64
import binascii
import json
import shlex
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from .host_call import CallError, python
from .other_host import Reached

PIECE = 8 << 20
_TOLD = 2.0
_MARK = "tta-piece:"
_READ = (
    "import base64,sys,zlib;f=open(sys.argv[1],'rb');f.seek(int(sys.argv[2]));"
    f"print('{_MARK}'+base64.b64encode(zlib.compress(f.read(int(sys.argv[3])),1)).decode())"
)
_WRITE = """\
import os, sys, zlib
data, place = memoryview(zlib.decompress(sys.stdin.buffer.read())), int(sys.argv[2])
file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
while data:
    done = os.pwrite(file, data, place)
    data, place = data[done:], place + done
"""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class End:
    """One end of the way: a host that can be spoken to, and where its state folder is."""

    host: Reached
    state: str

    @property
    def name(self) -> str:
        """The host's name."""
        return self.host.name

    def step(self, step: str, request: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """Have the host program do a step of carrying; raises `CallError` with its sentence when it says no."""
        found = self.host.call(["--state", self.state, "carry"], json.dumps({**request, **more, "step": step}).encode())
        if found.get("failed"):
            raise CallError(f"{self.name}: {found['message']}")
        return found

    def python(self, program: str, arguments: list[str], stdin: bytes) -> str:
        """Run a line of Python there and return its output."""
        words = shlex.join(["-I", "-S", "-c", program, *arguments])
        answer = self.host.execute(f'{python(self.host.interpreter)}; "$p" {words}', stdin)
        if answer.code:
            raise CallError(f"{self.name} broke off while images were carried: {answer.err.strip()[-300:]}")
        return answer.out


def carry(
    artifact: Mapping[str, Any],
    source: End,
    target: End,
    tell: Tell,
    registry: str | None = None,
    *,
    if_there: bool = False,
) -> dict[str, Any]:
    """Make the images of `artifact` {component, tree} be on `target` as they are on `source`.

    Returns {changed, bytes (of the images there), carried (bytes that went over), seconds, artifact}.
    `if_there`: a source that has nothing of the artifact is fine.
    Raises `CallError`; the target has nothing new under any name then.
    """
    begun = time.monotonic()
    which = {"component": artifact["component"], "tree": artifact["tree"]}
    offered = source.step("offer", which, if_there=if_there, **({"registry": registry} if registry else {}))
    if offered["artifact"] is None:
        return {"changed": False, "bytes": 0, "carried": 0, "artifact": None, "seconds": 0.0}
    own = {**which, **{key: offered[key] for key in ("artifact", "store", "images")}}
    lacks = target.step("want", own)
    missing = {service: offered["images"][service] for service in lacks["missing"]}
    size = sum(one["bytes"] for one in missing.values())
    found: dict[str, Any] = {"changed": bool(missing), "bytes": size, "carried": 0, "artifact": lacks.get("artifact")}
    if missing and registry:
        found["artifact"] = target.step("fetch", own)["artifact"]
    elif missing:
        found |= _stream(source, target, own, missing, lacks["chains"], tell)
    return {**found, "seconds": round(time.monotonic() - begun, 2)}


def _stream(
    source: End, target: End, own: dict[str, Any], missing: Mapping[str, Any], chains: list[list[str]], tell: Tell
) -> dict[str, Any]:
    ids = sorted({one["id"] for one in missing.values()})
    which = {key: own[key] for key in ("component", "tree")}
    tar = source.step("pack", which, ids=ids, chains=chains)
    try:
        place = target.step("room", which, name=tar["name"], bytes=tar["bytes"])["path"]
        names = ", ".join(service or "the edge" for service in missing)
        _pieces(source, target, tar, place, lambda mb: tell(f"{source.name} → {target.name}: {names}, {mb}"))
        there = {key: tar[key] for key in ("name", "bytes", "sha256")}
        return {"carried": tar["bytes"], "artifact": target.step("take", own, **there)["artifact"]}
    finally:
        source.step("drop", which, name=tar["name"])


def _pieces(source: End, target: End, tar: Mapping[str, Any], place: str, tell: Tell) -> None:
    """Pass the tar on, reading the next piece while the one before is written."""
    total, told = int(tar["bytes"]), time.monotonic()
    with ThreadPoolExecutor(1) as reader:
        ahead = reader.submit(_piece, source, tar["path"], 0)
        for offset in range(0, total, PIECE):
            piece = ahead.result()
            if offset + PIECE < total:
                ahead = reader.submit(_piece, source, tar["path"], offset + PIECE)
            target.python(_WRITE, [place, str(offset)], piece)
            if time.monotonic() - told > _TOLD:
                told = time.monotonic()
                tell(f"{min(offset + PIECE, total) / 1e6:.0f} of {total / 1e6:.0f} MB")
    tell(f"{total / 1e6:.1f} MB")


def _piece(source: End, path: str, offset: int) -> bytes:
    out = source.python(_READ, [path, str(offset), str(PIECE)], b"\n")  # with no input at all there would be a terminal
    for line in out.splitlines():
        if line.startswith(_MARK):
            try:
                return base64.b64decode(line[len(_MARK) :], validate=True)
            except binascii.Error:
                break
    raise CallError(f"{source.name} gave no proper piece of the images: the same command again")
