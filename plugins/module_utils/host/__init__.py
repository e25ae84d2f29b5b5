"""The host program: what must be one uninterrupted act on a host, with nothing but Python's standard library."""
