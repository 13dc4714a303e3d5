"""Keeps what reviewers say and lays it over what is stored, in one transaction with its row in the audit chain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from secrets import token_hex
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, exists, func, insert, not_, or_, select, update

from api.store import audit, drawing, engines, judgement_tables, laying, tables
from api.store.judged_words import LIMITS, OWN, as_shown, target_shown
from api.store.judgement_tables import judgements
from api.store.kept import Kept
from api.store.log import note_changes
from api.store.paging import check_limit, decode_cursor, encode_cursor
from api.store.views import Page
from api.store.writer import put_over
from nlp.errors import NotFoundError, UsageError
from nlp.judgements import CONFIRMED, CORRECTED, IN_ARTICLE, Judged, Judgement, Target, Verdict, attach, values_of
from nlp.merges import Identities
from nlp.records import Analysis

GONE = "the article is not stored any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which judgements are wanted; empty fields ask nothing. ``standing`` leaves out those that are withdrawn."""

    kind: tuple[Judged, ...] = ()
    verdict: tuple[Verdict, ...] = ()
    article: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    orphaned: bool | None = None
    standing: bool | None = None


EVERY = Asked()


@dataclass(frozen=True, slots=True)
class Stored:
    """A judgement as it was kept, and the number of articles that it changed."""

    judgement: Judgement
    changed: int


class Judging:
    """Reads and writes judgements; threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._cells = Kept(_checked_cells)

    def machine(self, article: str) -> Analysis:
        """What the program found in an article, whatever people said of it. Raises NotFoundError."""
        with engines.reading(self._engine) as connection:
            return laying.machine_of(connection, article)

    def identities(self) -> Identities:
        """Who stands for whom."""
        with engines.reading(self._engine) as connection:
            return laying.read_identities(connection)

    def stands_for(self, ids: Iterable[str]) -> tuple[str, ...]:
        """These ids with those of merged stakeholders replaced by the ones that stand for them."""
        identities = self.identities()
        return tuple(dict.fromkeys(identities.resolve(id) for id in ids))

    def knows(self, id: str) -> bool:
        """Whether an id is that of a stakeholder, or of one that was merged."""
        with engines.reading(self._engine) as connection:
            there = connection.scalar(select(tables.stakeholders.c.id).where(tables.stakeholders.c.id == id))
            return there is not None or id in laying.read_identities(connection).merges

    def add(self, given: Judgement, *, actor: str = "", orphans: bool = False) -> Stored:
        """Keep a judgement and lay it over what is stored; its id, number and fit are given here.

        Raises NotFoundError when its words are not there, unless ``orphans`` may be kept, and UsageError when a merge
        would go round in a circle.
        """
        with engines.writing(self._engine) as connection:
            known = self._fitted(connection, given, orphans=orphans)
            before = laying.read_identities(connection)
            number = connection.execute(insert(judgements).returning(judgements.c.number), _row(known)).scalar_one()
            stored = replace(known, number=number)
            changed = _apply(connection, stored, before)
            detail = {"verdict": stored.verdict, "kind": stored.target.kind, "by": stored.by, **_place(stored.target)}
            audit.append(connection, f"{_word(stored)}.added", stored.id, detail, actor=actor)
            return Stored(_get(connection, stored.id), changed)

    def withdraw(self, id: str, *, by: str, actor: str = "") -> Stored:
        """Take a judgement back; it stays in the list with who took it back, and when.

        Raises NotFoundError, and UsageError when it was withdrawn before or merges would go round in a circle.
        """
        with engines.writing(self._engine) as connection:
            judgement = _get(connection, id)
            if judgement.withdrawn_at is not None:
                raise UsageError("this judgement was withdrawn before", where=id)
            before = laying.read_identities(connection)
            gone = {"withdrawn_by": by, "withdrawn_at": datetime.now(UTC)}
            connection.execute(update(judgements).where(judgements.c.id == id).values(gone))
            changed = _apply(connection, judgement, before)
            audit.append(connection, f"{_word(judgement)}.withdrawn", id, {"by": by}, actor=actor)
            return Stored(_get(connection, id), changed)

    def get(self, id: str) -> Judgement:
        """Raises NotFoundError."""
        with engines.reading(self._engine) as connection:
            return _get(connection, id)

    def cells(self) -> Mapping[tuple[str, str], int]:
        """How many people confirmed or corrected a stance, by holder (or body) and topic; nobody is left out.

        Whatever the day, the publisher or the confidence: it is said of a position, not of a part of it.
        """
        with engines.reading(self._engine) as connection:
            return self._cells.get(connection)

    def page(self, asked: Asked = EVERY, *, after: str | None = None, limit: int = 50) -> Page[Judgement]:
        """Judgements, the newest first."""
        with engines.reading(self._engine) as connection:
            conditions = _where(asked)
            if after is not None:
                conditions.append(judgements.c.number < decode_cursor(after, int)[0])
            query = _judgements().where(*conditions).order_by(judgements.c.number.desc()).limit(check_limit(limit) + 1)
            rows = connection.execute(query).all()
        found = tuple(_from(row) for row in rows[:limit])
        more = encode_cursor([found[-1].number]) if len(rows) > limit else None
        return Page(items=found, next=more)

    def of_article(self, article: str, *, unshown: bool = False) -> tuple[Judgement, ...]:
        """Every judgement on an article, oldest first, the withdrawn ones too; ``unshown``: with words to compare."""
        query = _judgements().where(judgements.c.article_id == article).order_by(judgements.c.number)
        with engines.reading(self._engine) as connection:
            return tuple(_from(row, unshown=unshown) for row in connection.execute(query))

    def checked(self, ids: Collection[str]) -> frozenset[str]:
        """Those of these statements (or of the stances on them) and figures that somebody confirmed or corrected."""
        with engines.reading(self._engine) as connection:
            return frozenset(id for query in _checked(sorted(ids)) for id in connection.scalars(query))

    def count(self, asked: Asked) -> int:
        with engines.reading(self._engine) as connection:
            return connection.scalar(select(func.count()).select_from(judgements).where(*_where(asked))) or 0

    def all(self, asked: Asked = EVERY) -> Iterator[Judgement]:
        """Every judgement that fits, the newest first, read a page at a time."""
        after: str | None = None
        while True:
            page = self.page(asked, after=after, limit=200)
            yield from page.items
            if page.next is None:
                return
            after = page.next

    def draw(self, kinds: Sequence[Judged], count: int, *, seed: int | None = None) -> list[drawing.Drawn]:
        """Draw so many items by lot, each as likely as any other, and note that they were drawn."""
        with engines.writing(self._engine) as connection:
            found = drawing.draw(connection, kinds, count, seed=seed)
            if found:
                audit.append(connection, "judgements.drawn", str(len(found)), {"kinds": list(kinds)})
            return [replace(each, target=target_shown(connection, each.target)) for each in found]

    def _fitted(self, connection: Connection, given: Judgement, *, orphans: bool) -> Judgement:
        """The judgement with an id, and with what the program has in its words."""
        made = replace(given, id=token_hex(8), at=given.at.astimezone(UTC))
        if given.target.kind not in IN_ARTICLE:
            return made
        made = replace(made, drawn=drawing.was_drawn(connection, given.target))
        try:
            analysis = laying.machine_of(connection, given.target.article or "")
        except NotFoundError:
            if not orphans:
                raise
            return replace(made, orphaned=GONE)
        item = attach(analysis, made)
        if item is not None:
            return replace(made, found=values_of(item))
        if not orphans:
            raise NotFoundError("the program found no such thing in these words", where=given.target.article or "")
        return made


def _checked_cells(connection: Connection) -> Mapping[tuple[str, str], int]:
    stances, kept = tables.stances, judgement_tables.machine_results
    query = select(stances.c.holder, stances.c.on_behalf_of, stances.c.topic, stances.c.checked_by)
    # Joined, SQLite walks all stances and looks for each whether its article was judged: 80 ms of 120,000.
    query = query.where(stances.c.article_id.in_(select(kept.c.article_id)))
    rows = connection.execute(query.where(stances.c.method.in_((CONFIRMED, CORRECTED)))).all()
    people: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        for who in {row.holder, row.on_behalf_of} - {None}:
            # Those whose name an older version did not keep are one.
            people.setdefault((who, row.topic), set()).update(row.checked_by or ("",))
    return MappingProxyType({cell: len(names) for cell, names in people.items()})


def _checked(ids: Sequence[str]) -> Iterator[Select[Any]]:
    statements, stances, figures = tables.statements.c, tables.stances.c, tables.figures.c
    said = (CONFIRMED, CORRECTED)
    yield select(statements.id).where(statements.id.in_(ids), statements.method.in_(said))
    yield select(stances.statement_id).where(stances.statement_id.in_(ids), stances.method.in_(said))
    yield select(figures.id).where(figures.id.in_(ids), figures.method.in_(said))


def _apply(connection: Connection, judgement: Judgement, before: Identities) -> int:
    """Bring every article that a new or withdrawn judgement bears on to those that stand now; how many changed."""
    target = judgement.target
    if target.kind in IN_ARTICLE:
        there = connection.scalar(select(tables.articles.c.id).where(tables.articles.c.id == target.article))
        ids = [there] if there else []
    else:
        ids = _named_through(connection, target.stakeholder or "", before)
    changed = laying.lay_over(connection, ids, put_over)
    # Many changes are one to whoever holds the map in memory: it reads everything anew.
    note_changes(connection, changed if len(changed) <= 100 else [None])
    return len(changed)


def _named_through(connection: Connection, id: str, before: Identities) -> list[str]:
    after = laying.read_identities(connection)
    if circle := after.circle():
        raise UsageError(
            "these would stand for each other in a circle",
            where=" → ".join((*circle, circle[0])),
            do="withdraw the other merge first; standpoint judge --list --kind merge shows it",
        )
    return laying.articles_naming(connection, sorted(before.upstream(id) | after.upstream(id)))


def _word(judgement: Judgement) -> str:
    return "judgement" if judgement.target.kind in IN_ARTICLE else "stakeholder." + judgement.target.kind.value


def _place(target: Target) -> dict[str, Any]:
    named = {"article": target.article, "topic": target.topic, "stakeholder": target.stakeholder}
    return {name: value for name, value in named.items() if value is not None}


def _row(judgement: Judgement) -> dict[str, Any]:
    return {
        "id": judgement.id,
        **drawing.place_row(judgement.target),
        "stakeholder_id": judgement.target.stakeholder,
        "verdict": judgement.verdict.value,
        "correction": dict(judgement.correction),
        "found": dict(judgement.found),
        "people": [laying.pack_person(each) for each in judgement.people],
        "note": judgement.note,
        "drawn": judgement.drawn,
        "by": judgement.by,
        "at": judgement.at,
        "orphaned": judgement.orphaned,
    }


#: Of a judgement whose article is gone nobody wrote that it is an orphan.
_LOST = and_(
    judgements.c.article_id.is_not(None),
    not_(exists().where(tables.articles.c.id == judgements.c.article_id)),
)
_ORPHANED = or_(judgements.c.orphaned.is_not(None), _LOST)


def _judgements() -> Any:
    query = select(judgements, _LOST.label("lost"), *LIMITS)
    return query.outerjoin(OWN, OWN.c.id == judgements.c.article_id)


def _from(row: Any, *, unshown: bool = False) -> Judgement:
    judgement = laying.judgement_from(row)
    judgement = replace(judgement, orphaned=GONE) if row.lost else judgement
    return judgement if unshown else as_shown(judgement, row)


def _get(connection: Connection, id: str) -> Judgement:
    row = connection.execute(_judgements().where(judgements.c.id == id)).one_or_none()
    if row is None:
        raise NotFoundError("there is no such judgement", where=id, do="see standpoint judge --list")
    return _from(row)


def _where(asked: Asked) -> list[ColumnElement[bool]]:
    columns = judgements.c
    lists: Mapping[Any, tuple[str, ...]] = {
        columns.kind: asked.kind,
        columns.verdict: asked.verdict,
        columns.article_id: asked.article,
        columns.topic: asked.topic,
        columns.by: asked.by,
    }
    found: list[ColumnElement[bool]] = [column.in_(values) for column, values in lists.items() if values]
    if asked.orphaned is not None:
        found += [_ORPHANED, columns.withdrawn_at.is_(None)] if asked.orphaned else [not_(_ORPHANED)]
    if asked.standing is not None:
        found.append(columns.withdrawn_at.is_(None) if asked.standing else columns.withdrawn_at.is_not(None))
    return found
