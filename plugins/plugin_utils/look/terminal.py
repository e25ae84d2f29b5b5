"""The shell around Ansible's display: everything printed passes here, without secrets, around one live line."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import sys
import threading
from collections.abc import Callable
from typing import Any

from .redact import Redactor
from .style import Look

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_ERASE = "\r\x1b[K"
_WARNING_LEVEL = -2
_TICK = 0.25
_UNWRAPPED = 10_000


class Terminal:
    """Takes the place of ``display.display`` on Ansible's one display object.

    That is the only point which results, warnings, connection traces at -vvv and the lines of actions all pass,
    in this process and (through a queue) from its workers. All writing happens under the display's own
    lock, which Ansible holds while it forks, so that no worker inherits it locked.
    """

    def __init__(self, display: Any, redactor: Redactor, colour: bool) -> None:
        """Put this object between ``display`` (Ansible's) and its callers."""
        self._display = display
        self._redactor = redactor
        self._colour = colour
        self._pid = os.getpid()
        self._live: Callable[[int], str | None] | None = None
        self._shown = False
        self._frame = 0
        self._stop = threading.Event()
        self._kept: list[Callable[[], None]] = []
        self._keeping = False
        self.is_tty = sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        self._print: Callable[..., None] = display.display
        self._log: Callable[..., None] = display._log
        display.display = self.display
        display._log = self._write_log

    @property
    def look(self) -> Look:
        """How lines look now (a window may have been resized)."""
        # without a terminal nothing is wrapped: whoever reads a log searches it for whole sentences
        fallback = (80, 24) if self.is_tty else (_UNWRAPPED, 24)
        encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
        return Look(
            width=max(shutil.get_terminal_size(fallback).columns, 20),
            colour=self._colour,
            symbols=(self.is_tty or self._colour) and encoding == "utf8",
            unicode=encoding == "utf8",
        )

    def display(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Ansible's ``Display.display``: the same arguments, the text without secrets."""
        msg = self._redactor.text(msg) if isinstance(msg, str) else msg
        if os.getpid() != self._pid:  # a worker: its lines travel to the main process and are shown there
            self._print(msg, *args, **kwargs)
            return
        if self._keeping and kwargs.get("stderr") and self._is_warning(kwargs):
            self._kept.append(functools.partial(self._print, msg, *args, **kwargs))
            return
        with self._display._lock:
            self._erase()
            self._print(msg, *args, **kwargs)
            with contextlib.suppress(BrokenPipeError):  # `| head` has seen enough; that is no reason to stop
                sys.stdout.flush()

    def line(self, text: str = "") -> None:
        """One line of our own."""
        self.display(text)

    def keep_warnings(self) -> None:
        """Hold warnings back until ``release_warnings``, so that they do not tear the steps apart."""
        self._keeping = True

    def release_warnings(self) -> None:
        """Show what was held back."""
        self._keeping = False
        kept, self._kept = self._kept, []
        for show in kept:
            show()

    def animate(self, live: Callable[[int], str | None]) -> None:
        """Call ``live(frame)`` a few times a second until ``close``; on a terminal its answer is the live line."""
        self._live = live
        threading.Thread(target=self._run, name="tta.ops live line", daemon=True).start()

    def close(self) -> None:
        """End the animation and leave a clean line."""
        self._stop.set()
        with self._display._lock:
            self._erase()

    def _run(self) -> None:
        while not self._stop.wait(_TICK):
            with self._display._lock:
                if self._stop.is_set() or self._live is None:
                    return
                self._frame += 1
                text = self._live(self._frame)
                if self.is_tty and text is not None:
                    sys.stdout.write(_ERASE + self._redactor.text(text))
                    sys.stdout.flush()
                    self._shown = True

    def _erase(self) -> None:
        if self._shown:
            sys.stdout.write(_ERASE)
            sys.stdout.flush()
            self._shown = False

    def _write_log(self, msg: str, *args: Any, **kwargs: Any) -> None:
        self._log(_ANSI.sub("", self._redactor.text(msg)), *args, **kwargs)

    @staticmethod
    def _is_warning(kwargs: dict[str, Any]) -> bool:
        from ansible import constants

        deprecation = constants.config.get_config_value("COLOR_DEPRECATE")
        return kwargs.get("caplevel") == _WARNING_LEVEL or kwargs.get("color") == deprecation
