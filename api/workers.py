"""Workers on this machine: processes that load the models once, and are replaced when they end.

``concurrent.futures`` gives up all its processes when one is killed; here the others go on, and the task in the hands
of the one that is gone is given to the next.
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from api.analysing import Work, answer, refusal
from api.pools import MOST_TRIES, Answer
from nlp.errors import NotSetUpError

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

#: A worker has one task in hand and so many that wait in it, so that it need not wait for its next.
AHEAD = 1
#: Tasks under way for each worker: what is done waits for what came before it, as everything is written in order.
WINDOW = 8
#: A task may take so long, and so may the loading of the models; in seconds.
PATIENCE = 300.0
#: So many workers may end in a row before any of them has loaded its models.
MOST_IN_VAIN = 10
#: What a worker says when it is ready.
READY = b""
_NUMBER = 8


@dataclass(eq=False, slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection
    tasks: deque[int] = field(default_factory=deque)
    since: float = field(default_factory=time.monotonic)
    ready: bool = False


class LocalPool:
    """So many processes on this machine, each with the models of ``work``."""

    def __init__(self, work: Work, workers: int, *, patience: float = PATIENCE) -> None:
        self.window = WINDOW * workers
        self._work, self._patience = work, patience
        self._tasks: dict[int, bytes] = {}
        self._waiting: deque[int] = deque()
        self._tries: dict[int, int] = {}
        self._given_up: list[Answer] = []
        self._in_vain = 0
        self._workers = [self._start() for _ in range(workers)]

    @property
    def pids(self) -> list[int]:
        """The processes of the workers."""
        return [worker.process.pid or 0 for worker in self._workers]

    def submit(self, number: int, task: bytes) -> None:
        """Take a task on; the one that has the least to do gets it."""
        self._tasks[number] = task
        self._waiting.append(number)
        self._feed()

    def wait(self, seconds: float) -> list[Answer]:
        """What was answered; a worker that takes too long is killed, and one that is gone replaced."""
        ready = wait([worker.connection for worker in self._workers], 0 if self._given_up else self._until(seconds))
        found, self._given_up = self._given_up, []
        for worker in [worker for worker in self._workers if worker.connection in ready]:
            found += self._receive(worker)
        self._end_late()
        self._feed()
        return found

    def close(self) -> None:
        """End the workers at once; what they have in hand is lost."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()
        self._workers = []

    def _until(self, seconds: float) -> float:
        now = time.monotonic()
        return max(0.0, min([seconds, *(self._deadline(worker) - now for worker in self._workers if worker.tasks)]))

    def _deadline(self, worker: _Worker) -> float:
        return worker.since + (self._patience if worker.ready else PATIENCE)

    def _start(self) -> _Worker:
        # A fresh interpreter: what a fork would copy of threads and locks is no good in it.
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, self._work), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _feed(self) -> None:
        while self._waiting:
            worker = min(self._workers, key=lambda each: len(each.tasks))
            if len(worker.tasks) > AHEAD:
                return
            number = self._waiting.popleft()
            if worker.ready and not worker.tasks:
                worker.since = time.monotonic()
            worker.tasks.append(number)
            try:
                worker.connection.send_bytes(_numbered(number, self._tasks[number]))
            except OSError:
                # It is gone: what it has is given to others when that is seen.
                return

    def _receive(self, worker: _Worker) -> list[Answer]:
        try:
            message = worker.connection.recv_bytes()
        except (EOFError, OSError):
            self._replace(worker)
            return []
        worker.since = time.monotonic()
        if message == READY:
            worker.ready, self._in_vain = True, 0
            return []
        number = int.from_bytes(message[:_NUMBER], "big", signed=True)
        worker.tasks.remove(number)
        self._forget(number)
        return [Answer(number, message[_NUMBER:])]

    def _replace(self, gone: _Worker) -> None:
        """Put another in the place of a worker that is gone, and its tasks before all that wait."""
        gone.process.kill()
        gone.process.join()
        gone.connection.close()
        self._in_vain += 1
        if self._in_vain > MOST_IN_VAIN:
            raise NotSetUpError("the workers end as soon as they begin", do="see whether there is memory for --workers")
        for place, number in enumerate(reversed(gone.tasks)):
            if place == len(gone.tasks) - 1 and self._gives_up(number):
                continue
            self._waiting.appendleft(number)
        self._workers[self._workers.index(gone)] = self._start()

    def _gives_up(self, number: int) -> bool:
        self._tries[number] = self._tries.get(number, 0) + 1
        if self._tries[number] < MOST_TRIES:
            return False
        self._forget(number)
        self._given_up.append(Answer(number, None))
        return True

    def _forget(self, number: int) -> None:
        del self._tasks[number]
        self._tries.pop(number, None)

    def _end_late(self) -> None:
        for worker in self._workers:
            if worker.tasks and time.monotonic() > self._deadline(worker):
                worker.process.kill()


def serve(connection: Connection, work: Work) -> None:
    """Be a worker: answer tasks until whoever sends them is gone."""
    # Ctrl-C is for who gave the work out; it ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Workers side by side have a core each (``nlp.encoders``).
    os.environ["OMP_NUM_THREADS"] = "1"
    tasks: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_take, args=(connection, tasks), daemon=True).start()
    try:
        loaded = work.load()
    except NotSetUpError as error:
        while True:
            _reply(connection, tasks.get(), refusal(error))
    _reply(connection, READY, READY)
    while True:
        message = tasks.get()
        _reply(connection, message, answer(message[_NUMBER:], loaded))


def _reply(connection: Connection, message: bytes, body: bytes) -> None:
    try:
        connection.send_bytes(message[:_NUMBER] + body)
    except OSError:
        os._exit(0)


def _take(connection: Connection, tasks: SimpleQueue[bytes]) -> None:
    """Take in what is sent while another task is worked on, so that neither side ever waits for the other to read."""
    while True:
        try:
            tasks.put(connection.recv_bytes())
        except (EOFError, OSError):
            # Nobody is there to be answered; what is in hand is of no use to anybody.
            os._exit(0)


def _numbered(number: int, task: bytes) -> bytes:
    return number.to_bytes(_NUMBER, "big", signed=True) + task
