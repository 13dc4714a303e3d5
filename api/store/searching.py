"""Answers a question over statements, articles and figures: by words, by meaning, or by both joined.

What may be a hit is decided first (filters, excluded words, phrases), then it is ranked, then a page of it is read.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Connection, Engine

from api.store import engines
from api.store.catalogue import Catalogue, State, refreshed
from api.store.columns import Ints
from api.store.facets import count_facets
from api.store.hits import read_hits
from api.store.masks import allowed
from api.store.paging import check_limit, decode_cursor, encode_cursor
from api.store.postings import Bools
from api.store.questions import Answer, Fusion, Mode, Question, Ranking
from api.store.ranking import Scores, by_all_words, by_any_words, fuse, having, matching, with_articles
from api.store.search import Query, parse_query
from api.store.vectors import Embedder, Floats
from nlp.errors import NotSetUpError, UsageError

if TYPE_CHECKING:
    from api.store.nearest import Nearest

#: Rankings that are kept, at most half a megabyte each, so that later pages of a question show the list that its
#: first page began, and so that what is asked again while nothing changes is not ranked again.
KEPT = 64
NO_ENCODER = "looked for words only: the sentence encoder cannot be loaded"
NO_VECTORS = "looked for words only: no vectors are stored yet (standpoint index makes them)"
OTHER_ENCODER = "looked for words only: another encoder made the stored vectors (standpoint index makes them anew)"


@dataclass(frozen=True, slots=True)
class _Found:
    """A question with what it takes to answer it: nothing newer than the passage ``upto`` is looked at."""

    catalogue: Catalogue
    question: Question
    query: Query
    mode: Mode
    vector: Floats | None
    upto: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A ranking, the state of the store that it was made of, and what topics were called in it."""

    ranking: Ranking
    state: State
    names: Mapping[str, str]


class Searcher:
    """Holds what search needs in memory, read when first asked; threads may share it.

    ``load_encoder`` gives the encoder of queries; it raises NotSetUpError where there is none.
    """

    def __init__(self, engine: Engine, *, fusion: Fusion | None = None) -> None:
        self._engine, self._lock = engine, Lock()
        self.fusion = fusion or Fusion()
        self.load_encoder: Callable[[], Embedder] | None = None
        self._catalogue: Catalogue | None = None
        self._nearest: Nearest | None = None
        self._kept: OrderedDict[tuple[str, int, str], _Kept] = OrderedDict()

    def search(
        self, question: Question, *, after: str | None = None, limit: int = 20, names: Mapping[str, str] | None = None
    ) -> Answer:
        """A page of hits, the best first, with the number of all and their facets; ``names`` are those of topics.

        What is written after the first page is on none of the later ones.
        Raises UsageError when the query asks for nothing and for a cursor of another question.
        """
        query, mark = parse_query(question.query), question.mark
        check_limit(limit)
        upto, offset = _place(after, mark)
        with engines.reading(self._engine) as connection:
            catalogue = self._current(connection)
            encoder, mode, note = self._encoder(connection, catalogue, question.mode)
            upto = catalogue.last if upto is None else upto
            key = (mark, upto, mode.value)
            ranking = self._again(key, catalogue.state, names or {}, later=after is not None)
            if ranking is None:
                vector = encoder.encode([query.wanted])[0] if encoder else None
                found = _Found(catalogue, question, query, mode, vector, upto, names or {})
                ranking = self._rank(connection, found)
                self._keep(key, _Kept(ranking, catalogue.state, found.names))
            chosen = slice(offset, offset + limit)
            items = read_hits(connection, query, ranking.numbers[chosen], ranking.scores[chosen])
        more = len(ranking.numbers) > offset + limit
        return Answer(
            items=items,
            total=ranking.total,
            facets=ranking.facets,
            mode=mode,
            note=note,
            next=encode_cursor([mark, upto, offset + limit]) if more else None,
        )

    def warm(self) -> None:
        """Read the columns of search, which the first search would wait for."""
        with engines.reading(self._engine) as connection:
            self._current(connection)

    def _current(self, connection: Connection) -> Catalogue:
        with self._lock:
            self._catalogue = refreshed(connection, self._catalogue)
            return self._catalogue

    def _encoder(
        self, connection: Connection, catalogue: Catalogue, mode: Mode
    ) -> tuple[Embedder | None, Mode, str | None]:
        """The encoder of the query, how it will be looked, and why that is not as asked."""
        if mode is Mode.LEXICAL:
            return None, mode, None
        encoder, fault = self._loaded(catalogue)
        if encoder is not None:
            return encoder, mode, None
        if mode is Mode.SEMANTIC:
            raise NotSetUpError(f"search by meaning is not possible: {fault}", do="ask with mode=lexical")
        return None, Mode.LEXICAL, fault

    def _loaded(self, catalogue: Catalogue) -> tuple[Embedder | None, str]:
        if not catalogue.state.vectors:
            return None, NO_VECTORS
        try:
            encoder = self.load_encoder() if self.load_encoder else None
        except NotSetUpError:
            encoder = None
        if encoder is None:
            return None, NO_ENCODER
        return (encoder, "") if encoder.name == catalogue.state.encoder else (None, OTHER_ENCODER)

    def _rank(self, connection: Connection, found: _Found) -> Ranking:
        catalogue, query = found.catalogue, found.query
        may = allowed(catalogue, found.question) & (catalogue.columns.number <= found.upto)
        hits = np.zeros(len(may), dtype=bool)
        if found.mode is not Mode.SEMANTIC:
            hits = matching(connection, catalogue, query) & may
        if found.vector is None:
            rows, scores = fuse([(1.0, by_all_words(connection, catalogue, query, hits))], self.fusion.k)
        else:
            rows, scores = self._join(connection, found, _restricted(connection, catalogue, query, may))
            hits[rows] = True
        return Ranking(
            numbers=tuple(catalogue.columns.number[rows].tolist()),
            scores=tuple(scores.tolist()),
            total=int(hits.sum()),
            facets=count_facets(catalogue, found.question, hits, names=found.names),
        )

    def _join(self, connection: Connection, found: _Found, may: Bools) -> tuple[Ints, Scores]:
        """By meaning and, where it is not asked for alone, by words."""
        assert found.vector is not None
        fusion, catalogue = self.fusion, found.catalogue
        near = self._vectors().search(connection, catalogue, found.vector, may, most=fusion.depth)
        if found.mode is Mode.SEMANTIC:
            return fuse([(1.0, near.rows)], fusion.k)
        words = by_any_words(connection, catalogue, found.query, may, most=fusion.depth)
        rows, scores = fuse([(fusion.lexical, words), (fusion.semantic, near.rows)], fusion.k)
        return with_articles(catalogue, rows, scores, fusion)

    def _vectors(self) -> Nearest:
        with self._lock:
            if self._nearest is None:
                from api.store.nearest import Nearest

                self._nearest = Nearest()
            return self._nearest

    def _again(
        self, key: tuple[str, int, str], state: State, names: Mapping[str, str], *, later: bool
    ) -> Ranking | None:
        """The ranking that was made before: for a first page of this very state, for a later one as it was."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or not (later or (kept.state == state and kept.names == names)):
                return None
            self._kept.move_to_end(key)
            return kept.ranking

    def _keep(self, key: tuple[str, int, str], kept: _Kept) -> None:
        with self._lock:
            self._kept[key] = kept
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


def _restricted(connection: Connection, catalogue: Catalogue, query: Query, may: Bools) -> Bools:
    """What has the phrases and none of the excluded words: these hold whatever it is found by."""
    if query.phrases:
        may = may & matching(connection, catalogue, Query(query.phrases))
    if query.excluded:
        may = may & ~having(connection, catalogue, query.excluded)
    return may


def _place(after: str | None, mark: str) -> tuple[int | None, int]:
    if after is None:
        return None, 0
    asked, upto, offset = decode_cursor(after, str, int, int)
    if asked != mark:
        raise UsageError("this is a cursor of another query", do="take it from the page before")
    return upto, offset
