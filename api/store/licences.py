"""What may be shown of an article, and records cut down to it: the one place that decides.

Under "quotes only" the words that prove something remain (a statement, a clause, what an amount is for) and nothing
that stands around them; under "links only" no sentence of the text does: what was found, with amounts, who printed it,
and where it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from nlp.records import Analysis, Article, Evidence, Figure, Issue, Licence, Span, Stance, Statement

#: What stands in the place of words that may not be shown.
NO_WORDS = Span(0, 0, "")
NO_REASON = "The licence of the article allows no words of it."


def today() -> date:
    """The day by which licences end, in UTC."""
    return datetime.now(UTC).date()


def shown_of(licence: Licence | None, expires: date | None, *, on: date, purged: bool = False) -> Licence:
    """What may be shown on a day. Behind the last one the text may not; quotes may where they were all that was."""
    if purged or (expires is not None and on > expires):
        return Licence.QUOTES_ONLY if licence is Licence.QUOTES_ONLY else Licence.LINKS_ONLY
    return licence or Licence.FULL_TEXT


def shown_article(article: Article, shown: Licence) -> Article:
    """The article, without its text where that may not be shown."""
    return article if shown is Licence.FULL_TEXT else replace(article, text="", blocks=(), hints=())


def shown_statement(statement: Statement, shown: Licence) -> Statement:
    """The statement, without its words where they may not be shown."""
    if shown is not Licence.LINKS_ONLY:
        return statement
    cue = NO_WORDS if statement.cue else None
    bare = {"spans": (NO_WORDS,), "cue": cue, "repeats": (), "evidence": _bare(statement.evidence)}
    return replace(statement, **bare)  # type: ignore[arg-type]


def shown_stance(stance: Stance, shown: Licence) -> Stance:
    """The stance, without the words that show it where they may not be shown."""
    if shown is not Licence.LINKS_ONLY:
        return stance
    return replace(stance, condition=None, rationales=(), evidence=_bare(stance.evidence))


def shown_figure(figure: Figure, shown: Licence) -> Figure:
    """The figure: amount, kind and parties are facts, the words around them are the article's."""
    if shown is not Licence.LINKS_ONLY:
        return figure
    links = tuple(replace(link, span=NO_WORDS) for link in figure.links)
    return replace(figure, what=None, links=links, evidence=_bare(figure.evidence))


def shown_analysis(analysis: Analysis, shown: Licence) -> Analysis:
    """Everything found in an article, as far as it may be shown."""
    if shown is Licence.FULL_TEXT:
        return analysis
    return replace(
        analysis,
        article=shown_article(analysis.article, shown),
        mentions=(),
        statements=tuple(shown_statement(each, shown) for each in analysis.statements),
        stances=tuple(shown_stance(each, shown) for each in analysis.stances),
        figures=tuple(shown_figure(each, shown) for each in analysis.figures),
        issues=tuple(without_words(analysis.issues)),
    )


def without_words(issues: Iterable[Issue]) -> Iterable[Issue]:
    """The issues without the places in the text that they are about."""
    return (replace(issue, span=None) for issue in issues)


def _bare(evidence: Evidence) -> Evidence:
    return replace(evidence, reason=NO_REASON, spans=())
