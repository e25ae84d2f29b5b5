"""Each gate of production that needs no running container, with the real tool: it passes, fails, is inconclusive."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import advisories
import documents
import jsonschema
import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.gates.bench import Bench
from documents import API, GUIDE, PACKAGES, ROLLBACK, RULES, TROUBLE
from lamp import FILES, Lamps

LAMP = "src/components/lamp.py"
README = "src/components/lamp/README.md"
# Made up for this test; the scanner knows the form.
SECRET = "AKIA" + "IOSFODNN7EXAMPLE"
PAGES = [("user-guide", GUIDE), ("api-reference", API), ("troubleshooting", TROUBLE)]


@pytest.fixture
def lamps(tmp_path: Path) -> Lamps:
    lamps = Lamps(tmp_path / "lamps")
    lamps.stage = "production"
    return lamps


def test_a_good_component_passes_and_nothing_is_written_to_the_checkout(lamps: Lamps) -> None:
    quick = ("security-scan", "secrets", "alert-rules", *(name for name, _ in PAGES))
    judged = lamps.judge(*quick)
    assert {name: one.verdict["cause"] for name, one in judged.items() if one.verdict["verdict"] != "pass"} == {}
    assert all(one.verdict["examined"] > 0 for one in judged.values())
    assert judged["alert-rules"].verdict["tools"]["promtool"].startswith("promtool, version ")
    status = subprocess.run(["git", "-C", str(lamps.folder), "status", "--porcelain", "--ignored"], capture_output=True)
    assert status.stdout == b""


# security


def test_security_findings(lamps: Lamps) -> None:
    lamps.write(**{LAMP: FILES[LAMP] + '\n\ndef run(text: str) -> None:\n    """Run."""\n    eval(text)\n'})
    assert lamps.told("security-scan")[:2] == ("fail", 1)


def test_security_of_what_is_no_python(lamps: Lamps) -> None:
    lamps.write(**{LAMP: "def lit(:\n"})
    assert lamps.told("security-scan")[0] == "inconclusive"


@pytest.fixture
def osv(lamps: Lamps) -> Iterator[advisories.Advisories]:
    with advisories.served() as served:
        lamps.entry["audit"] = {"requirements": [PACKAGES], "service": "osv", "url": served.url}
        yield served


def test_the_stand_in_s_records_have_osv_s_form() -> None:
    jsonschema.Draft202012Validator.check_schema(advisories.SCHEMA)
    jsonschema.validate(advisories.RECORD, advisories.SCHEMA, format_checker=jsonschema.FormatChecker())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**advisories.RECORD, "affected": [{"package": {"name": "x"}}]}, advisories.SCHEMA)


def test_an_audit_without_findings_passes_and_expires(lamps: Lamps, osv: advisories.Advisories) -> None:
    verdict = lamps.judge("advisories")["advisories"].verdict
    assert (verdict["verdict"], verdict["found"], verdict["examined"]) == ("pass", 0, 1)
    asked = {"package": {"name": "requests", "ecosystem": "PyPI"}, "version": "2.34.2"}
    assert osv.asked == [asked]
    assert verdict["expires"] is not None
    hours = datetime.fromisoformat(verdict["expires"]) - datetime.fromisoformat(verdict["earned"])
    assert hours == timedelta(hours=24)


def test_a_known_vulnerability_fails_by_name(lamps: Lamps, osv: advisories.Advisories) -> None:
    osv.known = {"requests": [advisories.RECORD]}
    assert lamps.told("advisories") == ("fail", 1, "requests 2.34.2: PYSEC-2026-1")


def test_an_audit_by_a_service_that_fails_is_inconclusive(lamps: Lamps, osv: advisories.Advisories) -> None:
    osv.status = 500
    assert lamps.told("advisories")[0] == "inconclusive"


def test_an_audit_that_could_not_look_anything_up_is_inconclusive(lamps: Lamps) -> None:
    lamps.write(**{PACKAGES: "nobody-ever-published-this-lamp==1.0\n"})
    verdict, found, cause = lamps.told("advisories")
    assert (verdict, found) == ("inconclusive", None)
    assert "could not be audited" in cause or "Max retries" in cause or "ConnectionError" in cause


@pytest.mark.parametrize(
    ("text", "cause"),
    [("requests>=2\n", "requests"), (None, ""), ("", ""), ("requests==\n", "")],
)
def test_an_audit_of_what_is_not_pinned_is_inconclusive(
    lamps: Lamps, osv: advisories.Advisories, text: str | None, cause: str
) -> None:
    lamps.write(**{PACKAGES: text})
    verdict, found, why = lamps.told("advisories")
    assert (verdict, found) == ("inconclusive", None)
    assert cause in why


@pytest.mark.parametrize("gate", ["advisories", "packages-current"])
def test_without_declared_packages_nothing_was_audited(lamps: Lamps, gate: str) -> None:
    lamps.entry["audit"] = {"requirements": [], "service": "pypi", "url": None}
    verdict, found, cause = lamps.told(gate)
    assert (verdict, found) == ("inconclusive", None)
    assert cause.startswith("lamp has no ")


def test_an_outdated_package_is_a_warning_and_lets_through(lamps: Lamps) -> None:
    lamps.write(**{PACKAGES: "requests==2.0.0 \\\n    --hash=sha256:abc\n"})
    verdict = lamps.judge("packages-current")["packages-current"].verdict
    assert (verdict["verdict"], verdict["found"], verdict["examined"]) == ("pass", 1, 1)
    assert "requests 2.0.0, newest is " in verdict["warning"]


def test_current_packages_pass_without_a_warning(lamps: Lamps) -> None:
    lamps.write(**{PACKAGES: "requests==999.0\n"})
    verdict = lamps.judge("packages-current")["packages-current"].verdict
    assert (verdict["verdict"], verdict["found"], verdict["warning"]) == ("pass", 0, None)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            "requests==2.34.2\nnobody-ever-published-this-lamp==1.0\n",
            "the package index had no answer about nobody-ever-",
        ),
        ("requests>=2\n", f"{PACKAGES}: 'requests>=2' is not pinned with =="),
        ("-r other.txt\n", "'-r other.txt' is not pinned with =="),
        (None, f"{PACKAGES}, which the catalogue names, is not in the commit"),
        ("# nothing\n", "nothing was examined"),
    ],
)
def test_packages_about_which_nobody_knows_are_inconclusive(lamps: Lamps, text: str | None, cause: str) -> None:
    lamps.write(**{PACKAGES: text})
    verdict, _, why = lamps.told("packages-current")
    assert verdict == "inconclusive"
    assert cause in why


def test_a_secret_is_named_by_its_place_and_kind_and_is_nowhere_in_the_evidence(lamps: Lamps) -> None:
    lamps.write(**{LAMP: FILES[LAMP] + f'\nKEY = "{SECRET}"\n', "src/components/lamp/a.yml": "password: hunter2abc\n"})
    one = lamps.judge("secrets")["secrets"]
    assert (one.verdict["verdict"], one.verdict["found"]) == ("fail", 2)
    assert one.verdict["cause"] == f"{LAMP}:13: AWS Access Key\nsrc/components/lamp/a.yml:1: Secret Keyword"
    evidence = json.dumps([one.verdict, one.measurement.document, [vars(done) for done in one.measurement.commands]])
    assert SECRET not in evidence
    assert "hunter2abc" not in evidence


def test_what_the_image_is_built_from_is_looked_through_too(lamps: Lamps) -> None:
    lamps.entry["context"] = ["ops"]
    lamps.write(
        **{"ops/Dockerfile": f'FROM scratch\nENV KEY="{SECRET}"\n', "ops/swagger-secret.json": f'{{"k": "{SECRET}"}}'}
    )
    verdict, found, cause = lamps.told("secrets")
    assert (verdict, found) == ("fail", 2)
    assert cause == "ops/Dockerfile:2: AWS Access Key\nops/swagger-secret.json:1: AWS Access Key"


def test_a_false_alarm_is_allowed_by_a_comment_and_said(lamps: Lamps) -> None:
    lamps.write(**{LAMP: FILES[LAMP] + f'\nKEY = "{SECRET}"  # pragma: allowlist secret\n'})
    verdict = lamps.judge("secrets")["secrets"].verdict
    assert (verdict["verdict"], verdict["statement"]) == ("pass", "none (3 files; 1 allowed by a comment)")


def test_files_that_nobody_can_read_hide_no_secret(lamps: Lamps) -> None:
    (lamps.folder / "src/components/lamp/a.txt").write_bytes(b"ol\xe9 " + SECRET.encode())
    lamps.write()
    verdict, _, cause = lamps.told("secrets")
    assert (verdict, cause) == (
        "inconclusive",
        "src/components/lamp/a.txt cannot be read as text: no UTF-8 at byte 2",
    )


def test_pictures_alone_are_nothing_to_look_through(lamps: Lamps) -> None:
    lamps.entry["paths"] = ["pictures"]
    lamps.write(**{"pictures/lamp.bin": "\0\0"})
    assert lamps.told("secrets")[::2] == ("inconclusive", "nothing was examined (files: none)")


# documentation


@pytest.mark.parametrize(("gate", "page"), PAGES)
def test_a_page_that_is_missing_short_or_not_linked_fails(lamps: Lamps, gate: str, page: str) -> None:
    lamps.write(**{page: None})
    verdict, _, cause = lamps.told(gate)
    assert (verdict, cause.startswith(f"{page} is not in commit ")) == ("fail", True)
    lamps.write(**{page: "# Lamp\n\nIt shines.\n\n## Calls\n\nNone. TODO\n\n## Limits\n", README: FILES[README]})
    assert lamps.told(gate)[2].splitlines()[:3] == [
        f"{page} has 4 words, 80 or more are wanted",
        f"{page}:9: 'Limits' is empty",
        f"{page}:7: 'TODO' was left in",
    ]
    lamps.write(**{page: documents.FILES[page], README: "# Lamp\n\nNothing.\n"})
    assert lamps.told(gate) == ("fail", 1, f"{README} does not link to {page}")
    lamps.write(**{README: None})
    assert lamps.told(gate) == ("fail", 1, f"{README}, which should link to {page}, is not in the commit")


@pytest.mark.parametrize(("gate", "page"), PAGES)
def test_a_page_that_nobody_can_read_is_inconclusive(lamps: Lamps, gate: str, page: str) -> None:
    (lamps.folder / page).write_bytes(b"\xff\xfe\x00")
    lamps.write()
    verdict, _, cause = lamps.told(gate)
    assert (verdict, cause.startswith(f"{page} cannot be read as text")) == ("inconclusive", True)


def test_links_that_lead_nowhere_fail(lamps: Lamps) -> None:
    more = "[a](gone.md) [b](api-reference.md#gone) [c](../../../../secrets) [d](https://example.org/gone) [e](/ops)\n"
    lamps.write(**{GUIDE: documents.FILES[GUIDE] + more})
    verdict, found, cause = lamps.told("user-guide")
    assert (verdict, found) == ("fail", 3)
    assert cause.splitlines() == [
        f"{GUIDE}:7: the link to gone.md: docs/lamp/gone.md is not in the commit",
        f"{GUIDE}:7: the link to api-reference.md#gone: {API} has no section #gone",
        f"{GUIDE}:7: the link to ../../../../secrets leads out of the repository",
    ]


# monitoring


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (documents.FILES[RULES].replace("lamp_up == 0", "lamp_up =="), "could not parse expression"),
        (documents.FILES[RULES] + documents.FILES[RULES].split("rules:\n")[1], "duplicate rule"),
        ("groups: [\n", "yaml: "),
        ("groups:\n  - {name: a, rules: [{record: 'a:b', expr: up}]}\n", "none alerts anybody"),
        (None, f"{RULES}, which the catalogue names, is not in the commit"),
    ],
)
def test_alert_rules_that_alert_nobody_fail(lamps: Lamps, text: str | None, cause: str) -> None:
    lamps.write(**{RULES: text})
    verdict, _, why = lamps.told("alert-rules")
    assert verdict == "fail"
    assert cause in why


def test_no_alert_rule_at_all_is_inconclusive(lamps: Lamps) -> None:
    lamps.write(**{RULES: "groups: []\n"})
    assert lamps.told("alert-rules")[0] == "inconclusive"
    lamps.entry["monitoring"]["alerts"] = []
    assert lamps.told("alert-rules")[::2] == ("inconclusive", f"lamp has no alert rules at {lamps.commit[:12]}")


def test_without_promtool_nobody_knows(lamps: Lamps, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = Bench.environment
    monkeypatch.setattr(Bench, "environment", lambda bench: {**usual(bench), "PATH": str(lamps.folder)})
    verdict, _, cause = lamps.told("alert-rules")
    assert verdict == "inconclusive"
    assert cause.startswith("promtool is not installed: it comes with Prometheus (apt install prometheus")


# rollback


LATER = "2999-01-01T00:00:00Z"
PAGE = {"path": ROLLBACK, "sections": 4, "findings": []}
REHEARSED: dict[str, Any] = {
    "mode": "quick",
    "checks": 5,
    "failed": 0,
    "clean": True,
    "expires": LATER,
    "document": PAGE,
}


@pytest.mark.parametrize("gate", ["rollback-documented", "rollback-rehearsed"])
def test_a_way_back_counts_when_it_was_gone_and_as_long_as_that_is_not_long_ago(lamps: Lamps, gate: str) -> None:
    def judged(**changed: Any) -> tuple[str, Any, str]:
        lamps.ledger = [entry(lamps, "rehearsed", 1, **{**REHEARSED, **changed})]
        return lamps.told(gate)

    assert judged() == ("pass", 0, "")
    lamps.write(**{ROLLBACK: None})  # the page is never read
    assert judged() == ("pass", 0, "")
    for changed, cause in (
        ({"expires": "2026-01-01T00:00:00Z"}, "expired on 2026-01-01T00:00:00Z"),
        ({"expires": None}, "does not say until when it counts"),
        ({"expires": "soon"}, "is worth until 'soon'"),
        ({"clean": False, "why": ["1 serves instead of 2"]}, "left staging dirty: 1 serves instead of 2"),
        ({"inconclusive": ["nobody can say what users saw"]}, "nobody can say what users saw"),
    ):
        verdict, _, why = judged(**changed)
        assert (verdict, cause in why) == ("inconclusive", True), (changed, why)
    lamps.entry["kind"] = "stateful"
    assert "left the data alone (mode quick)" in judged()[2]
    assert judged(mode="full")[0] == "pass"


def test_what_a_rehearsal_found_is_named(lamps: Lamps) -> None:
    lamps.ledger = [entry(lamps, "rehearsed", 1, **{**REHEARSED, "failed": 1, "findings": ["1: its tests fail"]})]
    assert lamps.told("rollback-rehearsed") == ("fail", 1, "1: its tests fail")
    told = {**PAGE, "findings": ["the page has no measured time of the way back"]}
    lamps.ledger = [entry(lamps, "rehearsed", 1, **{**REHEARSED, "document": told})]
    assert lamps.told("rollback-documented")[:2] == ("fail", 1)


# integration tests of a library; test_integration_coverage.py has those of a service


def test_a_library_s_integration_tests_that_fail_or_are_not_declared(lamps: Lamps) -> None:
    lamps.entry["services"] = []
    lamps.write(**{"tests/integration/test_lamp_integration.py": "def test_lamp():\n    assert not 'light'\n"})
    verdict, found, cause = lamps.told("integration-tests")
    assert (verdict, found) == ("fail", 1)
    assert cause.startswith("tests.integration.test_lamp_integration.test_lamp: ")
    lamps.entry["tests"]["integration"] = None
    verdict, found, cause = lamps.told("integration-tests")
    assert (verdict, found) == ("inconclusive", None)
    assert cause.startswith("no integration tests are declared")


# what only the ledger knows


def entry(lamps: Lamps, event: str, days_ago: float, tree: str = "", **data: Any) -> dict[str, Any]:
    at = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat(timespec="seconds").replace("+00:00", "Z")
    artifact = {"tree": tree or lamps.operation()["artifact"]["tree"]}
    given = {"component": "lamp", "environment": "staging", "artifact": artifact, "data": data}
    return {"event": event, "at": at, **given}


def test_seven_days_in_staging(lamps: Lamps) -> None:
    lamps.ledger = [entry(lamps, "promoted", 7.01)]
    assert lamps.told("days-in-staging") == ("pass", 7.01, "")
    lamps.ledger = [entry(lamps, "promoted", 6.99)]
    verdict, found, cause = lamps.told("days-in-staging")
    assert (verdict, found) == ("fail", 6.99)
    assert cause.startswith("in staging since ")
    lamps.ledger = [entry(lamps, "promoted", 9), entry(lamps, "deployed", 1, "another" * 6)]
    assert lamps.told("days-in-staging")[:2] == ("fail", 0)
    lamps.ledger = [entry(lamps, "promoted", 9, "another" * 6)]
    assert lamps.told("days-in-staging")[0] == "inconclusive"


@pytest.mark.parametrize("gate", ["days-in-staging", "uptime", "performance", "load", "rollback-documented"])
def test_what_no_ledger_says_is_inconclusive(lamps: Lamps, gate: str) -> None:
    assert lamps.told(gate) == ("inconclusive", None, "the ledgers have no entry of lamp")


@pytest.mark.parametrize("gate", ["uptime", "performance", "load", "rollback-rehearsed"])
def test_what_nobody_records_yet_is_inconclusive_after_every_promotion(lamps: Lamps, gate: str) -> None:
    lamps.ledger = [entry(lamps, event, 8) for event in ("genesis", "deployed", "promoted", "returned", "removed")]
    verdict = lamps.judge(gate)[gate].verdict
    assert verdict["verdict"] == "inconclusive"
    assert "of exactly this artifact" in verdict["cause"]
    assert "exactly this artifact" in verdict["remedy"]


@pytest.mark.parametrize(
    ("gate", "event", "good", "bad", "unclear"),
    [
        (
            "performance",
            "load-tested",
            {"p95_ms": 150, "throughput_rps": 100},
            {"p95_ms": 151, "throughput_rps": 100},
            {"p95_ms": 100},
        ),
        ("load", "load-tested", {"failed": 0, "requests": 9000}, {"failed": 1, "requests": 9000}, {"requests": 9000}),
        ("rollback-rehearsed", "rehearsed", REHEARSED, {**REHEARSED, "failed": 1}, {**REHEARSED, "checks": 0}),
    ],
)
def test_what_the_ledger_will_say(
    lamps: Lamps, gate: str, event: str, good: dict[str, Any], bad: dict[str, Any], unclear: dict[str, Any]
) -> None:
    verdicts = []
    for data in (good, bad, unclear):
        lamps.ledger = [entry(lamps, event, 1, **data)]
        verdicts.append(lamps.told(gate)[0])
    assert verdicts == ["pass", "fail", "inconclusive"]


def test_promises_that_nobody_made_cannot_be_kept(lamps: Lamps) -> None:
    lamps.entry["sla"] = {}
    lamps.ledger = [entry(lamps, "load-tested", 1, p95_ms=1)]
    assert lamps.told("performance")[0] == "inconclusive"
