"""A release that passes every gate but does not work in staging is taken back, and says so."""

from __future__ import annotations

import re

import pytest
from sites.site import Site

ONLY_WRONG_IN_STAGING = '''

def test_only_wrong_in_staging() -> None:
    """Fails at the port that staging publishes, and nowhere else."""
    assert ":{port}" not in os.environ["CARBON_URL"]
'''


@pytest.fixture(scope="module")
def taken_back(site: Site) -> str:
    tests = site.monorepo / "tests/integration/test_carbon_integration.py"
    tests.write_text(tests.read_text() + ONLY_WRONG_IN_STAGING.replace("{port}", str(site.port)))
    site.commit("Work everywhere but in staging")
    done = site.promote("carbon", check=False)
    assert done.returncode != 0
    return done.stdout


def test_a_first_release_is_stopped_and_removed(site: Site, taken_back: str) -> None:
    assert re.search("(?m)^NOT PROMOTED carbon → staging, it does not work there$", taken_back), taken_back
    assert "integration-where-deployed: fail" in taken_back
    assert "serves now" in taken_back
    assert "carbon" not in site.containers()
    assert [each["event"] for each in site.ledger() if each["component"] == "carbon"] == ["deployed", "removed"]


def test_nothing_claims_the_promotion(site: Site, taken_back: str) -> None:
    assert "Current Stage**: Development" in (site.monorepo / "src/components/carbon/MATURITY.md").read_text()
    assert site.git("status", "--porcelain") == ""
