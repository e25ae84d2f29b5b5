"""Where a file is not what it was: the first byte that does not fit, found without having the original.

``Marks`` are what is kept of the original beside its SHA-256: its length, its residue (the bytes, read as one number,
modulo a prime), by which a single changed byte is found exactly, and a short checksum of each line, by which a line
that is missing or new is found.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence

# With half of it less one a prime too, the powers of 256 come round only after 10^18 places: one residue, one place.
PRIME = (1 << 61) - 2373
_INVERSE = pow(256, PRIME - 2, PRIME)
_WIDTH = 4


@dataclass(frozen=True)
class Marks:
    """What is known of an original that is not at hand."""

    sha256: str
    bytes: int
    residue: int
    lines: str


@dataclass(frozen=True)
class Damage:
    """The first ``byte`` (counted from 0) that does not fit, its ``line`` (from 1), and what is wrong, in words."""

    byte: int
    line: int
    what: str

    def __str__(self) -> str:
        """Say it as part of a sentence."""
        return f"{self.what} (byte {self.byte}, line {self.line})"


def marks_of(data: bytes) -> Marks:
    """Return what is to be kept of ``data``."""
    sums = (f"{zlib.crc32(line) & 0xFFFF:04x}" for line in _split(data))
    return Marks(hashlib.sha256(data).hexdigest(), len(data), int.from_bytes(data, "big") % PRIME, "".join(sums))


def as_dict(marks: Marks) -> Dict[str, Any]:
    """Return the marks without the hash, as a manifest keeps them."""
    return {"bytes": marks.bytes, "residue": marks.residue, "lines": marks.lines}


def find(marks: Marks, now: bytes) -> Optional[Damage]:
    """Return where ``now`` is not what ``marks`` were made of, None when it is."""
    if hashlib.sha256(now).hexdigest() == marks.sha256:
        return None
    return _changed_byte(marks, now) or _lines(marks, now)


def _changed_byte(marks: Marks, now: bytes) -> Optional[Damage]:
    """Find one changed byte: the residues differ by ``change * 256**place``; tried at every place."""
    if len(now) != marks.bytes:
        return None
    rest = (int.from_bytes(now, "big") - marks.residue) % PRIME
    for place in range(len(now) - 1, -1, -1):
        change = rest if rest < 256 else rest - PRIME
        was = now[place] - change
        if -256 < change < 256 and change and 0 <= was < 256:
            repaired = hashlib.sha256(now[:place])
            repaired.update(bytes([was]) + now[place + 1 :])
            if repaired.hexdigest() == marks.sha256:
                what = f"one byte was changed: it is {_shown(now[place])} and was {_shown(was)}"
                return Damage(place, _line_at(now, place), what)
        rest = rest * _INVERSE % PRIME
    return None


def _lines(marks: Marks, now: bytes) -> Damage:
    own = _split(now)
    sums = [f"{zlib.crc32(line) & 0xFFFF:04x}" for line in own]
    then = [marks.lines[at : at + _WIDTH] for at in range(0, len(marks.lines), _WIDTH)]
    same = _common(then, sums)
    at = sum(len(line) for line in own[:same])
    fewer = len(then) - len(sums)
    if fewer > 0 and same < len(sums) and sums[same:] == then[same + fewer :]:
        return Damage(at, same + 1, f"{_counted(fewer)} missing")
    cut = len(now) < marks.bytes and same >= len(sums) - 1 and fewer >= 0
    if cut and (same == len(sums) or not now.endswith(b"\n") or same == len(then) - 1):
        what = f"the tail is missing: {marks.bytes - len(now)} of {marks.bytes} bytes"
        return Damage(len(now), max(1, _line_at(now, len(now))), what)
    if fewer < 0 and sums[same - fewer :] == then[same:]:
        return Damage(at, same + 1, f"{_counted(-fewer)} new")
    return Damage(at, same + 1, "what follows was changed")


def difference(then: bytes, now: bytes) -> Optional[Damage]:
    """Return the first damage of ``now`` where the original ``then`` is at hand."""
    if then == now:
        return None
    same = _common(then, now)
    line = _line_at(then, same)
    if len(then) == len(now) and then[same + 1 :] == now[same + 1 :]:
        what = f"one byte was changed: it is {_shown(now[same])} and was {_shown(then[same])}"
        return Damage(same, line, what)
    if same == len(now):
        return Damage(same, line, f"the tail is missing: {len(then) - same} of {len(then)} bytes")
    start = then.rfind(b"\n", 0, same) + 1
    gone = len(then) - len(now)
    if gone > 0 and then[:start] + then[start + gone :] == now:
        return Damage(start, line, f"{_counted(max(1, then[start : start + gone].count(10)))} missing")
    if gone < 0 and then == now[:start] + now[start - gone :]:
        return Damage(start, line, f"{_counted(max(1, now[start : start - gone].count(10)))} new")
    return Damage(same, line, "what follows was changed")


def _common(one: Sequence[Any], other: Sequence[Any]) -> int:
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _split(data: bytes) -> List[bytes]:
    """Return the lines with their ends."""
    *whole, rest = data.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest] if rest else [])


def _line_at(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def _counted(number: int) -> str:
    return "a line is" if number == 1 else f"{number} lines are"


def _shown(byte: int) -> str:
    return f"0x{byte:02x}" + (f" {chr(byte)!r}" if 32 < byte < 127 else "")
