"""Where a service can be reached that was deployed."""

from __future__ import annotations

from .subject import Subject

_EVERYWHERE = ("0.0.0.0", "::", "[::]", "127.0.0.1", "")  # noqa: S104 - what is published everywhere, not where we listen


class NotPublished(Exception):
    """A port that cannot be reached from here: one sentence."""


def found_at(subject: Subject, service: str, port: str) -> str:
    """Return `ADDRESS:PORT` of a container's port in the environment; raises `NotPublished`."""
    environment = subject.environment
    published = (environment.get("published") or {}).get(service, {}).get(port)
    if not published:
        raise NotPublished(f"{service} does not publish port {port} in {environment.get('name', 'this environment')}")
    host, _, number = str(published).rpartition(":")
    return f"{environment['address'] if host in _EVERYWHERE else host}:{number}"
