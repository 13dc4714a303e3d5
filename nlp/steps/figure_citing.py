"""Who a sentence names as the source of a figure that no statement holds: "the Treasury's figure is £5m".

Statements are reported speech; these are the ways of citing a sum that report none, or that attribution leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import corpora
from nlp.steps.figure_fields import Place
from nlp.steps.figure_names import Name

#: Between a source and its sum at most so many characters are looked at.
_REACH = 140
_APART = re.compile(r"[;—]|\b(?:but|while|whereas|although|though)\b|[.!?]\s")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What stands between a source and its sum; before a source named behind it; behind such a source."""
    table = corpora.lexicon("money")["citing"]
    documents, rates, says = ("|".join(table[name]) for name in ("documents", "rates", "says"))
    own = rf"['’]s?(?:\s[\w-]+){{0,3}}?\s(?:{documents})\s"
    return (
        re.compile(
            rf"(?:{own}(?:also\s|now\s|has\s|have\s|had\s)?(?:{rates}|{says}|is|are|was|were|came|come)\b"
            rf"|\s(?:also\s|now\s|has\s|have\s|had\s)?(?:{rates})\b)",
            re.I,
        ),
        re.compile(
            r"\b(?:according\sto|estimated\sby|calculated\sby|(?:figures|estimates|calculations)\s(?:from|by))"
            r"\s(?:the\s|a\s|an\s)?$|\b(?:by|on|in)\s(?:the\s)?$",
            re.I,
        ),
        re.compile(rf"['’]s?(?:\sown)?\s(?:{documents})\b", re.I),
    )


def read_source(place: Place, names: Sequence[Name]) -> str | None:
    """The stakeholder to whom the sentence itself gives the sum, or None."""
    return _before(place, names) or _behind(place, names)


def _before(place: Place, names: Sequence[Name]) -> str | None:
    """ "The board's paper put the cost at £5m", "the union reckons on £5m": the last name that does."""
    between, _, _ = _patterns()
    lead = place.amount.lead
    for name in reversed(names):
        gap = place.text[name.end : lead]
        if name.end > lead or len(gap) > _REACH or _APART.search(gap):
            continue
        if between.match(gap):
            return name.stakeholder
    return None


def _behind(place: Place, names: Sequence[Name]) -> str | None:
    """ "£5m, according to the forum", "£5m by the council's own reckoning"."""
    _, leads, own = _patterns()
    for name in names:
        if name.start < place.amount.tail:
            continue
        gap = place.text[place.amount.tail : name.start]
        if len(gap) > _REACH or _APART.search(gap):
            return None
        lead = leads.search(gap)
        if lead and (len(lead[0]) > 10 or own.match(place.text[name.end :])):
            return name.stakeholder
    return None
