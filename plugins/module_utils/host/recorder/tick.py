"""The tick: one sample of everything that is observed on this host, then whoever watches gets to see them."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Tuple

from .. import lock
from ..context import Context
from ..engine import Engine
from ..engine_socket import EngineSocket
from ..errors import HostError
from ..state import State
from . import database, looking, observed, sampling, trouble
from .clocks import Clock
from .looking import Seen
from .sampling import Sample

Look = Callable[..., Seen]
Hook = Callable[[List[Sample], State], None]
HOOKS: Tuple[Hook, ...] = ()


def tick(
    state: State,
    engine: Engine,
    line: Optional[EngineSocket],
    clock: Optional[Clock] = None,
    component: Optional[str] = None,
    hooks: Optional[Tuple[Hook, ...]] = None,
    look: Look = looking.look,
) -> Dict[str, Any]:
    """Take one sample of each observed component; return `{changed, failed, samples, problems, message}`.

    One that cannot be written down is told in `problems` and kept in the component's file of trouble.
    """
    now = clock or Clock()
    samples: List[Sample] = []
    problems: List[str] = []
    with lock.only_one(state.root / "recorder.lock") as alone:
        if not alone:
            return {
                "changed": False,
                "failed": False,
                "samples": 0,
                "problems": [],
                "message": "another one samples now",
            }
        for record in observed.active(state):
            if component in (None, record["component"]):
                try:
                    samples.append(_sample(state, record, engine, line, now, look))
                except HostError as error:
                    problems.append(_kept(state, record, now.slot(), str(error)))
        for hook in HOOKS if hooks is None else hooks:
            try:
                hook(samples, state)
            except HostError as error:
                problems.append(str(error))
    said = [f"{one.component} {one.seen.state}{f' ({one.seen.reason})' if one.seen.reason else ''}" for one in samples]
    message = "; ".join([*said, *problems]) or "nothing is observed"
    return {
        "changed": bool(samples),
        "failed": bool(problems),
        "samples": len(samples),
        "problems": problems,
        "message": message,
    }


def _sample(
    state: State, record: Dict[str, Any], engine: Engine, line: Optional[EngineSocket], clock: Clock, look: Look
) -> Sample:
    environment, component = record["environment"], record["component"]
    context = Context(state, engine, environment, component, "recorder", "recorder", "", lambda *_: None)
    file, slot = observed.database(state, environment, component), clock.slot()
    trouble.reserve(trouble.path(file.parent, component))
    whole = sampling.checked(slot)
    for attempt in (1, 2):
        try:
            with database.writing(file, slot, whole) as opened:
                return sampling.take(context, record, opened, line, clock, look)
        except database.DamagedError:
            if attempt == 2:
                raise
            whole = True
    raise RuntimeError("an attempt returns or raises")


def _kept(state: State, record: Dict[str, Any], slot: int, text: str) -> str:
    """Keep what went wrong where there is room for it, and return it."""
    folder = observed.folder(state, record["environment"])
    try:
        trouble.note(trouble.path(folder, record["component"]), slot, text)
    except HostError as error:
        return f"{record['component']}: {text}; {error}"
    return f"{record['component']}: {text}"
