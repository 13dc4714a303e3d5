"""The names of a sentence that may pay, get or tell of money: mentions, and descriptions of bodies named before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.called import is_called
from nlp.records import Mention, Sentence, Stakeholder, StakeholderKind, Statement

#: So many names before a description, and behind it where none fits, are looked at.
_BEFORE, _BEHIND = 60, 40
#: Further than this no sentence is read, which keeps the time linear.
_LONGEST = 2500


#: Start and end of a statement's span, its holder and the body it is made for ("" for none).
_Spoken = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class Name:
    """A stakeholder's name or description in a sentence: offsets in the sentence, and who is meant."""

    start: int
    end: int
    stakeholder: str


@cache
def _description() -> re.Pattern[str]:
    nouns = "|".join(map(re.escape, sorted(corpora.lexicon("roles")["bodies"]["nouns"], key=len, reverse=True)))
    return re.compile(rf"\b(?:[Tt]he|[Oo]ur|[Mm]y)\s(?P<said>(?:[a-z-]+\s){{0,3}}?(?P<noun>{nouns}))(?![\w-])")


_FIRST_PERSON = re.compile(r"(?<![\w’'])(?:[Ww]e|us|I|me)(?![\w-])")
_BACK = re.compile(r"(?:[“‘\"']\s?)?(?P<word>It|They)\b")
#: A name that begins within so many characters of its sentence opens it.
_OPENS = 14


class Namer:
    """The names of an article's sentences, those of one sentence at a time."""

    def __init__(
        self, mentions: Sequence[Mention], stakeholders: Sequence[Stakeholder], statements: Sequence[Statement] = ()
    ) -> None:
        """``mentions`` in text order; in a statement "I" is its holder and "we" the body it is made for."""
        self._spoken = sorted(
            (p.start, p.end, s.holder, s.on_behalf_of or "") for s in statements if s.holder for p in s.spans
        )
        self._of = {s.id: s.affiliations[-1].organisation for s in stakeholders if s.affiliations}
        self._mentions = [mention for mention in mentions if mention.stakeholder]
        self._starts = [mention.span.start for mention in self._mentions]
        self._bodies = {s.id: s for s in stakeholders if s.kind is StakeholderKind.ORGANISATION}

    def of(self, sentence: Sentence, before: Sentence | None = None) -> tuple[Name, ...]:
        """Who is named in the sentence, and whom "the council", "we" and, behind ``before``, "it" stand for."""
        first, last = sentence.span.start, min(sentence.span.end, sentence.span.start + _LONGEST)
        named = [
            Name(m.span.start - first, m.span.end - first, m.stakeholder or "")
            for m in self._mentions[bisect_left(self._starts, first) : bisect_left(self._starts, last)]
        ]
        told = (*self._described(sentence), *self._speakers(sentence), *self._pointed(sentence, before))
        described = [name for name in told if not any(_overlap(name, other) for other in named)]
        return tuple(sorted((*named, *described), key=lambda name: name.start))

    def _described(self, sentence: Sentence) -> list[Name]:
        found = []
        for match in _description().finditer(sentence.span.text[:_LONGEST]) if self._bodies else ():
            body = self._body(sentence.span.start + match.start(), match["said"], match["noun"])
            if body:
                found.append(Name(match.start(), match.end(), body))
        return found

    def _speakers(self, sentence: Sentence) -> list[Name]:
        """ "We" and "I" in what somebody says."""
        found = []
        for match in _FIRST_PERSON.finditer(sentence.span.text[:_LONGEST]) if self._spoken else ():
            at = sentence.span.start + match.start()
            last = bisect_left(self._spoken, at + 1, key=_first)
            around = [row for row in self._spoken[max(0, last - 6) : last] if row[1] > at]
            who = self._who(match[0], min(around, key=_length)) if around else None
            if who:
                found.append(Name(match.start(), match.end(), who))
        return found

    def _who(self, word: str, spoken: _Spoken) -> str | None:
        _, _, holder, body = spoken
        if word in {"I", "me"}:
            return holder
        return body or (holder if holder in self._bodies else self._of.get(holder))

    def _pointed(self, sentence: Sentence, before: Sentence | None) -> list[Name]:
        """ "It" and "they" that open a sentence: the name that opens the sentence before."""
        match = _BACK.match(sentence.span.text)
        if match is None or before is None or before.block != sentence.block:
            return []
        opening = [name for name in self.of(before) if name.start <= _OPENS]
        fits = opening and (match["word"] == "They" or opening[0].stakeholder in self._bodies)
        return [Name(match.start("word"), match.end("word"), opening[0].stakeholder)] if fits else []

    def _body(self, at: int, said: str, noun: str) -> str | None:
        """The body named last before (or, where none was, first behind) whose name has these words."""
        here = bisect_left(self._starts, at)
        around = (self._mentions[max(0, here - _BEFORE) : here][::-1], self._mentions[here : here + _BEHIND])
        for words in dict.fromkeys((said, noun)):
            for mentions in around:
                for mention in mentions:
                    body = self._bodies.get(mention.stakeholder or "")
                    if body is not None and is_called(body, words):
                        return body.id
        return None


def _first(row: _Spoken) -> int:
    return row[0]


def _length(row: _Spoken) -> int:
    return row[1] - row[0]


def _overlap(one: Name, other: Name) -> bool:
    return one.start < other.end and other.start < one.end
