"""Records put together from several selects, on a connection that sees one state of the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Connection, select

from api.store import queries, tables
from api.store import records as read
from api.store.filters import Filters
from api.store.licences import shown_article, shown_figure, shown_stance, shown_statement
from api.store.names import normalise_name
from api.store.views import ArticleHead, FigureRow, StanceRow, StatementRow, Title
from nlp.positions import Observation, derive_positions
from nlp.records import Affiliation, Analysis, Article, Position, Stakeholder, Stance, Statement

#: Engines bound the number of values in one statement; lists of ids are asked for in such lots.
LOT = 10_000


def _lots(ids: Iterable[str]) -> Iterator[Sequence[str]]:
    distinct = sorted(set(ids))
    return (distinct[start : start + LOT] for start in range(0, len(distinct), LOT))


def statement_rows(connection: Connection, rows: Sequence[Any]) -> list[StatementRow]:
    """Statements with their articles and stances."""
    stances: dict[str, list[Stance]] = defaultdict(list)
    for row in connection.execute(queries.stances_of([row.id for row in rows])):
        stances[row.statement_id].append(read.stance_from(row, row.statement_id))
    return [_statement_row(row, stances[row.id]) for row in rows]


def _statement_row(row: Any, stances: Iterable[Stance]) -> StatementRow:
    head = read.head_from(row)
    return StatementRow(
        article=head,
        statement=shown_statement(read.statement_from(row, row.id), head.shown),
        stances=tuple(shown_stance(stance, head.shown) for stance in stances),
    )


def statements(connection: Connection, ids: Iterable[str]) -> dict[str, Statement]:
    """Statements by global id."""
    found = (row for lot in _lots(ids) for row in connection.execute(queries.statements_by_id(lot)))
    return {row.id: read.statement_from(row, row.id) for row in found}


def stance_row(
    row: Any, statement: Statement | None, *, also: tuple[ArticleHead, ...] = (), unshown: bool = False
) -> StanceRow:
    """A stance with its statement, as far as they may be shown, and where else it stands."""
    head, stance = read.head_from(row), read.stance_from(row, row.statement_id)
    if unshown:
        return StanceRow(article=head, stance=stance, statement=statement, also=also)
    said = shown_statement(statement, head.shown) if statement else None
    return StanceRow(article=head, stance=shown_stance(stance, head.shown), statement=said, also=also)


def also_in(connection: Connection, rows: Sequence[Any]) -> dict[tuple[str, int], tuple[ArticleHead, ...]]:
    """By article and number of a stance, the copies of the article that have it in the same words, newest first."""
    if not rows:
        return {}
    found: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in connection.execute(queries.told_in_stories(rows)):
        found[tuple(getattr(row, name) for name in queries.TOLD_ALIKE)].append(row)
    others: dict[tuple[str, int], tuple[ArticleHead, ...]] = {}
    for alike in found.values():
        heads = {row.article_id: read.head_from(row) for row in alike}
        for row in alike:
            others[row.article_id, row.seq] = tuple(head for id, head in heads.items() if id != row.article_id)
    return others


def figure_rows(rows: Iterable[Any]) -> tuple[FigureRow, ...]:
    """Figures with their articles, each of which is made once."""
    heads: dict[str, ArticleHead] = {}
    found = []
    for row in rows:
        head = heads.get(row.article_id) or heads.setdefault(row.article_id, read.head_from(row))
        found.append(FigureRow(article=head, figure=shown_figure(read.figure_from(row, row.id), head.shown)))
    return tuple(found)


def articles(connection: Connection, ids: Iterable[str]) -> dict[str, Article]:
    """Articles by id, those that are stored; without their text where it may not be shown."""
    found = (row for lot in _lots(ids) for row in connection.execute(queries.articles_by_id(lot)))
    return {row.id: shown_article(read.article_from(row), read.shown_from(row)) for row in found}


def stakeholders(connection: Connection, ids: Iterable[str]) -> dict[str, Stakeholder]:
    """Stakeholders by id, those that are known."""
    rows = [row for lot in _lots(ids) for row in connection.execute(queries.stakeholders_by_id(lot))]
    return described(connection, rows)


def titles(connection: Connection, ids: Iterable[str]) -> dict[str, Title]:
    """What stakeholders are called, by id, those that are known; 0.4 ms for 50, of whom all else takes 60."""
    columns = tables.stakeholders.c
    query = select(columns.id, columns.name)
    found = (row for lot in _lots(ids) for row in connection.execute(query.where(columns.id.in_(lot))))
    return {row.id: Title(row.id, row.name) for row in found}


def described(connection: Connection, rows: Sequence[Any]) -> dict[str, Stakeholder]:
    """Stakeholders by id, from their rows, with the aliases and affiliations that any article gives them."""
    aliases: dict[str, list[str]] = defaultdict(list)
    held: dict[str, list[Affiliation]] = defaultdict(list)
    for lot in _lots(row.id for row in rows):
        for row in connection.execute(queries.stakeholder_names(lot)):
            if row.what == "name":
                aliases[row.stakeholder_id].append(row.name)
            else:
                held[row.stakeholder_id].append(Affiliation(row.name, row.role))
    return {
        row.id: read.stakeholder_from(
            row,
            row.id,
            aliases=tuple(name for name in aliases[row.id] if name != row.name),
            affiliations=tuple(held[row.id]),
        )
        for row in rows
    }


def positions(connection: Connection, filters: Filters) -> tuple[Position, ...]:
    """Positions over all stances that pass; a stance asked for is the position's own label."""
    rows = connection.execute(queries.observation_rows(filters))
    positions = derive_positions(observation_from(row) for row in rows)
    return tuple(each for each in positions if _is_asked_for(each, filters))


def _is_asked_for(position: Position, filters: Filters) -> bool:
    # An officer's stance is read for the body's sake too: what it says of the other one is not all there is.
    held = not filters.stakeholder or position.holder in filters.stakeholder
    # Sure stances that contradict each other make a position less sure than any of them.
    held = held and position.confidence >= filters.min_confidence
    return held and (not filters.stance or position.label in filters.stance)


def observation_from(row: Any) -> Observation:
    """From a row of ``queries.observation_rows``."""
    stance = read.stance_from(row, row.statement_id)
    head = read.head_from(row)
    # Its words tell repeats from others, whoever may see them.
    text = row.statement_text or " ".join(span.text for span in stance.evidence.spans)
    stance = shown_stance(stance, head.shown)
    return Observation(stance=stance, story=head.story, article=head.id, published=head.published, text=text)


def near_names(connection: Connection, name: str, limit: int) -> tuple[str, ...]:
    """Names that hold this one as words, then names that are spelt much like it."""
    wanted, columns = normalise_name(name), tables.names.c
    known: dict[str, str] = {}
    for row in connection.execute(select(columns.norm, columns.name).distinct().order_by(columns.norm, columns.name)):
        known.setdefault(row.norm, row.name)
    near = get_close_matches(wanted, known, n=limit, cutoff=0.6)
    within = [norm for norm in known if wanted and f" {wanted} " in f" {norm} "]
    return tuple(dict.fromkeys(known[norm] for norm in (*within[:limit], *near)))[:limit]


def names(connection: Connection) -> dict[str, tuple[str, ...]]:
    """The names of all stakeholders by id, their own first."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    known = select(tables.stakeholders.c.id, tables.stakeholders.c.name).order_by(tables.stakeholders.c.id)
    for row in connection.execute(known):
        found[row.id][row.name] = None
    columns = tables.names.c
    for row in connection.execute(select(columns.stakeholder_id, columns.name).distinct().order_by(columns.name)):
        found[row.stakeholder_id][row.name] = None
    return {id: tuple(own) for id, own in found.items()}


#: What an analysis is put together from, beside its article; ``appearances`` come with their profiles.
PARTS = (
    *(tables.appearances, tables.affiliations, tables.mentions),
    *(tables.statements, tables.stances, tables.figures),
)


def analysis(connection: Connection, row: Any) -> Analysis:
    """The analysis of the article in ``row``, with everything that hangs on it."""
    return analysis_of(row, hanging(connection, row.id))


def hanging(connection: Connection, article: str) -> dict[str, Sequence[Any]]:
    """The rows of each of ``PARTS``, by the name of its table."""
    queried = {
        table.name: queries.appearances_in(article)
        if table is tables.appearances
        else queries.hanging_on(article, table)
        for table in PARTS
    }
    return {name: connection.execute(query).all() for name, query in queried.items()}


def hanging_in(connection: Connection, articles: Sequence[str]) -> dict[str, dict[str, list[Any]]]:
    """The same of several articles, by article."""
    found: dict[str, dict[str, list[Any]]] = {id: {table.name: [] for table in PARTS} for id in articles}
    for table in PARTS if articles else ():
        query = queries.profiles_in(articles) if table is tables.appearances else queries.rows_in(articles, table)
        for row in connection.execute(query):
            found[row.article_id][table.name].append(row)
    return found


def analysis_of(row: Any, parts: Mapping[str, Sequence[Any]]) -> Analysis:
    """The analysis of the article in ``row``, from rows of ``hanging``."""
    said = parts["statements"]
    local = {each.id: each.local_id for each in said}
    return Analysis(
        article=read.article_from(row),
        run=read.run_from(row),
        stakeholders=_stakeholders_in(parts["appearances"], parts["affiliations"]),
        mentions=tuple(read.mention_from(each) for each in parts["mentions"]),
        statements=tuple(read.statement_from(each, each.local_id) for each in said),
        stances=tuple(read.stance_from(each, local.get(each.statement_id)) for each in parts["stances"]),
        figures=tuple(read.figure_from(each, each.local_id) for each in parts["figures"]),
        issues=read.issues_from(row),
    )


def _stakeholders_in(profiles: Sequence[Any], rows: Sequence[Any]) -> tuple[Stakeholder, ...]:
    held: dict[str, list[Affiliation]] = defaultdict(list)
    for row in rows:
        held[row.stakeholder_id].append(Affiliation(row.organisation, row.role))
    return tuple(
        read.stakeholder_from(
            row, row.stakeholder_id, aliases=tuple(row.aliases), affiliations=tuple(held[row.stakeholder_id])
        )
        for row in profiles
    )
