"""The passages nearest in meaning: an exact scan of all vectors, eight bits a number, in the memory of the server.

Faiss's scalar quantizer is made with the fixed range of ``api.store.vectors``, so that stored codes go in untouched:
200,000 in 0.08 s. Its scan decodes with the processor's vector instructions; the best are ranked once more with
vectors that are brought back to unit length, which eight bits are not quite.
"""

from __future__ import annotations

from threading import Lock
from typing import Any, NamedTuple

import faiss
import numpy as np
from sqlalchemy import Connection, func, select

from api.store import tables
from api.store.catalogue import Catalogue
from api.store.columns import LOT, Ints
from api.store.postings import Bools
from api.store.vectors import RANGE, Floats, unit

#: The best so many are ranked once more.
RERANKED = 100


class Near(NamedTuple):
    """Rows of the catalogue, nearest first, and their cosines with what was asked."""

    rows: Ints
    cosines: Floats


class Nearest:
    """All vectors of a store; threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._forget(None)

    def _forget(self, encoder: str | None) -> None:
        self._index: Any = None
        self._encoder, self._epoch = encoder, -1
        self._last, self._loaded = 0, 0
        self._passages = np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._passages)

    def search(
        self, connection: Connection, catalogue: Catalogue, vector: Floats, allowed: Bools, *, most: int
    ) -> Near:
        """The nearest of the allowed rows, ``most`` at most. ``vector`` has unit length and shape (width,)."""
        with self._lock:
            self._load(connection, catalogue)
            if not len(self):
                return Near(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
            places, rows = self._places(catalogue, allowed)
            # Too few that may be found: the scan would fill up with nothing.
            wanted = min(max(most, RERANKED), int(places.sum()))
            selector = faiss.IDSelectorBitmap(np.packbits(places, bitorder="little"))
            options = faiss.SearchParameters(sel=selector)
            _, found = self._index.search(vector[None, :], max(wanted, 1), params=options)
            near = found[0][found[0] >= 0]
            exact = unit(self._index.reconstruct_batch(near)) @ vector
        order = np.lexsort((-rows[near], -exact))[:most]
        return Near(rows[near][order], exact[order])

    def _places(self, catalogue: Catalogue, allowed: Bools) -> tuple[Bools, Ints]:
        """Which vectors are of allowed passages, and the row of each; both by the place of the vector."""
        known = np.minimum(self._passages, len(catalogue.place) - 1)
        rows = catalogue.place[known]
        there = (known == self._passages) & (rows >= 0)
        return allowed[rows] & there, rows

    def _load(self, connection: Connection, catalogue: Catalogue) -> None:
        state = catalogue.state
        gone = len(self) > 2 * max(len(catalogue.columns), 1_000)
        if (self._encoder, self._epoch) != (state.encoder, state.epoch) or gone:
            self._forget(state.encoder)
            self._epoch = state.epoch
        if self._loaded == state.vectors:
            return
        columns = tables.vectors.c
        query = select(columns.number, columns.passage, columns.code).where(columns.number > self._last)
        rows = connection.execution_options(yield_per=LOT).execute(query.order_by(columns.number))
        passages = [self._passages]
        for lot in rows.partitions(LOT):
            codes = np.frombuffer(b"".join(row.code for row in lot), dtype=np.uint8).reshape(len(lot), -1)
            if self._index is None:
                self._index = make_index(codes.shape[1], room=self._count(connection))
            self._index.add_sa_codes(codes)
            passages.append(np.array([row.passage for row in lot], dtype=np.int64))
            self._last = lot[-1].number
        self._passages, self._loaded = np.concatenate(passages), state.vectors

    def _count(self, connection: Connection) -> int:
        return connection.scalar(select(func.count()).select_from(tables.vectors)) or 0


def make_index(width: int, *, room: int = 0) -> Any:
    """An empty index for codes of ``width`` bytes; ``room`` is for how many, so that none is ever held twice."""
    kind, metric = faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    index = faiss.IndexScalarQuantizer(width, kind, metric)
    ranges = np.concatenate([np.full(width, -RANGE), np.full(width, 2 * RANGE)]).astype(np.float32)
    faiss.copy_array_to_vector(ranges, index.sq.trained)
    index.is_trained = True
    # There is no reserve: what is cleared keeps its room.
    index.codes.resize(room * width)
    index.codes.clear()
    return index
