"""What every component of TTA shares: how it is configured, how it logs, how it starts and stops."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from types import FrameType


class ConfigurationError(Exception):
    """A setting is missing or cannot be used. The text is one sentence that says which, and what would do."""


class Component(ABC):
    """A part of TTA that runs until it is told to stop."""

    name: str

    @abstractmethod
    def start(self) -> None:
        """Begin to work and return; raise ConfigurationError when the settings do not allow it."""

    @abstractmethod
    def stop(self) -> None:
        """Finish what is under way and return. Calling it twice does no harm."""


def required(environ: Mapping[str, str], name: str, example: str) -> str:
    """Return the value of an environment variable that has no default."""
    value = environ.get(name, "").strip()
    if not value:
        raise ConfigurationError(
            f"{name} is missing: set it in the environment, for example {name}={example}"
        )
    return value


def positive_seconds(environ: Mapping[str, str], name: str, example: str) -> float:
    """Return a required environment variable that holds a number of seconds greater than 0."""
    text = required(environ, name, example)
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise ConfigurationError(
            f"{name} is {text!r}: give seconds greater than 0, for example {name}={example}"
        )
    return seconds


class JsonLines(logging.Formatter):
    """One JSON object a line: `at` (ISO 8601, UTC), `level`, `logger`, `message` and, if any, `exception`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_to_stdout() -> None:
    """Send every log record of the process to standard output, as JSON lines."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def run_until_stopped(component: Component) -> None:
    """Start the component, wait for SIGTERM or SIGINT, stop it."""
    logger = logging.getLogger(component.name)
    told_to_stop = threading.Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        logger.info("%s received, stopping", signal.Signals(number).name)
        told_to_stop.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    component.start()
    try:
        told_to_stop.wait()
    finally:
        component.stop()
    logger.info("stopped")
