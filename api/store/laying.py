"""What people said laid over what the program found, article by article, in the transaction that writes either.

The rows of an article that everything reads are those that hold: the program's, with judgements and merges laid over
them (``nlp.judgements``, ``nlp.merges``). Where that changes anything the program's own rows are kept beside, so that
they can be judged, analysed further and brought back; what is laid is a function of them and of the judgements that
stand, whatever was done and undone in between.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, union, update

from api.store import gather, queries, tables
from api.store import records as read
from api.store.judgement_tables import judgements, machine_results, resolutions
from api.store.packing import pack_row, unpack_row
from api.store.rows import AnalysisRows, rows_of
from nlp.errors import NotFoundError
from nlp.judgements import Fit, Judged, Judgement, Target, Verdict
from nlp.judgements import lay_over as lay_judgements
from nlp.merges import Identities, Split, rename
from nlp.records import Analysis, Stakeholder

#: Puts the rows of articles in the place of those that are there.
Put = Callable[[Connection, Sequence[AnalysisRows]], None]
#: Articles that are read and written at once.
LOT = 50
_OF_STAKEHOLDERS = (Judged.MERGE.value, Judged.SPLIT.value)
_NO_FIT = Fit()
#: What the rows are of that are kept; of those who appear in an article it is what it says of them.
_KEPT = {table.name: table for table in gather.PARTS} | {tables.appearances.name: tables.profiles}


def machine_analysis(connection: Connection, row: Any) -> Analysis:
    """What the program found in the article of ``row`` (``queries.article_by_id``), without anybody's judgement."""
    packed = connection.scalar(select(machine_results.c.rows).where(machine_results.c.article_id == row.id))
    return gather.analysis(connection, row) if packed is None else gather.analysis_of(row, _unpacked(packed))


def machine_of(connection: Connection, article: str) -> Analysis:
    """The same by the id of an article. Raises NotFoundError."""
    row = connection.execute(queries.article_by_id(article)).one_or_none()
    if row is None:
        raise NotFoundError("there is no such article", where=article)
    return machine_analysis(connection, row)


def lay_over(connection: Connection, ids: Sequence[str], put: Put) -> list[str]:
    """Bring these articles to the judgements and merges that stand; the ids of those that were written.

    A lot of articles is read and written by one statement a table: a merge of many articles is mostly that.
    """
    identities = read_identities(connection)
    lots = (ids[start : start + LOT] for start in range(0, len(ids), LOT))
    return [id for lot in lots for id in _lay_over(connection, lot, identities, put)]


def _lay_over(connection: Connection, ids: Sequence[str], identities: Identities, put: Put) -> list[str]:
    own = standing(connection, ids)
    query = select(machine_results).where(machine_results.c.article_id.in_(ids))
    kept = {row.article_id: row.rows for row in connection.execute(query)}
    touched = list(ids) if identities else [id for id in ids if id in own or id in kept]
    if not touched:
        return []
    fresh = gather.hanging_in(connection, [id for id in touched if id not in kept])
    laid: list[AnalysisRows] = []
    resolved: list[dict[str, str]] = []
    unlaid: list[str] = []
    for row in connection.execute(queries.stored_articles(touched)).all():
        parts = _unpacked(kept[row.id]) if row.id in kept else fresh[row.id]
        machine = gather.analysis_of(row, parts)
        judged = lay_judgements(machine, own.get(row.id, ()))
        _note_fits(connection, own.get(row.id, ()), judged.fits)
        renamed = rename(judged.analysis, identities)
        changed = renamed.analysis is not machine
        if changed or row.id in kept:
            laid.append(rows_of(renamed.analysis, digest=row.digest or " ", purged=row.purged_at is not None))
            found = renamed.resolved.items()
            resolved += [{"article_id": row.id, "found": each, "shown": shown} for each, shown in found]
            unlaid += [] if changed else [row.id]
    done = [rows.article["id"] for rows in laid]
    _keep(connection, {id: fresh[id] for id in done if id not in kept})
    if laid:
        put(connection, laid)
    forget(connection, unlaid)
    connection.execute(delete(resolutions).where(resolutions.c.article_id.in_(done)))
    if resolved:
        connection.execute(insert(resolutions), resolved)
    return done


def _keep(connection: Connection, fresh: Mapping[str, Mapping[str, Sequence[Any]]]) -> None:
    """Put the rows that are stored, which are the program's own, beside those that will take their place."""
    kept = [
        {"article_id": id, "rows": {name: [_packed(name, row) for row in rows] for name, rows in parts.items()}}
        for id, parts in fresh.items()
    ]
    if kept:
        connection.execute(insert(machine_results), kept)


def _packed(name: str, row: Any) -> dict[str, Any]:
    columns = _KEPT[name].c
    return pack_row({key: value for key, value in row._mapping.items() if key in columns})


def _unpacked(packed: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Sequence[Any]]:
    return {name: [SimpleNamespace(**unpack_row(_KEPT[name], row)) for row in rows] for name, rows in packed.items()}


def forget(connection: Connection, ids: Sequence[str]) -> None:
    """Take away what was kept of the program's rows of articles: those that are stored are its own."""
    if ids:
        connection.execute(delete(machine_results).where(machine_results.c.article_id.in_(ids)))
        connection.execute(delete(resolutions).where(resolutions.c.article_id.in_(ids)))


def forget_topic(connection: Connection, topic: str) -> None:
    """Take the stances on a topic out of what is kept, as they were taken out of what is shown."""
    for row in connection.execute(select(machine_results)).all():
        stances = [each for each in row.rows["stances"] if each["topic"] != topic]
        if len(stances) < len(row.rows["stances"]):
            change = update(machine_results).where(machine_results.c.article_id == row.article_id)
            connection.execute(change.values(rows={**row.rows, "stances": stances}))


def _note_fits(connection: Connection, own: Iterable[Judgement], fits: Mapping[str, Fit]) -> None:
    for judgement in own:
        fit = fits.get(judgement.id, _NO_FIT)
        if (judgement.orphaned, judgement.right, judgement.confidence) != (fit.orphaned, fit.right, fit.confidence):
            values = {"orphaned": fit.orphaned, "correct": fit.right, "confidence": fit.confidence}
            connection.execute(update(judgements).where(judgements.c.id == judgement.id).values(values))


def standing(connection: Connection, articles: Sequence[str]) -> dict[str, list[Judgement]]:
    """The judgements on articles that are not withdrawn, by article, oldest first."""
    query = select(judgements).where(judgements.c.article_id.in_(articles), judgements.c.withdrawn_at.is_(None))
    found: dict[str, list[Judgement]] = {}
    for row in connection.execute(query.order_by(judgements.c.number)):
        found.setdefault(row.article_id, []).append(judgement_from(row))
    return found


def orphans(connection: Connection) -> frozenset[str]:
    """The judgements that stand and have lost their words, by id."""
    lost = (judgements.c.orphaned.is_not(None), judgements.c.withdrawn_at.is_(None))
    return frozenset(connection.scalars(select(judgements.c.id).where(*lost)))


def read_identities(connection: Connection) -> Identities:
    """Who stands for whom, by the merges and splits that are not withdrawn; the last word on an id holds."""
    here = (judgements.c.kind.in_(_OF_STAKEHOLDERS), judgements.c.withdrawn_at.is_(None))
    rows = connection.execute(select(judgements).where(*here).order_by(judgements.c.number)).all()
    return identities_of(judgement_from(row) for row in rows)


def identities_of(found: Iterable[Judgement]) -> Identities:
    """Who stands for whom by these merges and splits, oldest first."""
    merges: dict[str, str] = {}
    splits: dict[str, dict[str, Split]] = {}
    known: dict[str, Stakeholder] = {}
    for each in found:
        id = each.target.stakeholder or ""
        known |= {person.id: person for person in each.people}
        if each.target.kind is Judged.SPLIT:
            split = split_of(each)
            splits[id] = {split.to: split, **{to: old for to, old in splits.get(id, {}).items() if to != split.to}}
        elif each.verdict is not Verdict.REJECT:
            merges[id] = each.correction["into"] or ""
        elif merges.get(id) == each.correction["into"]:
            del merges[id]
    return Identities(merges, {id: tuple(own.values()) for id, own in splits.items()}, known)


def split_of(judgement: Judgement) -> Split:
    """What a judgement says of which articles are somebody else's; their ids are the quote."""
    return Split(
        to=judgement.correction["to"] or "",
        articles=frozenset(judgement.target.quote),
        keeps=judgement.correction.get("keeps") == "yes",
    )


def articles_naming(connection: Connection, ids: Collection[str]) -> list[str]:
    """The articles in which the program names any of these ids, in the order in which they came."""
    appearances, offices = tables.appearances.c, tables.affiliations.c
    named = union(
        select(appearances.article_id).where(appearances.stakeholder_id.in_(ids)),
        select(offices.article_id).where(offices.organisation.in_(ids)),
        select(resolutions.c.article_id).where(resolutions.c.found.in_(ids)),
    ).subquery()
    query = select(tables.articles.c.id).join(named, named.c.article_id == tables.articles.c.id)
    return list(connection.scalars(query.order_by(tables.articles.c.number)))


def judgement_from(row: Row[Any]) -> Judgement:
    """From a row of ``judgements``."""
    return Judgement(
        id=row.id,
        number=row.number,
        target=Target(
            kind=Judged(row.kind),
            article=row.article_id,
            quote=tuple(row.quote),
            occurrence=row.occurrence,
            topic=row.topic,
            stakeholder=row.stakeholder_id,
            place=row.place,
        ),
        verdict=Verdict(row.verdict),
        by=row.by,
        at=row.at,
        correction=row.correction,
        found=row.found,
        people=tuple(unpack_person(each) for each in row.people),
        note=row.note,
        drawn=row.drawn,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
        orphaned=row.orphaned,
        right=row.correct,
        confidence=row.confidence,
    )


def pack_person(person: Stakeholder) -> dict[str, Any]:
    """A stakeholder without what single articles call it, as JSON."""
    return {
        "stakeholder_id": person.id,
        "name": person.name,
        "kind": person.kind.value,
        "parent": person.parent,
        "successors": [[each.id, each.on.isoformat() if each.on else None] for each in person.successors],
        "begins": person.start.isoformat() if person.start else None,
        "ends": person.end.isoformat() if person.end else None,
    }


def unpack_person(packed: Mapping[str, Any]) -> Stakeholder:
    """The stakeholder that was packed."""
    row = SimpleNamespace(**unpack_row(tables.profiles, packed))
    return read.stakeholder_from(row, row.stakeholder_id, aliases=(), affiliations=())
