"""The money that the store holds, as claims and rival sums, and the sentences in which it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from heapq import nsmallest
from itertools import islice
from urllib.parse import quote

from api.services import Services
from api.store import FigureRow, Filters, Reader
from nlp.figure_claims import Claim, find_claims, in_order, is_for, make_claim, same_money
from nlp.figure_groups import PrintedFigure, amount_key
from nlp.figure_rivals import Rivalry, find_rivalries
from nlp.records import Article, Figure, Span
from nlp.sentences import split_sentences

#: So many figures of a claim are shown with their sentences, the newest; the counts are of all.
QUOTED = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence that holds a figure, and where the figure stands in its article."""

    span: Span
    article: Article


def printed(row: FigureRow) -> PrintedFigure:
    """A stored figure as the claims are found in."""
    head = row.article
    return PrintedFigure(row.figure, head.id, head.story, head.publisher, head.published)


def stored_figures(services: Services, filters: Filters) -> tuple[PrintedFigure, ...]:
    """The figures that pass the filters, newest article first, in one statement."""
    return tuple(printed(row) for row in services.store.reader.all_figures(filters))


def stored_claims(services: Services, filters: Filters, purpose: str = "") -> tuple[Claim, ...]:
    """The claims that more than one article makes, those in which a stakeholder asked for has a part."""
    found = find_claims(stored_figures(services, replace(filters, stakeholder=())), least_articles=2)
    return tuple(claim for claim in found if _is_asked_for(claim.figures, filters, purpose))


def stored_rivalries(services: Services, filters: Filters, purpose: str = "") -> tuple[Rivalry, ...]:
    """The rivalries in which a stakeholder asked for pays, gets or quotes one of the sums."""
    found = find_rivalries(stored_figures(services, replace(filters, stakeholder=())))
    return tuple(each for each in found if _is_asked_for(each.figures, filters, purpose))


@dataclass(frozen=True, slots=True)
class Money:
    """Rivalries, the sums of the most stories that are in none of those, and how many more sums there are."""

    rivalries: tuple[Rivalry, ...]
    sums: tuple[Claim, ...]
    more: int


def money_of(services: Services, filters: Filters, *, rivalries: int, sums: int) -> Money:
    """The money in which a stakeholder asked for has a part, read once; so many rivalries and sums at most.

    What is counted and not listed is not made a claim of, which takes longer than to find it.
    """
    if filters.stakeholder and not stored_figures(services, filters):
        return Money((), (), 0)
    figures = stored_figures(services, replace(filters, stakeholder=()))
    found = (each for each in find_rivalries(figures) if _is_asked_for(each.figures, filters, ""))
    rivals = tuple(islice(found, rivalries))
    told = {each.figure.id for rivalry in rivals for each in rivalry.figures}
    groups = [
        group
        for group in same_money(figures)
        if _is_asked_for(group, filters, "") and not any(each.figure.id in told for each in group)
    ]
    first = in_order(make_claim(group) for group in nsmallest(2 * sums, groups, key=_by_stories))
    return Money(rivals, first[:sums], max(0, len(groups) - sums))


def _by_stories(figures: Sequence[PrintedFigure]) -> tuple[int, int, Decimal, str]:
    """The order of ``nlp.figure_claims.in_order``, of figures that are no claim yet."""
    stories, articles = len({each.story for each in figures}), len({each.article for each in figures})
    largest = max((key.high for each in figures if (key := amount_key(each.figure)) is not None), default=Decimal(0))
    return -stories, -articles, -largest, min(each.figure.id for each in figures)


def _is_asked_for(figures: Sequence[PrintedFigure], filters: Filters, purpose: str) -> bool:
    wanted = set(filters.stakeholder)
    if wanted and not any(wanted & parties(each.figure) for each in figures):
        return False
    return not purpose or is_for(figures, purpose)


def parties(figure: Figure) -> set[str]:
    """Who pays, gets or quotes the money."""
    return {id for id in (figure.payer, figure.recipient, figure.cited_by) if id}


def quoted(figures: Sequence[PrintedFigure]) -> Sequence[PrintedFigure]:
    """The figures that are shown of a claim: the newest of each story first, then what is left."""
    first = {each.story: each for each in reversed(figures)}
    ordered = [each for each in figures if first[each.story] is each]
    return [*ordered, *(each for each in figures if first[each.story] is not each)][:QUOTED]


def sentences_of(reader: Reader, figures: Iterable[PrintedFigure]) -> Mapping[str, Sentence]:
    """The sentences by the figures' ids, those that may be shown; the articles are fetched together."""
    wanted = list(figures)
    articles = reader.articles_by_id({each.article for each in wanted})
    return {
        each.figure.id: _sentence(articles[each.article], each.figure) for each in wanted if _is_read(articles, each)
    }


def _is_read(articles: Mapping[str, Article], each: PrintedFigure) -> bool:
    """Whether the article is there and its text may be shown."""
    return each.article in articles and bool(articles[each.article].text)


def _sentence(article: Article, figure: Figure) -> Sentence:
    span = figure.spans[0]
    parts = (part for part in split_sentences(article.text, *_stretch(article, span)) if part[1] > span.start)
    start, end = next(parts, (span.start, span.end))
    return Sentence(article.span(min(start, span.start), max(end, span.end)), article)


def _stretch(article: Article, span: Span) -> tuple[int, int]:
    """The block of a span; where the article was never cut into blocks, its line."""
    block = next((b for b in article.blocks if b.start <= span.start < b.end), None)
    if block:
        return block.start, block.end
    end = article.text.find("\n", span.end)
    return article.text.rfind("\n", 0, span.start) + 1, end if end >= 0 else len(article.text)


def place_of(figure: Figure, article: str) -> str:
    """The address of the article's page at the figure."""
    return f"/articles/{quote(article, safe='')}#{quote(figure.id.rpartition(':')[2], safe='')}"
