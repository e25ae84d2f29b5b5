"""Indicator `http`: asks one address by GET.

Document: `{url, examined, status, ms, headers, json, no_json, text, bytes, redirects}`. `json` is null where the body
is none, and `no_json` then says why; `text` is the body. Values behind the names of secrets are hidden.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from ..gates import asking, hidden
from ..gates.bench import Bench
from ..gates.by_hand import command_line
from ..gates.errors import DefinitionError
from ..gates.measurement import Measurement
from ..gates.published import NotPublished, found_at
from ..gates.tokens import check_tokens, expand
from .indicator import Indicator


class Http(Indicator):
    """`url`, or the published `port` of a `service` with a `path`; `timeout` in seconds. No answer is a problem."""

    keys: ClassVar[tuple[str, ...]] = ("url", "service", "port", "path", "timeout")
    reusable: ClassVar[bool] = False

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check that there is one address, and the time limit."""
        asking.check_timeout(parameters.get("timeout", asking.DEFAULT_TIMEOUT), f"{where}.timeout")
        if "url" in parameters:
            both = sorted({"service", "port", "path"} & {*parameters})
            if both:
                raise DefinitionError(
                    f"{where}.{both[0]}", "stands beside url", "either url, or service, port and path"
                )
            asking.check_url(parameters["url"], f"{where}.url")
            return
        if not isinstance(parameters.get("service"), str):
            raise DefinitionError(
                f"{where}.service", f"is {parameters.get('service')!r}", "a service, or a url instead"
            )
        check_tokens([parameters["service"]], f"{where}.service")
        port = parameters.get("port")
        if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
            raise DefinitionError(f"{where}.port", f"is {port!r}", "the port inside the container")
        if not str(parameters.get("path", "/")).startswith("/"):
            raise DefinitionError(f"{where}.path", f"is {parameters['path']!r}", "a path that begins with /")

    def measure(self, bench: Bench) -> Measurement:
        """Ask once."""
        try:
            url = self._url(bench)
        except NotPublished as error:
            return Measurement(problem=str(error))
        timeout = self.parameters.get("timeout", asking.DEFAULT_TIMEOUT)
        shown = hidden.address(url)
        by_hand = command_line(bench.subject, ["curl", "--include", "--max-time", f"{timeout:g}", shown])
        answer = asking.get(bench, url, timeout, shown=shown)
        common: dict[str, Any] = {"by_hand": by_hand.partition(" && ")[2], "commands": (answer.command,)}
        if answer.problem:
            return Measurement(problem=answer.problem, **common)
        return Measurement(document=_document(answer.facts), **common)

    def _url(self, bench: Bench) -> str:
        if "url" in self.parameters:
            return str(self.parameters["url"])
        service = expand([self.parameters["service"]], *bench.tokens())[0]
        address = found_at(bench.subject, service, str(self.parameters["port"]))
        return f"http://{address}{self.parameters.get('path', '/')}"


def _document(facts: Mapping[str, Any]) -> dict[str, Any]:
    body, why = facts["body"], ""
    try:
        parsed = json.loads(body, parse_constant=_no_constant) if body.strip() else None
        why = "" if body.strip() else "the body is empty"
    except (ValueError, RecursionError) as error:
        parsed, why = None, f"the body is no JSON: {error}"
    return {
        "url": hidden.address(facts["url"]),
        "examined": 1,
        "status": facts["status"],
        "ms": facts["ms"],
        "headers": hidden.data(facts["headers"]),
        "json": hidden.data(parsed),
        "no_json": why,
        "text": hidden.text(body),
        "bytes": len(body.encode()),
        "redirects": [
            {**one, "from": hidden.address(one["from"]), "to": hidden.address(one["to"])} for one in facts["redirects"]
        ],
    }


def _no_constant(name: str) -> None:
    raise ValueError(f"holds {name}, which is none")
