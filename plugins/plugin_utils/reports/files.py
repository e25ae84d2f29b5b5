"""A report's three files: the page for people, the Markdown for an issue's comment, the document for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..refusal import Refusal
from . import html, markdown

NAME = "report"


def write(folder: Path, model: Mapping[str, Any]) -> dict[str, str]:
    """Write the report of a judgement or of a survey into `folder`; return the paths of html, md and json.

    Raises `Refusal` when the folder cannot be written.
    """
    texts = {
        "html": html.render(model),
        "md": markdown.render(model),
        "json": json.dumps(model, indent=1, sort_keys=True, ensure_ascii=False) + "\n",
    }
    paths = {ending: folder / f"{NAME}.{ending}" for ending in texts}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for ending, text in texts.items():
            paths[ending].write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Refusal(
            f"the report cannot be written to {folder}: {error.strerror}",
            "room and the right to write",
            f"df -h {folder}",
        ) from error
    return {ending: str(path) for ending, path in paths.items()}
