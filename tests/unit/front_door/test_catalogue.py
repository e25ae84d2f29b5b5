"""The catalogue is validated whole, and every entry is complete afterwards."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import catalogue
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

SMALL = """
components:
  carbon:
    paths: [src/components/carbon_component.py, src/components/carbon]
    depends: [postgres]
    tests: {unit: {paths: [tests/test_carbon.py], select: carbon}}
  postgres: {paths: [docker/postgres], kind: stateful, depends: [disk]}
  disk: {paths: [disk.py]}
"""


def test_every_optional_key_is_present() -> None:
    loaded = catalogue.load(SMALL, "catalogue.yml")
    entry = loaded["components"]["carbon"]
    assert entry["name"] == "carbon"
    assert entry["kind"] == "stateless"
    assert entry["tests"]["unit"] == {"paths": ["tests/test_carbon.py"], "select": "carbon", "environment": {}}
    assert entry["tests"]["load"] is None
    assert entry["maturity"] == "src/components/carbon/MATURITY.md"
    assert entry["rollback"] == "docs/operations/carbon_ROLLBACK.md"
    assert entry["docs"]["api"] == "docs/carbon/api-reference.md"
    assert entry["monitoring"] == {"metrics": None, "alerts": []}
    assert entry["audit"] == {"requirements": [], "service": "pypi", "url": None}
    assert loaded["monorepo"]["runner"] == {"run": [], "tool": []}


def test_defaults_are_not_shared_between_entries() -> None:
    components = catalogue.load(SMALL, "catalogue.yml")["components"]
    components["carbon"]["services"].append("x")
    assert components["disk"]["services"] == []


def test_dependencies_come_in_starting_order() -> None:
    assert catalogue.dependencies(catalogue.load(SMALL, "c")["components"], "carbon") == ["disk", "postgres"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("components: [", "is not valid YAML"),
        ("", "names no component"),
        ("components: {}", "names no component"),
        ("parts: {}\ncomponents: {a: {paths: [x]}}", "unknown key parts"),
        ("components: {a: {path: [x]}}", "unknown key path"),
        ("components: {a: {}}", "paths is empty"),
        ("components: {A: {paths: [x]}}", "has a name that is none"),
        ("components: {a: {paths: [../x]}}", "names ../x"),
        ("components: {a: {paths: [/x]}}", "names /x"),
        ("components: {a: {paths: x}}", "a list"),
        ("components: {a: {paths: [x], kind: odd}}", "kind is 'odd'"),
        ("components: {a: {paths: [x], depends: [b]}}", "depends on b"),
        ("components: {a: {paths: [x], docs: {users: x}}}", "docs has the unknown key users"),
        ("components: {a: {paths: [x], docs: {user: ../x}}}", "docs names ../x"),
        ("components: {a: {paths: [x], monitoring: {metrics: metrics}}}", "metrics is 'metrics'; wanted: a path"),
        ("components: {a: {paths: [x], monitoring: {alerts: [/x]}}}", "monitoring.alerts names /x"),
        ("components: {a: {paths: [x], audit: {requirements: [--fix]}}}", "audit.requirements names --fix"),
        ("components: {a: {paths: [x], audit: {service: safety}}}", "service is 'safety'; wanted: one of osv, pypi"),
        ("components: {a: {paths: [x], audit: {url: 'https://x'}}}", "audit.url goes with the service pypi"),
        ("components: {a: {paths: [x], audit: {service: osv, url: 'https://a:b@x'}}}", "without a password"),
        ("components: {a: {paths: [x], audit: {service: osv, url: x}}}", "audit.url is 'x'"),
        ("components: {a: {paths: [x], tests: {units: {}}}}", "unknown key units"),
        ("components: {a: {paths: [x], depends: [b]}, b: {paths: [y], depends: [a]}}", "a → b → a"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refusal:
        catalogue.load(text, "catalogue.yml")
    assert sentence in str(refusal.value)


def test_an_unknown_component_is_answered_with_the_known_ones_nearest_first() -> None:
    with pytest.raises(Refusal) as refusal:
        catalogue.find(catalogue.load(SMALL, "c")["components"], "carbn")
    assert refusal.value.wanted.startswith("one of carbon, ")
    assert refusal.value.next_step == "-e component=carbon"
