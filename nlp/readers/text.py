"""Plain text: decode it, change nothing in it.

Offsets count code points of the file as decoded, line ends as they are. A byte order mark of UTF-8
stays in the text as U+FEFF, since whoever decodes the file as UTF-8 finds it there too; UTF-16's
belongs to the encoding and goes.
"""

from __future__ import annotations

from nlp.readers.decoding import decode
from nlp.readers.formats import ReadNested
from nlp.readers.metadata import read_metadata
from nlp.readers.reading import Reading
from nlp.records import Article

READER = "text/1"


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """A plain text file is one article. Raises UnreadableError when the bytes are no text."""
    return Reading(format="text", articles=(read_text(data, source=source),))


def read_text(data: bytes, *, source: str) -> Article:
    """The article in a plain text file. Raises UnreadableError when the bytes are no text."""
    text, encoding = decode(data)
    found = read_metadata(text)
    source = found.url or source
    return Article(
        id=Article.identify(source, text),
        source=source,
        text=text,
        reader=READER if encoding == "utf-8" else f"{READER} {encoding}",
        title=found.title,
        publisher=found.publisher,
        published=found.published,
        author=found.author,
        url=found.url or (source if source.startswith(("http://", "https://")) else None),
        genre=found.genre,
        hints=found.hints,
    )


def is_file_text(article: Article) -> bool:
    """Whether the article's text is what decoding its file as UTF-8 gives, so that offsets fit the file."""
    return article.reader == READER
