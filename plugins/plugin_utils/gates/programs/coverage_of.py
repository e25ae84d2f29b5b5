"""Writes the coverage of exactly some files as JSON, those that nothing imported included, at 0 %.

Usage: coverage_of.py DATA_FILE RAN_FILE REPORT FILE… — runs with the Python (and coverage) that ran the tests.
DATA_FILE is what that process covered, and may be missing; RAN_FILE is `{file: [lines]}` that ran elsewhere.
Prints `{"measured": [files of which anything ran]}`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from coverage import Coverage


def main(data_file: str, ran_file: str, report: str, files: list[str]) -> int:
    """Report on `files` only, whatever else was measured."""
    measuring = Coverage(data_file=data_file, config_file=False)
    measuring.load()
    data = measuring.get_data()
    wanted = {os.path.realpath(path): path for path in files}
    if data.has_arcs():
        raise SystemExit("the tests were measured by branches, which is another number")
    known = {os.path.realpath(path): path for path in data.measured_files()}
    ran = json.loads(Path(ran_file).read_text(encoding="utf-8"))
    data.add_lines({known.get(os.path.realpath(path), str(Path.cwd() / path)): lines for path, lines in ran.items()})
    measured = {os.path.realpath(path) for path in data.measured_files()}
    untouched = sorted(path for path in wanted if path not in measured)
    data.touch_files([str(Path.cwd() / wanted[path]) for path in untouched])
    measuring.json_report(outfile=report, include=files)
    print(json.dumps({"measured": sorted(wanted[path] for path in wanted if path in measured)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
