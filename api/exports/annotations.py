"""Statements or figures as W3C Web Annotations (Recommendation of 23 February 2017), one page of them.

Every stretch of words is a target with a TextQuoteSelector (the words with 32 characters before and behind) and a
TextPositionSelector. Positions count Unicode code points of the article's text, as the Recommendation asks; the page
says so under ``sp:unit``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from api.exports.about import About
from api.exports.json_ld import urn
from api.exports.jsonl import json_line
from api.exports.tables import lots
from api.schemas import web_url
from api.store.export_rows import Line, Money, Source
from nlp.records import Span

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"sp": "urn:standpoint:terms:"}]
AROUND = 32
#: Items whose articles' texts are held at a time.
LOT = 200
Texts = Callable[[Iterable[str]], Mapping[str, str]]


def stream_annotations(
    items: Iterable[Line | Money], topics: Mapping[str, str], texts: Texts, about: About
) -> Iterator[str]:
    """One AnnotationPage, item by item; ``texts`` reads the texts of articles by id."""
    head = {
        "@context": CONTEXT,
        "id": "urn:standpoint:annotations",
        "type": "AnnotationPage",
        "sp:unit": "Unicode code points",
        "generator": {"id": "urn:standpoint:program", "type": "Software", "name": about.made},
    }
    yield json_line(head)[:-2] + ',"items":[\n'
    comma = ""
    for lot in lots(items, LOT):
        known = texts({item.source.id for item in lot})
        made = [json_line(_annotation(item, topics, known.get(item.source.id, ""))).strip() for item in lot]
        yield comma + ",\n".join(made)
        comma = ",\n"
    yield "\n]}\n"


def _annotation(item: Line | Money, topics: Mapping[str, str], text: str) -> dict[str, Any]:
    spans, id, bodies = _said(item, topics) if isinstance(item, Line) else _money(item)
    targets = [_target(span, item.source, text) for span in spans]
    return {
        "id": id,
        "type": "Annotation",
        "motivation": "classifying",
        "body": [{"type": "TextualBody", "purpose": purpose, "value": value} for purpose, value in bodies],
        "target": targets[0] if len(targets) == 1 else targets,
    }


Described = tuple[Sequence[Span], str, list[tuple[str, str]]]


def _said(line: Line, topics: Mapping[str, str]) -> Described:
    bodies = [("identifying", f"holder: {line.holder.name if line.holder else 'nobody named'}")]
    bodies += [("identifying", f"on behalf of: {line.body.name}")] if line.body else []
    if line.view:
        bodies += [("tagging", f"topic: {topics.get(line.view.topic, line.view.topic)}")]
        bodies += [("classifying", f"stance: {line.view.label}"), ("classifying", f"strength: {line.view.strength}")]
    bodies += [("describing", f"confidence: {line.confidence:g}")]
    return line.spans, urn("statement", line.name), bodies


def _money(money: Money) -> Described:
    figure = money.figure
    told = {"kind": figure.kind.value, "status": figure.status.value, "unit": figure.unit, "value": figure.value}
    bodies = [("classifying", f"{name}: {value}") for name, value in told.items() if value is not None]
    return (
        figure.spans,
        urn("figure", figure.id),
        [*bodies, ("describing", f"confidence: {figure.evidence.confidence:g}")],
    )


def _target(span: Span, source: Source, text: str) -> dict[str, Any]:
    before, behind = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
    quoted = {"exact": span.text, "prefix": before, "suffix": behind}
    return {
        "source": {"id": web_url(source.url) or urn("article", source.id), "sp:article": source.id},
        "selector": [
            {"type": "TextQuoteSelector", **quoted},
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
        ],
    }
