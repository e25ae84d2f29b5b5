"""Indicator `compose`: whether the services of a component can be deployed as the target's compose file has them.

Document: `{file, services, examined, findings, problems, statement}`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from ..gates import compose_checks
from ..gates.bench import Bench
from ..gates.by_hand import command_line
from ..gates.compose_file import ComposeError, ComposeFile, NoCompose, made_up_environment, of_project
from ..gates.measurement import Measurement
from ..gates.port_holders import PortHolders, containers_in
from ..gates.process import Finished
from .indicator import Indicator


class Compose(Indicator):
    """Reads the compose file of the target environment; starts nothing."""

    reusable: ClassVar[bool] = False  # who holds a port is another matter in a minute

    def measure(self, bench: Bench) -> Measurement:
        """Check every service that is deployed for the component."""
        subject = bench.subject
        file, example = subject.environment["compose_file"], subject.environment["env_example"]
        typed = ["docker", "compose", "--env-file", example, "-f", file, "config", "--quiet"]
        by_hand = command_line(subject, typed)
        services = subject.deployed_services
        if not services:
            said = f"{subject.component} has no services and nobody carries it: nothing to deploy"
            looked = [f"services of {subject.component}"]
            document = {"file": file, "services": [], "examined": looked, "findings": [], "statement": said}
            return Measurement(document=document, by_hand=by_hand)
        for wanted in (file, example):
            if not (subject.export / wanted).is_file():
                finding = f"{wanted} is not in commit {subject.commit[:12]}"
                return Measurement(document=_document(file, services, [finding], []), by_hand=by_hand)
        environment = bench.scratch / "environment"
        environment.touch(mode=0o600)
        made_up, _ = made_up_environment((subject.export / example).read_text(encoding="utf-8"))
        environment.write_text(made_up, encoding="utf-8")
        compose = ComposeFile(bench, file, environment)
        try:
            findings, problems = _look(bench, compose, services)
        except ComposeError as error:
            findings, problems = [str(error)], []
        except NoCompose as error:
            return Measurement(problem=str(error), commands=_without_output(compose), by_hand=by_hand)
        document = _document(file, services, findings, problems)
        return Measurement(document=document, commands=_without_output(compose), by_hand=by_hand)


def _look(bench: Bench, compose: ComposeFile, services: list[str]) -> tuple[list[str], list[str]]:
    """Return the findings and what could not be looked at."""
    subject = bench.subject
    # Unchecked first: one inconsistency would hide what else there is to find.
    raw, config = compose.raw(), compose.resolved("--no-consistency")
    local = bool(subject.environment.get("local", True))
    findings = [f"{name} is no service of {compose.path.name}" for name in services if name not in config["services"]]
    own = of_project(config, services)
    once = compose_checks.one_shots(config)
    for name, service in own.items():
        written = raw["services"].get(name) or {}
        findings += compose_checks.check(written, service, name, compose.path.parent, subject.export, local=local)
        findings += compose_checks.health(service, name, subject.export, once)
    complaint = compose.complaint()
    if complaint and not ("container_name" in complaint and any("container_name" in found for found in findings)):
        findings.append(complaint)
    if not local or not any(compose_checks.ports(service) for service in own.values()):
        return findings, []
    listed = bench.run(["docker", "ps", "--no-trunc", "--format", "{{json .}}"])
    if listed.exit != 0:
        why = listed.trouble or listed.last_words
        return findings, [f"Docker does not answer, so nobody knows who holds the ports: {why}"]
    # Names of Compose projects: the file's own, and that of a component's releases.
    name = str(config.get("name", ""))
    holders = PortHolders(containers_in(listed.stdout), _projects(name, subject.component, subject.entry), own)
    return findings + list(compose_checks.held(own, holders.holder)), []


def _projects(name: str, component: str, entry: Any) -> list[str]:
    return [name, *(f"{name}-{shipped}" for shipped in (component, entry.get("carried_by")) if shipped)]


def _document(file: str, services: list[str], findings: list[str], problems: list[str]) -> dict[str, Any]:
    # A finding is certain whatever could not be looked at besides.
    kept = [] if findings else problems
    return {"file": file, "services": services, "examined": services, "findings": findings, "problems": kept}


def _without_output(compose: ComposeFile) -> tuple[Finished, ...]:
    """Return the commands for the evidence; a resolved file repeats the passwords in it."""
    return tuple(replace(finished, stdout="") for finished in compose.commands)
