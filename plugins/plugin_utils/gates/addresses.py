"""Where tests find a service: `{url:SERVICE:PORT}` and `{address:SERVICE:PORT}` in the catalogue's variables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_TOKEN = re.compile(r"\{(?P<kind>url|address):(?P<service>[^:{}]+):(?P<port>[0-9]+)\}")

Find = Callable[[str, str], str]


def addressed(variables: Mapping[str, str], find: Find) -> dict[str, str]:
    """Return the variables with each token replaced; `find` gives `ADDRESS:PORT` of a service's port, or raises."""

    def replaced(match: re.Match[str]) -> str:
        address = find(match["service"], match["port"])
        return f"http://{address}" if match["kind"] == "url" else address

    return {name: _TOKEN.sub(replaced, str(text)) for name, text in variables.items()}
