"""The errors a person may see: one plain sentence each, with the exit code that tells programs the same."""

from __future__ import annotations

from typing import Any, Dict

OK, FAILED, USAGE, LOCKED, OUTDATED = 0, 1, 2, 75, 86


class HostError(Exception):
    """Something is wrong that the operator can put right; the text says what was found and what to do."""

    code = FAILED


class UsageError(HostError):
    """The command line or the input makes no sense; nothing was looked at or changed."""

    code = USAGE


class LockedError(HostError):
    """Another act holds the component. ``holder`` has who, why, since and phase."""

    code = LOCKED

    def __init__(self, message: str, holder: Dict[str, Any]) -> None:
        """Take the sentence and what the holder wrote into the lock."""
        super().__init__(message)
        self.holder = holder


class EngineError(HostError):
    """The Docker Engine or Compose refused or did not answer."""


class UnhealthyError(HostError):
    """A release did not become healthy, or its own logs show errors."""


class InterruptedActError(HostError):
    """The operator interrupted the act at a point where leaving changes nothing."""
