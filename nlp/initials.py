"""People by their initials, as minutes and interviews print them: "Gail Ormerod (GO)", and from there on "GO"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.records import Article, Block, Mention, Stakeholder, StakeholderKind

_BRACKET = re.compile(r"\s\((?P<short>[A-Z]{2,4})\)")
_LABEL = re.compile(r"(?P<short>[A-Z]{2,4}):\s")
#: So many paragraphs begin with the initials of somebody who is named in full.
LABELS = 2


@dataclass(frozen=True, slots=True)
class Initials:
    """A person's initials at these offsets."""

    start: int
    end: int
    person: str


def find_initials(
    article: Article, blocks: Sequence[Block], mentions: Sequence[Mention], stakeholders: Mapping[str, Stakeholder]
) -> Iterator[Initials]:
    """Every place where initials stand for a person: introduced in brackets, else as labels of paragraphs.

    Initials that two people of the article have are nobody's.
    """
    people = [m for m in mentions if m.stakeholder and stakeholders[m.stakeholder].kind is StakeholderKind.PERSON]
    shorts: dict[str, str] = {}
    for mention in people:
        bracket = _BRACKET.match(article.text, mention.span.end)
        name = stakeholders[mention.stakeholder or ""].name
        if bracket and bracket["short"] == initials_of(name):
            shorts[bracket["short"]] = mention.stakeholder or ""
    yield from _everywhere(article, blocks, shorts)
    labels = [match for block in blocks if (match := _LABEL.match(article.text, block.start, block.end))]
    often = Counter(match["short"] for match in labels)
    held: dict[str, set[str]] = {}
    for id_ in {m.stakeholder or "" for m in people}:
        held.setdefault(initials_of(stakeholders[id_].name), set()).add(id_)
    for match in labels:
        short = match["short"]
        if often[short] >= LABELS and len(held.get(short, ())) == 1 and short not in shorts:
            yield Initials(*match.span("short"), *held[short])


def initials_of(name: str) -> str:
    """The capitals of a name: "Sheila Mbeki-Rowe" -> "SMR"."""
    return "".join(word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper())


def _everywhere(article: Article, blocks: Sequence[Block], shorts: Mapping[str, str]) -> Iterator[Initials]:
    if not shorts:
        return
    pattern = re.compile(rf"(?<![\w(’'.-])(?:{'|'.join(map(re.escape, shorts))})(?![\w-])")
    for block in blocks:
        for match in pattern.finditer(article.text, block.start, block.end):
            yield Initials(*match.span(), shorts[match.group()])
