"""Vectors of what passages mean: made by a sentence encoder, kept with 8 bits a number.

A code is what faiss calls QT_8bit with one fixed range for all numbers: level c of 256 stands for the middle of its
step in ±``RANGE``. Nothing is trained, so codes of all articles agree, are made with NumPy alone when an article is
written, and go into the index in the server as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, delete, func, select, update

from api.store import tables
from api.store.engines import insert_rows
from api.store.passages import PassageKind

Floats = NDArray[np.float32]
Codes = NDArray[np.uint8]
#: Unit vectors of 384 numbers rarely hold one beyond this; what does is cut (measured on gold: see ARCHITECTURE.md).
RANGE = 0.3
#: What a vector is found by when its passage is written anew with the same words.
Key = tuple[str, str, str]


class Embedder(Protocol):
    """Texts to unit vectors of shape (texts, width), float32."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Floats: ...


class Embedded(NamedTuple):
    """Codes by the words that they stand for, and the encoder that made them."""

    encoder: str
    codes: Mapping[Key, bytes]


def to_codes(vectors: Floats) -> Codes:
    """Unit vectors to codes of one byte a number."""
    levels = np.floor((vectors + RANGE) * (255 / (2 * RANGE)))
    return np.asarray(np.clip(levels, 0, 255), dtype=np.uint8)


def to_vectors(codes: Codes) -> Floats:
    """Codes to unit vectors, as near as eight bits hold them."""
    return unit((codes.astype(np.float32) + np.float32(0.5)) * np.float32(2 * RANGE / 255) - np.float32(RANGE))


def unit(vectors: Floats) -> Floats:
    """The vectors at a length of one."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def key_of(passage: Any) -> Key:
    """What the vector of a passage depends on."""
    return passage["about"], passage["title"], passage["text"]


def meant(kind: str, key: Key) -> str:
    """The text that stands for a passage before the encoder: with the title of its article, and who says it.

    nDCG@10 of meaning alone on gold: words alone 0.50, with the title 0.64, with title and holder 0.65.
    """
    about, title, text = key
    said = f"{about}: {text}" if about and kind == PassageKind.STATEMENT.value else text
    return f"{title}. {said}" if title else said


def embed(embedder: Embedder, passages: Iterable[Any]) -> Embedded:
    """The vectors of one article's passages: a batch never crosses articles, because int8 results depend on it."""
    texts = {key_of(passage): meant(passage["kind"], key_of(passage)) for passage in passages}
    codes = to_codes(embedder.encode(list(texts.values()))) if texts else ()
    return Embedded(embedder.name, {key: bytes(code) for key, code in zip(texts, codes, strict=True)})


def codes_of(connection: Connection, article: str) -> dict[Key, bytes]:
    """The codes that an article's passages have, by their words."""
    found = connection.execute(_passages(article, tables.vectors.c.code).join(tables.vectors))
    return {key_of(row._mapping): row.code for row in found}


def codes_in(connection: Connection, articles: Sequence[str]) -> dict[str, dict[Key, bytes]]:
    """The same of several articles, by article; those without any are left out."""
    columns = tables.passages.c
    query = select(columns.article_id, columns.about, columns.title, columns.text, tables.vectors.c.code)
    found: dict[str, dict[Key, bytes]] = {}
    for row in connection.execute(
        query.join_from(tables.passages, tables.vectors).where(columns.article_id.in_(articles))
    ):
        found.setdefault(row.article_id, {})[key_of(row._mapping)] = row.code
    return found


def passages_without(connection: Connection, article: str) -> list[Any]:
    """The passages of an article that have no vector."""
    query = _passages(article, tables.passages.c.kind).outerjoin(tables.vectors)
    return [row._mapping for row in connection.execute(query.where(tables.vectors.c.number.is_(None)))]


def articles_without(connection: Connection) -> tuple[str, ...]:
    """The articles that have a passage without a vector, in the order in which they came."""
    passages = tables.passages.c
    query = select(passages.article_id).outerjoin_from(tables.passages, tables.vectors)
    query = query.where(tables.vectors.c.number.is_(None)).group_by(passages.article_id)
    return tuple(connection.scalars(query.order_by(func.min(passages.number))))


def put_codes(connection: Connection, article: str, codes: Mapping[Key, bytes]) -> int:
    """Give the passages of an article the codes of their words, those that have none yet; how many got one."""
    lacking = passages_without(connection, article)
    new = [{"passage": row["number"], "code": code} for row in lacking if (code := codes.get(key_of(row)))]
    if new:
        insert_rows(connection, tables.vectors, new)
    return len(new)


def _passages(article: str, *more: Any) -> Select[Any]:
    columns = tables.passages.c
    query = select(columns.number, columns.about, columns.title, columns.text, *more).select_from(tables.passages)
    return query.where(columns.article_id == article)


def encoder_of(connection: Connection) -> str | None:
    """The name of the encoder behind the stored vectors; None before the first."""
    return connection.scalar(select(tables.search_state.c.encoder))


def agrees(connection: Connection, encoder: str) -> bool:
    """Whether vectors of this encoder may stand with those that are there; the first one names the encoder."""
    there = encoder_of(connection)
    if there is None:
        connection.execute(update(tables.search_state).values(encoder=encoder))
    return there in (None, encoder)


def forget_others(connection: Connection, encoder: str) -> int:
    """Take all vectors away when another encoder made them; how many there were."""
    if encoder_of(connection) in (None, encoder):
        return 0
    gone = connection.execute(delete(tables.vectors)).rowcount
    state = tables.search_state
    connection.execute(update(state).values(encoder=encoder, epoch=state.c.epoch + 1))
    return gone
