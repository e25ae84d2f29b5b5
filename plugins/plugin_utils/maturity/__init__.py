"""MATURITY.md: read it, and change only the lines that a promotion changes."""
