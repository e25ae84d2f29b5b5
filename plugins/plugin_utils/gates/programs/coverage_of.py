"""Writes the coverage of exactly some files as JSON, those that nothing imported included, at 0 %.

Usage: coverage_of.py DATA_FILE REPORT FILE… — runs with the Python (and coverage) that ran the tests.
Prints `{"measured": [files that the tests touched]}`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from coverage import Coverage


def main(data_file: str, report: str, files: list[str]) -> int:
    """Report on `files` only, whatever else was measured."""
    measuring = Coverage(data_file=data_file, config_file=False)
    measuring.load()
    data = measuring.get_data()
    wanted = {os.path.realpath(path): path for path in files}
    measured = {os.path.realpath(path) for path in data.measured_files()}
    if data.has_arcs():
        raise SystemExit("the tests were measured by branches, which is another number")
    untouched = sorted(path for path in wanted if path not in measured)
    data.touch_files([str(Path.cwd() / wanted[path]) for path in untouched])
    measuring.json_report(outfile=report, include=files)
    print(json.dumps({"measured": sorted(wanted[path] for path in wanted if path in measured)}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
