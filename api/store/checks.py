"""What an analysis must keep to before it may be stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nlp.errors import StandpointError
from nlp.records import Analysis, Span


def check_analysis(analysis: Analysis, *, purged: bool = False) -> None:
    """Raises StandpointError for the first contradiction: spans, ids, or names of what is not listed.

    Of a ``purged`` text quotes may have stayed, which nothing is left to be held against.
    """
    fault = next(_faults(analysis, purged=purged), None)
    if fault:
        raise StandpointError(fault, where=analysis.article.source, do="this is a fault of the program: report it")


def _faults(analysis: Analysis, *, purged: bool) -> Iterator[str]:
    stakeholders = [each.id for each in analysis.stakeholders]
    statements = [each.id for each in analysis.statements]
    figures = [each.id for each in analysis.figures]
    for what, ids in (("stakeholders", stakeholders), ("statements", statements), ("figures", figures)):
        if len(set(ids)) < len(ids):
            yield f"two {what} of the analysis have one id"
    if unlisted := sorted(_stakeholders_named(analysis) - set(stakeholders)):
        yield f"the analysis names stakeholders that it does not list: {', '.join(unlisted)}"
    if unknown := sorted({each.statement for each in analysis.stances if each.statement} - set(statements)):
        yield f"stances rest on statements that are not there: {', '.join(unknown)}"
    if any("\0" in text for text in _texts(analysis)):
        yield "a text holds a NUL character, which no database keeps"
    for span in () if purged else _spans(analysis):
        if not analysis.article.holds(span):
            yield f"the span {span.start}-{span.end} does not say what the text says there"


def _stakeholders_named(analysis: Analysis) -> set[str]:
    named: Iterable[str | None] = (
        *(mention.stakeholder for mention in analysis.mentions),
        *(id for statement in analysis.statements for id in (statement.holder, statement.on_behalf_of)),
        *(id for stance in analysis.stances for id in (stance.holder, stance.on_behalf_of)),
        *(id for figure in analysis.figures for id in (figure.payer, figure.recipient, figure.cited_by)),
    )
    return {id for id in named if id is not None}


def _texts(analysis: Analysis) -> Iterator[str]:
    article = analysis.article
    yield from filter(None, (article.source, article.text, article.title, article.publisher, article.author))
    yield from (name for each in analysis.stakeholders for name in (each.id, each.name, *each.aliases))


def _spans(analysis: Analysis) -> Iterator[Span]:
    yield from analysis.spans()
    yield from (span for mention in analysis.mentions if mention.evidence for span in mention.evidence.spans)
    yield from (span for statement in analysis.statements for span in statement.evidence.spans)
    yield from (span for figure in analysis.figures for span in figure.evidence.spans)
    yield from (issue.span for issue in analysis.issues if issue.span)
