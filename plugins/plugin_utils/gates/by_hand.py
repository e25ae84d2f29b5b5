"""The command that a person types to see what a gate saw."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from .subject import Subject


def command_line(subject: Subject, arguments: Sequence[str], *, imports: bool = False) -> str:
    """Return a line for a shell: into the monorepo, then the command; `imports` sets the import roots for Python.

    The toolkit's own playbooks are typed where the toolkit is.
    """
    if arguments[0] == "ansible-playbook":
        return shlex.join(arguments)
    roots = os.pathsep.join(subject.import_roots)
    setting = f"PYTHONPATH={shlex.quote(roots)} " if imports else ""
    return f"cd {shlex.quote(subject.monorepo)} && {setting}{shlex.join([_known(arguments[0]), *arguments[1:]])}"


def _known(program: str) -> str:
    """Return the program as the operator's own shell finds it, with its path when only the toolkit's would."""
    own = Path(sys.executable).parent / program
    if shutil.which(program) or not own.exists():
        return program
    return str(own)
