"""A real browser, without network, and the pages that it looks at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.observation import page
from ansible_collections.tta.ops.plugins.plugin_utils.reports import html, write
from playwright.sync_api import Browser, sync_playwright
from reported import week
from reported.facts import FAILING, WAIVED, document, past, survey_document, verdicts

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--disable-extensions",
    "--mute-audio",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-features=Translate",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own browser; nothing is downloaded."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if not found:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS, timeout=30_000)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of each kind, by name."""
    folder = tmp_path_factory.mktemp("reports")
    documents = {
        "passing": document(runs=[]),
        "failing": document(verdicts(**FAILING), past(3)),
        "waived": document(verdicts(**WAIVED), past(3)),
        "survey": survey_document(),
    }
    found = {name: Path(write(folder / name, each)["html"]) for name, each in documents.items()}
    found["week"] = folder / "week.html"
    told = page.document([week.week(), week.nothing()], ["a problem"], {"carbon": {"sla": {"p95_ms": 150}}}, "r1")
    found["week"].write_text(html.render(told), encoding="utf-8")
    return found
