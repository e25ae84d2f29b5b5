"""Sites one after the other: each hands on its evidence, so that the next need not judge the same again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .site import Site


@contextmanager
def standing(folder: Path, evidence: Path, hosts: Mapping[str, Mapping[str, Any]] | None = None) -> Iterator[Site]:
    """Yield a site with its core components in the ledger; `evidence` is what the sites before it have earned."""
    made = Site(folder, f"e2e-{os.getpid()}", hosts)
    own = folder / "operator" / "evidence"
    shutil.copytree(evidence, own)
    try:
        made.genesis()
        yield made
    finally:
        made.remove()
        shutil.copytree(own, evidence, dirs_exist_ok=True)
