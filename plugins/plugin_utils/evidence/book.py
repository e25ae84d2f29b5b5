"""The first byte of a ledger that does not fit, found from the hashes in the ledger itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from ...module_utils.host import ledger
from ...module_utils.host.damage import Damage

_HASH = re.compile(rb',"hash":"(.{64})"', re.DOTALL)
_HEX = re.compile(rb"[0-9a-f]{64}")
_LABEL = b',"hash":"'


def damage(data: bytes) -> Damage | None:
    """Return the first damage in the bytes of a ledger, None when every line and the chain between them hold."""
    reading = ledger.parse(data)
    number = len(reading.entries) + 1
    start = len(b"".join(data.splitlines(keepends=True)[: number - 1])) if number > 1 else 0
    if reading.problem is None:
        return _torn(reading, start, number) if reading.torn else None
    line, _, after = data[start:].partition(b"\n")
    entry = ledger.entry_of(line)
    if entry is not None:
        return Damage(start, number, _out_of_chain(int(entry["seq"]), number))
    found = _flipped(line) or _merged(line) or _split(line, after.partition(b"\n")[0])
    if found:
        place, was = found
        return _changed(data, start + place, number, was)
    return Damage(start, number, "the line was changed")


def _torn(reading: ledger.Reading, start: int, number: int) -> Damage:
    torn = reading.torn
    if ledger.entry_of(torn[:-1]):
        return _changed(torn, len(torn) - 1, number, 10, start)
    if ledger.entry_of(torn):
        return Damage(start + len(torn), number, "the tail is missing: the end of the last line")
    return Damage(start + len(torn), number, "the tail is missing: the last line stops in the middle")


def _out_of_chain(seq: int, number: int) -> str:
    if seq > number:
        return "a line is missing" if seq == number + 1 else f"{seq - number} lines are missing"
    return "the line does not follow the one before it"


def _changed(data: bytes, place: int, number: int, was: int, offset: int = 0) -> Damage:
    return Damage(offset + place, number, f"one byte was changed: it is 0x{data[place]:02x} and was 0x{was:02x}")


def _flipped(line: bytes) -> tuple[int, int] | None:
    """Return the place of the one byte that was changed in a line, and what it was."""
    for match in _HASH.finditer(line):
        content, wanted = line[: match.start()] + line[match.end() :], match[1]
        own = hashlib.sha256(content).hexdigest().encode()
        wrong = [at for at in range(64) if own[at] != wanted[at]]
        if len(wrong) == 1:
            return match.start(1) + wrong[0], own[wrong[0]]
        if _HEX.fullmatch(wanted):
            for place, was in _preimages(content, wanted.decode()):
                return place if place < match.start() else place + len(match[0]), was
    return _in_label(line)


def _preimages(content: bytes, wanted: str) -> Iterator[tuple[int, int]]:
    """Yield the changes of one byte that give the hash; those of a single bit are tried first, being the likeliest."""
    bits = [1 << bit for bit in range(8)]
    for flips in (bits, [flip for flip in range(1, 256) if flip not in bits]):
        for place in range(len(content)):
            before, rest = hashlib.sha256(content[:place]), content[place + 1 :]
            for flip in flips:
                digest = before.copy()
                digest.update(bytes([content[place] ^ flip]) + rest)
                if digest.hexdigest() == wanted:
                    yield place, content[place] ^ flip


def _in_label(line: bytes) -> tuple[int, int] | None:
    for at in range(len(line) - len(_LABEL) - 64):
        end = at + len(_LABEL) + 64
        shape = _LABEL + line[end - 64 : end] + b'"'
        wrong = [place for place in range(len(shape)) if line[at + place : at + place + 1] != shape[place : place + 1]]
        if len(wrong) == 1:
            place = at + wrong[0]
            if ledger.entry_of(line[:place] + shape[wrong[0] : wrong[0] + 1] + line[place + 1 :]):
                return place, shape[wrong[0]]
    return None


def _merged(line: bytes) -> tuple[int, int] | None:
    """Find the end of a line that was changed, so that two lines became one."""
    for at in range(1, len(line) - 1):
        if line[at - 1] == ord("}") and line[at + 1] == ord("{") and ledger.entry_of(line[:at]):
            return at, 10
    return None


def _split(line: bytes, after: bytes) -> tuple[int, int] | None:
    """Find the byte that became the end of a line, so that one line became two."""
    for was in range(256):
        if ledger.entry_of(line + bytes([was]) + after):
            return len(line), was
    return None
