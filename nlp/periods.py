"""Spans of time as the UK press prints them: financial years, calendar years, "last year", "over five years".

A period gets dates only where the text names them or the article's date settles them; otherwise it keeps its words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from enum import Enum

from nlp import period_dates as dates
from nlp.period_dates import Handler
from nlp.records import PartialDate, Period


@dataclass(frozen=True, slots=True)
class FoundPeriod:
    """A period at half-open offsets of the text it was read from."""

    start: int
    end: int
    period: Period


class Sign(Enum):
    """What a text must show for a rule to be tried."""

    YEAR, UNIT, MONTH = range(3)


@dataclass(frozen=True, slots=True)
class _Rule:
    """One printed form. A word of ``sign`` must be in a text before the pattern is worth trying."""

    sign: Sign
    pattern: re.Pattern[str]
    handler: Handler


_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_YEAR = r"(?:19|20)\d\d"
_DASH = r"[-–—/‑]"
_FY = rf"(?<![\d/])(?:FY\s?)?{_YEAR}{_DASH}(?:(?:19|20)\d\d|\d\d)(?![\d/%]|{_DASH}\d)"
_COUNT = (
    r"(?:\d{1,2}|a|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|several|few"
    r"|couple\sof)"
)
_WHICH = r"(?:next|last|past|coming|first|previous|following|final)"
_LEAD = (
    r"(?P<lead>by|in|since|from|during|until|till|for|throughout|before|after|over|up\sto|to"
    r"|at\sthe\send\sof|the\send\sof)"
)
_KIND = r"(?:financial|tax|fiscal|academic)"
_HAS_YEAR, _HAS_MONTH = re.compile(_YEAR), re.compile(_MONTH)
# Sought in lower case one by one, in a tenth of the time of a pattern: a word too many costs only time.
_UNITS = [*("year", "month", "week", "decade", "parliament", "winter", "summer", "autumn", "spring", "quarter")]
_UNITS += ["spending", "christmas", "far", "date", "present"]


def _signs(text: str) -> Set[Sign]:
    """The signs that a text shows."""
    found, lower = set[Sign](), text.lower()
    if _HAS_YEAR.search(text):
        found.add(Sign.YEAR)
    if _HAS_MONTH.search(text):
        found.add(Sign.MONTH)
    for unit in _UNITS:
        if unit in lower:
            found.add(Sign.UNIT)
            break
    return found


def _rule(sign: Sign, pattern: str, handler: Handler, flags: re.RegexFlag = re.I) -> _Rule:
    return _Rule(sign, re.compile(pattern, flags), handler)


#: Most specific first: what one rule has read no later rule reads again.
_RULES: tuple[_Rule, ...] = (
    _rule(
        Sign.YEAR,
        rf"\b(?:(?:over|in|for|during|within|across|the|a)\s(?:the\s)?)?(?:{_WHICH}\s)?(?P<n>{_COUNT})[-\s]"
        r"(?:(?:financial|calendar)\s)?(?P<unit>year|month|decade|parliament|week)s?(?:\s(?:period|plan|deal|programme))?"
        r"[,\s]{1,2}(?:(?:from|starting\s(?:in|from)|beginning\s(?:in|from))\s"
        rf"(?:(?P<from_m>{_MONTH})\s)?(?:(?P<from_fy>{_FY})|(?P<from_y>{_YEAR})(?![\d/]))"
        rf"|(?:to|up\sto|until|ending\sin)\s(?:(?P<to_fy>{_FY})|(?P<to_y>{_YEAR})(?![\d/])))",
        dates.stretch,
    ),
    _rule(
        Sign.YEAR,
        rf"\b(?:(?:from|between|for|over)\s)?(?P<a>{_FY})\s?(?:to|and|or|until|through\sto|{_DASH})\s?(?P<b>{_FY})",
        dates.financial_span,
    ),
    _rule(
        Sign.YEAR,
        r"\b(?:(?:the\s)?(?:(?P<q>first|second|third|fourth|final|last)\s(?:quarter|(?P<half>half)|three\smonths)"
        r"|quarter\s(?P<q2>one|two|three|four|[1-4])|(?P<q3>Q[1-4]))\s?(?:of|in|,)?\s?(?:the\s)?"
        rf"(?:(?P<fy>{_FY})|(?P<y>{_YEAR})(?![\d/])))",
        dates.quarter,
    ),
    _rule(
        Sign.YEAR,
        r"\b(?:the\s)?(?:(?:financial|tax|calendar)\s)?(?:year|12\smonths|twelve\smonths)\s"
        r"(?:to|ending|ended|to\sthe\send\sof)\s(?:in\s)?(?:\d{1,2}(?:st|nd|rd|th)?\s)?"
        rf"(?P<m>{_MONTH})\s(?:\d{{1,2}},?\s)?(?P<y>{_YEAR})\b",
        dates.year_to,
    ),
    _rule(
        Sign.YEAR,
        rf"\b(?:(?:from|between)\s)?(?:\d{{1,2}}\s)?(?P<m1>{_MONTH})\s(?:(?P<y1>{_YEAR})\s?)?(?:to|and|until|{_DASH})\s?"
        rf"(?:\d{{1,2}}\s)?(?P<m2>{_MONTH})\s(?P<y2>{_YEAR})\b",
        dates.months_span,
    ),
    _rule(
        Sign.YEAR,
        rf"\b(?:{_LEAD}\s(?:the\s)?(?:{_KIND}\syear\s)?)?(?P<fy>{_FY})(?:\s{_KIND}\syear)?",
        dates.one_financial,
    ),
    _rule(
        Sign.MONTH,
        rf"\b(?:(?:in|over|for|during)\s)?(?:the\s)?(?:(?P<n>{_COUNT})\s)?(?P<unit>year|month)s?\s"
        rf"(?:to|ending|ended)\s(?:in\s)?(?:the\send\sof\s)?(?:last\s)?(?:\d{{1,2}}\s)?(?P<m>{_MONTH})"
        r"(?:\s(?P<y>(?:19|20)\d\d))?\b",
        dates.stretch_to_month,
    ),
    _rule(
        Sign.YEAR,
        r"\b(?P<lead>by|in|since|from|during|until|till|after|to)\s(?:(?:the\s)?(?:end|start|beginning)\sof\s)?"
        rf"(?:\d{{1,2}}\s)?(?P<m>{_MONTH})\s(?P<y>{_YEAR})\b",
        dates.one_month,
    ),
    _rule(
        Sign.YEAR,
        rf"\b(?:between|from|over)\s(?P<a>{_YEAR})\s(?:and|to|until)\s(?P<b>{_YEAR})(?![\d/])",
        dates.years,
    ),
    _rule(Sign.YEAR, rf"(?<![\d/£$€])(?P<a>{_YEAR})\sto\s(?P<b>{_YEAR})(?![\d/])", dates.years),
    _rule(
        Sign.YEAR,
        rf"\b{_LEAD}\s(?:the\s)?(?:(?:end|start|beginning|rest)\sof\s)?(?P<y>{_YEAR})"
        rf"(?![\d/%]|,\d|{_DASH}\d|\s(?:people|patients|GPs|staff|homes|jobs))",
        dates.one_year,
    ),
    _rule(
        Sign.UNIT,
        rf"\b(?:{_COUNT}\s(?:year|month)s?|the\syear)\s(?:earlier|before|previously|later(?!\sthan))\b"
        r"|\bthe\sprevious\syear\b",
        dates.words_only,
    ),
    _rule(
        Sign.UNIT,
        r"\b(?:(?:in|for|during|by|over)\s)?(?:the|its|their|his|her|our)\s"
        r"(?:first|second|third|fourth|fifth|final|opening)\s(?:full\s)?year(?:\sof\s(?:the\s)?(?:contract|scheme))?\b"
        r"|\b(?:in|by|from)\syear\s(?:one|two|three|four|five|[1-9])\b"
        r"|\b(?:for|over|in|during)\s(?:the|a)\s(?:full|whole)\syear\b|\b(?:by|before)\sthe\send\sof\sthe\s(?:financial\s)?year\b"
        r"|\bfor\sthe\syear\b(?!\s(?:to|end|from|before))|\bby\sChristmas\b"
        r"|\b(?:so\sfar|to\sdate)\b(?!\s(?:as|that))|(?:(?<=ended\s)|(?<=finished\s))the\syear\b"
        r"|\b(?:in|over)\sthe\s(?:spring|summer|autumn|winter)\b|\bat\spresent\b(?=[.,;)]|$)",
        dates.words_only,
    ),
    _rule(
        Sign.MONTH,
        r"\b(?=(?i:from|since|by|in|until|at|before|this|last|next)\s)"
        r"(?:(?P<lead>(?i:from|since|by|in|until|at|before))\s)?(?P<end>(?i:the\send\sof\s))?"
        rf"(?:(?P<which>(?i:this|last|next))\s)?(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s)?(?P<m>{_MONTH})\b"
        r"(?:\s(?P<d2>\d{1,2})(?!\d))?(?!\s(?:19|20)\d\d)(?:\s(?P<year>this|last|next)\syear)?",
        dates.bare_month,
        re.NOFLAG,
    ),
    _rule(
        Sign.UNIT,
        r"\b(?:by\s)?(?P<end>(?:at\s)?(?:the\s)?end\sof\s)?"
        r"(?P<the>(?:(?:over|in|during|for|within)\s)?the\s(?=last|past|next|coming))?"
        r"(?P<which>this|last|next|(?:the\s)?(?:current|present|previous|following)|coming|past)\s"
        r"(?P<kind>financial|tax|calendar|fiscal|academic|full)?\s?"
        r"(?P<unit>year|(?<=last\s)month(?!['’])|(?<=this\s)month|decade|parliament|winter|summer|autumn|spring|quarter|spending\sreview|spending\sround)"
        r"(?!-)\b(?!['’]s\s(?:spending|(?-i:Budget)|settlement|round|review|conference|election))",
        dates.relative,
    ),
    _rule(
        Sign.UNIT,
        rf"\b(?:over|in|for|during|within|across|spread\sover|every)\s(?!a\syear\b)(?:the\s|a\s)?(?:{_WHICH}\s)?(?P<n>{_COUNT})[-\s]"
        r"(?:(?:financial|calendar|full)\s)?(?P<unit>year|month|decade|parliament)s?(?:[-\s]period)?(?![-\s]old)\b",
        dates.words_only,
    ),
    _rule(
        Sign.UNIT,
        rf"(?<!\bfrom\s)\b(?:the\s)?{_WHICH}\s(?:{_COUNT}\s)?(?:(?:financial|calendar)\s)?"
        r"(?:years|decades|months|weeks|decade)\b",
        dates.words_only,
    ),
    _rule(
        Sign.UNIT,
        r"\b(?:two|three|four|five|six|seven|eight|ten|\d{1,2})-year"
        r"(?=\s(?:period|programme|deal|plan|settlement|package|contract|funding|project|scheme|budget|agreement"
        r"|allocation|investment|fund|grant|loan|lease|award|subsidy|bond|extension))",
        dates.words_only,
    ),
    _rule(
        Sign.UNIT,
        r"\b(?:by\sthe\send\sof\sthe\s(?:decade|parliament|year|financial\syear)|(?:in\s)?the\syear\sbefore"
        r"|a\syear\searlier|over\sthe\s(?:decade|parliament|spending\sreview(?:\speriod)?)|over\sa\sdecade"
        r"|the\sprevious\s12\smonths|year\son\syear)\b",
        dates.words_only,
    ),
    _rule(Sign.YEAR, rf"(?<![\d/£$€.,])(?P<pair>{_YEAR}{_DASH}(?:(?:19|20)\d\d|\d\d))(?![\d/%])", dates.year_pair),
)
# "in" and "during" say nothing that the period does not say itself; "by", "since", "over" do.
_EMPTY_LEAD = re.compile(
    r"^(?:in|during|for|to|throughout|within)\s"
    r"(?:the\s(?=\d|(?:current|previous|coming|following|present)\b))?",
    re.I,
)
# When something was said is no period of the money.
_SAID_THEN = re.compile(
    r"\b(?:announc\w+|launch\w+|publish\w+|unveil\w+|reveal\w+|introduc\w+|said|told|wrote|warned|elected|appointed"
    r"|founded|set\sup|formed|created|established|opened|dissolved|began|begun|started|going|discussed|promised|ends|expires|tender|meet|met|bid|based)\s"
    r"(?:(?:it|plans|back|late|early|earlier|to\s\w+|consulting|in\s\w+)\s)?$"
    r"|\b(?:told|asked|warned|urged|ordered|instructed|invited|wrote\sto)\s(?:(?:the|its|all)\s)?[\w’'-]+\s$",
    re.I,
)


def find_periods(
    text: str, published: PartialDate | None = None, anchor: Period | None = None
) -> Sequence[FoundPeriod]:
    """Every period of the text in order, none overlapping another; dates are worked out from ``published``.

    ``anchor`` is the last dated period before the text, from which "the year before" is reckoned.
    """
    if published is not None and not 1000 <= published.value.year <= 9000:  # no date to reckon from
        published = None
    taken: list[tuple[int, int]] = []
    found: list[FoundPeriod] = []
    signs = _signs(text)
    for rule in _RULES:
        if rule.sign not in signs:
            continue
        fresh = [m for m in rule.pattern.finditer(text) if not _covered(taken, m.start(), m.end())]
        found += [_period(match, rule.handler, published) for match in fresh if not _dates_a_saying(match)]
        taken = sorted((*taken, *((m.start(), m.end()) for m in fresh))) if fresh else taken
    return _settled(sorted(found, key=lambda f: f.start), anchor, published)


def _settled(
    found: Sequence[FoundPeriod], anchor: Period | None, published: PartialDate | None
) -> tuple[FoundPeriod, ...]:
    """Dates for "the year before", from the dated period before it."""
    settled: list[FoundPeriod] = []
    for one in found:
        reckoned = dates.from_anchor(one.period, anchor, published)
        settled.append(replace(one, period=Period(one.period.text, *reckoned)) if reckoned else one)
        anchor = settled[-1].period if settled[-1].period.start else anchor
    return tuple(settled)


def _dates_a_saying(match: re.Match[str]) -> bool:
    return _SAID_THEN.search(match.string[max(0, match.start() - 32) : match.start()]) is not None


def _covered(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    index = bisect_left(taken, (start, 0))
    after = index < len(taken) and taken[index][0] < end
    return after or (index > 0 and taken[index - 1][1] > start)


def _period(match: re.Match[str], handler: Handler, published: PartialDate | None) -> FoundPeriod:
    start = match.start()
    if lead := _EMPTY_LEAD.match(match[0]):
        start += lead.end()
    text = match.string[start : match.end()].strip()
    first, last = handler(match, published)
    return FoundPeriod(start, match.end(), Period(text, first, last))
