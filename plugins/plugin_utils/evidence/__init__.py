"""Verification: whether evidence and ledgers are what they were, and whether every verdict follows from them."""
