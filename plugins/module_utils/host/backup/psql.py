"""A session of psql that keeps one snapshot open, so that counts and dump are of the same moment."""

from __future__ import annotations

import os
import select
import subprocess
import tempfile
from typing import IO, Dict, List, Sequence, cast

from ..errors import EngineError, HostError
from .box import Box
from .streams import DAY, end, last_line

_BEGIN = (
    "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; "
    "begin isolation level repeatable read read only;"
)
# Partitioned tables have no rows of their own; their partitions are tables.
_TABLES = """select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1"""
_END = "-- that was all --"


class Session:
    """``argv`` is the psql to run in ``box``; a context manager."""

    def __init__(self, box: Box, argv: Sequence[str]) -> None:
        """Take where it runs."""
        self._box, self._argv = box, argv
        self._rest = b""

    def __enter__(self) -> Session:
        """Begin a transaction that sees one moment."""
        self._errors = tempfile.TemporaryFile()
        command = ["docker", "exec", "--interactive", self._box.container, *self._argv]
        self._process = self._box.streams.start(command, self._errors, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            self.ask(_BEGIN)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End it; nothing was written."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        end(self._process)
        self._errors.close()

    def export(self) -> str:
        """Return the snapshot's name, for pg_dump."""
        return self.ask("select pg_export_snapshot();")[0]

    def counts(self) -> Dict[str, int]:
        """Return the rows of every table of the snapshot."""
        # The names come quoted from the catalogue of the database itself.
        return {table: int(self.ask(f"select count(*) from {table};")[0]) for table in self.ask(f"{_TABLES};")}  # noqa: S608

    def ask(self, sql: str) -> List[str]:
        """Return the lines that a statement answers."""
        said, heard = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        try:
            said.write(f"{sql}\n\\echo {_END}\n".encode())
            said.flush()
        except BrokenPipeError:
            raise HostError(f"psql of {self._box.service} ended: {last_line(self._errors)}") from None
        while f"{_END}\n".encode() not in self._rest:
            if not select.select([heard], [], [], DAY)[0]:
                raise EngineError(f"psql of {self._box.service} gives no answer")
            more = os.read(heard.fileno(), 65536)
            if not more:
                raise HostError(f"psql of {self._box.service} ended: {last_line(self._errors)}")
            self._rest += more
        answer, _, self._rest = self._rest.partition(f"{_END}\n".encode())
        return answer.decode("utf-8", "replace").splitlines()


def tables_of(box: Box, argv: Sequence[str]) -> List[str]:
    """Return the tables of a database."""
    return box.ask(*argv, "-c", _TABLES).split("\n")[:-1]
