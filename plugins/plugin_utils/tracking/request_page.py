"""The promotion request as a page: every field of the form, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import request_fields
from .markdown import code, prose
from .spaced import spaced


def markdown(request: Mapping[str, Any]) -> str:
    """The page with its head: for the file beside the ledger."""
    lines = [
        f"# {request['title']}",
        "",
        f"- **Status**: {request['status']}",
        f"- **Labels**: {', '.join(code(label) for label in request['labels'])}",
        f"- **Requested**: {request['requested']['at']} by {code(request['requested']['by'])}",
    ]
    if request["completed"]:
        lines.append(f"- **Completed**: {request['completed']['at']} by {code(request['completed']['by'])}")
    return "\n".join(spaced([*lines, "", *_form(request)])) + "\n"


def body(request: Mapping[str, Any]) -> str:
    """The form alone: for the issue, which has status and labels of its own."""
    return "\n".join(spaced(_form(request))) + "\n"


def _form(request: Mapping[str, Any]) -> list[str]:
    fields = request_fields
    return [
        *("## Component Name", code(request["component"])),
        *("## Current Stage", request["from"].capitalize()),
        *("## Target Stage", request["to"].capitalize()),
        *("## Functional Group", prose(request["group"]) or "not in the catalogue"),
        *("## Promotion Justification", *fields.justification(request)),
        *("## Development → Staging Criteria", *fields.criteria(request, "staging")),
        *("## Staging → Production Criteria", *fields.criteria(request, "production")),
        *("## Test Results", *fields.tests(request)),
        *("## Performance Metrics", *fields.performance(request)),
        *("## Security Review", *fields.security(request)),
        *("## Documentation Links", *[f"- {name}: {code(path)}" for name, path in request["documentation"].items()]),
        *("## Dependencies", *fields.dependencies(request)),
        *("## Known Blockers", *([f"- {prose(each)}" for each in request["blockers"]] or ["None"])),
        *("## Rollback Plan", *fields.rollback(request)),
        *("## Additional Context", *fields.context(request)),
    ]
