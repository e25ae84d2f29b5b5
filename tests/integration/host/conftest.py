"""A host, a monorepo and a state folder for each test."""

from __future__ import annotations

from tiny.fixtures import host, program

__all__ = ["host", "program"]
