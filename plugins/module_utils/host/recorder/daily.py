"""What is done once a day for everything that is observed: the integration tests, and the day's entry in the ledger."""

from __future__ import annotations

import time
from typing import Any, Dict, List, Optional

from ..errors import EngineError, HostError, UsageError
from ..processes import Runner
from ..state import State
from . import acts, database, observed
from .slots import DAY, SLOT_S

TESTS_S = 1800.0
COMMIT = "{commit}"  # in the command stands for the commit of what serves
_SAID = 300


def all_of_them(state: State, run: Runner, now: Optional[float] = None) -> Dict[str, Any]:
    """Do the daily tasks of each observed component; one that fails keeps no other from its own."""
    moment = time.time() if now is None else now
    said: List[str] = []
    failed = False
    for record in observed.active(state):
        try:
            _tests(state, record, run, moment)
            found = acts.told(state, record, moment)
            who = acts.by_itself(record["environment"], record["component"], f"daily-{int(moment // 86400)}")
            acts.enter(state, who, found)
            said.append(str(found["headline"]))
        except HostError as error:
            failed = True
            said.append(f"{record['component']}: {error}")
    return {"changed": bool(said), "failed": failed, "message": "; ".join(said) or "nothing is observed"}


def _tests(state: State, record: Dict[str, Any], run: Runner, now: float) -> None:
    """Have the integration tests run that were declared with the observation; without a command nothing is known."""
    tests = (record.get("settings") or {}).get("tests") or {}
    command = tests.get("command")
    current = state.store(record["environment"], record["component"]).current()
    if not command or current is None:
        return
    commit = str(current.facts["artifact"].get("commit") or "")
    try:
        done = run([word.replace(COMMIT, commit) for word in command], deadline=TESTS_S, cwd=tests.get("folder"))
        text = f"the command for them ended with exit code {done.code} and noted nothing"
    except EngineError as error:
        text = str(error)
    # The command notes how they went by itself; where it did not come so far, they could not be run.
    if not _is_noted(state, record, now):
        noted(state, record, {"ok": None, "said": text}, now)


def _is_noted(state: State, record: Dict[str, Any], now: float) -> bool:
    file = observed.database(state, record["environment"], record["component"])
    with database.reading(file) as opened:
        day = int(now // SLOT_S) // DAY
        return bool(opened and opened.ask("SELECT 1 FROM tasks WHERE day = ? AND task = 'tests'", day))


def noted(state: State, who: Dict[str, Any], given: Dict[str, Any], now: float) -> Dict[str, Any]:
    """Note how the integration tests of today went: `{ok, said}`; `ok` null means that they could not be run.

    Of several runs on one day a failed one stays.
    """
    ok, slot = given.get("ok"), int(now // SLOT_S)
    if ok not in (True, False, None) or "ok" not in given:
        raise UsageError("tests need {ok: true, false or null, said: one line}")
    environment, component = who["environment"], who["component"]
    observed.required(state, environment, component)
    code = 2 if ok is None else int(ok)
    with database.writing(observed.database(state, environment, component), slot) as opened, opened.once():
        rows = opened.ask("SELECT ok FROM tasks WHERE day = ? AND task = 'tests'", slot // DAY)
        worse = not rows or code == 0 or rows[0][0] == 2
        if worse:
            said = str(given.get("said") or "")[:_SAID]
            opened.do("INSERT OR REPLACE INTO tasks VALUES (?, 'tests', ?, ?, NULL)", slot // DAY, code, said)
    return {"changed": worse, "failed": False, "message": f"the tests of today are noted for {component}"}
