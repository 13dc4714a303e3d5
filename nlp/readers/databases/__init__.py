"""Exports of press databases: many articles in one file, told by the marks that the database leaves in the text.

An export comes as text, HTML, rich text or a Word document; its lines are the same in all of them, so a database is
one module with ``is_export(lines)`` and ``split(lines)``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlp.readers.databases import factiva, lexisnexis, proquest, ris
from nlp.readers.databases.cuttings import Export, reading_of
from nlp.readers.reading import Reading

__all__ = ["DATABASES", "Database", "export_in", "looks_like", "read_export"]


@dataclass(frozen=True, slots=True)
class Database:
    """A database: its name, whether the lines of a file are an export of it, and its items."""

    name: str
    is_export: Callable[[Sequence[str]], bool]
    split: Callable[[Sequence[str]], Export]


DATABASES = (
    Database("ris", ris.is_export, ris.split),
    Database("factiva", factiva.is_export, factiva.split),
    Database("proquest", proquest.is_export, proquest.split),
    Database("lexisnexis", lexisnexis.is_export, lexisnexis.split),
)

_INLINE_TAG = re.compile(r"</?(?:a|b|em|font|i|span|strong|u)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def export_in(lines: Sequence[str]) -> Database | None:
    """The database that these lines are an export of."""
    return next((each for each in DATABASES if each.is_export(lines)), None)


def looks_like(start: str) -> str | None:
    """The name of the database that a file which begins so is an export of; text or HTML."""
    text = html.unescape(_TAG.sub("\n", _INLINE_TAG.sub("", start))) if start.lstrip()[:1] == "<" else start
    found = export_in(text.lstrip("\ufeff").splitlines())
    return found.name if found else None


def read_export(database: Database, lines: Sequence[str], *, source: str, form: str) -> Reading:
    """The articles of an export; ``form`` is the format that it came in ("docx")."""
    return reading_of(database.split(lines), name=database.name, source=source, form=form)
