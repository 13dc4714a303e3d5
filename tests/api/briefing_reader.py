"""An example of a program that is fed from a briefing: it makes a page from the JSON alone.

It knows nothing of Standpoint, only the published schema, and needs jsonschema and the standard library:
``python tests/api/briefing_reader.py SCHEMA.json < briefing.json > page.html``. What a page, a letter or the prompt of
a language model is made of in this way, it has to do the same two things: check the document, and treat whatever
stands under ``untrusted_text`` as text to show and never as markup or instruction.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

Json = Mapping[str, Any]


def page_of(briefing: Json, schema: Json) -> str:
    """The page. Raises jsonschema's ValidationError for a document that is none."""
    Draft202012Validator(schema).validate(briefing)
    sources = {source["number"]: source for source in briefing["sources"]}
    lines = [f"<h1>{_words(briefing['title'])}</h1>", f"<p>{escape(briefing['made']['confidence'])}</p>"]
    for proposal in briefing["proposals"]:
        lines.append(f"<h2>{escape(proposal['name'])}</h2><p>{escape(proposal['claim'])}</p>")
        own = [each for each in briefing["positions"] if each["topic"] == proposal["id"]]
        lines += [_item(each["who"], each["stance"], each["quote"], sources) for each in own]
        lines += [
            _item(voice["who"], argument["side"], voice["quote"], sources)
            for argument in briefing["arguments"]
            if argument["topic"] == proposal["id"]
            for voice in argument["voices"]
        ]
    for change in briefing["changes"]:
        for quote in (change["old"], change["new"]):
            lines.append(_item(change["who"], f"{change['before']} to {change['after']}", quote, sources))
    for each in sums_in(briefing["money"]):
        lines.append(f"<p>{_words(each['text'])}: {_quote(each['quote'], sources)}</p>")
    return "<!doctype html>\n<meta charset=utf-8>\n" + "\n".join(lines) + "\n"


def sums_in(money: Json) -> Iterator[Json]:
    for rival in money["rivals"]:
        yield from rival["amounts"]
    yield from money["sums"]


def _item(who: Json, what: str, quote: Json | None, sources: Mapping[int, Json]) -> str:
    return f"<p>{_words(who['name'])}, {escape(what)}: {_quote(quote, sources)}</p>"


def _quote(quote: Json | None, sources: Mapping[int, Json]) -> str:
    if quote is None or not quote["pieces"]:
        return "not quoted"
    said = " … ".join(_words(piece) for piece in quote["pieces"])
    source = sources[quote["source"]]
    place = (
        f"{_words(source['title'])}, {escape(source['published'] or 'undated')}, article {escape(source['article'])}"
    )
    return f"<q>{said}{' […]' if quote['cut'] else ''}</q> ({place})"


def _words(holder: Json) -> str:
    """The one door through which an article's text comes in."""
    return escape(holder["untrusted_text"])


if __name__ == "__main__":
    print(page_of(json.load(sys.stdin), json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
