"""Runs the code blocks of a README one after the other, as one reader would type them.

Usage: run_blocks.py BLOCKS — a JSON file: [{"text": …, "line": …}, …]. Prints a JSON list of
`{"line", "error"}`, one for each block, as the last line; after a block that fails the others are not run.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import sys
from pathlib import Path


def run(text: str, file: str, line: int, names: dict[str, object]) -> str:
    """Run one block among the names of the earlier ones and return what went wrong, empty if nothing did."""
    if ">>>" in text:
        test = doctest.DocTestParser().get_doctest(text, names, file, file, line)
        told = io.StringIO()
        failed = doctest.DocTestRunner(verbose=False).run(test, out=told.write, clear_globs=False).failed
        names.update(test.globs)
        return " ".join(told.getvalue().split())[-300:] if failed else ""
    try:
        exec(compile("\n" * (line - 1) + text, file, "exec"), names)  # noqa: S102  running it is the purpose
    except SystemExit as end:
        return f"ended the program with {end.code!r}" if end.code else ""
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main(blocks: str) -> int:
    """Run all blocks; what they print goes to standard error."""
    names: dict[str, object] = {"__name__": "__main__"}
    outcomes = []
    for block in json.loads(Path(blocks).read_text(encoding="utf-8")):
        with contextlib.redirect_stdout(sys.stderr):
            error = run(block["text"], block["file"], block["line"], names)
        outcomes.append({"line": block["line"], "error": error})
        if error:
            break
    print(json.dumps(outcomes))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
