"""Statements as JSON-LD: a schema.org Quotation each, with where it comes from and what found it by PROV-O.

The context stands in the file, so that nothing is fetched to read it. Ids are ``urn:standpoint:…``, as addresses of
articles may be anything; an address is a text under ``schema:url``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from api.exports.about import About
from api.exports.jsonl import json_line
from api.schemas import web_url
from api.store.export_rows import Line, Party, Source, View
from nlp.records import PartialDate, Precision

CONTEXT = {
    "schema": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "sp": "urn:standpoint:terms:",
}
_KINDS = {"person": "schema:Person", "organisation": "schema:Organization", "group": "schema:Organization"}
_DATES = {Precision.DAY: "xsd:date", Precision.MONTH: "xsd:gYearMonth", Precision.YEAR: "xsd:gYear"}
PROGRAM = "urn:standpoint:program"


def stream_json_ld(lines: Iterable[Line], topics: Mapping[str, str], about: About) -> Iterator[str]:
    """One document, item by item: a program, runs, articles, stakeholders, topics and quotations."""
    program = {
        "@id": PROGRAM,
        "@type": "prov:SoftwareAgent",
        "schema:name": "Standpoint",
        "schema:description": about.made,
    }
    yield f'{{"@context":{json_line(CONTEXT).strip()},"@graph":[\n{json_line(program).strip()}'
    runs: set[str] = set()
    article = ""
    for line in lines:
        if line.source.id != article:
            article = line.source.id
            if line.source.run not in runs:
                runs.add(line.source.run)
                yield _item(_run(line.source))
            yield _item(_article(line.source))
        yield _item(_quotation(line, topics))
    yield "\n]}\n"


def _item(node: Mapping[str, Any]) -> str:
    return ",\n" + json_line({name: value for name, value in node.items() if value is not None}).rstrip("\n")


def urn(kind: str, id: str) -> str:
    """The id of a thing as an IRI."""
    return f"urn:standpoint:{kind}:{quote(id, safe='')}"


def _run(source: Source) -> dict[str, Any]:
    return {
        "@id": urn("run", source.run),
        "@type": "prov:Activity",
        "prov:wasAssociatedWith": {"@id": PROGRAM},
        "schema:softwareVersion": source.version,
    }


def _article(source: Source) -> dict[str, Any]:
    return {
        "@id": urn("article", source.id),
        "@type": ["schema:Article", "prov:Entity"],
        "schema:headline": source.title,
        "schema:author": source.author,
        "schema:publisher": source.publisher,
        "schema:datePublished": _date(source.published),
        "schema:url": web_url(source.url),
        "schema:license": source.licence,
        "schema:expires": {"@type": "xsd:date", "@value": source.expires.isoformat()} if source.expires else None,
        "sp:source": source.source,
        "sp:story": source.story,
    }


def _date(published: PartialDate | None) -> dict[str, str] | None:
    return {"@type": _DATES[published.precision], "@value": str(published)} if published else None


def _party(party: Party | None) -> dict[str, Any] | None:
    if party is None:
        return None
    kind = _KINDS.get(party.kind, "schema:Thing")
    return {"@id": urn("stakeholder", party.id), "@type": [kind, "prov:Agent"], "schema:name": party.name}


def _quotation(line: Line, topics: Mapping[str, str]) -> dict[str, Any]:
    source, article = line.source, {"@id": urn("article", line.source.id)}
    node = {
        "@id": urn("statement", line.name),
        "@type": ["schema:Quotation", "prov:Entity"],
        "schema:text": line.words,
        "schema:spokenByCharacter": _party(line.holder),
        "prov:wasAttributedTo": {"@id": urn("stakeholder", line.holder.id)} if line.holder else None,
        "sp:onBehalfOf": _party(line.body),
        "schema:isPartOf": article,
        "prov:wasDerivedFrom": article,
        "prov:wasGeneratedBy": {"@id": urn("run", source.run)},
        "sp:manner": line.manner,
        "sp:confidence": line.confidence,
        "sp:start": line.spans[0].start if line.spans else None,
        "sp:end": line.spans[-1].end if line.spans else None,
    }
    return node | (_stance(line.view, source, topics) if line.view else {})


def _stance(view: View, source: Source, topics: Mapping[str, str]) -> dict[str, Any]:
    return {
        "schema:about": {
            "@id": urn("topic", view.topic),
            "@type": "schema:Thing",
            "schema:name": topics.get(view.topic, view.topic),
        },
        "sp:stance": view.label,
        "sp:strength": view.strength,
        "sp:stanceConfidence": view.confidence,
        "sp:condition": view.condition.text if view.condition else None,
    }
