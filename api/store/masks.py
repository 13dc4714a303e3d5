"""The filters of a question over the catalogue: which passages may be hits. What ``api.store.filters`` asks of rows
in the database, asked of columns in memory; a test holds both to the same answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from api.store.catalogue import STAKEHOLDER_KINDS, Catalogue
from api.store.columns import ARTICLE, FIGURE, KINDS, LABELS, MANNERS, STATEMENT, STRENGTHS, Column, Ints
from api.store.postings import Bools
from api.store.questions import Question
from nlp.records import MEDIUM, SURE, Tier

#: The least confidence of a tier, and what it stays below.
BOUNDS = {Tier.HIGH: (SURE, 1.1), Tier.MEDIUM: (MEDIUM, SURE), Tier.LOW: (0.0, MEDIUM)}


def allowed(catalogue: Catalogue, question: Question) -> Bools:
    """The rows that pass everything but the query itself."""
    columns = catalogue.columns
    # Compared in single precision, in which it is kept: as a double, what was 0.9 would lie below 0.9.
    sure = columns.confidence >= np.float32(question.filters.min_confidence)
    found = catalogue.alive & sure & _one_of(columns.kind, [KINDS.index(kind) for kind in question.within])
    articles = _articles(catalogue, question)
    if articles is not None:
        found &= articles[columns.art]
    for condition in _conditions(catalogue, question):
        found &= condition
    return found


def stances_asked(catalogue: Catalogue, question: Question) -> Bools:
    """The stances that are as sure as asked, and on the topic, of the label, strength and holder asked for."""
    columns, filters = catalogue.columns, question.filters
    found = columns.s_confidence >= np.float32(filters.min_confidence)
    if filters.topic:
        found &= _one_of(columns.s_topic, catalogue.words.topics.known(filters.topic))
    if filters.stance:
        found &= _one_of(columns.s_label, [LABELS.index(label) for label in filters.stance])
    if question.strength:
        found &= _one_of(columns.s_strength, [STRENGTHS.index(strength) for strength in question.strength])
    if filters.stakeholder:
        found &= _any(_one_of(columns.s_who, catalogue.words.stakeholders.known(filters.stakeholder)))
    return found


def topics_asked(catalogue: Catalogue, question: Question) -> Bools:
    """The stances, of anybody, that are as sure as asked and on a topic asked for."""
    columns, filters = catalogue.columns, question.filters
    found = columns.s_confidence >= np.float32(filters.min_confidence)
    if filters.topic:
        found &= _one_of(columns.s_topic, catalogue.words.topics.known(filters.topic))
    return found


def _articles(catalogue: Catalogue, question: Question) -> Bools | None:
    """The articles that pass what is asked of articles; None when nothing is."""
    columns, filters = catalogue.columns, question.filters
    found: list[Column] = []
    if filters.publisher:
        found.append(_one_of(columns.a_publisher, catalogue.words.publishers.known(filters.publisher)))
    if filters.article:
        places = [catalogue.words.articles[id] for id in filters.article if id in catalogue.words.articles]
        found.append(_flags(len(columns.a_day), np.array(places, dtype=np.int64)))
    if filters.since or filters.until or question.year:
        found.append(columns.a_dated)
    if filters.since:
        found.append(columns.a_last >= filters.since.toordinal())
    if filters.until:
        found.append(columns.a_day <= filters.until.toordinal())
    if question.year:
        found.append(_in_years(columns.a_day, question.year))
    return np.asarray(np.logical_and.reduce(found)) if found else None


def _in_years(days: Column, years: Iterable[int]) -> Bools:
    spans = [(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()) for year in years]
    return np.asarray(np.logical_or.reduce([(days >= first) & (days <= last) for first, last in spans]))


def _conditions(catalogue: Catalogue, question: Question) -> Iterable[Bools]:
    columns, filters = catalogue.columns, question.filters
    if filters.topic or filters.stance or question.strength:
        yield _argued(catalogue, question)
    if filters.manner:
        yield _said(catalogue, question)
    if filters.stakeholder:
        codes = catalogue.words.stakeholders.known(filters.stakeholder)
        yield _concerns(catalogue, _any(_one_of(columns.who, codes)), _one_of(columns.n_who, codes))
    if question.kind:
        kinds = np.append(catalogue.kinds, np.int8(-1))
        wanted = _one_of(kinds, [STAKEHOLDER_KINDS.index(kind) for kind in question.kind])
        yield _concerns(catalogue, _any(wanted[columns.who]), wanted[columns.n_who])
    if question.tier:
        # An article is found, not judged: it has no confidence and no tier.
        bounds = [BOUNDS[tier] for tier in question.tier]
        yield np.logical_or.reduce(
            [(columns.confidence >= np.float32(low)) & (columns.confidence < np.float32(high)) for low, high in bounds]
        )


def _argued(catalogue: Catalogue, question: Question) -> Bools:
    """Statements and articles with a stance as asked for; figures of articles that argue the topic."""
    columns = catalogue.columns
    asked = stances_asked(catalogue, question)
    rows = columns.s_row[asked]
    found = _flags(len(columns), rows[rows >= 0])
    articles = _flags(len(columns.a_day), columns.s_art[asked])
    found |= (columns.kind == ARTICLE) & articles[columns.art]
    if not question.filters.stance and not question.strength:
        there = _flags(len(columns.a_day), columns.s_art[topics_asked(catalogue, question)])
        found |= (columns.kind == FIGURE) & there[columns.art]
    return found


def _said(catalogue: Catalogue, question: Question) -> Bools:
    """Statements in the manner asked for, and articles that hold one."""
    columns, filters = catalogue.columns, question.filters
    found = _one_of(columns.manner, [MANNERS.index(manner) for manner in filters.manner])
    found &= (columns.kind == STATEMENT) & catalogue.alive
    found &= columns.confidence >= np.float32(filters.min_confidence)
    if filters.stakeholder:
        found &= _any(_one_of(columns.who, catalogue.words.stakeholders.known(filters.stakeholder)))
    articles = _flags(len(columns.a_day), columns.art[found])
    return np.asarray(found | ((columns.kind == ARTICLE) & articles[columns.art]))


def _concerns(catalogue: Catalogue, passages: Bools, appearances: Bools) -> Bools:
    """Statements and figures by who is in them, articles by who appears."""
    columns = catalogue.columns
    articles = _flags(len(columns.a_day), columns.n_art[appearances])
    return np.asarray(np.where(columns.kind == ARTICLE, articles[columns.art], passages))


def _one_of(values: Column, codes: Iterable[int] | Ints) -> Bools:
    wanted = np.asarray(list(codes), dtype=np.int64)
    return np.asarray(values == wanted[0] if len(wanted) == 1 else np.isin(values, wanted))


def _any(values: Bools) -> Bools:
    return np.asarray(values.any(axis=1))


def _flags(length: int, places: Column) -> Bools:
    found = np.zeros(length, dtype=bool)
    found[places] = True
    return found
