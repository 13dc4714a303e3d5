"""Quotation marks as the UK press types them: single and double, curly and straight, mixed and mistyped.

Two families are told apart, single (‘ ’ ' ´ ` ‹ ›) and double (“ ” " „ « »); a single mark typed twice is a double
one. A quotation ends with any mark of its own family, with a mark of the other before a cue, or with its paragraph.
One that was never opened begins with its sentence. No input raises, and time is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.marks import DOUBLE, LEFT, MARKS, SINGLE
from nlp.mistyped import cue_behind, drops_mark, opened_nowhere

_MARK = re.compile(rf",,(?=\w)|([{re.escape(SINGLE)}])\1|[{re.escape(MARKS)}]")
_ENDS = ".,!?;:…–—-)]"
#: So far behind a mark another one is looked for.
AHEAD = 600
_FEET = re.compile(r"\d\s?['’′]\s?\d{1,2}$")
_INCHES = re.compile(r"\s?\d{1,2}\s?[\"”″]")


@dataclass(frozen=True, slots=True)
class Quote:
    """Offsets with the marks (``start``, ``end``) and without (``inner_start``, ``inner_end``).

    Both are the same at an end whose mark was left out. ``closed`` is False when the paragraph ends before the
    quotation does.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    closed: bool

    def inner(self, text: str) -> str:
        return text[self.inner_start : self.inner_end]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark (one or two characters) in its paragraph ``text[low:high]``."""

    text: str
    start: int
    end: int
    low: int
    high: int

    @property
    def family(self) -> str:
        return DOUBLE if self.end - self.start > 1 or self.text[self.start] in DOUBLE else SINGLE

    @property
    def before(self) -> str:
        return self.text[self.start - 1] if self.start > self.low else " "

    @property
    def after(self) -> str:
        return self.text[self.end] if self.end < self.high else " "

    @property
    def is_left(self) -> bool:
        return self.text[self.start] in LEFT


def find_quotes(text: str, start: int, end: int) -> tuple[Quote, ...]:
    """The outermost quotations of the paragraph ``text[start:end]``, in order."""
    return tuple(_Reader(text, start, end).read())


class _Reader:
    """One pass over the marks of a paragraph: ``opened`` is the mark that waits for its end."""

    def __init__(self, text: str, low: int, high: int) -> None:
        self.text, self.low, self.high = text, low, high
        self.found: list[Quote] = []
        self.opened: _Mark | None = None
        self.nested = 0
        self.other = False
        #: Where the last mark of a family stands.
        self.last: dict[str, int] = {}

    def read(self) -> list[Quote]:
        at = self.low
        while match := _MARK.search(self.text, at, self.high):
            mark = _Mark(self.text, match.start(), self._width(match), self.low, self.high)
            at = mark.end
            if self.opened is None:
                self._outside(mark)
            elif mark.family == self.opened.family:
                self._inside(mark, self.opened)
            else:
                self._of_other_family(mark, self.opened)
        if self.opened is not None:
            self._close(self.high, self.high, False)
        return self.found

    def _width(self, match: re.Match[str]) -> int:
        """Two single marks in a single quotation are an inner and an outer one, else one double mark."""
        inside_single = self.opened is not None and self.opened.family == SINGLE
        return match.start() + 1 if match[1] and inside_single else match.end()

    def _open(self, mark: _Mark) -> None:
        self.opened, self.nested, self.other = mark, 0, False

    def _close(self, inner_end: int, end: int, closed: bool) -> None:
        assert self.opened is not None
        self.found.append(_quote(self.text, (self.opened.start, self.opened.end), (inner_end, end), closed))
        self.opened = None

    def _outside(self, mark: _Mark) -> None:
        if _opens(mark):
            self._open(mark)
            return
        last = self.found[-1].end if self.found else self.low
        begin = opened_nowhere(self.text, (mark.start, mark.end), (last, self.high), bool(self.found))
        if begin is not None:
            self.found.append(_quote(self.text, (begin, begin), (mark.start, mark.end), True))

    def _inside(self, mark: _Mark, opened: _Mark) -> None:
        if _opens_inside(mark):
            begin = drops_mark(self.text, opened.end, mark.start)
            if begin is None:
                self.nested += mark.is_left and opened.is_left
            else:
                self._close(begin, begin, True)
                self._open(mark)
        elif _closes(mark):
            if self.nested and mark.family == SINGLE and _closes_later(mark):
                self.nested -= 1
            else:
                self._close(mark.start, mark.end, True)

    def _of_other_family(self, mark: _Mark, opened: _Mark) -> None:
        """A mark of the other family ends a quotation before a cue, or at the end, unless it closes an inner one."""
        if _opens(mark):
            self.other = True
        elif self.other and self._is_closed_behind(mark, opened):
            return
        elif mark.before in ".,!?" and (mark.end == self.high or cue_behind(self.text, mark.end, self.high)):
            self._close(mark.start, mark.end, True)

    def _is_closed_behind(self, mark: _Mark, opened: _Mark) -> bool:
        """Whether the outer quotation has an end of its own behind an inner one, or needs none as no cue follows."""
        if opened.family not in self.last:
            self.last[opened.family] = max(self.text.rfind(c, self.low, self.high) for c in opened.family)
        return self.last[opened.family] > mark.start or mark.end == self.high


def _quote(text: str, start: tuple[int, int], end: tuple[int, int], closed: bool) -> Quote:
    inner_start, inner_end = start[1], end[0]
    while inner_start < inner_end and text[inner_start].isspace():
        inner_start += 1
    while inner_end > inner_start and text[inner_end - 1].isspace():
        inner_end -= 1
    return Quote(start[0], end[1], inner_start, max(inner_start, inner_end), closed)


def _opens(mark: _Mark) -> bool:
    """A mark opens after a gap and before a word; "patients’ needs" and "the ’90s" do not."""
    text, before, after = mark.text, mark.before, mark.after
    if before.isalnum():
        return False
    if mark.is_left and not after.isspace():
        return True
    if after.isspace():
        # "Dr Vautrey: ' Pooling budgets": a stray space after the mark, only behind a colon
        return text[max(mark.low, mark.start - 2) : mark.start].rstrip().endswith(":")
    gap = before.isspace() or before in "([–—-/:"
    elision = mark.family == SINGLE and bool(
        re.match(r"(?:\d0s\b|em\b|til\b|tis\b|twas\b|cause\b)", text[mark.end : mark.end + 6])
    )
    return gap and (after.isalnum() or after in "£$€[(…." + MARKS) and not elision


def _opens_inside(mark: _Mark) -> bool:
    """A quotation opened again, or a nested one: the outer one goes on."""
    return mark.is_left and mark.after.isalnum() and not mark.before.isalnum()


def _closes(mark: _Mark) -> bool:
    before, after = mark.before, mark.after
    if before.isdigit() and _is_measure(mark):
        return False
    if mark.family == DOUBLE:
        return not (before.isspace() and after.isalnum())
    if after.isalnum():
        return before in ".,!?"
    if before.isspace():
        return not after.isalpha() or after.isspace()
    if before == "s" and _closes_next(mark):
        return False
    if before == "s" and after == " " and mark.text[mark.start + 2 : mark.start + 3].islower():
        return not _closes_later(mark)
    return True


def _closes_next(mark: _Mark) -> bool:
    """ "the patients’,’ said Dr A": the mark behind the comma closes, and this one is an apostrophe."""
    text, at = mark.text, mark.end + 1
    return mark.after in ".,!?" and at < mark.high and text[at] in SINGLE and not text[at + 1 : at + 2].isalnum()


def _is_measure(mark: _Mark) -> bool:
    """Whether the mark behind a digit is one of feet and inches: 6' 2" in a line that goes on."""
    if mark.family == SINGLE:
        return bool(_INCHES.match(mark.text, mark.end, mark.high))
    lead = mark.text[max(mark.low, mark.start - 6) : mark.start]
    return bool(_FEET.search(lead)) and mark.text[mark.end : mark.end + 2].strip()[:1].islower()


def _closes_later(mark: _Mark) -> bool:
    """Whether a plain closing mark follows before a new quotation opens: then "patients’ " is a possessive."""
    text = mark.text
    for match in _MARK.finditer(text, mark.end, min(mark.high, mark.end + AHEAD)):
        here = match.start()
        if text[here] not in SINGLE:
            continue
        before, after = text[here - 1], text[here + 1] if here + 1 < mark.high else " "
        if before.isspace() and after.isalnum():
            return False
        if before in _ENDS and not after.isalnum():
            return True
    return False
