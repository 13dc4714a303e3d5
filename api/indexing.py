"""Makes what search needs and a store lacks: vectors of passages. One transaction an article, so it goes on where
it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from api.store import Store
from api.store.vectors import Embedder


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """Articles that got vectors, passages that did, and vectors of another encoder that were taken away for them."""

    articles: int
    passages: int
    forgotten: int


def index_store(store: Store, embedder: Embedder, *, progress: Callable[[int, int], None] | None = None) -> IndexReport:
    """Give every passage the vector that it lacks; all of them anew when another encoder made those that are there.

    Ingesting may go on meanwhile: what it writes has its vectors.
    """
    forgotten = store.writer.forget_vectors(embedder.name)
    waiting = store.reader.articles_without_vectors()
    made = 0
    for done, article in enumerate(waiting, 1):
        made += store.writer.add_vectors(article, embedder)
        if progress:
            progress(done, len(waiting))
    return IndexReport(articles=len(waiting), passages=made, forgotten=forgotten)
