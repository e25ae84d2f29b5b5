"""A host on which a good release serves, once for all tests of a module and each of the two ways of changing it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from tiny.fixtures import made
from tiny.host import Host

WAYS = ("stop-first", "blue-green")


class Standing(Host):
    """Where `fine` serves; each test leaves it so that another good release can be deployed."""

    way = ""
    usual: ClassVar[dict[str, float]] = {"consecutive": 2, "deadline": 15, "interval": 0.2}

    def refuses(self, found: dict[str, Any], says: str) -> None:
        """Assert that a run failed in one clear sentence, and that the good release serves all the same."""
        assert (found["code"], found["failed"]) == (1, True), found
        assert says in found["message"] and "\n" not in found["message"], found["message"]
        assert self.release().startswith("fine"), found
        assert found["message"] and "Traceback" not in self.output

    def refuses_words(self, found: dict[str, Any], says: str) -> None:
        """Assert that what was typed was refused, in one clear sentence."""
        assert found["failed"] and says in found["message"] and "\n" not in found["message"], found

    def converges(self) -> None:
        """Assert that a good release can be deployed now, and that nothing else is left of the component."""
        self.monorepo.health = dict(self.usual)
        self.monorepo.commit(f"fine {self.monorepo.runs}")
        wanted = f"fine-{self.monorepo.runs}"
        found = self.deploy()
        assert (found["code"], found["outcome"], self.release()) == (0, "deployed", wanted), found
        running = [self.containers(), *map(self.colour, ("blue", "green", "edge", "trial"))]
        assert sum(map(len, running)) == (2 if self.way == "blue-green" else 1), running


@pytest.fixture(scope="module", params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def module_host(program: Path, tmp_path_factory: pytest.TempPathFactory, way: str) -> Iterator[Standing]:
    with made(program, tmp_path_factory.mktemp("standing")) as one:
        found = Standing(one.program, one.monorepo)
        found.way = way
        if way == "blue-green":
            found.monorepo.in_colours(drain=1)
        assert found.deploy()["outcome"] == "deployed", found.output
        yield found


@pytest.fixture
def standing(module_host: Standing) -> Iterator[Standing]:
    """The module's host, with the health check and the entry that it began with."""
    module_host.results.clear()
    entry = dict(module_host.monorepo.entry)
    compose = (module_host.monorepo.folder / "compose.yml").read_text()
    yield module_host
    module_host.monorepo.health, module_host.monorepo.entry = dict(module_host.usual), entry
    module_host.monorepo.write("compose.yml", compose)
