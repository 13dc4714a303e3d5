"""The one place that writes. Each call is one transaction: all of it is kept or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, exists, insert, select, update

from api.store import audit, engines, laying, stories, tables, vectors, work_tables
from api.store.bulk import Fresh, by_table, put_shared, write_new
from api.store.listing import place
from api.store.log import note_changes
from api.store.rows import AnalysisRows, rows_of, run_id
from api.store.withdrawing import absent, bury, readmit, refuse_purged, refuse_withdrawn
from nlp.errors import NotFoundError
from nlp.records import Analysis, Run, Topic

#: What hangs on an article, in the order in which it can be taken away.
HANGING = (
    tables.passages,
    tables.figures,
    tables.observations,
    tables.stances,
    tables.statements,
    tables.mentions,
    tables.affiliations,
    tables.appearances,
)

#: What a person may have set, which no text says.
LICENSED = ("licence", "expires")


class Written(StrEnum):
    """What a write did: a first analysis, another one in place of an earlier, or nothing new."""

    STORED = "stored"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class _Used:
    """What an article refers to that other articles may share."""

    stakeholders: tuple[str, ...]
    profiles: tuple[str, ...]
    runs: tuple[str, ...]


class Writer:
    """Writes analyses and topics; threads may share it.

    With ``load_embedder`` what is written can be found by its meaning at once, else when ``index`` has run.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.load_embedder: Callable[[], vectors.Embedder] | None = None

    def write_analysis(self, analysis: Analysis, *, forced: bool = False) -> Written:
        """Keep an analysis, in place of an earlier one of the same article, with its licence and date of entry.

        Raises StandpointError when the analysis contradicts itself, NotSetUpError when the database fails,
        WithdrawnError when the article was withdrawn, unless it is ``forced``, and ExpiredError when it was purged.
        """
        rows = rows_of(analysis)
        embedded = self._embed(rows)
        with engines.writing(self._engine) as connection:
            admit(connection, rows, forced=forced)
            written = write_rows(connection, rows)
            if embedded and vectors.agrees(connection, embedded.encoder):
                vectors.put_codes(connection, analysis.article.id, embedded.codes)
            return written

    def _embed(self, rows: AnalysisRows) -> vectors.Embedded | None:
        """What the passages that have no vector yet mean; before the transaction, because it takes long."""
        if self.load_embedder is None:
            return None
        with engines.reading(self._engine) as connection:
            there = vectors.codes_of(connection, rows.article["id"])
        return vectors.embed(self.load_embedder(), [row for row in rows.passages if vectors.key_of(row) not in there])

    def add_vectors(self, article: str, embedder: vectors.Embedder) -> int:
        """Give the passages of an article the vectors that they lack; how many, none when another encoder is in use."""
        with engines.reading(self._engine) as connection:
            lacking = vectors.passages_without(connection, article)
        embedded = vectors.embed(embedder, lacking)
        with engines.writing(self._engine) as connection:
            if not vectors.agrees(connection, embedded.encoder):
                return 0
            return vectors.put_codes(connection, article, embedded.codes)

    def forget_vectors(self, encoder: str) -> int:
        """Take the vectors of other encoders away; how many there were."""
        with engines.writing(self._engine) as connection:
            return vectors.forget_others(connection, encoder)

    def replace_analysis(self, analysis: Analysis, *, over: Run) -> bool:
        """Keep an analysis in place of the one of the run ``over``; False, and nothing is written, if that is gone.

        An article that was taken away, or analysed anew, since it was read is left as it is. What topics do not
        change is still said to come from the run that found it.
        """
        rows, earlier = rows_of(analysis), run_id(over)
        with engines.writing(self._engine) as connection:
            here = tables.articles.c.id == analysis.article.id, tables.articles.c.purged_at.is_(None)
            there = connection.scalar(select(tables.articles.c.run_id).where(*here))
            if there != earlier:
                return False
            write_rows(connection, rows, kept=("stakeholders", "figures"))
            return True

    def write_new(self, lot: Sequence[Fresh]) -> None:
        """Keep articles that the store does not have, all or none of them: much faster than one by one.

        Raises IntegrityError when one is there already, StandpointError when an analysis contradicts itself.
        """
        write_new(self._engine, lot, lay_over=lambda connection, ids: laying.lay_over(connection, ids, put_over))

    def group_story(self, story: str, articles: Iterable[str]) -> None:
        """Say that articles are copies of one story, whatever their texts say, until their story is told anew.

        Raises NotFoundError and changes nothing when one is unknown.
        """
        ids = list(articles)
        with engines.writing(self._engine) as connection:
            for id in ids:
                change = update(tables.articles).where(tables.articles.c.id == id).values(story_id=story)
                if not connection.execute(change).rowcount:
                    raise NotFoundError("there is no such article", where=id)
            audit.append(connection, "story.grouped", story, {"articles": ids})
            note_changes(connection, ids)

    def add_topic(self, topic: Topic) -> None:
        """Add a user's topic, or change the one with its id."""
        with engines.writing(self._engine) as connection:
            there = connection.scalar(select(tables.topics.c.id).where(tables.topics.c.id == topic.id))
            engines.upsert(connection, tables.topics, [_topic_row(topic)])
            action = "topic.changed" if there else "topic.added"
            audit.append(connection, action, topic.id, {"name": topic.name, "claim": topic.claim})

    def delete_topic(self, id: str) -> None:
        """Take a user's topic away with all stances on it. Raises NotFoundError."""
        with engines.writing(self._engine) as connection:
            if not connection.execute(delete(tables.topics).where(tables.topics.c.id == id)).rowcount:
                raise NotFoundError("there is no such topic", where=id)
            on_it = tables.stances.c.topic == id
            touched = select(tables.stances.c.article_id).where(on_it)
            # The articles are no longer what their digest says: the next analysis of them is written.
            connection.execute(update(tables.articles).where(tables.articles.c.id.in_(touched)).values(digest=""))
            connection.execute(delete(tables.stances).where(on_it))
            connection.execute(delete(tables.observations).where(tables.observations.c.topic == id))
            laying.forget_topic(connection, id)
            audit.append(connection, "topic.removed", id)
            note_changes(connection, [None])

    def record(self, action: str, subject: str, detail: Mapping[str, Any] | None = None, *, actor: str = "") -> None:
        """Add a row to the audit chain for what leaves no other trace here, such as an export."""
        with engines.writing(self._engine) as connection:
            audit.append(connection, action, subject, detail, actor=actor)


def remove(connection: Connection, id: str, *, reason: str = "", actor: str = "") -> None:
    """Take an article away with everything found in it, and keep in mind when and why.

    Its story is told anew without it. Raises NotFoundError, or WithdrawnError when it went before.
    """
    used, columns = _used(connection, id), tables.articles.c
    if used is None:
        raise absent(connection, id)
    row = connection.execute(select(columns.id, columns.source, columns.title).where(columns.id == id)).one()
    changed = stories.leave(connection, id) - {id}
    _clear(connection, id)
    connection.execute(delete(tables.articles).where(columns.id == id))
    _sweep(connection, used)
    bury(connection, row, reason)
    audit.append(connection, "article.withdrawn", id, {"reason": reason} if reason else None, actor=actor)
    note_changes(connection, [id, *sorted(changed)])


def admit(connection: Connection, rows: AnalysisRows, *, forced: bool) -> None:
    """Let an article in that was not withdrawn, or that is forced. Raises WithdrawnError and ExpiredError."""
    id, source, url = (rows.article[name] for name in ("id", "source", "url"))
    refuse_purged(connection, id)
    if not forced:
        refuse_withdrawn(connection, id, source, url)
    elif readmit(connection, id, source, url):
        audit.append(connection, "article.readmitted", id)


def write_rows(connection: Connection, rows: AnalysisRows, *, kept: tuple[str, ...] = ()) -> Written:
    """Keep the rows of an analysis, inside a transaction; its parts ``kept`` go on to name the run that found them.

    What is known of an article's licence stays where the analysis knows nothing of it.
    """
    id = rows.article["id"]
    earlier = connection.scalar(select(tables.articles.c.digest).where(tables.articles.c.id == id))
    if earlier == rows.digest:
        return Written.UNCHANGED
    used = _used(connection, id)
    codes = vectors.codes_of(connection, id) if used else {}
    if used:
        _clear(connection, id)
        parts = work_tables.part_runs.c
        connection.execute(delete(work_tables.part_runs).where(parts.article_id == id, parts.part.not_in(kept)))
    _put_shared(connection, rows)
    _put_article(connection, rows.article, replace=used is not None)
    for table, items in rows.items:
        if items:
            engines.insert_rows(connection, table, items)
    place(connection, [id])
    if codes:
        # What is said in the same words means the same: a new analysis keeps the vectors.
        vectors.put_codes(connection, id, codes)
    laying.forget(connection, [id])
    laying.lay_over(connection, [id], put_over)
    if used:
        _sweep(connection, used)
    changed = stories.place(connection, id)
    note_changes(connection, [id, *sorted(changed - {id})])
    return Written.REPLACED if used else Written.STORED


def put_over(connection: Connection, lot: Sequence[AnalysisRows]) -> None:
    """Put what holds in articles in place of what is shown there; the articles and their runs stay as they are."""
    ids = [rows.article["id"] for rows in lot]
    appeared = tables.appearances.c
    used = connection.execute(
        select(appeared.stakeholder_id, appeared.profile_id).where(appeared.article_id.in_(ids)).distinct()
    ).all()
    codes = vectors.codes_in(connection, ids)
    for table in HANGING:
        connection.execute(delete(table).where(table.c.article_id.in_(ids)))
    put_shared(connection, lot)
    for table, items in by_table(lot):
        engines.insert_rows(connection, table, items)
    place(connection, ids)
    for rows in lot:
        if own := codes.get(rows.article["id"]):
            _move_codes(connection, rows, own)
    _drop_unused(connection, tables.profiles, tuple({row.profile_id for row in used}), appeared.profile_id)
    _drop_unused(connection, tables.stakeholders, tuple({row.stakeholder_id for row in used}), appeared.stakeholder_id)


def _move_codes(connection: Connection, rows: AnalysisRows, codes: Mapping[vectors.Key, bytes]) -> None:
    """Give passages the vectors of the same words: what another name adds to their meaning is little."""
    by_words = {key[1:]: code for key, code in codes.items()}
    keys = (vectors.key_of(row) for row in rows.passages)
    found = {key: code for key in keys if (code := codes.get(key) or by_words.get(key[1:]))}
    vectors.put_codes(connection, rows.article["id"], found)


def _put_shared(connection: Connection, rows: AnalysisRows) -> None:
    engines.insert_new(connection, tables.runs, [rows.run])
    engines.upsert(connection, tables.stakeholders, rows.stakeholders)
    engines.insert_new(connection, tables.profiles, rows.profiles)
    engines.insert_new(connection, tables.names, rows.names)


def _put_article(connection: Connection, row: dict[str, Any], *, replace: bool) -> None:
    if replace:
        known = {name: value for name, value in row.items() if value is not None or name not in LICENSED}
        connection.execute(update(tables.articles).where(tables.articles.c.id == row["id"]).values(known))
    else:
        first = {"story_id": row["id"], "added_at": datetime.now(UTC)}
        connection.execute(insert(tables.articles), {**row, **first})


def _used(connection: Connection, id: str) -> _Used | None:
    run = connection.scalar(select(tables.articles.c.run_id).where(tables.articles.c.id == id))
    if run is None:
        return None
    columns = tables.appearances.c
    found = connection.execute(select(columns.stakeholder_id, columns.profile_id).where(columns.article_id == id)).all()
    parts = work_tables.part_runs.c
    others = connection.scalars(select(parts.run_id).where(parts.article_id == id)).all()
    return _Used(tuple(row.stakeholder_id for row in found), tuple(row.profile_id for row in found), (run, *others))


def _clear(connection: Connection, id: str) -> None:
    for table in HANGING:
        connection.execute(delete(table).where(table.c.article_id == id))


def _sweep(connection: Connection, used: _Used) -> None:
    """Drop what the article was the last to refer to."""
    appearances, articles = tables.appearances.c, tables.articles.c
    _drop_unused(connection, tables.profiles, used.profiles, appearances.profile_id)
    _drop_unused(connection, tables.stakeholders, used.stakeholders, appearances.stakeholder_id)
    _drop_unused(connection, tables.runs, used.runs, articles.run_id, work_tables.part_runs.c.run_id)


def _drop_unused(connection: Connection, table: Table, ids: tuple[str, ...], *references: Any) -> None:
    if ids:
        unused = [~exists().where(reference == table.c.id) for reference in references]
        connection.execute(delete(table).where(table.c.id.in_(ids), *unused))


def _topic_row(topic: Topic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "name": topic.name,
        "claim": topic.claim,
        "counter_claim": topic.counter_claim,
        "phrases": list(topic.phrases),
        "supports": list(topic.supports),
        "opposes": list(topic.opposes),
        "begins": topic.start,
        "ends": topic.end,
        "named_only": topic.named_only,
        "added_at": datetime.now(UTC),
    }
