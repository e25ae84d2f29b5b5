"""What production wants to read about the lamp: documents, alert rules, packages; good until a test changes them."""

from __future__ import annotations

GUIDE = "docs/lamp/user-guide.md"
API = "docs/lamp/api-reference.md"
TROUBLE = "docs/lamp/troubleshooting.md"
ROLLBACK = "docs/operations/lamp_ROLLBACK.md"
RULES = "ops/lamp.rules.yml"
PACKAGES = "ops/lamp-requirements.txt"

LINKS = (
    f"\nSee the [guide](../../../{GUIDE}), the [API](../../../{API}#calls) and what to do in "
    f"[trouble](../../../{TROUBLE}).\n"
)
_TEXT = "A lamp shines when it is given power, and does not shine when it is given none. " * 6

FILES = {
    GUIDE: f"# Lamp: user guide\n\n{_TEXT}\n\n## More\n\n[Calls](api-reference.md)\n",
    API: f"# Lamp: API reference\n\n## Calls\n\n{_TEXT}\n",
    TROUBLE: f"# Lamp: troubleshooting\n\n{_TEXT}\n",
    ROLLBACK: (
        f"# Lamp Rollback Procedure\n\n{_TEXT}\n\n"
        "## Quick Rollback\n\n1. Go back:\n   ```bash\n   sudo tta-ops rollback lamp\n   ```\n\n"
        "## Full Rollback\n\n1. Stop the lamp\n2. Start the one before\n\n"
        "## Rollback Validation\n\n- [ ] Lamp starts\n- [ ] Health checks pass\n"
    ),
    RULES: (
        "groups:\n  - name: lamp\n    rules:\n"
        "      - alert: LampDark\n        expr: lamp_up == 0\n        for: 5m\n        labels: {severity: page}\n"
        "      - record: lamp:watts:sum\n        expr: sum(lamp_watts)\n"
    ),
    PACKAGES: "requests==2.34.2  # what the lamp is shipped with\n",
}
