"""Files read before they are needed, each in a contained reader, in the order in which they were named."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue

from api.contained import ContainedReader, Limits, OtherFormat, ReaderEndedError
from api.pools import MOST_TRIES
from api.sources import Source, key_of
from api.store.intake import FileState, Incoming, Intake, KnownFile
from nlp.errors import UnreadableError
from nlp.readers import MAX_BYTES
from nlp.readers.items import reason
from nlp.readers.reading import Reading

#: A file that ends its reader so often is not read again unless it is asked for.
QUARANTINE = 2


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that gives nothing, and why; ``quarantined`` when that is because it ends its readers."""

    reason: str
    quarantined: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """A file on its way: what it holds, what is known of it from before, that it is of another format, or why not.

    ``key`` is None where not even its bytes could be had.
    """

    source: Source
    key: str | None
    outcome: Reading | KnownFile | OtherFormat | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How files are read: the program's ``stamp``, and what is asked for."""

    batch: str
    stamp: str
    only: str | None = None
    retry: bool = False
    forced: bool = False
    max_bytes: int = MAX_BYTES


class Ahead:
    """Reads files in ``readers`` processes, so many ahead of whoever takes them.

    ``intake`` knows what came before; without one, nothing is known and nothing noted.
    """

    def __init__(self, order: Order, intake: Intake | None, *, readers: int = 1, limits: Limits | None = None) -> None:
        self._order, self._intake, self._count = order, intake, readers
        self._readers: SimpleQueue[ContainedReader] = SimpleQueue()
        self._all = [ContainedReader(limits) for _ in range(readers)]
        for reader in self._all:
            self._readers.put(reader)

    def incoming(self, source: Source, key: str) -> Incoming:
        """The file as the store knows it."""
        return Incoming(id=key, path=source.where, stamp=self._order.stamp, batch=self._order.batch)

    @contextmanager
    def over(self, sources: Iterable[Source]) -> Iterator[Iterator[Read]]:
        """All files in their order, read ahead of time; the readers end with the block."""
        threads = ThreadPoolExecutor(self._count, thread_name_prefix="reading")
        try:
            yield self._in_order(threads, sources)
        finally:
            threads.shutdown(cancel_futures=True)
            for reader in self._all:
                reader.close()

    def _in_order(self, threads: ThreadPoolExecutor, sources: Iterable[Source]) -> Iterator[Read]:
        waiting: deque[Future[Read]] = deque()
        for source in sources:
            waiting.append(threads.submit(self.take, source))
            if len(waiting) > self._count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def take(self, source: Source) -> Read:
        """One file: what is known of it, or what it holds."""
        try:
            data = source.load(self._order.max_bytes)
        except UnreadableError as error:
            return Read(source, None, Refused(reason(error)))
        key = key_of(source, data)
        known = self._known(key)
        return Read(source, key, known or self._read(self.incoming(source, key), source, data))

    def _known(self, key: str) -> KnownFile | None:
        """What came of the file before, where reading it again would tell nothing new."""
        known = self._intake.find(key) if self._intake else None
        if known is None or self._intake is None:
            return None
        same, retry = known.stamp == self._order.stamp, self._order.retry
        if known.state is FileState.DONE:
            again = retry and bool(self._intake.faults(key))
            return known if same and not again and self._intake.is_intact(key, self._order.stamp) else None
        if known.state is FileState.QUARANTINED or (known.state is FileState.FAILED and same):
            if not retry:
                return known
            self._intake.forget(key)
        return None

    def _read(self, file: Incoming, source: Source, data: bytes) -> Reading | OtherFormat | Refused:
        """Read a file, again when its reader ended; one that ends them is refused for good."""
        blamed = killed = 0
        while True:
            reader = self._readers.get()
            try:
                found = reader.read(data, source=source.name, only=self._order.only)
                return source.complete(found) if isinstance(found, Reading) else found
            except UnreadableError as error:
                return Refused(reason(error))
            except ReaderEndedError as error:
                killed += 1
                if error.blamed:
                    blamed = self._intake.blame(file) if self._intake else blamed + 1
                if blamed >= QUARANTINE or killed >= MOST_TRIES:
                    return Refused(error.what, quarantined=blamed >= QUARANTINE)
            finally:
                self._readers.put(reader)
