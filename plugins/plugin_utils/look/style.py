"""How a line looks: width, colours and marks, decided once for a whole run."""

from __future__ import annotations

import dataclasses

_CODES = {"good": "32", "bad": "31", "doubt": "33", "quiet": "2", "strong": "1"}
_SYMBOLS = {"pass": "✓", "fail": "✗", "inconclusive": "?", "warning": "!", "waived": "~", "not-judged": "-"}
_WORDS = {"pass": "ok", "fail": "no", "inconclusive": "??", "warning": "!!", "waived": "~~", "not-judged": "--"}
_STYLES = {"pass": "good", "fail": "bad", "not-judged": "quiet"}
_OUTCOMES = {"promoted": "good", "unchanged": "good", "done": "good", "status": "strong"}
_ASCII = str.maketrans({"→": "->", "≥": ">=", "≤": "<=", "≠": "!=", "…": "...", "–": "-", "—": "-", "·": "-", "█": "#"})


@dataclasses.dataclass(frozen=True)
class Look:
    """What the place that is written to can show.

    ``width`` in columns; ``colour``: ANSI colours; ``symbols``: marks instead of words;
    ``unicode``: False where the encoding of the output has no arrows.
    """

    width: int = 80
    colour: bool = False
    symbols: bool = False
    unicode: bool = True

    @property
    def stacked(self) -> bool:
        """Whether labels stand on lines of their own, because there is no room beside them."""
        return self.width < 80

    def paint(self, text: str, style: str) -> str:
        """The text in a style (good, bad, doubt, quiet, strong), unchanged without colours."""
        if not self.colour or not text:
            return text
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m"

    def mark(self, verdict: str) -> str:
        """The mark of a verdict or a state, two columns wide at most, unpainted."""
        return (_SYMBOLS if self.symbols else _WORDS).get(verdict, "??")

    def painted_mark(self, verdict: str) -> str:
        """The mark of a verdict or a state, two columns wide, in its colour."""
        mark = self.mark(verdict)
        return self.paint(mark, _STYLES.get(verdict, "doubt")) + " " * (2 - len(mark))

    def headline(self, text: str, outcome: str) -> str:
        """The headline in the colour of its outcome; an outcome that is not good is bad."""
        return self.paint(text, _OUTCOMES.get(outcome, "bad"))

    def plain(self, text: str) -> str:
        """The text in characters that the output can show."""
        return text if self.unicode else text.translate(_ASCII)
