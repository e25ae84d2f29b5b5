"""The pages in a real browser: readable by everybody, on a phone and a desk, in the dark and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.tta.ops.plugins.plugin_utils.reports import write
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page
from reported.facts import FAILING, document, verdicts

NAMES = ("passing", "failing", "waived", "survey", "week")
SIZES = {"phone": (360, 740), "desk": (1280, 900)}
SERIOUS = {"serious", "critical"}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,
}
AXE = """rules => axe.run(rules).then(found => found.violations.flatMap(each => each.nodes.map(
    node => ({impact: each.impact, rule: each.id, where: node.target.join(' '), why: node.failureSummary}))))"""
OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Seen:
    """A page with all that it asked for and complained about."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.asked, self.said = page, list[str](), list[str]()
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.goto(path.as_uri(), timeout=10_000)
        page.evaluate(AXE_SCRIPT)


@pytest.fixture(scope="module", params=NAMES)
def seen(request: pytest.FixtureRequest, browser: Browser, pages: dict[str, Path]) -> Iterator[Seen]:
    context = browser.new_context(offline=True)
    yield Seen(context.new_page(), pages[request.param])
    context.close()


def unreadable(page: Page) -> list[dict[str, str]]:
    """What axe finds, as far as it keeps somebody from reading."""
    assert page.evaluate(WIDER) <= 0, "the page scrolls sideways"
    return [each for each in page.evaluate(AXE, RULES) if each["impact"] in SERIOUS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_keeps_anybody_from_reading(seen: Seen, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    seen.page.set_viewport_size({"width": width, "height": height})
    seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    assert unreadable(seen.page) == []
    dark = seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 21, 24)"
    assert dark == (scheme == "dark")


def test_neither_does_the_evidence_when_it_is_unfolded(browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
    page.goto(pages["waived"].as_uri())
    page.evaluate(AXE_SCRIPT)
    page.evaluate(OPEN)
    assert unreadable(page) == []
    page.close()


def test_nothing_is_asked_of_the_network(seen: Seen) -> None:
    assert seen.asked == [seen.page.url]
    assert seen.said == []
    assert seen.page.url.startswith("file:")


def test_it_prints(seen: Seen, tmp_path: Path) -> None:
    printed = seen.page.pdf(path=tmp_path / "report.pdf", format="A4", tagged=True)
    assert printed.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type ?/Page\b", printed)) <= 7


def test_spiteful_text_stays_text_and_long_words_break(browser: Browser, tmp_path: Path) -> None:
    spite = "<script>alert(1)</script><img src=//example.org/x onerror=alert(1)>\" onload='alert(1)' " + "w" * 400
    keys = ("cause", "statement", "remedy", "by_hand", "warning", "reused_from", "expires", "earned")
    waiver = {"owner": spite, "reason": spite, "until": spite}
    changes = {**dict.fromkeys(keys, spite), "tools": {spite: spite}, "files": {spite: spite}, "waiver": waiver}
    said = [{**each, **changes} for each in verdicts(**FAILING)]
    path = Path(write(tmp_path, document(said, actor=spite, reason=spite, dirty=[spite]))["html"])
    context = browser.new_context(viewport={"width": 360, "height": 740})
    seen = Seen(context.new_page(), path)
    seen.page.evaluate(OPEN)
    assert (seen.asked, seen.said) == ([path.as_uri()], [])
    assert seen.page.evaluate("document.querySelectorAll('script, img').length") == 0
    assert seen.page.evaluate(WIDER) <= 0
    context.close()


def test_on_paper_the_evidence_of_what_failed_is_unfolded(browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(pages["failing"].as_uri())
    visible = "name => document.querySelector(`#gate-${name} details .facts`).checkVisibility()"
    assert not page.evaluate(visible, "lint")
    page.emulate_media(media="print")
    assert page.evaluate(visible, "lint")
    assert not page.evaluate(visible, "readme")
    page.close()


def test_the_first_screen_of_a_phone_holds_the_verdict(browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(pages["failing"].as_uri())
    assert page.get_by_role("heading", level=1).inner_text() == "carbon is not ready for staging"
    assert page.locator(".lede").evaluate("each => each.getBoundingClientRect().bottom") < 740
    page.close()


def test_one_click_takes_a_whole_command(browser: Browser, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(pages["failing"].as_uri())
    page.locator(".next .command").last.click()
    taken = page.evaluate("getSelection().toString()").strip()
    assert taken == "ansible-playbook gates.yml -e component=carbon -e stage=staging"
    page.close()
