"""What can go wrong with one request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Fault:
    """Strikes `times` requests whose "METHOD /path" matches.

    `done`: the request is carried out before. `status` 0: the connection is cut without an answer; `slow` seconds pass
    between the bytes of the answer's body. The answer is `value`, else `message`.
    """

    matches: str = ""
    status: int = 0
    done: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "Server Error"
    value: Any = None
    slow: float = 0.0
    times: int = 1

    def strikes(self, call: str) -> bool:
        if self.times < 1 or not re.search(self.matches, call):
            return False
        self.times -= 1
        return True
