"""Environment files: the example's order, the operator's values, no placeholder left, no value in a message."""

from __future__ import annotations

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.environment_file import render
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal

EXAMPLE = "# ports\nPORT=8080\n\nPOSTGRES_PASSWORD=change-me\nexport TOKEN=<token>\n"


def test_values_replace_placeholders_and_the_rest_is_kept() -> None:
    text = render(EXAMPLE, {"POSTGRES_PASSWORD": "s3cr3t", "TOKEN": "a $b c", "MORE": 1}, "e")
    assert text == "# ports\nPORT=8080\n\nPOSTGRES_PASSWORD=s3cr3t\nTOKEN='a $b c'\nMORE=1\n"


@pytest.mark.parametrize(
    "placeholder", ["", "change-me", "CHANGE_ME_NOW", "<secret>", "your-password", "xxxx", "''", "..."]
)
def test_a_placeholder_is_refused_by_name(placeholder: str) -> None:
    with pytest.raises(Refusal, match="no real value for POSTGRES_PASSWORD"):
        render(f"POSTGRES_PASSWORD={placeholder}\n", {}, ".env.staging.example")


def test_an_operators_placeholder_is_refused_too() -> None:
    with pytest.raises(Refusal, match="POSTGRES_PASSWORD, TOKEN"):
        render(EXAMPLE, {"POSTGRES_PASSWORD": "changeme"}, "e")


def test_a_value_that_cannot_be_held_is_refused_without_being_shown() -> None:
    with pytest.raises(Refusal) as refusal:
        render("KEY=x\n", {"KEY": "my'secret"}, "e")
    assert "KEY" in str(refusal.value)
    assert "my'secret" not in str(refusal.value)
