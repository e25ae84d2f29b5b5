"""What the catalogue may say about where promotions are tracked."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import catalogue
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.trackers import interface
from ansible_collections.tta.ops.plugins.plugin_utils.trackers.settings import checked, settings_of
from standin.bench import document


def test_without_a_word_it_is_beside_the_ledger() -> None:
    text = "components: {carbon: {paths: [a.py]}}"
    assert catalogue.load(text, "catalogue.yml")["monorepo"]["tracker"]["backend"] == "local"
    assert settings_of(None).backend == "local"


def test_a_projects_owner_is_the_repositorys_unless_said() -> None:
    given = {"backend": "github", "repository": "octo/tta", "project": 5}
    assert settings_of({"tracker": given}).owner == "octo"
    assert settings_of({"tracker": {**given, "project_owner": "crew"}}).owner == "crew"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("github", "tracker is str"),
        ({"backend": "gitlab"}, "tracker.backend is 'gitlab'"),
        ({"backend": "github"}, "tracker.repository is missing"),
        ({"backend": "github", "repository": "tta"}, "tracker.repository is 'tta'"),
        ({"backend": "github", "repository": "octo/../x"}, "tracker.repository is 'octo/../x'"),
        ({"project": "5"}, "tracker.project is '5'"),
        ({"project": True}, "tracker.project is True"),
        ({"status_issue": 0}, "tracker.status_issue is 0"),
        ({"labels": ["a,b"]}, "tracker.labels has 'a,b'"),
        ({"labels": ["x" * 51]}, "tracker.labels has"),
        ({"api": "http://github.example.org"}, "tracker.api is"),
        ({"api": "https://user:password@github.example.org"}, "tracker.api is"),
        ({"token": "ghp_x"}, "the unknown key token"),
    ],
)
def test_what_makes_no_sense_is_refused_by_key(given: Any, found: str) -> None:
    with pytest.raises(Refusal) as refusal:
        checked(given, "tracker")
    assert found in refusal.value.found


def test_a_token_in_place_of_its_variable_is_not_shown() -> None:
    with pytest.raises(Refusal) as refusal:
        checked({"token_env": "ghp_secret-token"}, "tracker")
    assert "secret" not in str(refusal.value)
    assert "not the token" in refusal.value.wanted


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "rumour"},
        {"key": "../../etc/passwd"},
        {"key": "promotion/x -->"},
        {"title": ""},
        {"labels": []},
        {"state": "shut"},
        {"comments": [{"marker": "x -->", "body": "y"}]},
        {"comments": [{"marker": "x", "body": ""}]},
    ],
)
def test_a_document_that_makes_no_sense_is_refused(changes: dict[str, Any]) -> None:
    assert interface.checked(document())
    with pytest.raises(Refusal):
        interface.checked(document(**changes))
