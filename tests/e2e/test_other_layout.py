"""A monorepo of another shape is judged through catalogue variables alone, with the tools' own numbers."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from sites.site import Site

CODE = '''"""Counts things."""

import os


def count(things: list[str]) -> int:
    """Return how many there are."""
    return len(things)


def unused(things: list[str]) -> int:
    """Return how many there are, twice."""
    doubled = len(things) * 2
    return doubled


def never(things: list[str]) -> str:
    """Return the first."""
    first = things[0]
    return first
'''
README = """# Counter

## Usage

```python
from counter.core import count

assert count(["a", "b"]) == 2
```
"""
MATURITY = """# Counter

**Current Stage**: Development
**Last Updated**: 2026-01-01

### Core Features
- [x] counts
- [x] doubles

### Development → Staging
- [ ] Core features complete (80%+)
- [ ] Unit tests passing (≥70% coverage)
- [ ] API documented
- [ ] Code quality checks passing
- [ ] Component README complete
- [ ] Dependencies stable
- [ ] Integration validated

**Status**: 0/7 criteria met
"""
CATALOGUE = {
    "monorepo": {
        "import_roots": ["packages"],
        "development": {"compose_file": "deploy/compose.yml", "env_example": "deploy/example.env"},
    },
    "components": {
        "counter": {
            "paths": ["packages/counter"],
            "readme": "packages/counter/README.md",
            "maturity": "packages/counter/MATURITY.md",
            "tests": {
                "unit": {"paths": ["checks"], "select": "counter"},
                "integration": {"paths": ["checks/live"], "select": "counter"},
            },
        }
    },
}


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("other"), f"e2e-other-{os.getpid()}")
    shutil.rmtree(site.monorepo)
    files = {
        ".gitignore": "__pycache__/\n",
        "packages/counter/__init__.py": '"""Counter."""\n',
        "packages/counter/core.py": CODE,
        "packages/counter/README.md": README,
        "packages/counter/MATURITY.md": MATURITY,
        "checks/test_everything.py": (
            "from counter.core import count\n\n\ndef test_counter_counts():\n    assert count(['a']) == 1\n\n\n"
            "def test_of_another_component():\n    raise AssertionError\n"
        ),
        "checks/live/test_live.py": (
            "from counter.core import count\n\n\ndef test_counter_live():\n    assert count([]) == 0\n"
        ),
        "deploy/compose.yml": "name: other\nservices: {}\n",
        "deploy/example.env": "PORT=1\n",
    }
    for name, text in files.items():
        path = site.monorepo / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(["git", "init", "--quiet", str(site.monorepo)], check=True)
    site.commit("Another layout")
    (site.inventories / "catalogue.yml").write_text(yaml.safe_dump(CATALOGUE))
    site.runs_by("deploy/compose.yml", "deploy/example.env")
    yield site


def coverage_by_hand(monorepo: Path, folder: Path) -> float:
    """Measure what the catalogue says, with the tools' own commands."""
    python = [sys.executable, "-m"]
    environment = {**os.environ, "PYTHONPATH": "packages", "COVERAGE_FILE": str(folder / "data")}
    run = ["coverage", "run", "--source=packages/counter", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    subprocess.run([*python, *run, "checks", "-k", "counter"], cwd=monorepo, env=environment, check=True)
    report = [*python, "coverage", "json", "-q", "-o", str(folder / "c.json"), "--include=packages/counter/*"]
    subprocess.run(report, cwd=monorepo, env=environment, check=True)
    return float(json.loads((folder / "c.json").read_text())["totals"]["percent_covered"])


def findings_by_hand(monorepo: Path) -> int:
    """Count what ruff says of the component's folder."""
    command = [str(Path(sys.executable).with_name("ruff")), "check", "--output-format", "json", "packages/counter"]
    done = subprocess.run(command, cwd=monorepo, capture_output=True, text=True, check=False)
    return len(json.loads(done.stdout))


def test_the_numbers_are_the_tools_own(other: Site, tmp_path: Path) -> None:
    covered, findings = coverage_by_hand(other.monorepo, tmp_path), findings_by_hand(other.monorepo)
    done = other.promote("counter", check=False)
    assert "NOT PROMOTED counter → staging 5/7" in done.stdout, done.stdout
    verdicts = next((other.folder / "operator" / "evidence").rglob("verdicts.json"))
    found = {each["gate"]: each for each in json.loads(verdicts.read_text())}
    assert found["unit-tests"]["verdict"] == "pass", found["unit-tests"]
    assert found["unit-coverage"]["found"] == pytest.approx(covered, abs=0.01)
    assert found["unit-coverage"]["verdict"] == "fail"
    assert findings == 1
    assert found["lint"]["found"] == findings
    assert f"{math.floor(covered * 100) / 100:g} %" in done.stdout, done.stdout  # never rounded up to the objective
    told = {gate for gate, verdict in found.items() if verdict["verdict"] != "pass"}
    assert told == {"unit-coverage", "lint"}, [found[gate] for gate in told]
