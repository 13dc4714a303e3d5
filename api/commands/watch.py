"""``standpoint watch``: the articles of feeds into the store, until it is told to stop."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event

from api.commands.output import note, say_json
from api.outside import Limits, Outside
from api.services import Services
from api.watching import Polled, Watcher
from api.words import count_words
from nlp.errors import NothingToDoError, UnreadableError

#: What a shell is told of a program that was interrupted.
INTERRUPTED = 130


def watch_feeds(
    services: Services,
    urls: Sequence[str],
    *,
    minutes: float,
    once: bool,
    fetch: bool,
    as_json: bool,
    outside: Outside | None = None,
) -> int:
    """Look at feeds and keep what is new; raises UsageError for an address that may not be asked.

    The exit code is 3 when a feed or an entry could not be read, 4 when all feeds are gone or wait, 130 when it was
    interrupted.
    """
    settings = services.settings
    door = outside or Outside(ports=settings.ports_outside, limits=Limits(bytes=int(settings.max_file_bytes)))
    named = list(dict.fromkeys(str(door.check(url)) for url in urls))
    # What is written can be found by its meaning at once.
    services.store.writer.load_embedder = services.encoder
    polls: dict[str, Polled] = {}

    def report(polled: Polled) -> None:
        polls[polled.url] = _joined(polls.get(polled.url), polled)
        _say(polled)

    every = timedelta(minutes=minutes)
    watcher = Watcher(services=services, outside=door, every=every, fetch=fetch, report=report)
    with _stopping(watcher.stop) as caught:
        if once:
            for url in named:
                if not watcher.stop.is_set():
                    report(watcher.poll(url))
        else:
            note(f"Watching {count_words(len(named), 'feed')} every {minutes:g} minutes (Ctrl-C stops)")
            watcher.watch(named)
    if as_json:
        say_json({"feeds": [_document(polled) for polled in polls.values()]})
    if signal.SIGINT in caught:
        return INTERRUPTED
    return _code(list(polls.values()), as_json=as_json)


def _code(polls: Sequence[Polled], *, as_json: bool) -> int:
    if polls and all(polled.gone or polled.waits for polled in polls):
        if as_json:
            return NothingToDoError.exit_code
        raise NothingToDoError("every feed is gone or asks for more time", do="name others, or wait")
    return UnreadableError.exit_code if any(polled.failed for polled in polls) else 0


@contextmanager
def _stopping(stop: Event) -> Iterator[list[int]]:
    """Set the event when the program is told to end, so that what is in hand is finished; a second time it ends."""
    caught: list[int] = []
    kept = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}

    def end(number: int, _: object) -> None:
        caught.append(number)
        stop.set()
        signal.signal(number, kept[signal.Signals(number)])

    for each in kept:
        signal.signal(each, end)
    try:
        yield caught
    finally:
        for each, handler in kept.items():
            signal.signal(each, handler)


def _joined(before: Polled | None, polled: Polled) -> Polled:
    """What a feed gave in all, with how its last look ended; of what was skipped the last hundred."""
    if before is None:
        return polled
    skipped = (*before.skipped, *polled.skipped)[-100:]
    stored, unchanged = before.stored + polled.stored, before.unchanged + polled.unchanged
    return replace(polled, stored=stored, unchanged=unchanged, skipped=skipped)


def _say(polled: Polled) -> None:
    for name, reason in polled.skipped:
        note(f"standpoint: {name}: {reason}")
    if polled.moved_to:
        note(f"{polled.url} has moved for good: name {polled.moved_to} from now on")
    if polled.waits:
        note(
            f"{polled.url}: not asked, as it is too early to ask again" + (f" ({polled.error})" if polled.error else "")
        )
    elif polled.error:
        note(f"standpoint: {polled.url}: {polled.error}")
    elif polled.stored or polled.unchanged or polled.skipped:
        counts = f"{count_words(polled.stored, 'article')} stored, {polled.unchanged} unchanged"
        note(f"{polled.url}: {counts}, {len(polled.skipped)} skipped")
    else:
        note(f"{polled.url}: nothing new")


def _document(polled: Polled) -> dict[str, object]:
    return {
        "url": polled.url,
        "stored": polled.stored,
        "unchanged": polled.unchanged,
        "skipped": [{"entry": name, "reason": reason} for name, reason in polled.skipped],
        "error": polled.error,
        "gone": polled.gone,
        "waits": polled.waits,
        "moved_to": polled.moved_to,
    }
