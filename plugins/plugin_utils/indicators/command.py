"""Indicator `command`: runs a tool in the export and reads what it printed.

Document: `{exit, out, lines, files, python_files}`; `out` is the last step's standard output as JSON, or, with `parse`,
the named groups of a pattern (numbers as numbers) and in `each` what a second pattern finds. `lines` is null when there
was more than a megabyte.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from typing import Any, ClassVar

from ..gates.bench import PROGRAMS, Bench
from ..gates.by_hand import command_line
from ..gates.errors import DefinitionError
from ..gates.measurement import Measurement
from ..gates.process import OUTPUT_BYTES, Finished
from ..gates.tokens import LISTS, check_tokens, expand
from .indicator import Indicator

RUNNERS = ("run", "tool")
MOST_FOR_LINES = 1_000_000
MOST_DIGITS = 300


class Command(Indicator):
    """Steps are argument lists, never a shell; every step but the last must end with an exit code of `clean`."""

    keys: ClassVar[tuple[str, ...]] = ("steps", "runner", "clean", "findings", "parse", "tools", "output_bytes")

    @staticmethod
    def check(parameters: Mapping[str, Any], where: str) -> None:
        """Check the shapes of all parameters, the tokens and the patterns."""
        steps = parameters.get("steps")
        if not isinstance(steps, list) or not steps or not all(isinstance(step, list) and step for step in steps):
            raise DefinitionError(f"{where}.steps", f"is {steps!r}", "a list of steps, each a list of arguments")
        for step in steps:
            check_tokens(step, f"{where}.steps")
        if parameters.get("runner", "tool") not in RUNNERS:
            raise DefinitionError(f"{where}.runner", f"is {parameters['runner']!r}", f"one of {', '.join(RUNNERS)}")
        for key, kind in (("clean", int), ("findings", int), ("tools", str)):
            value = parameters.get(key, [])
            if not isinstance(value, list) or not all(
                isinstance(item, kind) and not isinstance(item, bool) for item in value
            ):
                raise DefinitionError(f"{where}.{key}", f"is {value!r}", f"a list of {kind.__name__}")
        limit = parameters.get("output_bytes", OUTPUT_BYTES)
        if not isinstance(limit, int) or isinstance(limit, bool) or limit <= 0:
            raise DefinitionError(f"{where}.output_bytes", f"is {limit!r}", "a number of bytes")
        _check_parse(parameters.get("parse", {}), f"{where}.parse")

    def measure(self, bench: Bench) -> Measurement:
        """Run the steps; the last one's output is the document's `out`."""
        empty = self._nothing_to_look_at(bench)
        if empty:
            return Measurement(problem=empty)
        texts, lists = bench.tokens()
        prefix = bench.prefix(self.parameters.get("runner", "tool"))
        clean, findings = self.parameters.get("clean", [0]), self.parameters.get("findings", [])
        done: list[Finished] = []
        for number, step in enumerate(self.parameters["steps"], start=1):
            own = step[0].startswith("{")  # a program of the toolkit's, not of the monorepo's
            last = number == len(self.parameters["steps"])
            limit = self.parameters.get("output_bytes", OUTPUT_BYTES)
            done.append(bench.run([*([] if own else prefix), *expand(step, texts, lists)], output_bytes=limit))
            trouble = _trouble(done[-1], step[0], [*clean, *findings] if last else clean)
            if trouble:
                return self._measurement(bench, done, problem=trouble)
        finished = done[-1]
        output = finished.stdout.replace(f"{bench.subject.export}/", "")
        try:
            out = self._read(bench, output)
        except ValueError as error:
            return self._measurement(bench, done, problem=f"{finished.arguments[0]}: {error}{_because(finished)}")
        document = {
            "exit": finished.exit,
            "out": out,
            "lines": output.splitlines() if len(output) <= MOST_FOR_LINES else None,
            "files": bench.subject.files,
            "python_files": bench.subject.python_files,
        }
        return self._measurement(bench, done, document=document, claims_findings=finished.exit in findings)

    def _measurement(self, bench: Bench, done: list[Finished], **more: Any) -> Measurement:
        runner = self.parameters.get("runner", "tool")
        tools = {tool: bench.version(tool, runner) for tool in self.parameters.get("tools", [])}
        by_hand = expand(self.parameters["steps"][-1], *bench.tokens_by_hand())
        line = command_line(bench.subject, [*bench.prefix(runner), *by_hand])
        return Measurement(commands=tuple(done), tools=tools, by_hand=line, **more)

    def _nothing_to_look_at(self, bench: Bench) -> str:
        _, lists = bench.tokens()
        used = {token for step in self.parameters["steps"] for token in LISTS if f"{{{token}}}" in step}
        empty = sorted(token for token in used if not lists[token])
        what = ", ".join(name.replace("_", " ") for name in empty)
        return f"{bench.subject.component} has no {what} at {bench.subject.commit[:12]}" if empty else ""

    def _read(self, bench: Bench, output: str) -> Any:
        parse = self.parameters.get("parse")
        if not parse:
            return _json(output)
        printed = bench.scratch / "printed"
        printed.write_text(output, encoding="utf-8", errors="backslashreplace")
        patterns = [parse["pattern"], *([parse["each"]] if parse.get("each") else [])]
        looked = bench.run([sys.executable, "-I", str(PROGRAMS / "matched.py"), str(printed), *patterns])
        if looked.trouble or looked.exit != 0:
            why = looked.trouble.partition(" ")[2] or looked.last_words
            raise ValueError(f"what it printed could not be searched by the gate's pattern: the search {why}")
        found = _json(looked.stdout)
        if found is None:
            raise ValueError("printed nothing that the gate's pattern fits")
        each = {"each": [" ".join((one or "").split()) for one in found.pop("each")]} if parse.get("each") else {}
        return {key: _number(value) for key, value in found.items()} | each


def _check_parse(parse: Any, where: str) -> None:
    if not isinstance(parse, dict) or not {*parse} <= {"pattern", "each"} or (parse and "pattern" not in parse):
        raise DefinitionError(where, f"is {parse!r}", "a mapping with `pattern` and, if wanted, `each`")
    for key, pattern in parse.items():
        try:
            groups = re.compile(pattern).groups
        except (re.error, TypeError) as error:
            raise DefinitionError(f"{where}.{key}", f"is {pattern!r}: {error}", "a regular expression") from error
        if not groups:
            raise DefinitionError(f"{where}.{key}", f"is {pattern!r}", "a regular expression with a group")


def _trouble(finished: Finished, program: str, accepted: list[int]) -> str:
    if finished.ended == "missing":
        how = "pip install it into the environment that runs the gates, or correct monorepo.runner in the catalogue"
        return f"{finished.arguments[0]} is not installed ({how})"
    if finished.trouble:
        return finished.trouble
    if finished.exit not in accepted:
        return f"{program.strip('{}')} ended with exit code {finished.exit}{_because(finished)}"
    return ""


def _because(finished: Finished) -> str:
    return f": {finished.last_words}" if finished.last_words else ""


def _json(output: str) -> Any:
    try:
        return json.loads(output, parse_constant=_no_constant, parse_int=_whole)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError("printed no JSON") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"printed {name}, which is no JSON")


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"printed a number of {len(digits)} digits, which counts nothing")
    return int(digits)


def _number(text: str | None) -> float | str | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return text
