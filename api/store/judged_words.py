"""The words that judgements and lots keep: what may be shown of them, and how they go with a text that is purged.

A judgement finds its item by the item's words. Where these must not stay it finds it by its place among what the
program found, which nothing changes any more: a purged text is not analysed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Table, exists, select, update

from api.store import laying, tables
from api.store.codec import pack_span
from api.store.holding_tables import withdrawals
from api.store.judgement_tables import draws, judgements, machine_results
from api.store.licences import NO_WORDS
from api.store.records import head_shown_from
from nlp.judgements import IN_ARTICLE, Judged, Judgement, Target, Verdict, attach, place_of
from nlp.records import Analysis, Licence

#: No item has this place: what had lost its words before they were taken away.
NOWHERE = -1
#: An amount is a fact, as it is wherever a figure is shown (``licences.shown_figure``).
WORDED = (Judged.HOLDER, Judged.STANCE)

#: The article of a judgement, by a name of its own beside conditions on articles.
OWN = tables.articles.alias("own")
_OWN = OWN.c
#: What tells of the row of a judgement whether its words may be shown.
LIMITS = (
    _OWN.licence.label("article_licence"),
    _OWN.expires.label("article_expires"),
    _OWN.purged_at.label("article_purged"),
    exists().where(withdrawals.c.id == judgements.c.article_id).label("article_withdrawn"),
)


def as_shown(judgement: Judgement, row: Any) -> Judgement:
    """The judgement without words that its article's licence keeps back, today, or that were withdrawn with it."""
    if judgement.target.kind not in WORDED or not _withheld(row):
        return judgement
    return replace(judgement, target=replace(judgement.target, quote=()))


def target_shown(connection: Connection, target: Target) -> Target:
    """The same of what a lot fell on."""
    if target.kind not in WORDED:
        return target
    columns = (_OWN.licence.label("article_licence"), _OWN.expires.label("article_expires"))
    query = select(*columns, _OWN.purged_at.label("article_purged")).where(_OWN.id == target.article)
    row = connection.execute(query).one()
    return replace(target, quote=()) if head_shown_from(row) is Licence.LINKS_ONLY else target


def _withheld(row: Any) -> bool:
    return bool(row.article_withdrawn) or head_shown_from(row) is Licence.LINKS_ONLY


def take_words(connection: Connection, article: str, shown: Licence, bare: Mapping[str, Any]) -> None:
    """Before a text is purged: bind its judgements to places, and take its words out of all that is kept of them.

    ``bare`` are the values that stand for those of an item whose words go, by the name of its table.
    """
    machine = laying.machine_of(connection, article)
    for table in (judgements, draws):
        for row in connection.execute(select(table).where(table.c.article_id == article)).all():
            if row.kind in IN_ARTICLE and row.place is None:
                _bind(connection, table, row, machine, shown)
    kept = connection.scalar(select(machine_results.c.rows).where(machine_results.c.article_id == article))
    if kept is not None:
        rows = _without_words(kept, shown, bare)
        change = update(machine_results).where(machine_results.c.article_id == article)
        connection.execute(change.values(rows=rows))


def _bind(connection: Connection, table: Table, row: Any, machine: Analysis, shown: Licence) -> None:
    kind = Judged(row.kind)
    target = Target(
        kind=kind, article=row.article_id, quote=tuple(row.quote), occurrence=row.occurrence, topic=row.topic
    )
    found = getattr(row, "found", None) or {}
    given = Judgement(id="", number=0, target=target, verdict=Verdict.CONFIRM, by="", at=row.at, found=found)
    item = attach(machine, given)
    values: dict[str, Any] = {"place": NOWHERE if item is None else place_of(machine, item)}
    if shown is Licence.LINKS_ONLY and kind in WORDED:
        values |= {"quote": [], "occurrence": 0}
    connection.execute(update(table).where(table.c.number == row.number).values(values))


def _without_words(kept: Mapping[str, Any], shown: Licence, bare: Mapping[str, Any]) -> dict[str, Any]:
    rows = {**kept, tables.mentions.name: []}
    if shown is not Licence.LINKS_ONLY:
        return rows
    emptied = {name: [{**row, **values} for row in rows[name]] for name, values in bare.items()}
    for row in emptied[tables.figures.name]:
        row["links"] = [[figure, relation, pack_span(NO_WORDS)] for figure, relation, _ in row["links"]]
    return {**rows, **emptied}
