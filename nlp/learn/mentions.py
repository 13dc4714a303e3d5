"""How well the names of people and bodies are found: exact spans and kinds, on the gold corpus."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacy.language import Language

from nlp.annotations import GoldDocument
from nlp.language import find_names, read_blocks
from nlp.learn.treebanks import NO_NAMES, gold_mentions, without_title
from nlp.readers import read_bytes
from nlp.records import EVIDENCE_KINDS, Article, StakeholderKind
from nlp.register import register
from nlp.steps.segment import segment
from nlp.steps.stakeholders import find_stakeholders
from nlp.tallies import Counts

_KINDS = {StakeholderKind.PERSON: "PERSON", StakeholderKind.ORGANISATION: "ORG"}
Place = tuple[int, int, str]


def mention_scores(language: Language, documents: Iterable[GoldDocument]) -> Counts:
    """Mentions found with the register, against the names of the gold; titles and possessives left aside."""
    hits = wrong = missed = 0
    for document in documents:
        (article,) = read_bytes(document.text.encode(), source=f"{document.name}.txt")
        article = segment(article)
        truth = {place for place in gold_mentions(document) if _holds_evidence(article, place)}
        found = set(_found(article, language))
        hits += len(truth & found)
        wrong += len(found - truth)
        missed += len(truth - found)
    return Counts(hits, wrong, missed)


def _holds_evidence(article: Article, place: Place) -> bool:
    return any(b.start <= place[0] and place[1] <= b.end for b in article.blocks if b.kind in EVIDENCE_KINDS)


def _found(article: Article, language: Language) -> Iterable[Place]:
    stakeholders, mentions = find_stakeholders(article, register(), find_names(article, read_blocks(language, article)))
    kinds = {s.id: _KINDS[s.kind] for s in stakeholders if s.kind in _KINDS}
    for mention in mentions:
        kind = kinds.get(mention.stakeholder or "")
        written = mention.span.text
        name = without_title(re.sub(r"['’]s?$", "", written))
        if kind and re.search(r"[A-Z]", name) and name not in NO_NAMES:
            start = mention.span.start + written.index(name)
            yield start, start + len(name), kind
