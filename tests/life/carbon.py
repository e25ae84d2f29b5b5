"""The steps of the life, each with the command that a person types and what it ends with."""

from __future__ import annotations

from collections.abc import Callable

from .facts import FIRST, SECOND
from .world import World

STEPS: tuple[tuple[str, Callable[[World], str], str], ...] = (
    ("refused for two gates", lambda world: world.promote("staging", FIRST, ("unit-coverage", "lint")), "refused"),
    ("refused for one", lambda world: world.promote("staging", FIRST, ("lint",)), "refused"),
    ("in staging", lambda world: world.promote("staging", FIRST), "carbon"),
    ("waits for approval", lambda world: world.promote("production", FIRST), "refused"),
    ("approved", lambda world: world.approve(FIRST), "approved"),
    ("in production", lambda world: world.promote("production", FIRST), "carbon"),
    ("taken back", lambda world: world.roll_back("production", FIRST), "rolled back"),
    ("demoted", lambda world: world.demote(FIRST), "demoted"),
    ("without a fix", lambda world: world.promote("staging", SECOND), "has no fix linked"),
    ("in staging again", lambda world: world.promote("staging", SECOND, fix="#12"), "carbon"),
    ("approved again", lambda world: world.approve(SECOND), "approved"),
    ("in production again", lambda world: world.promote("production", SECOND), "carbon"),
)
