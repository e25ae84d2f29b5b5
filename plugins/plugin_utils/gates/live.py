"""Asks the judged component itself while its development project runs: e2e tests, health and metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...module_utils.host import probe
from . import asking, live_probes
from .bench import Bench
from .development_project import NotStarted
from .process import Finished

SECONDS = 5
Find = Callable[[str, str], str]


class Live:
    """The component at the addresses that `find` gives; `commands` are what it was asked by."""

    def __init__(self, bench: Bench, find: Find) -> None:
        """Take the bench, and what gives `ADDRESS:PORT` of a service's port or raises `NotStarted`."""
        self._bench, self._find = bench, find
        self._entry = bench.subject.entry
        self._name = f"components.{bench.subject.component}"
        self.commands: list[Finished] = []

    def health(self) -> dict[str, Any]:
        """Ask so often as `live_probes.PROBES` says for the health that the catalogue declares."""
        declared = self._entry.get("health")
        if not declared:
            return live_probes.not_asked(f"no health is declared ({self._name}.health in the catalogue)")
        if declared.get("container"):
            said = "healthy by the container's own health check, which was waited for"
            return live_probes.not_asked(statement=said)
        try:
            address = self._find(declared["service"], str(declared["port"]))
        except NotStarted as error:
            return live_probes.not_asked(str(error))
        if declared.get("tcp"):
            return live_probes.health(lambda: probe.sample({"tcp": address, "timeout": SECONDS}), None, "the port")
        path = declared.get("http") or declared.get("https") or "/"
        scheme = "https" if declared.get("https") else "http"
        return live_probes.health(
            lambda: self._sample(f"{scheme}://{address}{path}", path), declared.get("expect"), path
        )

    def metrics(self) -> dict[str, Any]:
        """Read the page of metrics that the catalogue declares, at the port of its health."""
        path = (self._entry.get("monitoring") or {}).get("metrics")
        declared = self._entry.get("health") or {}
        if not path:
            return live_probes.not_asked(f"no metrics are declared ({self._name}.monitoring.metrics in the catalogue)")
        if not declared.get("port"):
            return live_probes.not_asked(f"{path} has no port: {self._name}.health in the catalogue names none")
        try:
            url = f"http://{self._find(declared['service'], str(declared['port']))}{path}"
        except NotStarted as error:
            return live_probes.not_asked(str(error))
        answer = self._get(url, path)
        if answer.problem:
            return live_probes.not_asked(answer.problem)
        facts = answer.facts
        return live_probes.metrics(facts["status"], str(facts["headers"].get("content-type", "")), facts["body"], path)

    def _sample(self, url: str, path: str) -> Mapping[str, Any]:
        answer = self._get(url, path)
        if answer.problem:
            return {"ok": False, "error": answer.problem.removeprefix(f"{path} "), "ms": answer.command.seconds * 1000}
        status = answer.facts["status"]
        ok = 200 <= status < 300
        return {"ok": ok, "error": f"answers HTTP {status}", "body": answer.facts["body"], "ms": answer.facts["ms"]}

    def _get(self, url: str, shown: str) -> asking.Answer:
        answer = asking.get(self._bench, url, SECONDS, shown=shown)
        self.commands.append(answer.command)
        return answer
