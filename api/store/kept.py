"""Answers to questions that are asked again and again, kept while nothing is written.

The number of the last change (``api.store.log``) is read in the transaction that would find the answer anew, so that
what is kept is never older than what the transaction sees. Each process has its own.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy import Connection, select

from api.store.tables import observation_state

T = TypeVar("T")


class Kept(Generic[T]):
    """One answer, of the newest state of the store that was asked about; threads may share it."""

    def __init__(self, find: Callable[[Connection], T]) -> None:
        self._find, self._lock = find, Lock()
        self._now: tuple[int, T] | None = None

    def get(self, connection: Connection) -> T:
        """The answer for the state that the connection sees: one small statement when nothing changed since."""
        number = connection.scalar(select(observation_state.c.number)) or 0
        now = self._now
        if now is not None and now[0] == number:
            return now[1]
        found = self._find(connection)
        with self._lock:
            if self._now is None or self._now[0] <= number:
                self._now = (number, found)
        return found
