"""The money that the store holds, as claims and rival sums, and the sentences in which it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from api.services import Services
from api.store import FigureRow, Filters, Reader
from nlp.figure_claims import Claim, find_claims, is_for
from nlp.figure_groups import PrintedFigure
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


def money_of(services: Services, filters: Filters) -> tuple[tuple[Rivalry, ...], tuple[Claim, ...]]:
    """The rivalries and every sum that is quoted, in which a stakeholder asked for has a part; read once."""
    figures = stored_figures(services, replace(filters, stakeholder=()))
    rivalries = (each for each in find_rivalries(figures) if _is_asked_for(each.figures, filters, ""))
    claims = (claim for claim in find_claims(figures) if _is_asked_for(claim.figures, filters, ""))
    return tuple(rivalries), tuple(claims)


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
    """The sentences by the figures' ids; the articles are fetched together."""
    wanted = list(figures)
    articles = reader.articles_by_id({each.article for each in wanted})
    return {
        each.figure.id: _sentence(articles[each.article], each.figure) for each in wanted if each.article in articles
    }


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
