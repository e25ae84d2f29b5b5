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
_SAID = 300


def all_of_them(state: State, run: Runner, now: Optional[float] = None) -> Dict[str, Any]:
    """Do the daily tasks of each observed component; one that fails keeps no other from its own."""
    moment = time.time() if now is None else now
    said: List[str] = []
    failed = False
    for record in observed.active(state):
        try:
            tested = _tests(state, record, run, moment)
            found = acts.told(state, record, moment)
            who = acts.by_itself(record["environment"], record["component"], f"daily-{int(moment // 86400)}")
            acts.enter(state, who, found)
            said.append(f"{tested}{found['headline']}")
        except HostError as error:
            failed = True
            said.append(f"{record['component']}: {error}")
    return {"changed": bool(said), "failed": failed, "message": "; ".join(said) or "nothing is observed"}


def _tests(state: State, record: Dict[str, Any], run: Runner, now: float) -> str:
    """Run the integration tests that were declared with the observation; without a command nothing is known of them."""
    tests = (record.get("settings") or {}).get("tests") or {}
    command = tests.get("command")
    if not command:
        return ""
    try:
        done = run(command, deadline=TESTS_S, cwd=tests.get("folder"))
    except EngineError as error:
        ok, text = None, str(error)
    else:
        lines = [line for line in (done.out.strip() or done.err.strip()).splitlines() if line.strip()]
        # pytest: 0 all passed, 1 some failed; anything else says that they could not be run.
        ok = {0: True, 1: False}.get(done.code)
        text = lines[-1] if lines else f"exit code {done.code}"
    noted(state, record, {"ok": ok, "said": text}, now)
    return f"{record['component']}: tests {'passed' if ok else 'not passed'} ({text[:80]}); "


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
