"""Files -> readers -> workers -> store: one transaction an article, in the order of the files, whoever is killed.

Readers and workers are ahead of the writer, and what they give waits for what stands before it: what is stored, and in
which order, depends neither on how many they are nor on who is first. What waits is bounded, so memory is too.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from api.analysing import read_answer, task_of
from api.batch_report import FileCount, Report
from api.contained import OtherFormat
from api.pools import Pool
from api.reading_ahead import Ahead, Order, Read, Refused
from api.sources import Source
from api.store import Store, Stored, Written
from api.store.intake import Claim, FileState, Incoming, Item, ItemState, KnownFile
from nlp.errors import ExpiredError, NotSetUpError, StandpointError, WithdrawnError
from nlp.readers.reading import Reading
from nlp.records import Article

#: What a reader knows of an article; the pipeline may fill what the reader leaves empty.
READ_FIELDS = ("reader", "title", "publisher", "published", "author", "url", "genre", "licence", "expires", "hints")
#: How long to wait for files that another process has in hand, and for workers, in seconds at a time.
PAUSE, WAIT = 0.5, 5.0
#: Reasons that are told of one file while a batch goes on.
MOST_TOLD = 5
KILLED = "its analysis ended the worker again and again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a batch is, after each file; ``skipped`` says what went wrong with it."""

    done: int
    total: int
    articles: int
    file: str
    skipped: str | None


class _Waiting(NamedTuple):
    """An article whose analysis is under way: item ``seq`` of its file."""

    number: int
    file: _InHand
    seq: int
    article: Article


@dataclass(slots=True, eq=False)
class _InHand:
    """A file whose articles are under way."""

    incoming: Incoming
    read: Read
    format: str
    left: int
    faults: list[str]


class Batch:
    """One run over files. ``withdraw`` takes away what came from addresses that their publisher takes back."""

    def __init__(
        self,
        store: Store,
        pool: Pool,
        ahead: Ahead,
        order: Order,
        *,
        total: int,
        progress: Callable[[Progress], None] | None = None,
        withdraw: Callable[[Iterable[str]], object] | None = None,
    ) -> None:
        self._store, self._pool, self._ahead, self._order = store, pool, ahead, order
        self._total, self._progress, self._withdraw = total, progress, withdraw
        self.report = Report()
        self._line: deque[_Waiting] = deque()
        self._answers: dict[int, bytes | None] = {}
        self._number = 0
        self._busy: list[Source] = []

    def run(self, sources: Iterable[Source]) -> Report:
        """Take every file in. Raises NotSetUpError at once, because what is not set up fails for every file."""
        with self._ahead.over(sources) as reads:
            for read in reads:
                self._take(read)
            self._drain()
            while self._busy:
                # Another process reads them; what it stores is told as if it had been there before.
                time.sleep(PAUSE)
                waiting, self._busy = self._busy, []
                for source in waiting:
                    self._take(self._ahead.take(source))
                self._drain()
        return self.report

    def _take(self, read: Read) -> None:
        match read.outcome:
            case Refused() as refused:
                self._refuse(read, refused)
            case OtherFormat():
                self.report.left_out += 1
                self._tell(read, [])
            case KnownFile() as known:
                self._recall(read, known)
            case Reading() as reading:
                self._begin(read, reading)

    def _refuse(self, read: Read, refused: Refused) -> None:
        if read.key is not None:
            file = self._ahead.incoming(read.source, read.key)
            self._store.intake.fail(file, refused.reason, quarantine=refused.quarantined)
        self.report.skip(read.source.where, refused.reason)
        self._tell(read, [refused.reason])

    def _recall(self, read: Read, known: KnownFile) -> None:
        """Tell of a file that came before what was told then."""
        where = read.source.where
        if self._order.only not in (None, known.format):
            self.report.left_out += 1
            self._tell(read, [])
            return
        faults = self._store.intake.faults(known.id) if known.state is FileState.DONE else []
        reasons = [fault.reason for fault in faults]
        if known.state is FileState.DONE:
            self._count(read, known.format or "", known.declared, known.parsed, known.items, len(faults))
        for fault in faults:
            self.report.skip(where, fault.reason, place=fault.place if known.parsed > 1 else "", format=known.format)
        if known.reason:
            reasons.append(known.reason)
            self.report.skip(where, known.reason, format=known.format)
        self.report.unchanged += known.items
        self._tell(read, reasons)

    def _begin(self, read: Read, reading: Reading) -> None:
        """Claim a file, and give its articles to the workers."""
        assert read.key is not None
        file = self._ahead.incoming(read.source, read.key)
        items = self._items(file, reading)
        reason = None if items else "there is no article in the file"
        claim = self._store.intake.open(file, items, format=reading.format, declared=reading.declared, reason=reason)
        if claim is Claim.BUSY:
            self._busy.append(read.source)
            return
        if claim is Claim.REPEATED:
            self._count(read, reading.format, reading.declared, reading.parsed, len(reading.articles), 0)
            self.report.unchanged += len(reading.articles)
            self._tell(read, [])
            return
        self._account(read, reading, items)
        waiting = [seq for seq, item in enumerate(items) if item.state is ItemState.WAITING]
        faults = [item.reason for item in items if item.reason] + ([reason] if reason else [])
        hand = _InHand(file, read, reading.format, len(waiting), faults)
        for seq in waiting:
            self._submit(hand, seq, reading.articles[seq])
        if reading.withdrawn and self._withdraw:
            # What came before it is written before it is withdrawn.
            self._drain()
            self._withdraw(reading.withdrawn)
        if not waiting:
            self._tell(read, faults)

    def _items(self, file: Incoming, reading: Reading) -> list[Item]:
        """The items of a file: its articles first, with what is known of them, then what its reader left out."""
        failed = frozenset() if self._order.retry else self._store.intake.failed_items(file)
        items = [self._item(seq in failed, article) for seq, article in enumerate(reading.articles)]
        items += [Item(item.where, ItemState.SKIPPED, reason=item.reason) for item in reading.skipped]
        return items + [Item(source, ItemState.WITHDRAWN) for source in reading.withdrawn]

    def _item(self, failed: bool, article: Article) -> Item:
        if is_kept(article, self._store.reader.stored(article.id), self._order.stamp):
            return Item(article.source, ItemState.UNCHANGED, article.id)
        try:
            # Before the analysis, which takes long; the write looks again.
            if not self._order.forced:
                self._store.holdings.refuse(article)
        except (WithdrawnError, ExpiredError) as error:
            return Item(article.source, ItemState.FAILED, article.id, str(error))
        if failed:
            return Item(article.source, ItemState.FAILED, article.id, "its analysis failed before (--retry-failed)")
        return Item(article.source, ItemState.WAITING, article.id)

    def _account(self, read: Read, reading: Reading, items: list[Item]) -> None:
        report, where = self.report, read.source.where
        held = [item for item in items if item.state in (ItemState.WAITING, ItemState.UNCHANGED)]
        faulty = [item for item in items if item.reason]
        self._count(read, reading.format, reading.declared, reading.parsed, len(held), len(faulty))
        for item in faulty:
            place = item.place if len(items) > 1 else ""
            report.skip(where, item.reason or "", place=place, format=reading.format)
        if not items:
            report.skip(where, "there is no article in the file", format=reading.format)
        report.unchanged += sum(item.state is ItemState.UNCHANGED for item in items)
        report.withdrawn += len(reading.withdrawn)
        report.of(reading.format).withdrawn += len(reading.withdrawn)

    def _count(self, read: Read, format: str, declared: int | None, parsed: int, articles: int, skipped: int) -> None:
        self.report.of(format).articles += articles
        self.report.of(format).files += 1
        numbers = {"declared": declared, "parsed": parsed, "articles": articles, "skipped": skipped}
        self.report.count_file(FileCount(file=read.source.where, format=format, **numbers))  # type: ignore[arg-type]

    def _submit(self, file: _InHand, seq: int, article: Article) -> None:
        while len(self._line) >= self._pool.window:
            self._advance()
        self._line.append(_Waiting(self._number, file, seq, article))
        self._pool.submit(self._number, task_of(article))
        self._number += 1

    def _drain(self) -> None:
        while self._line:
            self._advance()

    def _advance(self) -> None:
        """Wait for answers, and write those that nothing stands before."""
        if self._line[0].number not in self._answers:
            self._answers.update(self._pool.wait(WAIT))
        while self._line and self._line[0].number in self._answers:
            waiting = self._line.popleft()
            self._settle(waiting, self._answers.pop(waiting.number))

    def _settle(self, waiting: _Waiting, body: bytes | None) -> None:
        """Write an article, or say why there is none."""
        file, intake = waiting.file, self._store.intake
        file.left -= 1
        last = file.left == 0
        reason = self._keep(waiting, body, last=last)
        if reason:
            intake.fail_item(file.incoming.id, waiting.seq, reason, last=last)
            file.faults.append(reason)
            self.report.of(file.format).articles -= 1
            self.report.skip(file.read.source.where, reason, format=file.format)
        if last:
            self._tell(file.read, file.faults)

    def _keep(self, waiting: _Waiting, body: bytes | None, *, last: bool) -> str:
        """Write an article; why it cannot be, or nothing."""
        if body is None:
            return KILLED
        found = read_answer(body, waiting.article)
        if found.rows is None:
            return found.fault
        self._require_run(found.run)
        try:
            id = waiting.file.incoming.id
            forced = self._order.forced
            written = self._store.intake.keep(id, waiting.seq, found.rows, found.embedded, last=last, forced=forced)
        except NotSetUpError:
            raise
        except StandpointError as error:
            return str(error)
        self.report.stored += written is not Written.UNCHANGED
        self.report.unchanged += written is Written.UNCHANGED
        return ""

    def _require_run(self, run: str) -> None:
        if run != self._order.stamp:
            raise NotSetUpError(
                "a worker has other code or models than the others",
                do="install the same version of Standpoint everywhere, and start the workers again",
            )

    def _tell(self, read: Read, faults: Sequence[str]) -> None:
        self.report.files += 1
        if self._progress:
            articles = self.report.stored + self.report.unchanged
            told = {"done": self.report.files, "total": self._total, "articles": articles}
            self._progress(Progress(**told, file=read.source.where, skipped="; ".join(faults[:MOST_TOLD]) or None))


def is_kept(article: Article, stored: Stored | None, run: str) -> bool:
    """Whether what is stored is what a run of this digest would find in the article."""
    if stored is None or stored.run.digest != run:
        return False
    read = ((getattr(article, field), getattr(stored.article, field)) for field in READ_FIELDS)
    return all(new in (None, ()) or new == old for new, old in read)
