"""Passages: what is searched of an article, as plain texts. One for each statement, each figure, and the article.

A passage has its own words (``text``), what they are about (``about``: who holds a statement, who pays a figure and
how else its amount is written) and the title of its article. They are indexed apart, so that words of a title weigh
less than words that were said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from api.store import tables
from nlp.sentences import split_sentences

Row = Mapping[str, Any]

#: The most that is kept of a sentence or a lead, in characters; the encoder reads about as much.
LONGEST = 600
#: Letters of the longest alias that goes beside a name: "BMA", "DHSC", never a second spelling of the name.
ACRONYM = 8
#: Words for powers of ten, the largest first.
_SCALES = (
    (Decimal(10) ** 12, "tn", "trillion"),
    (Decimal(10) ** 9, "bn", "billion"),
    (Decimal(10) ** 6, "m", "million"),
)
_PARTS = {"percent": "per cent percent", "percentage_point": "percentage points", "GBP": "pounds"}


class PassageKind(StrEnum):
    """What a passage is of; the order is that of their codes in memory."""

    STATEMENT = "statement"
    ARTICLE = "article"
    FIGURE = "figure"


def passages_of(
    article: Row, statements: Iterable[Row], figures: Iterable[Row], names: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The passages of an article, from its rows and those of what was found in it; ``names`` are by stakeholder."""
    title = article["title"] or ""

    def passage(kind: PassageKind, seq: int, about: str, text: str) -> dict[str, Any]:
        fixed = {"kind": kind.value, "article_id": article["id"], "seq": seq, "title": title}
        return {**fixed, "about": about, "text": text[:LONGEST]}

    yield passage(PassageKind.ARTICLE, 0, "", lead_of(article["text"], article["blocks"]))
    for row in statements:
        about = _named((row["holder"], row["on_behalf_of"]), names)
        yield passage(PassageKind.STATEMENT, row["seq"], about, row["text"])
    for row in figures:
        who = _named((row["payer"], row["recipient"], row["cited_by"]), names)
        about = " ".join(filter(None, (who, *amount_words(row))))
        yield passage(PassageKind.FIGURE, row["seq"], about, _sentence_of(article["text"], row))


def lead_of(text: str, blocks: Iterable[list[Any]]) -> str:
    """The standfirst and the first paragraph, on one line; the beginning of a text that is not segmented."""
    found: dict[str, str] = {}
    for kind, start, end in blocks:
        if kind in ("standfirst", "paragraph"):
            found.setdefault(kind, text[start:end])
    return " ".join(" ".join(found.get(kind, "") for kind in ("standfirst", "paragraph")).split()) or text[:LONGEST]


def names_with_acronyms(described: Iterable[tuple[str, str, Iterable[str]]]) -> dict[str, str]:
    """Names by id, from ids, names and aliases: "British Medical Association (BMA)"."""
    found = {}
    for id, name, aliases in described:
        short = [alias for alias in aliases if alias.isupper() and len(alias) <= ACRONYM and alias not in name]
        found[id] = f"{name} ({', '.join(short)})" if short else name
    return found


def _named(ids: Iterable[str | None], names: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(names.get(id, id) for id in ids if id))


def amount_words(figure: Row) -> Iterator[str]:
    """How else an amount may be written: "1.2bn", "1.2 billion", "1200000000", "5 per cent"."""
    unit = _PARTS.get(figure["unit"], figure["unit"])
    for value in (figure["value"], figure["low"], figure["high"]):
        if value is not None:
            yield f"{' '.join(_spellings(abs(Decimal(value))))} {unit}"


def _spellings(value: Decimal) -> Iterator[str]:
    yield f"{value.normalize():f}"
    if value >= 1000:
        yield f"{value.normalize():,f}"
    for scale, short, long in _SCALES:
        if value >= scale:
            shown = f"{(value / scale).normalize():f}"
            yield f"{shown}{short} {shown} {long}"
            return


def _sentence_of(text: str, figure: Row) -> str:
    """The sentence in which the amount stands, with what the money is for where that is said elsewhere."""
    start, end, amount = figure["spans"][0] if figure["spans"] else (0, 0, "")
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    around = split_sentences(text, first, len(text) if last < 0 else last)
    found = next((text[a:b] for a, b in around if a <= start < b), amount)
    what = figure["what"][2] if figure["what"] else ""
    return " ".join((found if what in found else f"{found} ({what})").split())


def fill_passages(connection: Connection) -> None:
    """Make the passages of every stored article that has none."""
    there = select(tables.passages.c.article_id).where(tables.passages.c.kind == PassageKind.ARTICLE.value)
    lacking = connection.scalars(select(tables.articles.c.id).where(tables.articles.c.id.not_in(there))).all()
    for id in lacking:
        connection.execute(insert(tables.passages), list(stored_passages(connection, id)))


def stored_passages(connection: Connection, id: str) -> Iterator[dict[str, Any]]:
    """The passages of a stored article, as it is now."""

    def rows(query: Select[Any]) -> list[Row]:
        return [dict(row._mapping) for row in connection.execute(query)]

    # Only the columns that every schema has had: a migration runs this before later ones have added theirs.
    articles, statements, figures, profiles = (
        tables.articles.c,
        tables.statements.c,
        tables.figures.c,
        tables.profiles.c,
    )
    (article,) = rows(select(articles.id, articles.title, articles.text, articles.blocks).where(articles.id == id))
    said = select(statements.seq, statements.holder, statements.on_behalf_of, statements.text)
    money = select(*(figures[name] for name in FIGURE_COLUMNS))
    who = select(profiles.stakeholder_id, profiles.name, profiles.aliases)
    who = who.join_from(tables.profiles, tables.appearances, tables.appearances.c.profile_id == profiles.id)
    names = names_with_acronyms(tuple(connection.execute(who.where(tables.appearances.c.article_id == id))))
    return passages_of(
        article, rows(said.where(statements.article_id == id)), rows(money.where(figures.article_id == id)), names
    )


#: What a passage is made of, of the columns of a figure.
FIGURE_COLUMNS = ("seq", "spans", "what", "unit", "value", "low", "high", "payer", "recipient", "cited_by")
