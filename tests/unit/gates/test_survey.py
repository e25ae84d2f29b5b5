"""All components side by side: each for its next stage, and what the machine kept from being judged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils import survey as surveys
from ansible_collections.tta.ops.plugins.plugin_utils.gates import circumstances, needs
from ansible_collections.tta.ops.plugins.plugin_utils.gates.judgement import JudgementRequest, judge_component
from ansible_collections.tta.ops.plugins.plugin_utils.operation import of_stage
from ansible_collections.tta.ops.plugins.plugin_utils.refusal import Refusal
from ansible_collections.tta.ops.plugins.plugin_utils.reports.survey import Surveyed
from judgements import RUN, Monorepo, gate, one_each


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    return Monorepo(tmp_path)


def surveyed(monorepo: Monorepo, stages: dict[str, str], **more: Any) -> dict[str, Surveyed]:
    known = monorepo.circumstances(stages=stages)
    return {each.component: each for each in surveys.survey(monorepo.operation(None, **more), known, judge_component)}


def test_each_is_judged_for_its_next_stage_into_a_folder_of_its_own(monorepo: Monorepo) -> None:
    found = surveyed(monorepo, {"web": "staging", "core": "development"})
    assert {name: each.wanted for name, each in found.items()} == {"web": "production", "core": "staging"}
    assert all(each.judgement and each.judgement["promotable"] for each in found.values())
    folders = sorted(path.name for path in (monorepo.state / "evidence").iterdir())
    assert folders == [f"{RUN}-core", f"{RUN}-web"]
    assert (monorepo.state / "reports" / f"{RUN}-web" / "report.html").is_file()


def test_one_in_production_has_no_stage_further(monorepo: Monorepo) -> None:
    web = surveyed(monorepo, {"web": "production"})["web"]
    assert (web.wanted, web.judgement, web.problem) == (None, None, "")


def test_a_stage_that_was_asked_for_is_for_all(monorepo: Monorepo) -> None:
    found = surveyed(monorepo, {"web": "production"}, stage_wanted="staging")
    assert {each.wanted for each in found.values()} == {"staging"}
    assert found["web"].judgement


def test_what_cannot_be_judged_says_why_and_keeps_nobody_else(monorepo: Monorepo) -> None:
    operation = monorepo.operation(None)
    operation["components"]["web"]["paths"] = ["src/nowhere"]
    found = {each.component: each for each in surveys.survey(operation, monorepo.circumstances(), judge_component)}
    assert "src/nowhere is not in commit" in found["web"].problem
    assert found["core"].judgement
    assert surveys.machine_problems(list(found.values())) == [f"web: {found['web'].problem}"]


def test_an_unknown_stage_is_a_problem(monorepo: Monorepo) -> None:
    web = surveyed(monorepo, {"web": "unknown"})["web"]
    assert web.judgement is None
    assert "the stage of web is unknown" in web.problem


@pytest.mark.parametrize(
    ("verdict", "cause", "counts"),
    [
        ("inconclusive", "Docker does not answer (no socket): ansible-playbook prepare-host.yml", True),
        ("inconclusive", "ruff is not installed (pip install it …)", True),
        ("inconclusive", "no integration tests are declared", False),
        ("fail", "Docker does not answer", False),
    ],
)
def test_the_machine_is_at_fault_only_for_verdicts_that_it_kept(verdict: str, cause: str, counts: bool) -> None:
    judgement = {"verdicts": [{"verdict": verdict, "cause": cause}]}
    found = surveys.machine_problems([Surveyed("web", "development", "staging", judgement)])
    assert found == ([f"web: {cause}"] if counts else [])


def test_progress_names_the_component(monorepo: Monorepo) -> None:
    told: list[str] = []
    known = monorepo.circumstances(progress=told.append)

    def judge(request: JudgementRequest) -> dict[str, Any]:
        request.progress("  ok todo: 0")
        return {"verdicts": []}

    surveys.survey(monorepo.operation(None), known, judge)
    assert sorted(told) == ["  ok todo: 0 core", "  ok todo: 0 web"]


def test_an_end_from_outside_stops_all(monorepo: Monorepo) -> None:
    known = monorepo.circumstances()

    def judge(request: JudgementRequest) -> dict[str, Any]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        surveys.survey(monorepo.operation(None), known, judge)
    assert known.stop.is_set()


# What one component is judged by


@pytest.mark.parametrize(
    ("own", "asked", "stage"),
    [
        ("development", None, "staging"),
        ("staging", None, "production"),
        ("production", None, "production"),
        ("production", "staging", "staging"),
        ("unknown", "production", "production"),
    ],
)
def test_the_stage_is_the_one_asked_for_or_the_next(own: str, asked: str | None, stage: str) -> None:
    environments = {"staging": {}, "production": {}}
    about = {"component": "web", "stage_wanted": asked, "environments": environments}
    found = of_stage(about, {"web": own})
    assert (found["stage_wanted"], found["target"]) == (stage, stage)


def test_a_stage_without_hosts_is_refused() -> None:
    with pytest.raises(Refusal, match="the group production has no hosts"):
        of_stage({"component": "web", "stage_wanted": "production", "environments": {"staging": {}}}, {})


def test_gates_of_the_inventory_are_those_of_the_stage(monorepo: Monorepo) -> None:
    operation = monorepo.operation()
    operation["environments"]["staging"]["gates"] = [gate("mine", criterion="readme")]
    known = monorepo.circumstances(extra=[gate("yours", criterion="api")])
    request = circumstances.request(known, operation, folder=RUN, environment={"published": {"web": {}}})
    assert [each["name"] for each in request.extra] == ["mine", "yours"]
    assert request.environment["published"] == {"web": {}}
    assert request.environment["local"] is True
    beyond = circumstances.request(replace(known, stages={"web": "staging"}), operation, folder=RUN, environment={})
    assert [each["name"] for each in beyond.extra] == ["yours"]
    assert beyond.criteria[0].name == "integration-tests"


def test_what_is_verified_after_a_deploy_is_neither_waived_nor_taken_over(monorepo: Monorepo) -> None:
    known = monorepo.circumstances(catalogues={"verification": [gate("verify", criterion="verified")]})
    request = circumstances.of_verification(known, monorepo.operation(), {})
    assert [each.name for each in request.criteria] == ["verified"]
    assert (request.waivers, request.extra, request.fresh) == ([], [], True)


ARGUMENTS: dict[str, Any] = {"extra": [], "stages": {}, "ledger": [], "evidence": "x"}


def test_waivers_are_checked_against_the_gates_of_all_stages(monorepo: Monorepo, tmp_path: Path) -> None:
    path = tmp_path / "waivers.yml"
    catalogues = {"production": one_each("production"), "verification": [gate("verify")]}
    given = {**ARGUMENTS, "operation": monorepo.operation(waivers=str(path))}
    assert circumstances.read(given, catalogues, {}, print, keep=False).waivers == []
    entry = "waivers: [{gate: %s, component: web, owner: J, reason: x, until: 2026-12-31}]"
    path.write_text(entry % "load-gate")
    assert [each.gate for each in circumstances.read(given, catalogues, {}, print, keep=False).waivers] == ["load-gate"]
    path.write_text(entry % "verify")
    with pytest.raises(
        Refusal, match=r"waivers.yml, entry 1, key gate, is 'verify'; wanted: one of documentation-gate"
    ):
        circumstances.read(given, catalogues, {}, print, keep=False)


CATALOGUES = {
    "staging": [gate("lint"), {"name": "both"}, gate("stable", indicator={"type": "dependencies"})],
    "production": [
        {"name": "both"},
        gate("uptime", indicator={"type": "ledger"}),
        gate("api", indicator={"type": "command", "steps": [["diff", "{last_promoted}"]]}),
    ],
}


@pytest.mark.parametrize(
    ("names", "stage"),
    [(["lint"], "staging"), (["uptime"], "production"), (["both"], None), (["lint", "uptime"], None), ([], None)],
)
def test_names_of_gates_say_which_stage_they_lead_to(names: list[str], stage: str | None) -> None:
    assert needs.stage_of(names, CATALOGUES) == stage


@pytest.mark.parametrize(
    ("stage", "names", "depends"),
    [
        ("staging", ["lint"], False),
        ("staging", ["lint", "stable"], True),
        ("staging", [], True),
        ("production", ["uptime"], True),
        ("production", ["api"], True),
        ("production", ["both"], False),
    ],
)
def test_only_some_gates_depend_on_the_ledgers(stage: str, names: list[str], depends: bool) -> None:
    assert needs.ledgers(names, CATALOGUES[stage]) is depends
