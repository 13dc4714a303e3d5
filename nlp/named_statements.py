"""Nouns that name a statement: "X’s argument that …", "the warning from X that …", "X’s view is that …"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import corpora
from nlp.contents import Piece, content_end
from nlp.speakers import Discourse, Unit
from nlp.subjects import Place, subject_after


class Named(NamedTuple):
    """Whose statement a noun names, where its content stands, and the noun."""

    owner: Unit
    content: Place
    noun: Place


@cache
def statement_nouns() -> re.Pattern[str]:
    heads = "|".join(corpora.lexicon("cues")["nouns"]["heads"])
    return re.compile(rf"\b(?P<noun>{heads})\b")


def find_named(discourse: Discourse, piece: Piece, units: Sequence[Unit]) -> Named | None:
    """ "X's argument that …", "the warning from X that …"."""
    text = discourse.article.text
    for match in statement_nouns().finditer(text, piece.start, piece.end):
        if piece.in_fragment(match.start()):
            continue
        that = re.match(
            r"\s+(?:(?:is|was|remains)\s+(?:simple|clear|plain)?:?\s*)?that\s+", text[match.end() : piece.end]
        )
        owner = next(
            (u for u in units if re.fullmatch(r"['’]s?\s+(?:\w+\s+){0,2}", text[u.end : match.start()])), None
        ) or own_unit(text, match.start())
        if owner and that:
            return _named(text, piece, match, owner, match.end() + that.end())
        source = re.match(r"\s+(?:from|by|of|among|amongst|within)\s+(?:the\s+)?", text[match.end() : piece.end])
        unit = subject_after(text, match.end() + source.end() - 1, piece.end, units) if source else None
        if unit and unit.form == "name":
            clause = re.match(r"\s+(?:(?:is|was|remains)\s+)?that\s+", text[unit.end : piece.end])
            if clause:
                return _named(text, piece, match, unit, unit.end + clause.end())
    return None


def own_unit(text: str, at: int) -> Unit | None:
    """ "its argument that": the body the sentence is about."""
    match = re.search(r"\b(?P<own>its|their|his|her)\s+(?:\w+\s+)?$", text[max(0, at - 30) : at])
    if not match:
        return None
    pronoun = {"its": "it", "their": "they", "his": "he", "her": "she"}[match["own"]]
    start = max(0, at - 30) + match.start()
    return Unit(start, start + 3, None, pronoun, "pronoun")


def _named(text: str, piece: Piece, match: re.Match[str], owner: Unit, start: int) -> Named:
    verb = re.search(
        r"\s+(?:(?:does|do|did|is|was|were|has|had|have) (?:have|not|been|had|some|well|right|wrong|true|nothing)\b|,)",
        text[start : piece.end],
    )
    end = start + verb.start() if verb else content_end(text, piece.end)
    return Named(owner, (start, end), match.span())
