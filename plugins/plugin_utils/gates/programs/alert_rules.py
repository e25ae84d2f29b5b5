"""Checks files with Prometheus's rules by promtool and prints as JSON what they hold.

Usage: alert_rules.py FILE…. Prints `{files, alerts, recordings, examined, findings, problems}`; `examined` counts rules
and findings. promtool says why a file is refused; a rule that comes twice is refused too.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

SECONDS = 60
_INSTALL = "promtool is not installed: it comes with Prometheus (apt install prometheus, or the release's archive)"


def refused_by_promtool(path: str) -> list[str]:
    """Return promtool's sentences about a file, none when it accepts it; raises `OSError` without promtool."""
    command = ["promtool", "check", "rules", "--lint=all", "--lint-fatal", path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, errors="backslashreplace")
    if done.returncode == 0 and re.search(r"SUCCESS: \d+ rules? found", done.stdout):
        return []
    told = [" ".join(line.split()) for line in f"{done.stdout}\n{done.stderr}".splitlines()]
    kept = [line for line in told if line and not line.startswith(("Checking ", "FAILED", "SUCCESS"))]
    return [line if path in line else f"{path}: {line}" for line in dict.fromkeys(kept)] or [f"{path}: refused"]


def rules_of(path: str) -> list[dict[str, Any]]:
    """Return the rules of a file that promtool accepts."""
    data = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
    return [rule for group in data.get("groups") or [] for rule in group.get("rules") or []]


def main(files: Sequence[str]) -> int:
    """Check every file; each complaint counts as examined, so that a file without a good rule is still a finding."""
    findings: list[str] = []
    problems: list[str] = []
    rules: list[dict[str, Any]] = []
    for path in files:
        if not Path(path).is_file():
            findings.append(f"{path}, which the catalogue names, is not in the commit")
            continue
        try:
            refused = refused_by_promtool(path)
        except FileNotFoundError:
            problems = [_INSTALL]
            break
        except subprocess.TimeoutExpired:
            problems.append(f"promtool did not end within {SECONDS} s on {path}")
            continue
        findings += refused
        rules += [] if refused else rules_of(path)
    alerts = [str(rule["alert"]) for rule in rules if "alert" in rule]
    if rules and not alerts:
        findings.append(f"{', '.join(files)}: rules are recorded, but none alerts anybody")
    document = {
        "files": list(files),
        "alerts": alerts,
        "recordings": len(rules) - len(alerts),
        "examined": len(rules) + len(findings),
        "findings": findings,
        "problems": problems,
    }
    print(json.dumps(document))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
