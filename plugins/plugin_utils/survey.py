"""The survey: all components of the catalogue judged side by side, each for its next stage."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from . import operation as operations
from . import repository
from .gates import circumstances
from .gates.circumstances import Circumstances
from .gates.judgement import JudgementRequest
from .refusal import Refusal
from .reports.survey import Surveyed

# Most components judged at once: beyond it they only wait for the cores, each with its own export on the disk.
SIDE_BY_SIDE = 4
# What a cause says when the machine is at fault, and not the component.
_MACHINE = re.compile(r"Docker does not answer|\bis not installed\b|No space left on device")

Judge = Callable[[JudgementRequest], dict[str, Any]]


def survey(operation: Mapping[str, Any], known: Circumstances, judge: Judge) -> list[Surveyed]:
    """Return what came of each component, in the order of the catalogue.

    `judge` judges one component, given its request; `operation` is one without a component. A component that could not
    be judged has a `problem` instead of a judgement; one in production has neither, since no stage comes after it.
    """
    git = repository.git_in(operation["monorepo"])

    def one(name: str) -> Surveyed:
        entry = operation["components"][name]
        stage = known.stages.get(name, "development")
        wanted = operation["stage_wanted"] or (operations.NEXT_STAGE.get(stage) if stage != "production" else None)
        about = {"component": name, "stage": stage, "wanted": wanted, "group": entry["group"], "owner": entry["owner"]}
        if stage == "production" and not operation["stage_wanted"]:
            return Surveyed(**about, judgement=None)
        try:
            own = {**operation, **operations.of_component(git, operation, name, allow_dirty=True)}
            request = circumstances.request(known, own, folder=f"{operation['run']}-{name}", environment={})
            judgement = judge(replace(request, progress=lambda line: known.progress(f"{line} {name}")))
        except Refusal as refusal:
            return Surveyed(**about, judgement=None, problem=refusal.found)
        return Surveyed(**about, judgement=judgement)

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        running = [pool.submit(one, name) for name in operation["components"]]
        try:
            return [each.result() for each in running]
        except BaseException:
            known.stop.set()
            for each in running:
                each.cancel()
            raise


def machine_problems(surveyed: Sequence[Surveyed]) -> list[str]:
    """Return a sentence for each component whose verdicts could not be had for reasons that are not its own."""
    problems = []
    for each in surveyed:
        verdicts = (each.judgement or {}).get("verdicts", [])
        causes = [verdict["cause"] for verdict in verdicts if verdict["verdict"] == "inconclusive"]
        first = each.problem or next((cause for cause in causes if _MACHINE.search(cause)), "")
        if first:
            problems.append(f"{each.component}: {first.splitlines()[0]}")
    return problems
