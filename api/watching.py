"""Watches feeds: asks each now and then, politely, and keeps the articles of entries that it has not seen.

What a server says is honoured: ETag and Last-Modified (nothing is sent twice), Retry-After, 410 (it is not asked
again), robots.txt for pages. Only whoever starts the watch makes it go; nothing else of the program asks feeds.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Event

from api.contained import ContainedReader
from api.feeds import Entry, Listed, entries_of, page_of
from api.outside import Answer, Outside, OutsideError, retry_after
from api.robots import Robots, origin_of
from api.services import Services
from api.store import Written
from api.store.feeds import Feed
from nlp.errors import NotSetUpError, StandpointError, UnreadableError
from nlp.readers import Reading
from nlp.records import Topic

#: An entry that cannot be read is tried so often.
ATTEMPTS = 3
#: A feed that cannot be read waits twice as long after each failure, no longer than a day, give or take a fifth.
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one look at a feed gave. ``error`` says why there is none; ``skipped`` are entries with their reasons."""

    url: str
    stored: int = 0
    unchanged: int = 0
    skipped: tuple[tuple[str, str], ...] = ()
    error: str | None = None
    gone: bool = False
    waits: bool = False
    moved_to: str | None = None

    @property
    def failed(self) -> bool:
        """Whether something was there that could not be read."""
        return self.error is not None or bool(self.skipped)


@dataclass(slots=True)
class Watcher:
    """Looks at feeds; ``fetch`` also gets the pages that entries lead to."""

    services: Services
    outside: Outside
    every: timedelta
    fetch: bool = False
    stop: Event = field(default_factory=Event)
    report: Callable[[Polled], None] = lambda _: None
    _robots: Robots = field(init=False)
    _fetched: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._robots = Robots(self.outside)

    def watch(self, urls: Sequence[str]) -> None:
        """Look at the feeds until told to stop, or until all of them are gone."""
        due = dict.fromkeys(urls, 0.0)
        while due and not self.stop.is_set():
            url = min(due, key=lambda each: due[each])
            if self.stop.wait(max(0.0, due[url] - time.monotonic())):
                return
            polled = self.poll(url)
            self.report(polled)
            if polled.gone:
                del due[url]
            else:
                due[url] = time.monotonic() + self._pause(url)

    def poll(self, url: str) -> Polled:
        """Look at a feed once, unless its server, or failures, ask for more time."""
        feeds = self.services.store.feeds
        known = feeds.get(url)
        if known.gone:
            return Polled(url=url, gone=True, error="its server said that it is gone for good")
        if known.not_before is not None and known.not_before > datetime.now(UTC):
            return Polled(url=url, waits=True, error=known.error)
        try:
            answer = self.outside.get(url, _conditions(known))
            return self._answered(known, answer)
        except NotSetUpError:
            raise
        except StandpointError as error:
            return self._failed(known, error.what)

    def _answered(self, known: Feed, answer: Answer) -> Polled:
        feeds = self.services.store.feeds
        if answer.status == 304:
            feeds.note(known.url, failures=0, error=None, not_before=None)
            return Polled(url=known.url)
        if answer.status == 410:
            feeds.note(known.url, gone=True, error="it answered 410")
            return Polled(url=known.url, gone=True, error="its server says that it is gone for good")
        if answer.status != 200:
            return self._failed(
                known, f"it answered {answer.status}", retry_after(answer.headers.get("retry-after", ""))
            )
        listed = entries_of(answer.body, url=answer.url, content_type=answer.headers.get("content-type", ""))
        feeds.note(known.url, failures=0, error=None, not_before=None)
        polled, settled = self._read(known.url, listed)
        if settled:
            # Kept only now: while entries are still to be read the feed must be sent again.
            headers = answer.headers
            feeds.note(known.url, etag=headers.get("etag"), modified=headers.get("last-modified"))
        moved = answer.url if answer.moved and answer.url != known.url else None
        return replace(polled, moved_to=moved)

    def _failed(self, known: Feed, error: str, asked: float | None = None) -> Polled:
        wait = self.every * 2 ** min(known.failures, 20) if self.every < LONGEST_WAIT else LONGEST_WAIT
        wait = min(wait, LONGEST_WAIT) * random.uniform(0.8, 1.2)
        until = datetime.now(UTC) + max(wait, timedelta(seconds=asked or 0))
        self.services.store.feeds.note(known.url, failures=known.failures + 1, error=error, not_before=until)
        return Polled(url=known.url, error=error)

    def _pause(self, url: str) -> float:
        """The seconds until the feed is looked at again, as its server or its failures ask for."""
        own = self.every.total_seconds() * random.uniform(0.9, 1.1)
        until = self.services.store.feeds.get(url).not_before
        return max(own if until is None else 0.0, (until - datetime.now(UTC)).total_seconds() if until else 0.0)

    def _read(self, url: str, listed: Listed) -> tuple[Polled, bool]:
        """Read the entries that were not read before, oldest first; and whether all of them are done with."""
        feeds, topics = self.services.store.feeds, tuple(self.services.topics().values())
        seen = feeds.seen(url, [entry.key for entry in listed.entries])
        written: list[Written] = []
        skipped: list[tuple[str, str]] = []
        settled = True
        for entry in _oldest_first(listed.entries):
            before = seen.get(entry.key)
            if before is not None and (before.done or before.attempts >= ATTEMPTS):
                continue
            if self.stop.is_set():
                settled = False
                break
            try:
                written += self._ingest(entry, listed.title, topics)
                feeds.mark(url, entry.key, done=True)
            except NotSetUpError:
                raise
            except StandpointError as error:
                feeds.mark(url, entry.key, done=False, error=error.what)
                skipped.append((entry.name, error.what))
                settled &= (before.attempts if before else 0) + 1 >= ATTEMPTS
        unchanged = written.count(Written.UNCHANGED)
        polled = Polled(url=url, stored=len(written) - unchanged, unchanged=unchanged, skipped=tuple(skipped))
        return polled, settled

    def _ingest(self, entry: Entry, feed: str, topics: Sequence[Topic]) -> list[Written]:
        """Keep what an entry holds. Raises StandpointError when it holds no article, or cannot be had."""
        store, most = self.services.store, self.services.settings.max_file_bytes
        if self.fetch and entry.link:
            answer = self._fetch(entry.link)
            data, source = answer.body, answer.url
        else:
            data, source = page_of(entry, feed), entry.link or entry.id or entry.key
        if len(data) > most:
            raise UnreadableError(f"is larger than {most / 1e6:g} MB", where=source)
        reading = self._contained(data, source)
        for each in reading.withdrawn:
            store.holdings.withdraw_source(each, reason="Its publisher took it back.")
        if not reading.articles:
            reason = reading.skipped[0].reason if reading.skipped else "holds no article"
            raise UnreadableError(reason, where=source)
        written = []
        for article in reading.articles:
            if store.reader.stored(article.id) is not None:
                written.append(Written.UNCHANGED)
            else:
                written.append(store.writer.write_analysis(self.services.analyse(article, topics)))
        return written

    def _contained(self, data: bytes, source: str) -> Reading:
        """What came from elsewhere is read in a process of its own, as files are."""
        with ContainedReader() as reader:
            return reader.read_any(data, source=source)

    def _fetch(self, url: str) -> Answer:
        """The page behind an entry. Raises OutsideError when it may not be had, or is not there."""
        self.outside.check(url)
        if not self._robots.allows(url):
            raise OutsideError("its site lets no program fetch it (robots.txt)", where=url, do="read it yourself")
        self._take_turn(url)
        answer = self.outside.get(url)
        if origin_of(answer.url) != origin_of(url) and not self._robots.allows(answer.url):
            raise OutsideError("the site it leads to lets no program fetch it (robots.txt)", where=url)
        if answer.status != 200:
            raise OutsideError(f"its page answered {answer.status}", where=url, do="try it again later")
        return answer

    def _take_turn(self, url: str) -> None:
        """Wait as long as the site asks for between two pages."""
        site = origin_of(url)
        last = self._fetched.get(site)
        if last is not None:
            self.stop.wait(max(0.0, last + self._robots.delay(url) - time.monotonic()))
        self._fetched[site] = time.monotonic()


def _conditions(known: Feed) -> dict[str, str]:
    given = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    # What a server once said goes back to it in a header: nothing that could be more than one.
    return {name: value for name, value in given.items() if value and value.isascii() and value.isprintable()}


def _oldest_first(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Each entry once; feeds have the newest on top."""
    yield from {entry.key: entry for entry in reversed(entries)}.values()
