"""Indicator `deployed`: the component's tests of one kind against the release that runs in the environment.

Document: as of indicator `tests`, without coverage.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from ..gates.addresses import addressed
from ..gates.bench import Bench
from ..gates.errors import DefinitionError
from ..gates.measurement import Measurement
from ..gates.published import NotPublished, found_at
from .indicator import Indicator
from .tests import run_tests

KINDS = ("integration", "smoke", "e2e")


class Deployed(Indicator):
    """Tests that find the service where the deployment has published it."""

    keys: ClassVar[tuple[str, ...]] = ("kind",)
    reusable: ClassVar[bool] = False  # where it is deployed is no fact about the commit

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check the kind."""
        if parameters.get("kind") not in KINDS:
            raise DefinitionError(f"{where}.kind", f"is {parameters.get('kind')!r}", f"one of {', '.join(KINDS)}")

    def measure(self, bench: Bench) -> Measurement:
        """Run the declared tests; without any there is nothing that could say yes."""
        kind, subject = self.parameters["kind"], bench.subject
        tests = subject.entry["tests"].get(kind)
        if not tests or not tests["paths"]:
            where = f"components.{subject.component}.tests.{kind} in the catalogue"
            return Measurement(problem=f"no {kind} tests are declared ({where})")

        try:
            variables = addressed(tests["environment"], lambda service, port: found_at(subject, service, port))
        except NotPublished as error:
            return Measurement(problem=str(error))
        measured = run_tests(bench, tests, variables, [])
        given = "".join(f"{name}={shlex.quote(value)} " for name, value in variables.items())
        return replace(measured, by_hand=measured.by_hand.replace("PYTHONPATH=", f"{given}PYTHONPATH=", 1))
