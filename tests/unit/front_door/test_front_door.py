"""What the operator types is checked before anything reads it."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.front_door import checked, shown
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal, refused

KNOWN = ["carbon", "redis"]
BAD_NAMES = [
    "../../x",
    "; rm -rf /",
    "{{ lookup('pipe', 'id') }}",
    "",
    "car\nbon",
    "carbon\n",
    "a" * 300,
    "Carbon",
    "-carbon",
    "cärbon",
    None,
    ["carbon"],
    7,
]


@pytest.mark.parametrize("name", BAD_NAMES, ids=repr)
def test_a_name_that_is_none_is_refused_with_the_known_ones(name: object) -> None:
    with pytest.raises(Refusal) as refusal:
        checked({"component": name}, {}, KNOWN)
    assert refusal.value.wanted == "one of carbon, redis"
    assert refusal.value.next_step == "-e component=carbon"
    assert "\n" not in str(refusal.value)
    assert len(refusal.value.found) < 160


@pytest.mark.parametrize("name", ["carbon", "a", "gameplay_loop", "a-1", "a" * 63])
def test_a_good_name_passes_unchanged(name: str) -> None:
    assert checked({"component": name}, {"component": ""}, KNOWN) == {"component": name}


def test_a_missing_variable_is_named_with_what_would_be_right() -> None:
    with pytest.raises(Refusal, match="component is missing; wanted: one of carbon, redis"):
        checked({}, {"component": "a component"}, KNOWN)
    with pytest.raises(Refusal, match="reason is missing; wanted: why"):
        checked({"component": "carbon"}, {"reason": "why"}, KNOWN)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("target", "prod"),
        ("target", "staging\n"),
        ("version", "--upload-pack=x"),
        ("version", "a..b"),
        ("version", "v1 v2"),
        ("reason", "{{ lookup('pipe', 'id') }}"),
        ("reason", "{% raw %}"),
        ("reason", "two\nlines"),
        ("reason", "x" * 1001),
        ("monorepo", "{{ x }}"),
        ("monorepo", "  "),
        ("allow_dirty", "perhaps"),
        ("fresh", "sometimes"),
        ("stage", "development"),
        ("gates", "lint,,types"),
        ("gates", "lint; id"),
        ("gates", ["lint"]),
        ("policy", " "),
        ("policy", "{{ x }}"),
        ("run", "../../x"),
        ("allow_dirty", 2),
    ],
)
def test_other_bad_values_are_refused_by_name(variable: str, value: object) -> None:
    with pytest.raises(Refusal) as refusal:
        checked({variable: value}, {}, KNOWN)
    assert variable in refusal.value.found
    assert refusal.value.next_step.startswith("-e ")


def test_good_values_of_every_kind() -> None:
    typed = {
        "component": "carbon",
        "target": "production",
        "version": "v1.2.3",
        "reason": "it's 2 a.m.",
        "monorepo": "/srv/tta",
        "allow_dirty": "Yes",
        "gates": "lint, types,lint",
        "run": "20260131T120000Z-0a1b2c-carbon",
        "something_else": "{{ untouched }}",
    }
    assert checked(typed, {}, KNOWN) == {
        "component": "carbon",
        "target": "production",
        "version": "v1.2.3",
        "reason": "it's 2 a.m.",
        "monorepo": "/srv/tta",
        "allow_dirty": True,
        "gates": ["lint", "types"],
        "run": "20260131T120000Z-0a1b2c-carbon",
    }


def test_what_was_typed_is_shown_short_and_printable() -> None:
    assert shown("a\x1b[31m") == r"'a\x1b[31m'"
    assert len(shown("x" * 5000)) < 100
    assert "5000 characters" in shown("x" * 5000)


def test_the_next_step_is_a_whole_command() -> None:
    result = refused("promote-staging", Refusal("no", "yes", "-e component=carbon"))
    assert result["failed"] is True
    assert result["report"]["next"] == ["ansible-playbook promote-staging.yml -e component=carbon"]
    assert "ansible-playbook promote-staging.yml -e component=carbon" in result["msg"]
