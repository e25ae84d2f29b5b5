"""MATURITY.md files as people write them, for tests."""

from __future__ import annotations

from ansible_collections.tta.ops.plugins.plugin_utils.maturity.write import Promotion

GUIDE = """\
# Carbon Maturity Status

**Current Stage**: Development
**Last Updated**: 2025-10-13
**Owner**: theinterneti
**Functional Group**: Monitoring & Operations

---

## Overview

Tracks energy.  Two spaces, and a tab\there.

```markdown
**Current Stage**: Production
## Promotion History
```

## Maturity Criteria

### Development → Staging

- [x] Core features complete (80%+)
- [ ] Unit tests passing (≥70% coverage)
- [ ] API documented
- [ ] Code quality checks passing
- [ ] Component README complete
- [ ] Dependencies stable
- [ ] Integration validated

**Status**: 1/7 criteria met

**Current Coverage**: 42.9%
**Blockers**: None

### Staging → Production

- [ ] Integration tests passing (≥80% coverage)
- [ ] Performance meets SLAs

**Status**: 0/8 criteria met

## Test Coverage

### Unit Tests
- **Coverage**: 42.9%
- **Test Files**: tests/test_carbon.py

### Integration Tests
- **Coverage**: 12%

## Promotion History

- 2025-09-01: Promoted to Development

### Demotions

None

## Next Steps

1. Write tests
2. Ask for promotion

---

**Last Updated By**: theinterneti
"""
SEVEN = ("core-features", "unit-tests", "api", "code-quality", "readme", "dependencies", "integration")


def promotion(**changes: object) -> Promotion:
    """Carbon's promotion to staging on 20 November 2026."""
    facts: dict[str, object] = {
        "stage": "Staging",
        "came_from": "Development",
        "date": "2026-11-20",
        "run": "20261120T084501Z-1a2b3c",
        "criteria": SEVEN,
        "passed": {**dict.fromkeys(SEVEN), "core-features": ("Jane Doe", "2026-11-19")},
        "met": "7/7",
        "coverage": 76.12,
        "earliest_production": "2026-11-27",
    }
    return Promotion(**{**facts, **changes})  # type: ignore[arg-type]
