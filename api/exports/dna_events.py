"""Statements as an event list of Discourse Network Analyzer 3: the columns of its own export, semicolons between them.

As DNA does, semicolons in texts become commas and double quotes single ones; what a spreadsheet would take for a
formula has an apostrophe before it. ``section`` holds the article's id, by which an edited list finds its way back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.exports.csv_table import neutral
from api.exports.dna import Event

COLUMNS = (
    "statement ID", "time", "document ID", "document title", "author", "source", "section", "type", "text",
    "person", "organization", "concept", "agreement",
)  # fmt: skip


def stream_events(found: Iterable[Event]) -> Iterator[str]:
    """A line a statement; documents are numbered as they come."""
    yield ";".join(f'"{name}"' for name in COLUMNS) + "\n"
    article, document = "", 0
    for number, event in enumerate(found, 1):
        source = event.document.source
        document += source.id != article
        article = source.id
        texts = (event.document.title, source.author, source.publisher, source.id, source.genre, event.text)
        fields = [str(number), f"{event.document.moment:%Y-%m-%d %H:%M:%S}", str(document)]
        fields += [_quoted(text or "") for text in (*texts, event.person, event.organization, event.concept)]
        yield ";".join([*fields, str(int(event.agreement))]) + "\n"


def in_dna(text: str) -> str:
    """A text as DNA's event list prints it."""
    return text.replace(";", ",").replace('"', "'")


def _quoted(text: str) -> str:
    return f'"{neutral(in_dna(text))}"'
