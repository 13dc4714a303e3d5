"""Who a sentence names as the source of a figure that no statement holds: "the Treasury's figure is £5m".

Statements are reported speech; these are the ways of citing a sum that report none, or that attribution leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.steps.figure_fields import Place
from nlp.steps.figure_names import Name

#: Between a source and its sum at most so many characters are looked at.
_REACH = 140
_PREPOSITION = re.compile(r"\b(?:by|on|in)\s(?:the\s)?$", re.I)
#: "…, the regulator X has said": what may stand between the comma and the name.
_TRAILING = re.compile(r",\s(?:the\s(?:[a-z]+\s){0,2})?$")
_APART = re.compile(r"[;—]|\b(?:but|while|whereas|although|though)\b|[.!?]\s")


@dataclass(frozen=True, slots=True)
class _Patterns:
    """``between`` a source and its sum; ``lead`` before a source named behind it, ``own`` and ``told`` behind that."""

    between: re.Pattern[str]
    lead: re.Pattern[str]
    own: re.Pattern[str]
    told: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    table = corpora.lexicon("money")["citing"]
    documents, rates, says = ("|".join(table[name]) for name in ("documents", "rates", "says"))
    helped = r"(?:also\s|now\s|has\s|have\s|had\s)?"
    own = rf"['’]s?(?:\s[\w-]+){{0,3}}?\s(?:{documents})\s{helped}(?:{rates}|{says}|is|are|was|were|came|come)\b"
    aside = r"(?:,\s(?:whose|who|which)\b[^,]{0,80},)?"
    return _Patterns(
        re.compile(rf"(?:{own}|{aside}\s{helped}(?:{rates})\b)", re.I),
        re.compile(
            r"\b(?:according\sto|estimated\sby|calculated\sby|(?:figures|estimates|calculations)\s(?:from|by))"
            r"\s(?:the\s|a\s|an\s)?$",
            re.I,
        ),
        re.compile(rf"['’]s?(?:\sown)?\s(?:{documents})\b", re.I),
        re.compile(rf"\s{helped}(?:{rates}|{says})\b", re.I),
    )


def read_source(place: Place, names: Sequence[Name]) -> str | None:
    """The stakeholder to whom the sentence itself gives the sum, or None."""
    return _before(place, names) or _behind(place, names)


def _before(place: Place, names: Sequence[Name]) -> str | None:
    """ "The board's paper put the cost at £5m", "the union reckons on £5m": the last name that does."""
    between, lead = _patterns().between, place.amount.lead
    for name in reversed(names):
        if name.end > lead:
            continue
        if lead - name.end > _REACH:
            return None
        gap = place.text[name.end : lead]
        if not _APART.search(gap) and between.match(gap):
            return name.stakeholder
    return None


def _behind(place: Place, names: Sequence[Name]) -> str | None:
    """ "£5m, according to the forum", "£5m by the council's own reckoning"."""
    for name in names:
        if name.start < place.amount.tail:
            continue
        gap, after = place.text[place.amount.tail : name.start][: _REACH + 1], place.text[name.end :][:_REACH]
        if len(gap) > _REACH or _APART.search(gap):
            return None
        if _names_source(gap, after):
            return name.stakeholder
    return None


def _names_source(gap: str, after: str) -> bool:
    """Whether what stands before and behind a name makes it the source: "by …'s own reckoning", ", … has said"."""
    patterns = _patterns()
    owned = _PREPOSITION.search(gap) and patterns.own.match(after)
    told = _TRAILING.search(gap) and patterns.told.match(after)
    return bool(patterns.lead.search(gap) or owned or told)
