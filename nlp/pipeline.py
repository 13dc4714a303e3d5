"""analyse(article) -> Analysis: the steps, in order. Nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256

from nlp.genre import classify_genre, find_authors
from nlp.language import Models, find_names, load_models, read_blocks
from nlp.records import Analysis, Article, BlockKind, Issue, Run, Span, Stakeholder, Statement, Topic
from nlp.register import register
from nlp.sentences import sentences as split
from nlp.steps.attribution import attribute_statements
from nlp.steps.authorial import author_statements
from nlp.steps.figures import find_figures
from nlp.steps.segment import segment
from nlp.steps.stakeholders import find_stakeholders
from nlp.steps.stance import find_stances, relevant_sentences
from nlp.topics import shipped_topics

#: Version of the rules; a change in what they find changes it.
RULES = "rules-2"


def analyse(article: Article, topics: Sequence[Topic] | None = None, models: Models | None = None) -> Analysis:
    """Read one article. ``topics`` and ``models`` default to the shipped ones. Raises nothing for any text."""
    models = load_models() if models is None else models
    topics = shipped_topics() if topics is None else topics
    article = segment(article)
    article = replace(article, genre=article.genre or classify_genre(article))
    sentences = split(article)
    reads = read_blocks(models.language, article)
    stakeholders, mentions = find_stakeholders(article, register(), find_names(article, reads))
    assert article.genre is not None
    authors = find_authors(article, article.genre, mentions, stakeholders)
    stakeholders = _with(stakeholders, [author.stakeholder for author in authors])
    reported, introduced = attribute_statements(article, mentions, stakeholders, reads, models.heads)
    stakeholders = _with(stakeholders, introduced)
    relevant = relevant_sentences(article, sentences, topics) if authors else [False] * len(sentences)
    statements = _in_order([*reported, *author_statements(article, sentences, authors, reported, relevant)])
    return Analysis(
        article=article,
        run=run(tuple(topics), models),
        stakeholders=stakeholders,
        mentions=mentions,
        statements=statements,
        stances=find_stances(article, sentences, mentions, statements, topics, models.reader, _names(stakeholders)),
        figures=find_figures(article, sentences, mentions, statements),
        issues=tuple(_issues(article, statements)),
    )


def _names(stakeholders: Sequence[Stakeholder]) -> dict[str, str]:
    return {stakeholder.id: stakeholder.name for stakeholder in stakeholders}


@cache
def run(topics: tuple[Topic, ...], models: Models) -> Run:
    """What stands behind a result: version, rules, models, register and topics."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("standpoint")
    except PackageNotFoundError:  # a checkout that was not installed
        number = "0"
    parts = (("rules", RULES), *models.versions, ("register", register().version[:12]), ("topics", _digest(topics)))
    return Run(number, sha256(repr((number, parts)).encode()).hexdigest()[:12], parts)


def _digest(topics: Sequence[Topic]) -> str:
    return sha256(repr(sorted(topics, key=lambda t: t.id)).encode()).hexdigest()[:12]


def _with(stakeholders: tuple[Stakeholder, ...], more: Sequence[Stakeholder]) -> tuple[Stakeholder, ...]:
    known = {s.id for s in stakeholders}
    fresh = {s.id: s for s in more if s.id not in known}
    return (*stakeholders, *fresh.values())


def _in_order(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    ordered = sorted(statements, key=lambda s: s.spans[0].start)
    return tuple(replace(s, id=f"s{i}") for i, s in enumerate(ordered, start=1))


def _issues(article: Article, statements: Sequence[Statement]) -> list[Issue]:
    found = []
    if article.title is None:
        found.append(Issue("no-headline", "no headline was found"))
    if not any(b.kind is BlockKind.PARAGRAPH for b in article.blocks):
        found.append(Issue("no-body", "no paragraph of prose was found"))
    open_ended: list[Span] = [s.spans[0] for s in statements if s.holder is None]
    found += [Issue("unattributed", "a quotation whose speaker is not clear", span) for span in open_ended]
    return found
