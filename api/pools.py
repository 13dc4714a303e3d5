"""Who does the work of a batch: tasks in, answers out in whatever order they come."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple, Protocol

from api.analysing import ASK_RUN, Loaded, answer, read_answer
from nlp.errors import NotSetUpError

#: A task that so many workers did not live to answer is given up. Workers are killed from outside too, by people and
#: by systems short of memory, so twice would be too few: where one task of forty meets a kill, five in a row are
#: one in a hundred million.
MOST_TRIES = 5


class Answer(NamedTuple):
    """What came of task ``number``; None when no worker lived to answer it."""

    number: int
    body: bytes | None


class Pool(Protocol):
    """Workers. ``window`` is how many tasks may be under way at once, done ones that wait to be written among them."""

    window: int

    def submit(self, number: int, task: bytes) -> None:
        """Take a task on."""
        ...

    def wait(self, seconds: float) -> list[Answer]:
        """What was answered; waits so long for the first. Raises NotSetUpError when there is nobody to answer."""
        ...

    def close(self) -> None:
        """End the workers."""
        ...


class OwnPool:
    """Does the work in this process, a task at a time: for few articles, and where models are loaded already."""

    def __init__(self, loaded: Loaded) -> None:
        self.window = 1
        self._loaded, self._tasks = loaded, deque[tuple[int, bytes]]()

    def submit(self, number: int, task: bytes) -> None:
        self._tasks.append((number, task))

    def wait(self, seconds: float) -> list[Answer]:
        if not self._tasks:
            return []
        number, task = self._tasks.popleft()
        return [Answer(number, answer(task, self._loaded))]

    def close(self) -> None:
        self._tasks.clear()


def run_of(pool: Pool) -> str:
    """The digest of the run behind what the workers find. Raises NotSetUpError when they cannot work."""
    pool.submit(-1, ASK_RUN)
    while not (answers := pool.wait(60)):
        pass
    body = answers[0].body
    if body is None:
        raise NotSetUpError("the workers end as soon as they begin", do="see whether there is memory for --workers")
    return read_answer(body, None).run
