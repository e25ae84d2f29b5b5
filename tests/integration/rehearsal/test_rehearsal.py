"""`rollback-rehearsal.yml` on the tiny monorepo: away and back under requests, what it leaves, and what it refuses."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest
from tiny.site import TinySite, tiny_site

GIVEN = ("-e", "component=web")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TinySite]:
    """Two releases of a component in colours: 2 serves."""
    with tiny_site(tmp_path_factory.mktemp("rehearsal"), f"e2e-rh-{os.getpid()}") as made:
        made.monorepo.in_colours(warm=600, drain=2)
        made.declare()
        for words in ("one", "two"):
            made.monorepo.commit(words)
            assert made.host.deploy()["outcome"] == "deployed"
            made.promoted()
        yield made


def rehearsed(tiny: TinySite, *more: str, check: bool = True) -> str:
    return said(tiny.site.play("rollback-rehearsal.yml", *GIVEN, *more, check=check))


def said(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stdout.split())


def test_a_rehearsal_goes_back_and_comes_back(tiny: TinySite) -> None:
    before = tiny.host.current()
    told = rehearsed(tiny, "-e", "reason=drill")
    print(told)
    assert tiny.host.current() == before
    assert "REHEARSED web 2 → 1 → 2 on staging; 0 of" in told, told
