"""A host, a monorepo and a state folder for each test; two container hosts for tests of fleets."""

from __future__ import annotations

from tiny.fixtures import host, program
from tiny.fleet_fixtures import fleet, pair

__all__ = ["fleet", "host", "pair", "program"]
