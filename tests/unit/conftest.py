"""How hypothesis searches here: the same examples in each run, so that a change is red for what it changed.

`HYPOTHESIS=search` looks for new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("repeat", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS", "repeat"))
