"""The smallest monorepo and host that a deploy can be tried on with a real engine."""
