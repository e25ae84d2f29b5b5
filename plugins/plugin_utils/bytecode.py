"""Lets Python keep the compiled form of the toolkit's modules, as it does for all others.

Ansible's own loader of collections compiles every module from its source in every process, which takes longer than a
verdict takes to be taken over. Whoever imports this module first (the callback, of which Ansible's workers are forks)
has Python load them itself. Only plain modules of this collection are loaded so; everything else is Ansible's.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import SOURCE_SUFFIXES, FileFinder, ModuleSpec, SourceFileLoader
from types import ModuleType

PREFIX = f"{__name__.rpartition('.')[0]}."


class Compiled(MetaPathFinder):
    """Finds the modules below `PREFIX`; for folders without code it finds nothing, and Ansible's loader is asked."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module of the toolkit's is, None for any other."""
        if not fullname.startswith(PREFIX):
            return None
        for place in path or ():
            found = FileFinder(place, (SourceFileLoader, SOURCE_SUFFIXES)).find_spec(fullname)
            if found and found.loader:
                return found
        return None


if not any(isinstance(finder, Compiled) for finder in sys.meta_path):
    sys.meta_path.insert(0, Compiled())
