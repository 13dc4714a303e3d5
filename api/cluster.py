"""Workers on other machines: the same work, through a Dask scheduler. Imported only when one is named.

Tasks and answers are bytes of JSON; what Dask itself pickles travels between machines that trust one another, by TLS,
or stays on this one.
"""

from __future__ import annotations

import ipaddress
import time
from functools import cache
from queue import Empty, SimpleQueue
from secrets import token_hex
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from api.analysing import Loaded, Work, answer, refusal
from api.pools import MOST_TRIES, Answer
from nlp.errors import NotSetUpError, UsageError

#: Tasks under way for each thread of the cluster, and at least and at most; more workers may come while it works.
AHEAD, LEAST, MOST = 4, 16, 4_096
#: How long to look for the scheduler, and for workers when it has none, in seconds.
CONNECT, PATIENCE = 10.0, 60.0
#: How often the scheduler is looked at while nothing is answered, in seconds.
LOOK = 0.5
_ONE_AT_A_TIME = Lock()


def check_address(address: str) -> None:
    """Raises UsageError for an address where others could read along: only TLS, or this machine."""
    parts = urlsplit(address)
    if parts.scheme not in ("tcp", "tls") or not parts.hostname:
        raise UsageError(
            "is no address of a scheduler", where=address, do="give tls://HOST:8786 or tcp://127.0.0.1:8786"
        )
    if parts.scheme == "tcp" and not _is_loopback(parts.hostname):
        raise UsageError(
            "would send articles in the clear", where=address, do="use tls://, or a scheduler on 127.0.0.1"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


@cache
def _loaded(work: Work) -> Loaded | NotSetUpError:
    """What this process holds; it is loaded once for all batches of the same models and topics."""
    try:
        return work.load()
    except NotSetUpError as error:
        return error


def run_task(work: Work, task: bytes) -> bytes:
    """Do one task on whichever machine this is, one at a time: models are not made for threads."""
    with _ONE_AT_A_TIME:
        loaded = _loaded(work)
        return refusal(loaded) if isinstance(loaded, NotSetUpError) else answer(task, loaded)


class ClusterPool:
    """The workers of a Dask cluster."""

    def __init__(self, work: Work, address: str) -> None:
        check_address(address)
        self._work, self._address, self._batch = work, address, token_hex(4)
        self._client = _connect(address)
        self.window = LEAST
        self._futures: dict[int, Any] = {}
        self._tasks: dict[int, bytes] = {}
        self._tries: dict[int, int] = {}
        self._ended: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        try:
            self.window = min(MOST, max(LEAST, AHEAD * self._threads()))
        except NotSetUpError:
            self.close()
            raise

    def _threads(self) -> int:
        until = time.monotonic() + PATIENCE
        while not (threads := sum(self._client.ncores().values())):
            if time.monotonic() > until:
                raise NotSetUpError(
                    "the scheduler has no workers", where=self._address, do="start some: dask worker ADDRESS"
                )
            time.sleep(LOOK)
        return int(threads)

    def submit(self, number: int, task: bytes) -> None:
        self._tasks[number] = task
        self._send(number)

    def _send(self, number: int) -> None:
        tries = self._tries.get(number, 0)
        key = f"standpoint-{self._batch}-{number}-{tries}"
        # Never spread over the cluster before it is asked for: it is read here and nowhere else.
        future = self._client.submit(run_task, self._work, self._tasks[number], key=key, pure=False)
        self._futures[number] = future
        future.add_done_callback(lambda done: self._ended.put((number, done)))

    def wait(self, seconds: float) -> list[Answer]:
        """What was answered. Raises NotSetUpError when the scheduler is gone: the batch may be run again."""
        until = time.monotonic() + seconds
        while True:
            self._require_scheduler()
            try:
                number, done = self._ended.get(timeout=LOOK)
            except Empty:
                if time.monotonic() > until:
                    return []
                continue
            if self._futures.get(number) is done and (found := self._take(number, done)):
                return [found]

    def _take(self, number: int, done: Any) -> Answer | None:
        if done.status == "finished":
            body = _result(done)
            if body is not None:
                return self._settled(number, body)
        self._require_scheduler(lost=done.status in ("cancelled", "lost"))
        # Dask gave it up: its workers ended with it, again and again.
        self._tries[number] = self._tries.get(number, 0) + 1
        if self._tries[number] >= MOST_TRIES:
            return self._settled(number, None)
        self._send(number)
        return None

    def _settled(self, number: int, body: bytes | None) -> Answer:
        self._futures.pop(number).release()
        del self._tasks[number]
        self._tries.pop(number, None)
        return Answer(number, body)

    def _require_scheduler(self, *, lost: bool = False) -> None:
        if lost or self._client.status != "running":
            raise NotSetUpError(
                "the scheduler went away",
                where=self._address,
                do="start it and its workers, and run the same command again: what was stored is kept",
            )

    def close(self) -> None:
        self._futures.clear()
        self._client.close(timeout=LOOK)


def _result(done: Any) -> bytes | None:
    """The answer, which is fetched from the worker that has it; None when that is gone by now."""
    from distributed.client import FutureCancelledError

    try:
        body = done.result(timeout=PATIENCE)
    except (FutureCancelledError, OSError, TimeoutError):
        return None
    return body if isinstance(body, bytes) else None


def _connect(address: str) -> Any:
    try:
        from distributed import Client, Security
    except ImportError as error:
        raise NotSetUpError("Dask is missing", do="pip install 'standpoint[cluster]'") from error
    try:
        # Keys and certificates are named as Dask has them: DASK_DISTRIBUTED__COMM__TLS__CA_FILE and so on.
        security = Security(require_encryption=True) if address.startswith("tls:") else None
        return Client(address, security=security, timeout=CONNECT, set_as_default=False)
    except (OSError, RuntimeError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise NotSetUpError(
            f"the scheduler cannot be reached: {reason}", where=address, do="check it, and TLS"
        ) from None
