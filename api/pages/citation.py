"""The citation of a quote, as plain text that can be copied into a paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from api.schemas import web_url
from api.words import MANNERS, date_words
from nlp.records import Article, Manner, PartialDate, Precision, Span

#: Words that stand in quotation marks in the article; all others are given as the article's own.
_QUOTED = frozenset({Manner.DIRECT, Manner.AUTHORIAL})
_TOLD = "told by the writer"


def cite(
    article: Article, spans: Iterable[Span], *, holder: str, role: str, manner: Manner | None, version: str, on: date
) -> str:
    """Who said what, how it is given, where it was printed and when, and by what it was found.

    ``manner`` is None for a view that the writer tells in no one's words.
    """
    words = " … ".join(" ".join(span.text.split()) for span in sorted(spans))
    quoted = f"“{words}”" if manner in _QUOTED else words
    how = MANNERS[manner] if manner else _TOLD
    who = f"{holder} ({role})" if role else holder
    place = [f"“{article.title}”" if article.title else article.source, article.publisher or "publisher unknown"]
    place += [date_words(article.published)]
    address = web_url(article.url)
    place += [address] if address else []
    day = date_words(PartialDate(on, Precision.DAY))
    return f"{who}, {how}: {quoted}. In: {', '.join(place)}. Found by Standpoint {version} on {day}."
