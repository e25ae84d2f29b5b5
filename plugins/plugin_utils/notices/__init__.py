"""Who is told of deploys, rollbacks, promotions and announcements, in which words, and what waits to be told."""
