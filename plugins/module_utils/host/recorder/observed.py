"""What is observed: one record a component, beside its file of samples, in `<state>/<environment>/observation`.

`{schema, component, environment, artifact {component, commit, tree}, started, actor, run, reason, stopped, expect,
settings}`; `stopped` is null while it is observed. `settings` are the catalogue's `observation`, and its `depends` on
nothing else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from .. import canonical, files, names
from ..errors import HostError, UsageError
from ..state import State

Record = Dict[str, Any]


def folder(state: State, environment: str) -> Path:
    """Return where an environment's observations are kept."""
    return state.root / environment / "observation"


def database(state: State, environment: str, component: str) -> Path:
    """Return where the samples of a component are kept."""
    return folder(state, environment) / f"{component}.db"


def read(state: State, environment: str, component: str) -> Optional[Record]:
    """Return the record of a component, None when it was never observed."""
    path = folder(state, environment) / f"{component}.json"
    return dict(files.read_json(path)) if path.exists() else None


def write(state: State, record: Record) -> bool:
    """Replace a record; say whether that changed anything."""
    environment, component = record["environment"], record["component"]
    if read(state, environment, component) == record:
        return False
    path = files.make_folder(folder(state, environment)) / f"{component}.json"
    files.write(path, canonical.encode(record) + b"\n")
    return True


def everything(
    state: State, environment: Optional[str] = None, component: Optional[str] = None
) -> List[Tuple[str, str]]:
    """Return `(environment, component)` of all that was ever observed here, or of those asked for."""
    found = []
    for name in [environment] if environment else state.environments():
        here = folder(state, name)
        known = (
            sorted(path.stem for path in here.glob("*.json") if names.NAME.fullmatch(path.stem))
            if here.is_dir()
            else []
        )
        found += [(name, one) for one in known if component in (None, one)]
    return found


def active(state: State) -> List[Record]:
    """Return the records of what is observed now; one that is damaged is passed over, and so gets no samples."""
    found = []
    for environment, component in everything(state):
        try:
            record = read(state, environment, component)
        except HostError:
            continue
        if record and not record.get("stopped"):
            found.append(record)
    return found


def required(state: State, environment: str, component: str) -> Record:
    """Return a record; what was never observed is answered with what was."""
    record = read(state, environment, component)
    if record is None:
        known = ", ".join(one for _, one in everything(state, environment)) or "nothing"
        raise UsageError(f"{component} is not observed on {environment}: observed is {known}")
    return record
