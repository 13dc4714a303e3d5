"""Quotation marks as the UK press types them: single and double, curly and straight, mixed and mistyped.

Two families are told apart, single (‘ ’ ' ´ `) and double (“ ” " „ «»). A quotation ends with any
mark of its own family, or with its paragraph. No input raises, and time is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SINGLE = "‘’'´`‛"
DOUBLE = '“”"„‟«»'
_MARK = re.compile(rf"[{re.escape(SINGLE + DOUBLE)}]")
_ENDS = ".,!?;:…–—-)]"


@dataclass(frozen=True, slots=True)
class Quote:
    """Offsets with the marks (``start``, ``end``) and without (``inner_start``, ``inner_end``).

    ``closed`` is False when the paragraph ends before the quotation does.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    closed: bool

    def inner(self, text: str) -> str:
        return text[self.inner_start : self.inner_end]


def find_quotes(text: str, start: int, end: int) -> tuple[Quote, ...]:
    """The outermost quotations of the paragraph ``text[start:end]``, in order."""
    found: list[Quote] = []
    opened: int | None = None
    family = ""
    for match in _MARK.finditer(text, start, end):
        at = match.start()
        if opened is None:
            if _opens(text, at, start, end):
                opened, family = at, SINGLE if text[at] in SINGLE else DOUBLE
        elif text[at] in family and _closes(text, at, start, end, opened):
            found.append(_quote(text, opened, at + 1, True))
            opened = None
    if opened is not None:
        found.append(_quote(text, opened, end, False))
    return tuple(found)


def _quote(text: str, start: int, end: int, closed: bool) -> Quote:
    inner_start, inner_end = start + 1, end - closed
    while inner_start < inner_end and text[inner_start].isspace():
        inner_start += 1
    while inner_end > inner_start and text[inner_end - 1].isspace():
        inner_end -= 1
    return Quote(start, end, inner_start, max(inner_start, inner_end), closed)


def _opens(text: str, at: int, start: int, end: int) -> bool:
    """A mark opens after a gap and before a word; "patients’ needs" and "the ’90s" do not."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if before.isalnum():
        return False
    if text[at] in "‘“„«" and not after.isspace():
        return True
    if after.isspace():
        # "Dr Vautrey: ' Pooling budgets": a stray space after the mark, only behind a colon
        return text[max(start, at - 2) : at].rstrip().endswith(":")
    gap = before.isspace() or before in "([–—-/"
    elision = text[at] in SINGLE and bool(
        re.match(r"(?:\d0s\b|em\b|til\b|tis\b|twas\b|cause\b)", text[at + 1 : at + 7])
    )
    return gap and (after.isalnum() or after in "£$€[(…." + SINGLE + DOUBLE) and not elision


def _closes(text: str, at: int, start: int, end: int, opened: int) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if text[at] in "‘“„«" and after.isalnum() and not before.isalnum():
        return False  # a quotation opened again, or a nested one: the outer one goes on
    if text[at] in DOUBLE:
        return not (before.isspace() and after.isalnum())
    if after.isalnum():
        return before in ".,!?" and after.isupper() and not before.isspace()
    if before.isspace():
        return not after.isalpha() or after.isspace()
    if before == "s" and after == " " and text[at + 2 : at + 3].islower():
        return not _closes_later(text, at, end)
    return True


def _closes_later(text: str, at: int, end: int) -> bool:
    """Whether a plain closing mark follows before a new quotation opens: then "patients’ " is a possessive."""
    for match in _MARK.finditer(text, at + 1, min(end, at + 600)):
        here = match.start()
        if text[here] not in SINGLE:
            continue
        before, after = text[here - 1], text[here + 1] if here + 1 < end else " "
        if before.isspace() and after.isalnum():
            return False
        if before in _ENDS and not after.isalnum():
            return True
    return False
