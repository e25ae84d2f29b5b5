"""When traffic has moved: somebody asks a service all the time which release answers."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable

PAUSE = 0.01  # seconds between two questions


class Watcher:
    """A context manager; `since` holds the moment at which each release was first seen after another one."""

    def __init__(self, port: int, address: str = "127.0.0.1") -> None:
        """Take the published port, and where."""
        self.port, self.address, self.release, self.since = port, address, "", 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watcher:
        """Begin to ask."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ask no more."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(PAUSE):
            line = http.client.HTTPConnection(self.address, self.port, timeout=2)
            try:
                line.request("GET", "/")
                found = line.getresponse().headers.get("Release", "")
            except (OSError, http.client.HTTPException):
                continue  # nothing answers just now
            finally:
                line.close()
            if found and found != self.release:
                self.release, self.since = found, time.monotonic()


def timed(watcher: Watcher, work: Callable[[], object]) -> tuple[float, float]:
    """Return after how many seconds traffic had moved, and after how many the command had ended."""
    begun, before = time.monotonic(), watcher.release
    work()
    ended = time.monotonic()
    while watcher.release == before or watcher.since < begun:
        if time.monotonic() - ended > 10:
            raise SystemExit(f"the command has ended, but {before} still answers")
        time.sleep(PAUSE)
    return watcher.since - begun, ended - begun
