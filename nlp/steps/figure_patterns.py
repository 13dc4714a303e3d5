"""A sentence drawn with a sign for every figure, and the patterns by which figures are linked in such a sketch."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.money import Amount
from nlp.periods import FoundPeriod
from nlp.ranges import movers

#: Signs from the private use area: figures from here on, one for every period, a mark before a word of change.
_FIRST, _PERIOD, _CHANGE = 0xE000, "\ue100", "\ue101"
_SIGNS = re.compile("[\ue000-\ue101]")
_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class Sketch:
    """``text`` with its signs; ``starts`` and ``ends`` say which offsets of the sentence each character stands for."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def figure(self, sign: str) -> int:
        """The number of the figure that a sign stands for."""
        return ord(sign) - _FIRST

    def place(self, figure: int) -> int:
        """Where the sign of a figure stands."""
        return self.text.index(chr(_FIRST + figure))

    def offsets(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the sentence of a stretch of the sketch."""
        return self.starts[start], self.ends[end - 1]


def sketch(text: str, figures: Sequence[Amount], periods: Sequence[FoundPeriod]) -> Sketch:
    """Draw a sentence: figures with their modifiers and rates, and periods, as one sign each."""
    signs = [(f.lead, f.tail, chr(_FIRST + n), f.start, f.end) for n, f in enumerate(figures)]
    free = (p for p in periods if not _overlaps(p, figures))
    signs += [(p.start, p.end, _PERIOD, p.start, p.end) for p in free]
    drawn: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def plain(first: int, last: int) -> None:
        part = _SIGNS.sub(" ", text[first:last]).replace("’", "'").replace("\n", " ").replace("\xa0", " ")
        drawn.append(part)
        starts.extend(range(first, last))
        ends.extend(range(first + 1, last + 1))

    at = 0
    for lead, tail, sign, start, end in sorted((*signs, *_marks(text, signs))):
        plain(at, max(at, lead))
        drawn.append(sign)
        starts.append(start)
        ends.append(end)
        at = max(at, tail)
    plain(at, len(text))
    return Sketch("".join(drawn), starts, ends)


_Sign = tuple[int, int, str, int, int]


def _marks(text: str, signs: Sequence[_Sign]) -> list[_Sign]:
    """A mark before every word of change that stands outside the signs."""
    found = [m.start() for m in _WORD.finditer(text) if m[0].lower() in movers()]
    inside = [(sign[0], sign[1]) for sign in signs]
    return [(s, s, _CHANGE, s, s) for s in found if not any(lead <= s < tail for lead, tail in inside)]


def _overlaps(period: FoundPeriod, figures: Sequence[Amount]) -> bool:
    """Whether a period shares text with a figure next to it ("£5m a year")."""
    at = bisect_left(figures, period.start, key=lambda figure: figure.start)
    return any(f.lead < period.end and period.start < f.tail for f in figures[max(0, at - 1) : at + 2])


_F = "[\ue000-\ue0ff]"
_NAMED = {name: f"(?P<{name}>{_F})" for name in ("old", "new", "change", "part", "whole")}
_STOP = r"(?:and|or|but|while|whilst|which|who|whose|as|after|when|because|if|than|from|to|against|so|plus)\b"


def _words(most: int) -> str:
    """Up to so many words that open no other clause; a period may stand among them."""
    return rf"(?:\s(?!{_STOP}){_CHANGE}?[A-Za-z][\w'-]*|,?\s{_PERIOD},?){{0,{most}}}?"


def _pattern(text: str) -> re.Pattern[str]:
    for name, group in _NAMED.items():
        text = text.replace(f"<{name}>", group)
    for name, words in {"@CH": f"{_CHANGE}[A-Za-z-]+", "@RISE": _RISE, "@DET": _DET, "@WHEN": _WHEN}.items():
        text = text.replace(name, words)
    text = re.sub(r"~(\d)", lambda match: _words(int(match[1])), text)
    return re.compile(text, re.I)


_RISE = f"{_CHANGE}?(?:rise|increase|cut|fall|drop|reduction|decrease|uplift|jump|decline|hike|rises|cuts)"
_DET = r"(?:the|its|their|an?|this|that|his|her|our|your)"
_AUXILIARIES = (
    r"(?:\s(?:is|was|were|are|will|would|has|have|had|been|be|to|could|may|might|should|must|being|set|due|expected))"
    r"{0,5}"
)
_WHEN = rf"(?:,?\s(?:(?:in|for|during|by|since|on|the)\s){{0,2}}{_PERIOD},?)"

#: <old> became <new>, <change> is the change of <new>, or of <old> where only that is told.
CHANGES = tuple(
    _pattern(text)
    for text in (
        # fell (by £2m) from £6m in 2010 to £4m; tripled from £3m to £9m
        *(
            rf"{told}\sfrom\s(?:@DET\s)?<old>~6\sto\s(?:(?:the|its)\s)?(?:(?:current|present)\s)?<new>"
            for told in (r"@CH~8(?:\s(?:by\s)?<change>~2)?", "<change>")
        ),
        # £6m (last year), up (£1m) from £5m; £6m, a rise (of £1m) from £5m
        r"<new>~5\s?[,(–—-]?\s?(?:which\s(?:is|was)\s|that\sis\s)?(?:@CH(?<=\bup)|@CH(?<=\bdown)|an?\s@RISE)(?:\s(?:by\s|of\s)?<change>)?@WHEN?\sfrom\s(?:@DET\s)?<old>",
        # £6m this year, compared with £5m last year
        r"<new>~4,?\s(?:compared\s(?:with|to)|against)\s(?:@DET\s)?<old>@WHEN",
        # cut to £4m from £6m
        r"@CH~4\sto\s<new>~3,?\sfrom\s(?:@DET\s)?<old>",
        # the £6m fee was raised from £5m
        *(
            rf"<new>\s[a-z][\w'-]*(?:\s[a-z-]+){{0,2}}?{_AUXILIARIES}\s{told}\sfrom\s(?:@DET\s)?<old>"
            for told in ("@CH", "<change>")
        ),
        # rose by £2m to £10m; cut its grant by 5% to £10m
        r"@CH(?:~8\sby|~2)\s<change>~4\sto\s<new>",
        # a £2m rise in its grant to £10m
        r"<change>\s(?:real-terms\s|cash\s|further\s)?@RISE~6\sto\s<new>",
        # £10m, up £2m on last year; £10m, a cut of 5%
        r"<new>~5\s?[,(–—-]?\s?(?:which\s(?:is|was)\s|that\sis\s)?(?:@CH(?<=\bup)|@CH(?<=\bdown))\s(?:by\s)?<change>",
        r"<new>~5\s?[,(–—-]\s?(?:which\s(?:is|was)\s|that\sis\s)?an?\s(?:[a-z-]+\s)?@RISE\sof\s<change>",
        # £10m, £2m more than last year
        rf"<new>~4\s?[,(–—-]\s?<change>\s{_CHANGE}?(?:more|less|higher|lower)\sthan\b",
        # cut its £10m budget by £2m; its £10m budget will be cut by £2m
        r"@CH\s@DET\s(?:[a-z-]+\s)?<old>\s[a-z][\w'-]*(?:\s(?!by\b)[a-z][\w'-]*){0,2}\sby\s<change>",
        rf"<old>\s[a-z][\w'-]*(?:\s[a-z-]+){{0,2}}?{_AUXILIARIES}\s@CH\sby\s<change>",
        # cut £2m from its £10m budget; fell by £2m from £10m
        r"@CH\s(?:by\s)?<change>\sfrom\s(?:@DET\s(?:[a-z-]+\s)?)?<old>",
    )
)

_INNER = r"(?:(?!(?:and|or|but|for|in|on|to|of|from|with|by|which|than|at|as|into|over|per)\b)[\w'-]+\s){0,4}"
_POT = (
    r"(?:budget|fund|pot|spending|programme|package|scheme|settlement|grant|allocation|total|investment|bill|cost"
    r"|deficit)"
)
_THAT = r"(?:this|that|it|(?:the|this|that)\s(?:total|money|sum|cash|amount|pot|fund|budget|package))\b"
_THIS = (
    r"(?:it|this|that|which|them|(?:the|this|that)\s(?:total|money|sum|cash|amount|figure|pot|fund|budget|package))\b"
)

#: <part> is part of <whole>; with an empty group "list" the parts may be several.
PARTS = tuple(
    _pattern(text)
    for text in (
        # £8m, of which £3m …; £8m, of which the north gets £3m
        r"<whole>~8,?\sof\swhich(?P<list>)\s(?!(?:one|two|three|four|five|six|some|half|\d))(?:(?:[a-z][\w'-]*\s){0,5}?)<part>",
        # £8m, £3m of it
        rf"<whole>~9,?\s(?:(?:and|with|but|including)\s)?<part>\sof\s{_THIS}",
        # £3m (a share) of the £8m fund; 10% of its £8m budget; £3m of a total of £8m
        rf"<part>(?:\s(?:share|slice|chunk|part|portion))?\s(?:out\s)?of\s{_INNER}(?:(?:total|budget|fund|pot|sum)\sof\s)?(?:@DET\s)?<whole>",
        # 10.8% of the NHS budget, which is £95bn; 10.8% of the cost of the £8m scheme
        rf"<part>\sof\s(?:@DET\s)?(?:[\w'-]+\s){{0,3}}?{_POT}(?:\sof|,?\s(?:which|that)\s(?:is|was|will\sbe|stands\sat|stood\sat)|,?\sworth|\stotalling|\sat|\s\(|,)\s?(?:@DET\s)?<whole>",
        # the budget is £95bn, and general practice gets 8% of the budget; a £95bn budget … 8% of the budget
        rf"\b(?P<pot>{_POT})\s(?:is|was|of|will\sbe|stands\sat|stood\sat|comes\sto|came\sto|totals|totalled)\s<whole>[^;:.?!\ue000-\ue0ff]{{0,90}}<part>\sof\s(?:the|its|their|that|this)\s(?:[a-z-]+\s)?(?P=pot)\b",
        rf"<whole>\s(?:[a-z-]+\s){{0,2}}?(?P<pot>{_POT})\b[^;:.?!\ue000-\ue0ff]{{0,90}}<part>\sof\s(?:the|that|this)\s(?P=pot)\b",
        # £8m for buses, including £3m for …; the £8m package includes £3m for …
        r"<whole>[^;:.?!\ue000-\ue0ff]{0,80}?(?P<list>),?\s(?:including|which\sincludes|that\sincludes|includes|included)\s(?:[a-z-]+\s){0,2}?<part>",
        # £8m, made up of £3m for …
        rf"<whole>~5,?\s(?P<list>)(?:(?:which\s)?(?:is|was)\s)?(?:made\s{_CHANGE}?up\sof|comprising|comprises|consisting\sof|consists\sof|broken\sdown\sinto|divided\sinto|split\sinto)\s(?:@DET\s)?<part>",
        # its share of the £8m fund is £3m
        rf"\b(?:share|slice|part|portion)\sof\s{_INNER}<whole>~3,?\s(?:is|was|will\sbe|would\sbe|comes\sto|came\sto|amounts\sto|amounted\sto)\s<part>",
        # £3m from the £8m fund
        rf"<part>\sfrom\s(?:@DET\s)?{_INNER}<whole>\s(?:[a-z-]+\s){{0,2}}?{_POT}\b",
    )
)

#: What follows a part in a list: a comma or "and", the next part and what that is for.
MORE_PARTS = re.compile(
    rf"[^;:.?!\ue000-\ue0ff]{{0,70}}?(?:,(?:\s(?:and|plus|with))?|\s(?:and|plus))\s(?:another\s|a\s|the\s)?(?P<part>{_F})"
    r"(?=\s(?:for|to|on|in|towards|from|will|is|was|goes|went|of)\b|[,;.)]|$)",
    re.I,
)

#: A part of the sum of the sentence before.
FROM_BEFORE = tuple(
    _pattern(text)
    for text in (
        # Of that, £3m …; Of the total, the north gets £3m
        rf"of\s{_THAT},?\s(?P<list>)(?:[a-z][\w'-]*\s){{0,6}}?<part>",
        # The north gets £3m of that
        rf"(?:[a-z][\w'-]*\s){{0,8}}?<part>\sof\s{_THAT}",
        # That includes £3m for …
        rf"(?:it|{_THAT}|the\sfigure|the\spackage)\s(?:also\s)?includ(?:es|ed)\s(?P<list>)(?:[a-z-]+\s){{0,2}}?<part>",
    )
)
