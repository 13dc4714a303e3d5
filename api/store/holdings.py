"""What is done to articles that are held: licences, purges of expired texts, withdrawals, stories told anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, distinct, exists, func, or_, select, text, update

from api.store import audit, engines, stories, tables
from api.store import records as read
from api.store.codec import pack_span
from api.store.holding_tables import story_members, withdrawals
from api.store.judged_words import take_words
from api.store.licences import NO_WORDS, shown_of
from api.store.log import note_changes
from api.store.passages import stored_passages
from api.store.withdrawing import NO_WHY, refuse_purged, refuse_withdrawn
from api.store.work_tables import staged
from api.store.writer import remove
from nlp.errors import NotFoundError
from nlp.records import Article, Licence

#: Articles that a transaction of ``regroup`` reads.
LOT = 200
#: What stands where a reason stood that named words of a purged text.
PURGED = "The text behind it was purged when its licence ended."


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """Articles that were looked at, the stories that they made before and make now, and whose story is another one."""

    articles: int
    before: int
    now: int
    changed: int


class Holdings:
    """Changes what is held of articles, each call or article in one transaction; threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def refuse(self, article: Article) -> None:
        """Raise WithdrawnError or ExpiredError, with the reason, when an article may not be taken in."""
        with engines.reading(self._engine) as connection:
            refuse_withdrawn(connection, article.id, article.source, article.url)
            refuse_purged(connection, article.id)

    def withdraw(self, id: str, *, reason: str = "", actor: str = "") -> None:
        """Take an article away, and keep it from coming back. Raises NotFoundError, or WithdrawnError at once."""
        with engines.writing(self._engine) as connection:
            remove(connection, id, reason=reason, actor=actor)

    def withdraw_source(self, source: str, *, reason: str = "", actor: str = "") -> tuple[str, ...]:
        """Take away what its publisher takes back, by address or id, whether it is here or yet to come.

        The ids of the articles that went. Whatever comes from that source later is refused.
        """
        with engines.writing(self._engine) as connection:
            columns = tables.articles.c
            here = or_(columns.source == source, columns.url == source)
            ids = tuple(connection.scalars(select(columns.id).where(here).order_by(columns.id)))
            for id in ids:
                remove(connection, id, reason=reason, actor=actor)
            row = {"id": Article.identify(source, ""), "source": source, "whole_source": True, "title": None}
            known = connection.scalar(select(withdrawals.c.id).where(withdrawals.c.id == row["id"]))
            engines.insert_new(connection, withdrawals, [{**row, "reason": reason or NO_WHY, "at": datetime.now(UTC)}])
            if known is None:
                audit.append(connection, "source.withdrawn", source, {"reason": reason, "articles": ids}, actor=actor)
        return ids

    def readmit(self, id: str, *, actor: str = "") -> None:
        """Let a withdrawn article, or all of a source, be taken in again. Raises NotFoundError."""
        with engines.writing(self._engine) as connection:
            here = or_(withdrawals.c.id == id, withdrawals.c.whole_source & (withdrawals.c.source == id))
            if not connection.execute(delete(withdrawals).where(here)).rowcount:
                raise NotFoundError("nothing was withdrawn under this id or source", where=id)
            audit.append(connection, "article.readmitted", id, actor=actor)

    def license(
        self,
        ids: Sequence[str] = (),
        *,
        publisher: str | None = None,
        licence: Licence | None,
        expires: date | None,
        actor: str = "",
    ) -> int:
        """Set what may be shown of some articles, or of all of a publisher, and until when; how many they are.

        Raises NotFoundError, and changes nothing, for an unknown id. What was purged stays purged.
        """
        columns = tables.articles.c
        with engines.writing(self._engine) as connection:
            for id in ids:
                if connection.scalar(select(columns.id).where(columns.id == id)) is None:
                    raise NotFoundError("there is no such article", where=id)
            here = columns.publisher == publisher if publisher is not None else columns.id.in_(ids)
            values = {"licence": licence, "expires": expires}
            count = connection.execute(update(tables.articles).where(here).values(values)).rowcount
            said = {"licence": licence, "expires": expires.isoformat() if expires else None, "articles": count}
            subject = publisher if publisher is not None else ", ".join(ids)
            audit.append(connection, "licence.set", subject, said, actor=actor)
        return count

    def expired(self, *, on: date) -> tuple[str, ...]:
        """The articles whose text is still here and may not be any more."""
        columns = tables.articles.c
        query = select(columns.id).where(columns.expires < on, columns.purged_at.is_(None))
        with engines.reading(self._engine) as connection:
            return tuple(connection.scalars(query.order_by(columns.number)))

    def purge(self, *, on: date, progress: Callable[[int, int], None] | None = None) -> int:
        """Take away every text that has expired, one transaction an article; how many there were."""
        waiting, done = self.expired(on=on), 0
        for number, id in enumerate(waiting, 1):
            with engines.writing(self._engine) as connection, _overwriting(connection):
                done += _purge(connection, id, on)
            if progress:
                progress(number, len(waiting))
        if done:
            self._empty_log()
        return done

    def _empty_log(self) -> None:
        """What SQLite wrote ahead still has the pages with the texts."""
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if engines.is_sqlite(connection):
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def purged_articles(self) -> frozenset[str]:
        """The articles whose texts were purged."""
        with engines.reading(self._engine) as connection:
            columns = tables.articles.c
            return frozenset(connection.scalars(select(columns.id).where(columns.purged_at.is_not(None))))

    def ungrouped(self) -> int:
        """Articles that no story was looked for yet: those of an older version of the program."""
        columns = tables.articles.c
        known = exists().where(story_members.c.article_id == columns.id)
        query = select(func.count()).select_from(tables.articles)
        query = query.where(~known, columns.purged_at.is_(None), columns.text != "")
        with engines.reading(self._engine) as connection:
            return connection.scalar(query) or 0

    def regroup(self, *, progress: Callable[[int, int], None] | None = None) -> Regrouped:
        """Tell the stories of all articles anew, by their texts and dates."""
        with engines.reading(self._engine) as connection:
            ids = connection.scalars(select(tables.articles.c.id).order_by(tables.articles.c.number)).all()
            before = _stories(connection)
        for start in range(0, len(ids), LOT):
            with engines.writing(self._engine) as connection:
                stories.index(connection, ids[start : start + LOT])
            if progress:
                progress(min(start + LOT, len(ids)), len(ids))
        with engines.writing(self._engine) as connection:
            changed = stories.regroup(connection)
            now = _stories(connection)
            if changed:
                note_changes(connection, [None])
                audit.append(connection, "stories.regrouped", "all", {"articles": len(changed), "stories": now})
        return Regrouped(articles=len(ids), before=before, now=now, changed=len(changed))


def _stories(connection: Connection) -> int:
    return connection.scalar(select(func.count(distinct(tables.articles.c.story_id)))) or 0


@contextmanager
def _overwriting(connection: Connection) -> Iterator[None]:
    """While it lasts, SQLite writes zeros over what it lets go of; PostgreSQL reuses the room when it cleans up."""
    if not engines.is_sqlite(connection):
        yield
        return
    connection.execute(text("PRAGMA secure_delete = ON"))
    try:
        yield
    finally:
        connection.execute(text("PRAGMA secure_delete = OFF"))


def _purge(connection: Connection, id: str, on: date) -> int:
    """Take the text of an article away with all that holds words of it; 0 when it is gone or its licence was renewed.

    Who stands where, and where it was printed, stays; under "quotes only" the quotes do too.
    """
    row = connection.execute(select(tables.articles).where(tables.articles.c.id == id)).one_or_none()
    if row is None or row.purged_at is not None or row.expires is None or row.expires >= on:
        return 0
    licence = Licence(row.licence) if row.licence else None
    issues = [[issue.code, issue.message, None] for issue in read.issues_from(row)]
    values: dict[str, Any] = {"text": "", "blocks": [], "hints": [], "issues": issues}
    values |= {"digest": f"purged:{row.digest}"[:64], "purged_at": datetime.now(UTC)}
    shown = shown_of(licence, row.expires, on=on)
    take_words(connection, id, shown, _BARE)
    connection.execute(delete(tables.mentions).where(tables.mentions.c.article_id == id))
    if shown is Licence.LINKS_ONLY:
        _forget_words(connection, id)
    connection.execute(delete(tables.passages).where(tables.passages.c.article_id == id))
    connection.execute(delete(staged).where(staged.c.article_id == id))
    connection.execute(update(tables.articles).where(tables.articles.c.id == id).values(values))
    engines.insert_rows(connection, tables.passages, list(stored_passages(connection, id)))
    audit.append(connection, "text.purged", id, {"expired": row.expires.isoformat(), "licence": licence})
    note_changes(connection, [id])
    return 1


_REASON = {"reason": PURGED, "evidence_spans": []}
#: What stands in the rows of an article where words of its text stood, by table.
_BARE: dict[str, dict[str, Any]] = {
    "statements": {"text": "", "spans": [pack_span(NO_WORDS)], "cue": None, "repeats": [], **_REASON},
    "stances": {"condition": None, "rationales": [], **_REASON},
    "figures": {"what": None, **_REASON},
}


def _forget_words(connection: Connection, id: str) -> None:
    """Empty every field that holds words of the text; amounts, dates and parties are facts."""
    for name, values in _BARE.items():
        table = tables.metadata.tables[name]
        connection.execute(update(table).where(table.c.article_id == id).values(values))
    figures = tables.figures
    for row in connection.execute(select(figures.c.id, figures.c.links).where(figures.c.article_id == id)).all():
        links = [[figure, relation, pack_span(NO_WORDS)] for figure, relation, _ in row.links]
        connection.execute(update(figures).where(figures.c.id == row.id).values(links=links))
