"""The five formats of a briefing, by name: what writes each, and what it is called outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from api.briefing.layout import lay_out, made_words, one_line
from api.briefing.record import FORMAT, Briefing
from api.words import sentence

#: Where the schema is published.
SCHEMA = "/v1/schemas/briefing"


class Format(StrEnum):
    """How a briefing is printed."""

    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"
    ODT = "odt"

    @property
    def ending(self) -> str:
        return "md" if self is Format.MARKDOWN else self.value


MEDIA_TYPES = {
    Format.JSON: "application/json",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.HTML: "text/html; charset=utf-8",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.ODT: "application/vnd.oasis.opendocument.text",
}
#: What a terminal cannot show.
BINARY = frozenset({Format.DOCX, Format.ODT})
_ADAPTER: TypeAdapter[Briefing] = TypeAdapter(Briefing)


def write_briefing(briefing: Briefing, format: Format) -> bytes:
    """The briefing in a format; text is UTF-8."""
    if format is Format.JSON:
        return (json.dumps(document_of(briefing), ensure_ascii=False, indent=1) + "\n").encode()
    parts, title = lay_out(briefing), f"Briefing: {one_line(briefing.title.untrusted_text)}"
    foot = f"{made_words(briefing)}. Briefing {briefing.id}"
    # python-docx and odfdo take a while to import, and most briefings are asked for as text.
    match format:
        case Format.MARKDOWN:
            from api.briefing.markdown import write_markdown

            return write_markdown(parts).encode()
        case Format.HTML:
            from api.briefing.web import write_html

            return write_html(parts, title=title, foot=foot).encode()
        case Format.DOCX:
            from api.briefing.word import write_docx

            return write_docx(parts, title=title, foot=foot)
        case Format.ODT:
            from api.briefing.odt import write_odt

            return write_odt(parts, title=title, foot=foot)


def document_of(briefing: Briefing) -> dict[str, Any]:
    """The briefing as JSON has it; what is no character in an article's text is marked as replaced."""
    found: dict[str, Any] = _ADAPTER.dump_python(briefing, mode="json")
    return found


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of the document."""
    made = _ADAPTER.json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, "title": sentence(FORMAT)}
    return {**head, "description": (Briefing.__doc__ or "").strip(), **_closed(made), "title": FORMAT}


def _closed(schema: Any) -> Any:
    """The schema with every object closed: a field that it does not know is a fault."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _closed(value) for key, value in schema.items()}
    return {**found, "additionalProperties": False} if "properties" in found and "type" in found else found


def kept_as(briefing: Briefing, format: Format) -> dict[str, str]:
    """The header that names the file, of letters that every system takes.

    All but JSON are for keeping: HTML has styles of its own, which no page of the server may have.
    """
    name = f"standpoint-briefing-{briefing.id}-{briefing.made.on.isoformat()}.{format.ending}"
    return {} if format is Format.JSON else {"Content-Disposition": f'attachment; filename="{name}"'}
