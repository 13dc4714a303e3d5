"""The blocks of an office document: one article, or the many of a press database's export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.errors import UnreadableError
from nlp.readers.databases import export_in, read_export
from nlp.readers.document_pieces import build_article, has_words, tidy
from nlp.readers.metadata import Metadata
from nlp.readers.pieces import Piece
from nlp.readers.reading import Reading, SkippedItem

#: A title in the properties of a file counts where it stands so far up in the text too: many are those of templates.
TITLE_WITHIN = 4


def read_document(
    pieces: Sequence[Piece],
    *,
    format: str,
    reader: str,
    source: str,
    named: str | None,
    skipped: Sequence[SkippedItem] = (),
) -> Reading:
    """What a document holds. ``named`` is the title in its properties; the author there is who saved it, and not read.

    Raises UnreadableError when there are no words in it.
    """
    if not has_words(pieces):
        raise UnreadableError("holds no text", do="give a file with an article in it")
    lines = [line for each in pieces for line in (*each.text.split("\n"), "")]
    export = export_in(lines)
    if export and (reading := read_export(export, lines, source=source, form=format)).parsed:
        return replace(reading, skipped=(*reading.skipped, *skipped))
    stated = Metadata(title=_title(pieces, named))
    article = build_article(pieces, source=source, reader=reader, stated=stated)
    return Reading(format=format, articles=(article,), skipped=tuple(skipped))


def _title(pieces: Sequence[Piece], named: str | None) -> str | None:
    title = tidy(named or "").casefold()
    return next((each.text for each in pieces[:TITLE_WITHIN] if title and each.text.casefold() == title), None)
