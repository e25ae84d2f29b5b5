"""Verdicts whose every text is what somebody else wrote, and how markup is told from text in what comes of them."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from typing import Any

from hypothesis import strategies as st
from reported.facts import verdicts

SPITEFUL = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "</pre></style><img src=x onerror=alert(1)>",
        '" onmouseover="alert(1)',
        "--><h1>READY</h1><!--",
        "```\n## Forged\n- [x] forged\n",
        "</details>\n\n# Forged\n\n| a | b |\n| --- | --- |",
        "![](http://example.org/x.png) [a](javascript:alert(1)) @jane #1 https://example.org",
        "&lt;b&gt; {{ 7 * 7 }} {% raw %} ${x}",
        "\ud800 \x00 \u202e \ufffe",
        "a\n\n    indented\n> quoted\n* * *",
    ]
)
TEXT = SPITEFUL | st.text(max_size=80) | st.tuples(SPITEFUL, st.text(max_size=20)).map("".join)


@st.composite
def judged(draw: st.DrawFn, text: st.SearchStrategy[str] = TEXT) -> list[dict[str, Any]]:
    """All gates' verdicts, some of them changed into anything that strings can make of them."""
    changes: dict[str, dict[str, Any]] = {}
    for gate in draw(st.sets(st.sampled_from(["unit_coverage", "lint", "features", "readme"]), min_size=1)):
        verdict = draw(st.sampled_from(["pass", "fail", "inconclusive"]))
        number = None if verdict == "inconclusive" else draw(st.floats(allow_nan=False, allow_infinity=False))
        waiver = st.fixed_dictionaries({"owner": text, "reason": text, "until": text})
        changes[gate] = {
            "verdict": verdict,
            "found": number,
            "examined": number,
            **{key: draw(text) for key in ("cause", "statement", "remedy", "by_hand", "wanted", "earned")},
            "tools": draw(st.dictionaries(text, text, max_size=2)),
            "files": draw(st.dictionaries(text, text, max_size=2)),
            "attested": draw(st.none() | st.fixed_dictionaries({"by": text, "at": text})),
            **{key: draw(st.none() | text) for key in ("warning", "reused_from", "expires")},
            **{key: draw(st.none() | waiver) for key in ("waiver", "waiver_expired")},
        }
    return verdicts(**changes)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags["<!--"] += 1


def read(page: str) -> _Reader:
    """The tags, attributes, links and text of a page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def tame(value: Any) -> Any:
    """A value without any character that markup is made of."""
    if isinstance(value, str):
        return "".join("x" if char in "<>&\"'`|*_[]()#@{}\\~!-:/" else char for char in value)
    if isinstance(value, dict):
        return {tame(key): tame(each) for key, each in value.items()}
    return [tame(each) for each in value] if isinstance(value, list) else value
