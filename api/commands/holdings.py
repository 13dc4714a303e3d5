"""``standpoint withdraw``, ``licence``, ``purge`` and ``regroup``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date

from api.commands.output import ProgressBar, say, say_json
from api.services import Services
from api.store.licences import today
from api.words import count_words
from nlp.errors import UsageError
from nlp.records import Licence


def withdraw_article(services: Services, id: str, *, reason: str, source: bool, undo: bool, as_json: bool) -> int:
    """Withdraw an article, or all of a source, or let it be taken in again."""
    holdings = services.store.holdings
    gone: tuple[str, ...] = ()
    if undo:
        holdings.readmit(id)
    elif source:
        gone = holdings.withdraw_source(id, reason=reason)
    else:
        holdings.withdraw(id, reason=reason)
        gone = (id,)
    if as_json:
        say_json({"withdrawn": list(gone), "readmitted": undo, "reason": reason})
    elif undo:
        say(f"{id} may be taken in again: standpoint ingest does it")
    else:
        later = "; what comes from there later is refused" if source else ""
        say(f"{count_words(len(gone), 'article')} withdrawn{later}")
    return 0


def set_licence(
    services: Services, ids: Sequence[str], *, publisher: str | None, show: str | None, expires: str | None
) -> Callable[[bool], int]:
    """Set what may be shown; the answer prints it. Raises UsageError for what is no licence, date or choice."""
    if bool(ids) == (publisher is not None):
        raise UsageError("name either articles or a publisher", do="standpoint licence --help shows how")
    licence, last = _licence(show), _day(expires)
    count = services.store.holdings.license(ids, publisher=publisher, licence=licence, expires=last)

    def tell(as_json: bool) -> int:
        if as_json:
            say_json({"articles": count, "licence": licence, "expires": last.isoformat() if last else None})
        else:
            until = f" until {last.isoformat()}" if last else ""
            say(f"{count_words(count, 'article')}: {licence or Licence.FULL_TEXT}{until}")
        return 0

    return tell


def _licence(show: str | None) -> Licence | None:
    try:
        return Licence(show) if show is not None else None
    except ValueError:
        raise UsageError(f"there is no licence {show!r}", do=f"there are {', '.join(Licence)}") from None


def _day(words: str | None) -> date | None:
    try:
        return date.fromisoformat(words) if words is not None else None
    except ValueError:
        raise UsageError("--expires needs a day", do="such as 2027-03-31") from None


def purge_texts(services: Services, *, dry_run: bool, as_json: bool) -> int:
    """Purge what has expired, or tell what would be."""
    holdings, day = services.store.holdings, today()
    if dry_run:
        waiting = holdings.expired(on=day)
        if as_json:
            say_json({"expired": list(waiting), "purged": 0})
        else:
            say("\n".join([f"{count_words(len(waiting), 'text')} expired", *waiting]))
        return 0
    with ProgressBar("Purging") as bar:
        done = holdings.purge(on=day, progress=lambda number, total: bar.show(number, total, ""))
    if as_json:
        say_json({"expired": done, "purged": done})
    else:
        say(f"{count_words(done, 'text')} purged")
    return 0


def regroup_stories(services: Services, *, as_json: bool) -> int:
    """Tell stories anew and say what changed."""
    with ProgressBar("Reading") as bar:
        told = services.store.holdings.regroup(progress=lambda number, total: bar.show(number, total, ""))
    if as_json:
        say_json(asdict(told))
    else:
        stories = f"{count_words(told.before, 'story', 'stories')} before, {told.now} now"
        say(f"{count_words(told.articles, 'article')}: {stories}; {told.changed} went to another story")
    return 0
