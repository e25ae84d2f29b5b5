"""Notes which lines of a component's files this process runs. It needs nothing that a minimal Python 3.7 has not.

Beside it lie `files/`, the component's files as they are in the commit, and `index`, with `SIZE PATH TAIL` for each. A
file of the container is the component's when it has the same bytes, wherever it was copied to. What is run is appended
to the notes at once, so that a process that is killed loses nothing; fields are separated by tabs:

    start PID VERSION HOW       a Python process has begun
    line NUMBER PATH            a line of the component's file PATH was run
    differs PATH AT             AT is in the place of the component's file PATH and is another one
"""

# pathlib takes longer to import than all of this to run:
# ruff: noqa: PTH100, PTH116, PTH118, PTH120, PTH123

from __future__ import annotations

import os
import sys
from types import CodeType, FrameType

LIBRARY = os.path.dirname(os.path.abspath(os.__file__))


def begin(notes: str, folder: str) -> None:
    """Note from here on, in the way that this Python has."""
    lines = Lines(notes, folder)
    by_monitoring = note_by_monitoring(lines)
    lines.note(
        "start", os.getpid(), ".".join(map(str, sys.version_info[:3])), "monitoring" if by_monitoring else "trace"
    )
    if not by_monitoring:
        note_by_tracing(lines)


class Lines:
    """Knows the component's files, and notes each line of them once."""

    def __init__(self, notes: str, folder: str) -> None:
        """Append to `notes`; `folder` holds `index` and `files/`."""
        self.names: dict[str, str] = {}
        self._notes, self._files = notes, os.path.join(folder, "files")
        self._seen: set[tuple[str, int]] = set()
        with open(os.path.join(folder, "index"), encoding="utf-8") as file:
            entries = [line.rstrip("\n").split("\t") for line in file]
        self._index = [(int(size), name, tail) for size, name, tail in entries]

    def note(self, *fields: object) -> bool:
        """Append one line in one write. The file is opened anew each time: daemons close what they do not know."""
        try:
            file = os.open(self._notes, os.O_WRONLY | os.O_APPEND)
            try:
                os.write(file, ("\t".join(map(str, fields)) + "\n").encode("utf-8", "surrogateescape"))
            finally:
                os.close(file)
        except OSError:
            return False  # not the service's trouble; the line is noted when it is run again
        return True

    def ran(self, name: str, number: int) -> bool:
        """Note a line of a component's file that is run; say whether it is noted."""
        if (name, number) not in self._seen and self.note("line", number, name):
            self._seen.add((name, number))
        return (name, number) in self._seen

    def name(self, place: str) -> str:
        """Return which of the component's files the container's file `place` is, empty when it is none."""
        if place not in self.names:
            self.names[place] = ""  # what is asked for below may itself be looked at
            self.names[place] = self._find(os.path.abspath(place)) if not place.startswith("<") else ""
        return self.names[place]

    def _find(self, place: str) -> str:
        try:
            size = os.stat(place).st_size
        except OSError:
            return ""
        alike = [name for expected, name, _ in self._index if expected == size]
        same = [name for name in alike if _read(place) == _read(os.path.join(self._files, name))]
        if same:
            return max(same, key=lambda name: _same_ending(name, place))
        for _, name, tail in self._index:
            if place.endswith("/" + tail) and ("/" in tail or not _is_installed(place)):
                self.note("differs", name, place)
        return ""


def note_by_monitoring(lines: Lines) -> bool:
    """Be told of each function's first call and of each line's first run; say whether this Python can."""
    if sys.version_info < (3, 12):
        return False
    monitoring, events = sys.monitoring, sys.monitoring.events
    # The first two belong to nobody; the third is what the service's own coverage would take.
    free = [tool for tool in (3, 4, monitoring.COVERAGE_ID) if monitoring.get_tool(tool) is None]
    if not free:
        return False

    def started(code: CodeType, _: int) -> object:
        if lines.name(code.co_filename):
            monitoring.set_local_events(free[0], code, events.LINE)
        return monitoring.DISABLE

    def line(code: CodeType, number: int) -> object:
        return monitoring.DISABLE if lines.ran(lines.name(code.co_filename), number) else None

    monitoring.use_tool_id(free[0], "tta.ops")
    monitoring.register_callback(free[0], events.PY_START, started)
    monitoring.register_callback(free[0], events.LINE, line)
    monitoring.set_events(free[0], events.PY_START)
    return True


def note_by_tracing(lines: Lines) -> None:
    """Look at every call, and at each line of the component's files."""
    import threading

    def look(frame: FrameType, event: str, _: object) -> object:
        place = frame.f_code.co_filename
        name = lines.names[place] if place in lines.names else lines.name(place)
        if not name:
            return None

        def line(frame: FrameType, event: str, _: object) -> object:
            if event == "line":
                lines.ran(name, frame.f_lineno)
            return line

        return line

    threading.settrace(look)  # type: ignore[arg-type]
    sys.settrace(look)  # type: ignore[arg-type]


def _same_ending(one: str, other: str) -> int:
    parts = zip(reversed(one.split("/")), reversed(other.split("/")))  # noqa: B905  Python 3.10 has `strict`
    return next((number for number, (here, there) in enumerate(parts) if here != there), len(one))


def _read(place: str) -> bytes:
    try:
        with open(place, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _is_installed(place: str) -> bool:
    return place.startswith(LIBRARY) or "/site-packages/" in place or "/dist-packages/" in place
