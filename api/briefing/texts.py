"""Copies words out of articles by their offsets, and nothing but that: numbered sources, and the caps on quotes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from api.briefing.record import Caps, Piece, Quote, Source, Untrusted
from api.schemas import web_url
from nlp.errors import StandpointError
from nlp.records import Article, Span

CAP = "as many quotes of this source as the settings allow stand in the briefing already"
EXPIRED = "the licence of this source has ended"


def withheld_by_licence(article: Article, on: date) -> str | None:
    """Why no text of the article may be given on a day; None where it may. Every quote asks here."""
    return EXPIRED if article.expires is not None and article.expires < on else None


class Citing:
    """Quotes of some articles. Sources are numbered in the order in which they are first quoted."""

    def __init__(self, articles: Mapping[str, Article], caps: Caps, on: date) -> None:
        self._articles, self._caps, self._on = articles, caps, on
        self._numbers: dict[str, int] = {}
        self._given: dict[tuple[str, tuple[Span, ...]], Quote] = {}
        self._shown: dict[str, list[Piece]] = defaultdict(list)
        self._counts: Counter[str] = Counter()

    @property
    def shortened(self) -> int:
        """Quotes that were cut at the cap."""
        return sum(quote.cut for quote in self._given.values())

    @property
    def withheld(self) -> int:
        return sum(quote.withheld is not None for quote in self._given.values())

    def quote(self, article: str, spans: Iterable[Span], target: str | None = None) -> Quote | None:
        """These words of the article, shortened as the caps say; None where the article is gone.

        Raises StandpointError where the store says that other words stand there.
        """
        known, ordered = self._articles.get(article), tuple(sorted(spans))
        if known is None or not ordered:
            return None
        if not all(known.holds(span) for span in ordered):
            raise StandpointError(
                "the words of a quote are not those of its article", where=article, do="run: standpoint verify"
            )
        if (article, ordered) not in self._given:
            self._given[article, ordered] = self._copied(known, ordered, target)
        return self._given[article, ordered]

    def _copied(self, article: Article, spans: tuple[Span, ...], target: str | None) -> Quote:
        number = self._numbers.setdefault(article.id, len(self._numbers) + 1)
        pieces, cut = cut_pieces(article.text, spans, self._caps.quote_characters)
        # A condition within a quote, or a reason, shows nothing new.
        new = not all(self._is_shown(article.id, piece) for piece in pieces)
        why = withheld_by_licence(article, self._on)
        if why is None and new and self._counts[article.id] >= self._caps.quotes_per_source:
            why = CAP
        if why is not None:
            return Quote(number, article.id, target, (), False, why)
        self._counts[article.id] += new
        self._shown[article.id] += pieces
        return Quote(number, article.id, target, pieces, cut, None)

    def _is_shown(self, article: str, piece: Piece) -> bool:
        return any(each.start <= piece.start and piece.end <= each.end for each in self._shown[article])

    def sources(self) -> tuple[Source, ...]:
        """The articles that were quoted, by number."""
        return tuple(
            _source(self._articles[id], number, self._counts[id])
            for id, number in sorted(self._numbers.items(), key=lambda pair: pair[1])
        )


def cut_pieces(text: str, spans: Sequence[Span], most: int) -> tuple[tuple[Piece, ...], bool]:
    """The spans as pieces of no more than so many characters in all, cut behind a word, and whether any was cut.

    A word that is longer than all that is left is cut within.
    """
    pieces: list[Piece] = []
    left = most
    for span in spans:
        if span.end - span.start <= left:
            pieces.append(Piece(span.start, span.end, text[span.start : span.end]))
            left -= span.end - span.start
            continue
        end = _word_end(text, span.start, span.start + left)
        if end == span.start and not pieces:
            end = span.start + left
        if end > span.start:
            pieces.append(Piece(span.start, end, text[span.start : end]))
        return tuple(pieces), True
    return tuple(pieces), False


def _word_end(text: str, start: int, end: int) -> int:
    """Where the last word ends that ends by ``end``; ``start`` where none does."""
    if end >= len(text) or text[end].isspace():
        return end
    spaces = (at for at in range(end - 1, start, -1) if text[at].isspace())
    at = next(spaces, start)
    while at > start and text[at - 1].isspace():
        at -= 1
    return at


def _source(article: Article, number: int, quotes: int) -> Source:
    return Source(
        number=number,
        article=article.id,
        title=Untrusted(article.title or article.source),
        publisher=untrusted(article.publisher),
        author=untrusted(article.author),
        published=str(article.published) if article.published else None,
        url=web_url(article.url),
        quotes=quotes,
    )


def untrusted(text: str | None) -> Untrusted | None:
    """Words of an article as such; None where there are none."""
    return Untrusted(text) if text else None
