"""GitHub's OpenAPI description, cut to the calls that are used and mended so that Prism checks what it says."""

from __future__ import annotations

from typing import Any

_R = "/repos/{owner}/{repo}"
USED = {
    f"{_R}/issues": ("get", "post"),
    f"{_R}/issues/{{issue_number}}": ("get", "patch"),
    f"{_R}/issues/{{issue_number}}/comments": ("get", "post"),
    f"{_R}/issues/comments/{{comment_id}}": ("patch",),
    f"{_R}/labels": ("get", "post"),
    f"{_R}/milestones": ("get", "post"),
    f"{_R}/milestones/{{milestone_number}}": ("patch",),
}


def cut(whole: dict[str, Any]) -> dict[str, Any]:
    """Return a description of the used calls, with the components that they need and no examples."""
    paths = {path: {method: whole["paths"][path][method] for method in methods} for path, methods in USED.items()}
    components: dict[str, dict[str, Any]] = {}
    _without_examples(paths)
    _collect(paths, whole["components"], components)
    described = {
        **{key: whole[key] for key in ("openapi", "info", "servers")},
        "paths": paths,
        "components": components,
    }
    _mend(described)
    return described


def _collect(node: Any, known: dict[str, Any], found: dict[str, dict[str, Any]]) -> None:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            _, _, kind, name = reference.split("/")
            if name not in found.setdefault(kind, {}):
                _without_examples(known[kind][name])
                found[kind][name] = known[kind][name]
                _collect(found[kind][name], known, found)
        for value in node.values():
            _collect(value, known, found)
    elif isinstance(node, list):
        for value in node:
            _collect(value, known, found)


def _without_examples(node: Any) -> None:
    if isinstance(node, dict):
        if "schema" in node:
            node.pop("examples", None)
        for value in node.values():
            _without_examples(value)
    elif isinstance(node, list):
        for value in node:
            _without_examples(value)


def _mend(node: Any) -> None:
    """Turn `nullable` beside `oneOf` into a branch of its own: as published, Prism skips the whole body for it."""
    if isinstance(node, dict):
        if node.get("nullable") is True and "type" not in node:
            branches = next((key for key in ("oneOf", "anyOf") if key in node), None)
            if branches:
                node.pop("nullable")
                node[branches] = [*node[branches], {"enum": [None]}]
            elif not {"$ref", "allOf", "enum"} & set(node):
                node.pop("nullable")
        for value in node.values():
            _mend(value)
    elif isinstance(node, list):
        for value in node:
            _mend(value)
