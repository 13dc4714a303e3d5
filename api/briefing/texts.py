"""Copies words out of articles by their offsets, and nothing but that: numbered sources, and the caps on quotes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from api.briefing.record import Caps, Piece, Quote, Source, Untrusted
from api.schemas import web_url
from api.store.licences import shown_of
from nlp.errors import StandpointError
from nlp.records import Article, Licence, Span

CAP = "as many quotes of this source as the settings allow stand in the briefing already"
EXPIRED = "the licence of this source has ended"
LINKS = "the licence of this source allows no words of it"


def withheld_by_licence(article: Article, on: date) -> str | None:
    """Why no words of the article may be given on a day; None where they may. Every quote asks here.

    What stands around the words is cut where articles leave the store.
    """
    if shown_of(article.licence, article.expires, on=on) is not Licence.LINKS_ONLY:
        return None
    return LINKS if article.licence is Licence.LINKS_ONLY else EXPIRED


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
        """These words of the article, shortened as the caps say; None where there are none, or the article is gone.

        Where the licence allows no words, a quote without any still leads to its source.

        Raises StandpointError where the store says that other words stand there.
        """
        known, ordered = self._articles.get(article), tuple(sorted(spans))
        why = withheld_by_licence(known, self._on) if known else None
        if known is None or not (ordered or why):
            return None
        if (article, ordered) not in self._given:
            bare = Quote(self._number(known), article, target, (), False, why)
            self._given[article, ordered] = bare if why else self._copied(known, ordered, target)
        return self._given[article, ordered]

    def _number(self, article: Article) -> int:
        return self._numbers.setdefault(article.id, len(self._numbers) + 1)

    def _copied(self, article: Article, spans: tuple[Span, ...], target: str | None) -> Quote:
        # Of an article that may be quoted and not shown the store gives the words alone.
        if article.text and not all(article.holds(span) for span in spans):
            raise StandpointError(
                "the words of a quote are not those of its article", where=article.id, do="run: standpoint verify"
            )
        number = self._number(article)
        pieces, cut = cut_pieces(spans, self._caps.quote_characters)
        # A condition within a quote, or a reason, shows nothing new.
        new = not all(self._is_shown(article.id, piece) for piece in pieces)
        if new and self._counts[article.id] >= self._caps.quotes_per_source:
            return Quote(number, article.id, target, (), False, CAP)
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


def cut_pieces(spans: Sequence[Span], most: int) -> tuple[tuple[Piece, ...], bool]:
    """The spans as pieces of no more than so many characters in all, cut behind a word, and whether any was cut.

    A word that is longer than all that is left is cut within.
    """
    pieces: list[Piece] = []
    left = most
    for span in spans:
        if len(span.text) <= left:
            pieces.append(Piece(span.start, span.end, span.text))
            left -= len(span.text)
            continue
        length = _whole_words(span.text, left) or (0 if pieces else left)
        if length:
            pieces.append(Piece(span.start, span.start + length, span.text[:length]))
        return tuple(pieces), True
    return tuple(pieces), False


def _whole_words(text: str, most: int) -> int:
    """The length of the words that end within the first ``most`` characters of a longer text."""
    if text[most].isspace():
        return most
    at = next((at for at in range(most - 1, 0, -1) if text[at].isspace()), 0)
    while at > 0 and text[at - 1].isspace():
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
