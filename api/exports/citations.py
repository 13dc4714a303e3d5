"""The articles behind rows, for a program of references such as Zotero: RIS, and CSL-JSON (schema 1.0)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from api.exports.about import About
from api.exports.cleaning import Cleaner
from api.exports.jsonl import json_line
from api.schemas import web_url
from api.store.export_rows import Line, Money, Source
from nlp.records import PartialDate, Precision

_PARTS = {Precision.YEAR: 1, Precision.MONTH: 2, Precision.DAY: 3}


def sources(items: Iterable[Line | Money]) -> Iterator[Source]:
    """Each article once: rows of one article stand together."""
    for _, own in groupby(items, key=lambda item: item.source.id):
        yield next(own).source


def stream_ris(items: Iterable[Line | Money], about: About) -> Iterator[str]:
    """Each article as a newspaper article (NEWS); what RIS has no form for, control characters and line ends, goes."""
    for source in sources(items):
        fields = [("TY", "NEWS"), ("ID", source.id), ("TI", source.title or source.source), ("AU", source.author)]
        fields += [("T2", source.publisher), *_ris_dates(source.published), ("UR", web_url(source.url))]
        fields += [("C1", f"licence: {source.licence}" if source.licence else None), ("N1", about.made)]
        yield "".join(f"{tag}  - {_one_line(value)}\r\n" for tag, value in fields if value) + "ER  - \r\n\r\n"


def stream_csl(items: Iterable[Line | Money], about: About) -> Iterator[str]:
    """One list of items."""
    start = "[\n"
    for source in sources(items):
        yield start + json_line({name: value for name, value in _csl(source, about).items() if value}).strip()
        start = ",\n"
    yield "[\n]\n" if start == "[\n" else "\n]\n"


def _csl(source: Source, about: About) -> dict[str, Any]:
    licence = f"licence: {source.licence}; " if source.licence else ""
    return {
        "id": source.id,
        "type": "article-newspaper",
        "title": source.title or source.source,
        "author": [{"literal": source.author}] if source.author else None,
        "container-title": source.publisher,
        "issued": {"date-parts": [_parts(source.published)]} if source.published else None,
        "URL": web_url(source.url),
        "note": f"{licence}{about.made}",
    }


def _parts(published: PartialDate) -> list[int]:
    day = published.value
    return [day.year, day.month, day.day][: _PARTS[published.precision]]


def _ris_dates(published: PartialDate | None) -> list[tuple[str, str | None]]:
    if published is None:
        return []
    year, *rest = _parts(published)
    month, day = [f"{part:02}" for part in rest] + [""] * (2 - len(rest))
    return [("PY", f"{year:04}"), ("DA", f"{year:04}/{month}/{day}/")]


def _one_line(text: str) -> str:
    return " ".join(Cleaner().clean(text).split())
