"""Groups articles into stories: exact copies share a body, bodies that resemble each other are one story.

Whether two bodies are copies depends on their words and days alone, a story is whoever hangs together, and its id is
the smallest one of its articles: so the groups are the same in whatever order articles come and go. Candidates are
found by the bands of their sketches, which are indexed; nothing is compared with everything.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from api.store import tables
from api.store.engines import insert_rows
from api.store.holding_tables import story_bands, story_bodies, story_members
from nlp.records import Block, BlockKind
from nlp.stories import Body, are_copies, bands_of, body_of, may_be_copies, signature_of

#: Copies are printed within so many days; the next article of a series, or the same form a month later, is none.
WINDOW = timedelta(days=21)
#: Bodies that are compared with one at most, those with the most bands in common: no press has so many near copies.
MOST = 200
#: Values that go into one statement, and bodies that are kept in memory while all are compared.
LOT, KEPT = 500, 5000


def place(connection: Connection, id: str) -> set[str]:
    """Put an article with its copies, by its text and date as they are stored; whose story changed by it.

    What was purged stays where it was.
    """
    row = connection.execute(_article(id)).one()
    if row.purged_at is not None:
        return set()
    old = connection.execute(select(story_members).where(story_members.c.article_id == id)).one_or_none()
    body = _body_of(row)
    days = (row.day, row.last_day) if row.published else (None, None)
    if old and (old.body, old.day, old.last_day) == (_number_of(connection, body), *days):
        return set()
    changed = leave(connection, id) if old else set()
    if body is None:
        return changed
    number = _keep(connection, body)
    member = {"article_id": id, "body": number, "day": days[0], "last_day": days[1]}
    connection.execute(insert(story_members), member)
    return changed | _join(connection, id, number)


def leave(connection: Connection, id: str) -> set[str]:
    """Take an article out of its story, which may fall apart without it; whose story changed by it."""
    story = connection.scalar(select(tables.articles.c.story_id).where(tables.articles.c.id == id))
    body = connection.scalar(select(story_members.c.body).where(story_members.c.article_id == id))
    if story is None:
        return set()
    connection.execute(delete(story_members).where(story_members.c.article_id == id))
    connection.execute(update(tables.articles).where(tables.articles.c.id == id).values(story_id=id))
    if body is not None:
        _drop_unused(connection, body)
    rest = connection.execute(_with_bodies().where(tables.articles.c.story_id == story, tables.articles.c.id != id))
    changed = _settle(connection, rest.all(), _Compared(connection))
    return changed | ({id} if story != id else set())


def regroup(connection: Connection) -> set[str]:
    """Tell all stories anew from the bodies that are kept; the articles whose story is another one now."""
    return _settle(connection, connection.execute(_with_bodies()).all(), _Compared(connection))


def index(connection: Connection, ids: Iterable[str]) -> None:
    """Keep the bodies of articles as they are now, without telling their stories: ``regroup`` does."""
    for id in ids:
        row = connection.execute(_article(id)).one_or_none()
        if row is None or row.purged_at is not None or (body := _body_of(row)) is None:
            continue
        old = connection.scalar(select(story_members.c.body).where(story_members.c.article_id == id))
        days = {"day": row.day, "last_day": row.last_day} if row.published else {"day": None, "last_day": None}
        number = _keep(connection, body)
        connection.execute(delete(story_members).where(story_members.c.article_id == id))
        connection.execute(insert(story_members), {"article_id": id, "body": number, **days})
        if old is not None and old != number:
            _drop_unused(connection, old)


def _article(id: str) -> Any:
    names = ("id", "text", "blocks", "title", "published", "day", "last_day", "purged_at")
    return select(*(tables.articles.c[name] for name in names)).where(tables.articles.c.id == id)


def _body_of(row: Any) -> Body | None:
    return body_of(row.text, [Block(BlockKind(kind), start, end) for kind, start, end in row.blocks], row.title)


def _with_bodies() -> Any:
    columns = (tables.articles.c.id, tables.articles.c.story_id, story_members.c.body)
    return select(*columns).join_from(tables.articles, story_members, isouter=True)


def _keep(connection: Connection, body: Body) -> int:
    """The number of a body, which is kept with its bands when it is new."""
    if (known := _number_of(connection, body)) is not None:
        return known
    signature = signature_of(body)
    row = insert(story_bodies).values(digest=body.digest, signature=signature).returning(story_bodies.c.number)
    number = int(connection.execute(row).scalar_one())
    if signature:
        insert_rows(connection, story_bands, [{"key": key, "body": number} for key in bands_of(signature)])
    return number


def _number_of(connection: Connection, body: Body | None) -> int | None:
    if body is None:
        return None
    return connection.scalar(select(story_bodies.c.number).where(story_bodies.c.digest == body.digest))


def _drop_unused(connection: Connection, number: int) -> None:
    if connection.scalar(select(story_members.c.body).where(story_members.c.body == number).limit(1)) is not None:
        return
    signature = connection.scalar(select(story_bodies.c.signature).where(story_bodies.c.number == number))
    if signature:
        here = story_bands.c.key.in_(bands_of(signature)), story_bands.c.body == number
        connection.execute(delete(story_bands).where(*here))
    connection.execute(delete(story_bodies).where(story_bodies.c.number == number))


def _join(connection: Connection, id: str, number: int) -> set[str]:
    """Join the stories of an article and of everything that is a copy of it."""
    own = connection.scalar(select(tables.articles.c.story_id).where(tables.articles.c.id == id))
    compared, found = _Compared(connection), {str(own)}
    if (same := _story_of(connection, number, but=id)) is not None:
        found.add(same)
    for other in compared.candidates(number):
        story = _story_of(connection, other, but=id)
        if story is not None and story not in found and compared.are_copies(number, other):
            found.add(story)
    return _rename(connection, found, min(found))


def _story_of(connection: Connection, body: int, *, but: str) -> str | None:
    query = select(tables.articles.c.story_id).join_from(story_members, tables.articles)
    here = story_members.c.body == body, story_members.c.article_id != but
    return connection.scalar(query.where(*here).limit(1))


def _rename(connection: Connection, stories: Collection[str], new: str) -> set[str]:
    column = tables.articles.c.story_id
    old = [story for story in stories if story != new]
    ids = set(connection.scalars(select(tables.articles.c.id).where(column.in_(old)))) if old else set()
    if ids:
        connection.execute(update(tables.articles).where(column.in_(old)).values(story_id=new))
    return ids


def _settle(connection: Connection, rows: Sequence[Any], compared: _Compared) -> set[str]:
    """Give articles the stories that their bodies make; whose story changed by it."""
    roots = _components({row.body for row in rows if row.body is not None}, compared)
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.id if row.body is None else roots[row.body]].append(row)
    changed: dict[str, list[str]] = defaultdict(list)
    for group in groups.values():
        story = min(row.id for row in group)
        changed[story] += [row.id for row in group if row.story_id != story]
    for story, ids in changed.items():
        for start in range(0, len(ids), LOT):
            here = tables.articles.c.id.in_(ids[start : start + LOT])
            connection.execute(update(tables.articles).where(here).values(story_id=story))
    return {id for ids in changed.values() for id in ids}


def _components(bodies: Collection[int], compared: _Compared) -> Mapping[int, int]:
    """The smallest body of the story of each; bodies that hang together already are not compared."""
    above = {number: number for number in bodies}

    def root(number: int) -> int:
        while above[number] != number:
            above[number] = number = above[above[number]]
        return number

    for number in sorted(bodies) if len(bodies) > 1 else ():
        for other in compared.candidates(number, among=bodies):
            first, second = root(number), root(other)
            if first != second and compared.are_copies(number, other):
                above[max(first, second)] = min(first, second)
    return {number: root(number) for number in bodies}


@dataclass(slots=True)
class _Compared:
    """Bodies with their words and days, each read once."""

    connection: Connection
    _bodies: OrderedDict[int, Body | None] = field(default_factory=OrderedDict)
    _days: dict[int, tuple[date | None, date | None]] = field(default_factory=dict)

    def candidates(self, number: int, among: Collection[int] | None = None) -> Iterator[int]:
        """Bodies that have a band in common with one, those with the most first."""
        signature = self._signature(number)
        if not signature:
            return
        bands = story_bands.c
        here = [bands.key.in_(bands_of(signature)), bands.body != number]
        if among is not None and len(among) <= LOT:
            here.append(bands.body.in_(among))
        query = select(bands.body).where(*here).group_by(bands.body)
        found = self.connection.scalars(query.order_by(func.count().desc(), bands.body).limit(MOST)).all()
        yield from (other for other in found if among is None or other in among)

    def are_copies(self, first: int, second: int) -> bool:
        if not _near(self._range(first), self._range(second)):
            return False
        bodies = self._body(first), self._body(second)
        if bodies[0] and bodies[1]:
            return are_copies(bodies[0], bodies[1])
        signatures = self._signature(first), self._signature(second)
        return bool(signatures[0] and signatures[1] and may_be_copies(signatures[0], signatures[1]))

    def _signature(self, number: int) -> bytes | None:
        return self.connection.scalar(select(story_bodies.c.signature).where(story_bodies.c.number == number))

    def _body(self, number: int) -> Body | None:
        """The words of a body, from any of its articles; None when all of them were purged."""
        if number not in self._bodies:
            articles = tables.articles.c
            query = select(articles.text, articles.blocks, articles.title)
            query = query.join_from(story_members, tables.articles)
            here = story_members.c.body == number, articles.purged_at.is_(None)
            row = self.connection.execute(query.where(*here).limit(1)).one_or_none()
            self._bodies[number] = _body_of(row) if row else None
            if len(self._bodies) > KEPT:
                self._bodies.popitem(last=False)
        return self._bodies[number]

    def _range(self, number: int) -> tuple[date | None, date | None]:
        """The first and the last day of a body's articles, as far as their dates are known."""
        if number not in self._days:
            columns = story_members.c
            query = select(func.min(columns.day), func.max(columns.last_day)).where(columns.body == number)
            first, last = self.connection.execute(query).one()
            self._days[number] = (first, last)
        return self._days[number]


def _near(first: tuple[date | None, date | None], second: tuple[date | None, date | None]) -> bool:
    if first[0] is None or second[0] is None or first[1] is None or second[1] is None:
        return True
    return max(first[0], second[0]) - min(first[1], second[1]) <= WINDOW
