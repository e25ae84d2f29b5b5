"""A site of its own for a test: a monorepo, inventories, state folders and ports that no other run shares."""
