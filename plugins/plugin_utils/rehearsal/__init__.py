"""Rehearsals of the way back: what is planned, what came of it, and the pages that tell of it. Pure."""
