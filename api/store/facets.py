"""How many hits have each value of each facet: the number of hits that would be left with that value as a filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from api.store.catalogue import STAKEHOLDER_KINDS, Catalogue
from api.store.columns import ARTICLE, FIGURE, KINDS, LABELS, STRENGTHS, Column
from api.store.masks import BOUNDS, stances_asked, topics_asked
from api.store.postings import Bools
from api.store.questions import Facet, Question

#: Values that a facet shows, those with the most hits.
MOST = 20
Counts = Mapping[str, int]


def count_facets(
    catalogue: Catalogue, question: Question, hits: Bools, *, names: Mapping[str, str]
) -> dict[str, tuple[Facet, ...]]:
    """All facets over the rows that are hits; ``names`` are what topics are called."""
    columns = catalogue.columns
    stances = stances_asked(catalogue, question)
    arts = columns.art[hits]
    counted: dict[str, Counts] = {
        "in": _by_name((kind.value for kind in KINDS), np.bincount(columns.kind[hits], minlength=len(KINDS))),
        "stakeholder": _stakeholders(catalogue, hits),
        "kind": _kinds(catalogue, hits),
        "topic": _by_name(catalogue.words.topics.names, _topics(catalogue, question, hits, stances)),
        "stance": _by_name(LABELS, _stances(catalogue, hits, stances, columns.s_label)),
        "strength": _by_name(STRENGTHS, _stances(catalogue, hits, stances, columns.s_strength)),
        "publisher": _by_code(catalogue.words.publishers.names, columns.a_publisher[arts]),
        "year": _years(columns.a_day[arts][columns.a_dated[arts]]),
        "tier": _tiers(columns.confidence[hits & (columns.kind != ARTICLE)]),
    }
    return {facet: _most(counts, names, by_value=facet == "year") for facet, counts in counted.items()}


def _most(counts: Counts, names: Mapping[str, str], *, by_value: bool) -> tuple[Facet, ...]:
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    if by_value:
        order.sort(reverse=True)
    return tuple(Facet(value=value, name=names.get(value, value), count=count) for value, count in order)


def _by_name(names: Iterable[str], counts: Column) -> Counts:
    return {str(name): int(count) for name, count in zip(names, counts, strict=False) if count}


def _by_code(names: list[str], codes: Column) -> Counts:
    known = codes[codes >= 0]
    return _top(names, np.bincount(known, minlength=len(names)))


def _top(names: list[str], counts: Column) -> Counts:
    # Of a hundred thousand names, only the few that are shown become text.
    order = np.argsort(-counts, kind="stable")[: 4 * MOST]
    return {names[code]: int(counts[code]) for code in order if counts[code]}


def _hit_articles(catalogue: Catalogue, hits: Bools, kind: int) -> Bools:
    """Which articles are hits themselves, or hold a hit of another kind."""
    columns = catalogue.columns
    found = np.zeros(len(columns.a_day), dtype=bool)
    found[columns.art[hits & (columns.kind == kind)]] = True
    return found


def _stakeholders(catalogue: Catalogue, hits: Bools) -> Counts:
    columns = catalogue.columns
    who = columns.who[hits]
    # A stakeholder that is both payer and source of a figure counts once.
    who[:, 1] = np.where(who[:, 1] == who[:, 0], -1, who[:, 1])
    who[:, 2] = np.where((who[:, 2] == who[:, 0]) | (who[:, 2] == who[:, 1]), -1, who[:, 2])
    appear = columns.n_who[_hit_articles(catalogue, hits, ARTICLE)[columns.n_art]]
    codes = np.concatenate([who.ravel(), appear])
    return _by_code(catalogue.words.stakeholders.names, codes)


def _kinds(catalogue: Catalogue, hits: Bools) -> Counts:
    columns = catalogue.columns
    kinds = np.append(catalogue.kinds, np.int8(-1))
    passages, appear = kinds[columns.who[hits]], kinds[columns.n_who]
    here = _hit_articles(catalogue, hits, ARTICLE)[columns.n_art]
    found = {}
    for code, kind in enumerate(STAKEHOLDER_KINDS):
        articles = np.zeros(len(columns.a_day), dtype=bool)
        articles[columns.n_art[here & (appear == code)]] = True
        if count := int((passages == code).any(axis=1).sum()) + int(articles.sum()):
            found[kind.value] = count
    return found


def _stances(catalogue: Catalogue, hits: Bools, stances: Bools, codes: Column) -> Column:
    """Statements and articles by the codes of their stances, each hit once a code."""
    columns = catalogue.columns
    size = int(codes.max()) + 1 if len(codes) else 0
    shown = stances & (columns.s_row >= 0) & hits[columns.s_row]
    counts = _distinct(columns.s_row[shown], codes[shown], len(columns), size)
    return counts + _in_articles(catalogue, hits, ARTICLE, stances, codes)


def _topics(catalogue: Catalogue, question: Question, hits: Bools, stances: Bools) -> Column:
    """The same by topic; a figure is on the topics that its article argues, as far as nothing but these is asked."""
    counts = _stances(catalogue, hits, stances, catalogue.columns.s_topic)
    if question.filters.stance or question.strength:
        return counts
    argued = topics_asked(catalogue, question)
    return counts + _in_articles(catalogue, hits, FIGURE, argued, catalogue.columns.s_topic)


def _in_articles(catalogue: Catalogue, hits: Bools, kind: int, stances: Bools, codes: Column) -> Column:
    columns = catalogue.columns
    number = np.bincount(columns.art[hits & (columns.kind == kind)], minlength=len(columns.a_day))
    held = stances & (number[columns.s_art] > 0)
    grid = np.zeros((int(codes.max()) + 1 if len(codes) else 0, len(number)), dtype=bool)
    grid[codes[held], columns.s_art[held]] = True
    # Row by row: a product of integers is twenty times as slow, one of floats keeps all cores busy.
    return np.array([number[flags].sum() for flags in grid], dtype=np.int64)


def _distinct(rows: Column, codes: Column, length: int, size: int) -> Column:
    """How many distinct rows each code has; a flag for every row is quicker than sorting."""
    if size > 12:
        # Stances are in the order of row and topic, so that equal pairs stand together.
        first = np.ones(len(rows), dtype=bool)
        first[1:] = (rows[1:] != rows[:-1]) | (codes[1:] != codes[:-1])
        return np.bincount(codes[first], minlength=size)
    counts = np.zeros(size, dtype=np.int64)
    for code in range(size):
        flags = np.zeros(length, dtype=bool)
        flags[rows[codes == code]] = True
        counts[code] = flags.sum()
    return counts


def _years(days: Column) -> Counts:
    # Days count from the first of the year 1, NumPy's from 1970.
    years = (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    distinct, counts = np.unique(years, return_counts=True)
    return {str(year): int(count) for year, count in zip(distinct, counts, strict=True)}


def _tiers(confidences: Column) -> Counts:
    found = {}
    for tier, (low, high) in BOUNDS.items():
        count = int(((confidences >= np.float32(low)) & (confidences < np.float32(high))).sum())
        if count:
            found[tier.value] = count
    return found
