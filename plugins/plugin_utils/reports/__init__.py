"""Reports of judgements: one document (JSON), and the page and the Markdown that are drawn from nothing else."""

from .files import write

__all__ = ["write"]
