"""A monorepo with one small library: nothing to build, nothing that runs, and ready for staging."""

from __future__ import annotations

CATALOGUE = {
    "monorepo": {"development": {"compose_file": "compose.yml", "env_example": "example.env"}},
    "components": {
        "counter": {
            "paths": ["counter"],
            "tests": {"unit": {"paths": ["checks/test_unit.py"]}, "integration": {"paths": ["checks/test_live.py"]}},
        }
    },
}
CODE = '"""Counts."""\n\n\ndef count(things: list[str]) -> int:\n    """Return how many."""\n    return len(things)\n'
TEST = "from counter import count\n\n\ndef test_count() -> None:\n    assert count(['a']) == 1\n"
MATURITY = """# Counter

**Current Stage**: Development
**Last Updated**: 2026-01-01

### Core Features
- [x] counts

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
FILES = {
    ".gitignore": "__pycache__/\n",
    "counter/__init__.py": CODE,
    "counter/README.md": "# Counter\n\n## Usage\n\n```python\nfrom counter import count\n\ncount([])\n```\n",
    "counter/MATURITY.md": MATURITY,
    "checks/test_unit.py": TEST,
    "checks/test_live.py": TEST,
    "compose.yml": "name: small\nservices: {}\n",
    "example.env": "PORT=1\n",
}
