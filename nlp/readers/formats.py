"""The formats that are read, each told from the content of a file, never from its name.

A format is a row of ``FORMATS`` and a module of ``nlp.readers`` with

    def read(data: bytes, *, source: str, nested: ReadNested) -> Reading

which raises UnreadableError where the whole file gives nothing, and names in ``Reading.skipped`` the items that alone
cannot be read. A format that holds files of other formats (an archive, a message) hands each to ``nested``.
Modules are imported when their format is first met: parsers take long to load.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Protocol

from nlp.errors import UnreadableError
from nlp.readers import databases
from nlp.readers.archives import is_warc, is_zip
from nlp.readers.decoding import UTF16_MARKS
from nlp.readers.entities import refuse_entities
from nlp.readers.office_marks import is_docx, is_export_of, is_odt, is_pdf, is_rtf
from nlp.readers.reading import Reading
from nlp.readers.telling import (
    is_feed,
    is_json,
    is_json_feed,
    is_jsonl,
    is_mail,
    is_markdown,
    is_mhtml,
    is_newsml,
    is_ninjs,
    is_table,
)

#: So many bytes at the start of a file tell its format.
HEAD_BYTES = 20_000


class ReadNested(Protocol):
    """Reads a file inside a file: its bytes and its name or address. Raises UnreadableError."""

    def __call__(self, data: bytes, *, source: str) -> Reading: ...


@dataclass(frozen=True)
class Content:
    """The bytes of a file, and what they are told by."""

    data: bytes

    @cached_property
    def start(self) -> str:
        """The first characters; wrong bytes do not matter yet."""
        encoding = "utf-16" if self.data.startswith(UTF16_MARKS) else "utf-8-sig"
        return self.data[:HEAD_BYTES].decode(encoding, "ignore")

    @cached_property
    def export(self) -> str | None:
        """The press database whose export the file begins like; text and HTML only."""
        return databases.looks_like(self.start)

    @cached_property
    def json(self) -> object:
        """What the whole file is as JSON; None when it is none."""
        if not self.start.lstrip().startswith(("{", "[")):
            return None
        try:
            return json.loads(self.data)
        except UnicodeDecodeError:
            pass  # JSON is UTF-8, and some programs write Windows-1252
        except (ValueError, RecursionError):
            return None
        try:
            return json.loads(self.data.decode("cp1252", "replace"))
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, what tells it, and the module of ``nlp.readers`` that reads it."""

    name: str
    recognises: Callable[[Content], bool]
    module: str

    def read(self, data: bytes, *, source: str, nested: ReadNested) -> Reading:
        reading: Reading = import_module(f"nlp.readers.{self.module}").read(data, source=source, nested=nested)
        return reading


# Atomic groups: a comment ends at its first "-->", so that many comments cost no more than their length.
_HTML = re.compile(
    r"(?>\s+|<!--(?>.*?-->)|<\?xml[^>]*>)*+<(?:!doctype\s+html|html|head|body|title|meta|article|main|section|div|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<(?:\?xml|!doctype|rss|feed|svg)\b", re.IGNORECASE)


def _is_html(content: Content) -> bool:
    return _HTML.match(content.start) is not None


def _is_text(content: Content) -> bool:
    """Whatever is nothing else is text, unless it is data that no reader knows."""
    if _XML.match(content.start):
        refuse_entities(content.start)
        raise UnreadableError("is XML without a page in it", do="give text or HTML")
    if content.json is not None:
        raise UnreadableError("is JSON data, not an article", do="give text or HTML")
    if is_json(content):
        raise UnreadableError("is JSON that is broken or cut off", do="get the file again, or give text or HTML")
    return True


#: The first that recognises a file reads it: what is told by its first bytes stands before what is told by its text.
FORMATS: tuple[Format, ...] = (
    Format("docx", is_docx, "docx"),
    Format("odt", is_odt, "odt"),
    Format("zip", is_zip, "zip_archive"),
    Format("warc", is_warc, "warc"),
    Format("mhtml", is_mhtml, "mhtml"),
    Format("eml", is_mail, "eml"),
    Format("pdf", is_pdf, "pdf"),
    Format("rtf", is_rtf, "rtf"),
    Format("newsml-g2", is_newsml, "newsml"),
    Format("feed", is_feed, "feed"),
    *(Format(each.name, is_export_of(each.name), "database_export") for each in databases.DATABASES),
    Format("html", _is_html, "html"),
    Format("json-feed", is_json_feed, "json_feed"),
    Format("ninjs", is_ninjs, "ninjs"),
    Format("jsonl", is_jsonl, "jsonl"),
    Format("csv", is_table, "csv_table"),
    Format("markdown", is_markdown, "markdown"),
    Format("text", _is_text, "text"),
)


def format_of(content: Content) -> Format:
    """The format of a file. Raises UnreadableError for data that is no article in any form."""
    return next(each for each in FORMATS if each.recognises(content))
