"""Finds what does not hold together in a story: dead ends, lost scenes, facts that contradict each other."""

from __future__ import annotations

from src.components.narrative_coherence.checks import Finding, check

__all__ = ["Finding", "check"]
