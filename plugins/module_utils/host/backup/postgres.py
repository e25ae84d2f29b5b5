"""PostgreSQL: ``pg_dump -Fc`` from the running image, beside counts of the same snapshot; loaded in one transaction.

Options: ``user`` (``postgres``), a superuser that the socket lets in without a password; ``databases``, by default all
but the templates and an empty ``postgres``.
"""

from __future__ import annotations

import concurrent.futures
import json
import re
from pathlib import Path
from typing import Any, Dict, List, Sequence

from ..errors import HostError
from .box import Box
from .documents import VERIFY
from .psql import Session, tables_of
from .throwaway import Target, mount_of

STOPS = False
_MAINTENANCE = "template1"
_DATABASES = """select json_agg(json_build_object('name', datname, 'owner', pg_get_userbyid(datdba),
 'encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype) order by datname)
 from pg_database where datallowconn and not datistemplate"""
_NAME = re.compile(r"[A-Za-z0-9_.$-]{1,63}")


def _psql(options: Dict[str, Any], database: str, *more: str) -> List[str]:
    user = str(options.get("user") or "postgres")
    return ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-U", user, "-d", database, *more]


def version(box: Box, options: Dict[str, Any]) -> int:
    """Return the server's number, such as 150008."""
    return int(box.ask(*_psql(options, _MAINTENANCE, "-c", "show server_version_num")))


def dump(box: Box, options: Dict[str, Any], folder: Path) -> Dict[str, Any]:
    """Write one file a database, and one with the roles; return ``{version, databases, files, counts}``."""
    files, counts, databases = [], {}, _databases(box, options)
    user = str(options.get("user") or "postgres")
    roles = box.save(["pg_dumpall", "-U", user, "-l", _MAINTENANCE, "--roles-only"], folder / "roles.sql", "pg_dumpall")
    files.append({"name": "roles.sql", **roles._asdict()})
    for database in databases:
        name = f"{database['name']}.dump"
        with Session(box, _psql(options, database["name"])) as session:
            how = ["-U", user, "-Fc", "-Z0", f"--snapshot={session.export()}", database["name"]]
            with concurrent.futures.ThreadPoolExecutor(1) as beside:
                counted = beside.submit(session.counts)
                stored = box.save(["pg_dump", *how], folder / name, f"pg_dump of {database['name']}")
                counts[database["name"]] = counted.result()
        files.append({"name": name, **stored._asdict()})
    return {"version": version(box, options), "databases": databases, "files": files, "counts": counts}


def _databases(box: Box, options: Dict[str, Any]) -> List[Dict[str, str]]:
    known = json.loads(box.ask(*_psql(options, _MAINTENANCE, "-c", _DATABASES)).strip() or "[]") or []
    odd = [one["name"] for one in known if not _NAME.fullmatch(one["name"])]
    if odd:
        raise HostError(f"the database {odd[0]!r} of {box.service} has a name that no file can have: rename it")
    wanted = options.get("databases")
    if wanted is None:
        empty = [one for one in known if one["name"] == "postgres" and not tables_of(box, _psql(options, "postgres"))]
        return [one for one in known if one not in empty]
    gone = sorted(set(wanted) - {one["name"] for one in known})
    if gone:
        raise HostError(f"{box.service} has no database {', '.join(gone)}, which is to be backed up: see the catalogue")
    return [one for one in known if one["name"] in wanted]


def require_loadable(found: Dict[str, Any], target: Dict[str, Any], service: str) -> None:
    """Refuse a dump of a newer server than the one it is to be loaded into (``{version}`` each)."""
    theirs, ours = int(found["version"]) // 10000, int(target["version"]) // 10000
    if theirs > ours:
        raise HostError(
            f"the dump of {service} is of PostgreSQL {theirs}, its image here is {ours}: an older server does not read "
            "it; restore it with the release it was taken from, or a newer image"
        )


def load(target: Target, options: Dict[str, Any], found: Dict[str, Any], folder: Path) -> None:
    """Have the image make an empty server, and load every database into it."""
    box = target.start()
    box.wait(lambda: _is_ready(box, options), f"PostgreSQL of {target.service}")
    require_loadable(found, {"version": version(box, options)}, target.service)
    _make_roles(box, options, folder / "roles.sql")
    for database in found["databases"]:
        name = database["name"]
        for statement in _made_anew(database):
            box.ask(*_psql(options, _MAINTENANCE, "-c", statement))
        user = str(options.get("user") or "postgres")
        how = ["pg_restore", "-U", user, "-d", name, "--exit-on-error", "--single-transaction"]
        box.give(how, folder / f"{name}.dump", f"pg_restore of {name}")
        box.ask(*_psql(options, name, "-c", "analyze"))


def check(target: Target, options: Dict[str, Any], found: Dict[str, Any]) -> List[str]:
    """Compare the counts, and let the database check itself; return what was looked at, raise what differs."""
    box, looked = target.box, []
    for database in found["databases"]:
        name = database["name"]
        with Session(box, _psql(options, name)) as session:
            require_same(session.counts(), found["counts"][name], f"{target.service}, database {name}")
        looked.append(f"{name}: {len(found['counts'][name])} tables counted")
        if target.purpose == VERIFY:  # it installs an extension, which the real database does not want
            user = str(options.get("user") or "postgres")
            box.ask("pg_amcheck", "-U", user, "-d", name, "--install-missing", "--no-strict-names")
            looked[-1] += ", pg_amcheck"
    return looked


def places(target: Target, found: Dict[str, Any]) -> List[str]:
    """Return the mounts to be emptied before a load: the one with the cluster."""
    return mount_of(target, target.box.environment().get("PGDATA") or "/var/lib/postgresql/data")


def require_same(now: Dict[str, int], then: Dict[str, int], where: str) -> None:
    """Raise ``HostError`` that names the first count that is not as it was."""
    for name in sorted({*now, *then}):
        if now.get(name) != then.get(name):
            raise HostError(f"{where}: {name} has {now.get(name)} rows, the dump was of {then.get(name)}")


def _is_ready(box: Box, options: Dict[str, Any]) -> bool:
    # Over TCP too: while it makes its cluster, the usual image answers on the socket alone.
    ready = box.answers("pg_isready", "-q", "-h", "127.0.0.1")
    return ready and box.answers(*_psql(options, _MAINTENANCE, "-c", "select 1"))


def _made_anew(database: Dict[str, str]) -> Sequence[str]:
    name, owner = _quoted(database["name"]), _quoted(database["owner"])
    how = " ".join(
        f"{key} '{database[field]}'"
        for key, field in (("ENCODING", "encoding"), ("LC_COLLATE", "collate"), ("LC_CTYPE", "ctype"))
    )
    return (f"drop database if exists {name}", f"create database {name} owner {owner} template template0 {how}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _make_roles(box: Box, options: Dict[str, Any], file: Path) -> None:
    """Make the roles that the empty server lacks; those that the image has made keep their passwords."""
    known = set(box.ask(*_psql(options, _MAINTENANCE, "-c", "select quote_ident(rolname) from pg_roles")).split("\n"))
    text = file.read_text(encoding="utf-8")
    missing = [name for name in re.findall(r"^CREATE ROLE (.+);$", text, re.M) if name not in known]
    own = re.compile(rf"^(?:CREATE|ALTER) ROLE (?:{'|'.join(map(re.escape, missing))})(?: .*)?;$") if missing else None
    granted = re.compile(r"^GRANT .* TO .*;$")
    lines = [line for line in text.splitlines() if own and (own.match(line) or granted.match(line))]
    chosen = file.with_name("roles.missing.sql")
    try:
        chosen.write_text("\n".join(lines) + "\n", encoding="utf-8")
        chosen.chmod(0o600)
        box.give(_psql(options, _MAINTENANCE, "-f", "-"), chosen, "psql with the roles")
    finally:
        chosen.unlink(missing_ok=True)
