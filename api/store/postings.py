"""Which passages have a term, kept as bits for as long as nothing is written.

People ask for the same few hundred words again and again, and of a common word the engine lists half a million numbers
each time: 33 ms of CPU on PostgreSQL for one that a third of 200,000 statements have.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
#: The most bytes that are kept: 250 words over a million passages.
MOST_BYTES = 32 * 2**20


class Postings:
    """Masks of rows by the terms of which a row has one, those asked for last; threads may share it."""

    def __init__(self) -> None:
        self._lock, self._bytes = Lock(), 0
        self._kept: OrderedDict[tuple[str, ...], NDArray[np.uint8]] = OrderedDict()

    def get(self, group: tuple[str, ...], size: int) -> Bools | None:
        """The mask that was kept of so many rows, or None."""
        with self._lock:
            bits = self._kept.get(group)
            if bits is None:
                return None
            self._kept.move_to_end(group)
        return np.unpackbits(bits, count=size).view(np.bool_)

    def keep(self, group: tuple[str, ...], mask: Bools) -> None:
        """Keep a mask, and let those go that were not asked for longest."""
        bits = np.packbits(mask)
        with self._lock:
            gone = self._kept.pop(group, None)
            self._kept[group] = bits
            self._bytes += bits.nbytes - (gone.nbytes if gone is not None else 0)
            while self._bytes > MOST_BYTES and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].nbytes
