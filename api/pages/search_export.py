"""The results of a search as rows of a file, in the order of the page: the best first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from api.exports.csv_table import Cell
from api.pages.evidence_view import name_of
from api.pages.paths import article_path
from api.schemas import Names
from api.store.questions import FoundHit, Question
from api.store.reader import Reader
from api.store.searching import Searcher
from nlp.records import Evidence

#: Results that are read at a time, and how many a file has at most: behind them ranks say little, and all statements
#: with certain words are an export of their own.
LOT, MOST = 200, 1000
COLUMNS = (
    "rank", "kind", "words", "who", "who_id", "on_behalf_of", "stances", "amount", "title", "publisher", "published",
    "confidence", "article", "page", "made_by",
)  # fmt: skip


def hit_rows(
    searcher: Searcher, reader: Reader, question: Question, topics: Mapping[str, str], made: str
) -> Iterator[dict[str, Cell]]:
    """The best results of a question; ``topics`` are names by id. Raises NotSetUpError where meaning is not known."""
    return islice(_all(searcher, reader, question, topics, made), MOST)


def _all(
    searcher: Searcher, reader: Reader, question: Question, topics: Mapping[str, str], made: str
) -> Iterator[dict[str, Cell]]:
    after: str | None = None
    rank = 0
    while True:
        answer = searcher.search(question, after=after, limit=LOT, names=topics)
        names = reader.titles({id for hit in answer.items for id in _people(hit)})
        for hit in answer.items:
            rank += 1
            yield {"rank": rank, **_row(hit, names, topics), "made_by": made}
        after = answer.next
        if after is None:
            return


def _people(hit: FoundHit) -> set[str]:
    said, figure = hit.statement, hit.figure
    found = (said.holder, said.on_behalf_of) if said else (figure.cited_by,) if figure else ()
    return {id for id in found if id}


def _row(hit: FoundHit, names: Names, topics: Mapping[str, str]) -> dict[str, Cell]:
    said, figure, head = hit.statement, hit.figure, hit.article
    who = said.holder if said else figure.cited_by if figure else None
    item = said or figure
    return {
        "kind": hit.kind.value,
        "words": said.text if said else "".join(piece.text for piece in hit.snippet),
        "who": name_of(who, names) or None,
        "who_id": who,
        "on_behalf_of": name_of(said.on_behalf_of, names) or None if said else None,
        "stances": "; ".join(f"{topics.get(each.topic, each.topic)}: {each.label}" for each in hit.stances) or None,
        "amount": figure.spans[0].text if figure and figure.spans else None,
        "title": "".join(piece.text for piece in hit.title) or head.source,
        "publisher": head.publisher,
        "published": str(head.published) if head.published else None,
        "confidence": _sure(item.evidence if item else None),
        "article": head.id,
        "page": article_path(head.id, item.id.removeprefix(f"{head.id}:")) if item else article_path(head.id),
    }


def _sure(evidence: Evidence | None) -> float | None:
    return evidence.confidence if evidence else None
