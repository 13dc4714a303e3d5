"""In which capacity people speak: for their body, for themselves, or not said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.records import Article, BlockKind, Mention, StakeholderKind
from nlp.speakers import Discourse

_PERSONAL = re.compile(
    r"\b(?:in|on) (?:a|his|her|their own|an entirely|a purely) personal (?:capacity|basis|view)|\bspeaking personally\b"
    r"|\b(?:his|her|their) own personal view|\bin (?:his|her|their) own name\b|\bnot speaking for\b"
    r"|\b(?:speaking|speaks|here) for (?:himself|herself|myself)\b|\b(?:his|her|my) own (?:opinion|views?)\b",
    re.IGNORECASE,
)


#: One of these stands in whatever the pattern matches, and is found in a tenth of the time.
_PERSONAL_WORDS = ("personal", "own name", "speaking for", "speaks for", "here for", "own opinion", "own view")


@dataclass(frozen=True, slots=True)
class Office:
    organisation: str | None
    official: bool
    personal: bool


@cache
def _unofficial() -> frozenset[str]:
    return frozenset(corpora.lexicon("roles")["unofficial"])


def find_offices(article: Article, mentions: Sequence[Mention], discourse: Discourse) -> Mapping[str, Office]:
    """For every person: the body they speak for, and whether the text says they speak for themselves."""
    personal = _personal(article, discourse)
    found: dict[str, Office] = {}
    for mention in mentions:
        office, id_ = mention.affiliation, mention.stakeholder
        if id_ is None or office is None or (id_ in found and found[id_].organisation):
            continue
        academic = office.role is None and mention.span.text.startswith("Prof")
        # an office makes a speaker official even where its body is not named
        held = office.organisation is not None or bool(_heads_in((office.role or "").lower()))
        official = held and is_official(office.role) and not academic
        found[id_] = Office(office.organisation, official, id_ in personal)
    for id_, body in discourse.offices.items():
        if id_ not in found or not (found[id_].organisation or found[id_].official):
            found[id_] = Office(body, True, id_ in personal)
    for id_ in personal:
        found.setdefault(id_, Office(None, False, True))
    return found


def is_official(role: str | None) -> bool:
    """An office, or a body alone ("Kent LMC’s Dr A"); not a fellow, an academic or a former chair."""
    if role is None:
        return True
    words = role.lower()
    if re.match(r"(?:a |the )?(?:former|ex-|retired)", words):
        return False
    heads = _heads_in(words)
    return not heads or not heads <= _unofficial()


@cache
def _heads() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Every office, the longest first: as listed, in small letters, and as a whole word."""
    heads = sorted(corpora.lexicon("roles")["heads"], key=len, reverse=True)
    return tuple((h, h.lower(), re.compile(rf"(?<![\w-]){re.escape(h.lower())}(?![\w-])")) for h in heads)


def _heads_in(words: str) -> frozenset[str]:
    """The offices that a role names, each by its longest name ("senior fellow", not "fellow")."""
    found: list[tuple[int, int, str]] = []
    for head, lowered, whole in _heads():
        for match in whole.finditer(words) if lowered in words else ():
            if not any(a <= match.start() < b for a, b, _ in found):
                found.append((*match.span(), head))
    return frozenset(head for _, _, head in found)


def _personal(article: Article, discourse: Discourse) -> frozenset[str]:
    """People who the text says speak for themselves: the nearest in the paragraph, else the last speaker."""
    found = set()
    lowered = article.text.lower()
    if not any(words in lowered for words in _PERSONAL_WORDS):
        return frozenset()
    for match in _PERSONAL.finditer(article.text):
        block = next((b for b in article.blocks if b.start <= match.start() < b.end), None)
        if block is None or block.kind is BlockKind.READER_COMMENT:
            continue
        people = [
            m
            for m in discourse.between(block.start, block.end)
            if discourse.kind(m.stakeholder or "") is StakeholderKind.PERSON
        ]
        after = [m for m in people if m.span.start > match.end()]
        before = [m for m in people if m.span.start < match.start()]
        nearest = min([*after[:1], *before[-1:]], key=lambda m: abs(m.span.start - match.start()), default=None)
        earlier = next(
            (
                id_
                for at, id_ in reversed(discourse.holders)
                if at < match.start() and discourse.kind(id_) is StakeholderKind.PERSON
            ),
            None,
        )
        who = nearest.stakeholder if nearest else earlier
        if who:
            found.add(who)
    return frozenset(found)
