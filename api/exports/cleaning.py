"""What a format cannot hold is taken out of texts, and counted so that the file can tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What XML 1.0 has no form for (its production Char), and the lone surrogates that no UTF-8 holds.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: A spreadsheet's cell holds so many characters; Excel counts those beyond the Basic Multilingual Plane twice.
LONGEST_CELL = 32_767
_CUT = "…"
_ADDRESS = re.compile(r'https?://[^\s"<>\\^`{|}\x00-\x20\x7f]+', re.IGNORECASE)


@dataclass(slots=True)
class Cleaner:
    """Cleans texts for XML; ``removed`` counts control characters that went, ``cut`` the texts that were too long."""

    longest: int | None = None
    removed: int = 0
    cut: int = 0

    def clean(self, text: str) -> str:
        """The text without control characters, its line ends as line feeds, at most ``longest`` UTF-16 units long."""
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.isprintable():
            text, count = _ILLEGAL.subn("", text)
            self.removed += count
        # No text is longer in UTF-16 than twice its code points.
        if self.longest is None or len(text) * 2 <= self.longest or utf16_length(text) <= self.longest:
            return text
        self.cut += 1
        return _within(text, self.longest - 1) + _CUT

    def told(self) -> list[tuple[str, int]]:
        """The counts, in words."""
        limit = f" at {self.longest:,} characters, which end in “{_CUT}”" if self.longest else ""
        return [(f"texts cut{limit}", self.cut), ("control characters removed", self.removed)]


def is_address(text: str) -> bool:
    """Whether the text is an http or https address that may be made a link, whole and without anything beside it."""
    return _ADDRESS.fullmatch(text) is not None


def utf16_length(text: str) -> int:
    """How long the text is in UTF-16 units, as Java and Excel count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _within(text: str, most: int) -> str:
    """The longest beginning of at most so many UTF-16 units that cuts no character in two."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * most].decode("utf-16-le", "ignore")
