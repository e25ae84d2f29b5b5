"""Two hosts as one environment: built once, carried, changed together."""

from __future__ import annotations

import json
import re

import pytest
from tiny.fleet import Fleet

pytestmark = pytest.mark.engine


def test_what_the_first_host_builds_serves_on_both(fleet: Fleet) -> None:
    code, output = fleet.play()
    print(output)
    assert code == 0, output
    assert fleet.serving() == ["fine", "fine"]
