"""analyse(article) -> Analysis: the steps, in order. Nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from nlp.bearing import NAMED, Likeness, bearing_topics
from nlp.genre import Author, classify_genre, find_authors
from nlp.language import Models, find_names, load_models, read_blocks
from nlp.records import (
    Analysis,
    Article,
    BlockKind,
    Genre,
    Issue,
    Manner,
    Mention,
    Run,
    Sentence,
    Span,
    Stakeholder,
    Stance,
    Statement,
    Topic,
)
from nlp.register import register
from nlp.relevance import sentence_relevance, topics_for
from nlp.sentences import sentences as split
from nlp.steps.attribution import attribute_statements
from nlp.steps.authorial import author_statements
from nlp.steps.figure_labels import labeller_of
from nlp.steps.figures import find_figures
from nlp.steps.segment import segment
from nlp.steps.stakeholders import find_stakeholders
from nlp.steps.stance import find_stances, relevant_sentences
from nlp.topics import shipped_topics, topics_digest

#: Version of the rules; a change in what they find changes it.
RULES = "rules-6"


def analyse(article: Article, topics: Sequence[Topic] | None = None, models: Models | None = None) -> Analysis:
    """Read one article. ``topics`` and ``models`` default to the shipped ones. Raises nothing for any text."""
    models = load_models() if models is None else models
    topics = shipped_topics() if topics is None else topics
    article = prepare(article)
    reads = read_blocks(models.language, article)
    stakeholders, mentions = find_stakeholders(article, register(), find_names(article, reads))
    assert article.genre is not None
    authors = find_authors(article, article.genre, mentions, stakeholders)
    stakeholders = _with(stakeholders, [who for author in authors for who in (author.stakeholder, author.body) if who])
    sentences = split(article)
    reported, introduced, left_out = attribute_statements(
        article, mentions, stakeholders, reads, models.heads, sentences
    )
    stakeholders = _with(stakeholders, introduced)
    judged = _judge(article, sentences, stakeholders, mentions, reported, authors, topics, models)
    return Analysis(
        article=article,
        run=run(tuple(topics), models),
        stakeholders=stakeholders,
        mentions=mentions,
        statements=judged.statements,
        stances=judged.stances,
        figures=find_figures(
            article, sentences, mentions, judged.statements, stakeholders, labeller_of(models.figures)
        ),
        issues=tuple(_issues(article, judged.statements, left_out)),
    )


def prepare(article: Article) -> Article:
    """The article as every step but the first gets it: in blocks, and with its genre."""
    article = segment(article)
    return replace(article, genre=article.genre or classify_genre(article))


def apply_topics(
    analysis: Analysis, topics: Sequence[Topic], models: Models, *, before: Sequence[Topic] | None = None
) -> Analysis:
    """The analysis as it is with these topics in place of those it was made with.

    Who is named, who is quoted with what, and the figures stand as they were found: of the statements, only the
    writer's own depend on the topics. An analysis of the same code and models comes out as ``analyse`` gives it.
    Where it was made with the topics ``before``, and the article bears on none that is new or gone, only the run
    changes. Of the 0.27 s of processor time that an article of corpora/gold takes otherwise, that leaves 0.19 s for
    the sentence encoder, and no time to speak of where the topic is ``named_only``.
    """
    article = analysis.article
    made = applied_run(analysis.run, tuple(topics), models)
    current = before is not None and analysis.run == applied_run(analysis.run, tuple(before), models)
    likeness = models.reader.likeness if models.reader else None
    if current and not any(bears_on(article, topic, likeness) for topic in set(before or ()) ^ set(topics)):
        return replace(analysis, run=made)
    authors = find_authors(article, article.genre or Genre.NEWS, analysis.mentions, analysis.stakeholders)
    known = {stakeholder.id for stakeholder in analysis.stakeholders}
    reported = [statement for statement in analysis.statements if statement.manner is not Manner.AUTHORIAL]
    judged = _judge(
        article,
        split(article),
        analysis.stakeholders,
        analysis.mentions,
        reported,
        [author for author in authors if author.stakeholder.id in known],
        topics,
        models,
    )
    return replace(analysis, run=made, statements=judged.statements, stances=judged.stances)


def bears_on(article: Article, topic: Topic, likeness: Likeness | None) -> bool:
    """Whether a segmented article has anything that the topic could turn on, whatever other topics there are.

    ``likeness`` is that of the models; without it only words are looked at.
    """
    if not topics_for(article, [topic]):
        return False
    sentences = split(article)
    named = sentence_relevance(article, sentences, topic)
    if max(named, default=0.0) >= NAMED or likeness is None:
        return max(named, default=0.0) >= NAMED
    return bool(bearing_topics(article, sentences, [(topic, named)], likeness))


def applied_run(stored: Run, topics: tuple[Topic, ...], models: Models) -> Run:
    """The run behind ``apply_topics``: that of ``analyse``, unless older code or models read the article."""
    made = run(topics, models)
    if _origin(stored) == _origin(made):
        return made
    return _run(made.version, (*made.models, ("read by", _origin(stored))))


def _origin(run: Run) -> str:
    """What names the code and models that read an article, whatever the topics."""
    parts = [part for part in run.models if part[0] != "topics"]
    return dict(run.models).get("read by") or sha256(repr((run.version, parts)).encode()).hexdigest()[:12]


class _Judged(NamedTuple):
    statements: tuple[Statement, ...]
    stances: tuple[Stance, ...]


def _judge(
    article: Article,
    sentences: Sequence[Sentence],
    stakeholders: Sequence[Stakeholder],
    mentions: Sequence[Mention],
    reported: Sequence[Statement],
    authors: Sequence[Author],
    topics: Sequence[Topic],
    models: Models,
) -> _Judged:
    """What depends on the topics: the writers' own statements, and where everybody stands."""
    relevant = relevant_sentences(article, sentences, topics) if authors else [False] * len(sentences)
    statements = _in_order([*reported, *author_statements(article, sentences, authors, reported, relevant)])
    known = {stakeholder.id: stakeholder for stakeholder in stakeholders}
    return _Judged(statements, find_stances(article, sentences, mentions, statements, topics, models.reader, known))


@cache
def run(topics: tuple[Topic, ...], models: Models) -> Run:
    """What stands behind a result: version, rules, models, register and topics."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("standpoint")
    except PackageNotFoundError:  # a checkout that was not installed
        number = "0"
    parts = (
        ("rules", RULES),
        *models.versions,
        ("register", register().version[:12]),
        ("topics", topics_digest(topics)),
    )
    return _run(number, parts)


def _run(number: str, parts: tuple[tuple[str, str], ...]) -> Run:
    return Run(number, sha256(repr((number, parts)).encode()).hexdigest()[:12], parts)


def _with(stakeholders: tuple[Stakeholder, ...], more: Sequence[Stakeholder]) -> tuple[Stakeholder, ...]:
    known = {s.id for s in stakeholders}
    fresh = {s.id: s for s in more if s.id not in known}
    return (*stakeholders, *fresh.values())


def _in_order(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    ordered = sorted(statements, key=lambda s: s.spans[0].start)
    return tuple(replace(s, id=f"s{i}") for i, s in enumerate(ordered, start=1))


def _issues(article: Article, statements: Sequence[Statement], left_out: Sequence[Span]) -> list[Issue]:
    found = []
    if article.title is None:
        found.append(Issue("no-headline", "no headline was found"))
    if not any(b.kind is BlockKind.PARAGRAPH for b in article.blocks):
        found.append(Issue("no-body", "no paragraph of prose was found"))
    open_ended: list[Span] = [s.spans[0] for s in statements if s.holder is None]
    found += [Issue("unattributed", "words whose speaker is not clear", span) for span in open_ended]
    found += [Issue("left-out", "may be reported of somebody, but of whom is not clear", span) for span in left_out]
    return found
