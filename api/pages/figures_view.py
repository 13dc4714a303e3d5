"""Figures as a page shows them: rows of a table, and the different amounts for one purpose side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.claims import Sentence, parties, place_of, printed
from api.pages.evidence_view import name_of
from api.pages.figures_form import FiguresForm
from api.pages.marks import Piece, cut, marks_of
from api.schemas import Names
from api.store import FigureRow
from api.words import DIRECTIONS, NO_DATE, STATUSES, confidence_words, count_words, date_words
from nlp.figure_claims import Claim, Voice, is_for, same_money
from nlp.figure_groups import Figures, PrintedFigure
from nlp.figure_rivals import Rivalry, find_rivalries
from nlp.records import Figure

#: Rows of the table, and purposes with rival sums, on one page.
PAGE = 50
RIVALS = 6
#: So many who quote a sum are named beside it; the others are counted.
NAMED = 4
_BEHIND = frozenset({"plus", "-plus", "+"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A row before it is put in words: a figure, its copies in the same story, and how often the money is quoted."""

    row: FigureRow
    copies: int
    stories: int
    articles: int


@dataclass(frozen=True, slots=True)
class Money:
    """Everything that fits the form: the rows, newest first, and the purposes with rival sums."""

    entries: tuple[Entry, ...]
    rivalries: tuple[Rivalry, ...]
    rows: Mapping[str, FigureRow]

    @property
    def articles(self) -> int:
        return len({entry.row.article.id for entry in self.entries})


def money_for(rows: Sequence[FigureRow], form: FiguresForm) -> Money:
    """The rows and rivals that fit the form, out of the figures that pass its filters.

    Counts are over all of these, whoever quotes them and of whatever kind.
    """
    figures = [printed(row) for row in rows]
    rivalries = find_rivalries(figures)
    return Money(
        entries=tuple(entry for entry in _entries(rows, figures) if _fits([printed(entry.row)], form)),
        rivalries=tuple(each for each in rivalries if _fits(each.figures, form)),
        rows={row.figure.id: row for row in rows},
    )


def _fits(figures: Figures, form: FiguresForm) -> bool:
    if form.who and not any(form.who.id in parties(each.figure) for each in figures):
        return False
    if form.kind and not any(each.figure.kind in form.kind for each in figures):
        return False
    return not form.purpose or is_for(figures, form.purpose)


def _entries(rows: Sequence[FigureRow], figures: Figures) -> Iterable[Entry]:
    """One row for each money that a holder quotes in a story; its copies are counted, not repeated."""
    groups = same_money(figures)
    money = {each.figure.id: index for index, group in enumerate(groups) for each in group}
    stories = [len({each.story for each in group}) for group in groups]
    articles = [len({each.article for each in group}) for group in groups]
    first: dict[tuple[object, ...], FigureRow] = {}
    copies: dict[str, set[str]] = {}
    for row in rows:
        known = money.get(row.figure.id, row.figure.spans[0].text)
        leader = first.setdefault((known, row.article.story, row.figure.cited_by), row)
        copies.setdefault(leader.figure.id, set()).add(row.article.id)
    for row in first.values():
        index = money.get(row.figure.id)
        found = len(copies[row.figure.id])
        yield Entry(row, found, 1 if index is None else stories[index], found if index is None else articles[index])


@dataclass(frozen=True, slots=True)
class RowView:
    amount: str
    detail: str
    href: str
    what: str
    parties: str
    period: str
    who: str
    who_id: str
    firm: str
    confidence: str
    title: str
    source: str
    stories: str
    rival: str


def row_views(money: Money, form: FiguresForm, names: Names) -> list[RowView]:
    """The rows of the page that is asked for."""
    start = (form.shared.page - 1) * PAGE
    rivals = {each.figure.id: index for index, rivalry in enumerate(money.rivalries) for each in rivalry.figures}
    return [_row_view(entry, form, names, rivals) for entry in money.entries[start : start + PAGE]]


def _row_view(entry: Entry, form: FiguresForm, names: Names, rivals: Mapping[str, int]) -> RowView:
    figure, head = entry.row.figure, entry.row.article
    index = rivals.get(figure.id)
    return RowView(
        amount=amount_words(figure),
        detail=amount_detail(figure),
        href=place_of(figure, head.id),
        what=figure.what.text if figure.what else "not said",
        parties=_parties(figure, names),
        period=figure.period.text if figure.period else "not said",
        who=name_of(figure.cited_by, names),
        who_id=figure.cited_by or "",
        firm=STATUSES[figure.status],
        confidence=confidence_words(figure.evidence.confidence),
        title=head.title or head.source,
        source=f"{head.publisher or 'publisher unknown'}, {date_words(head.published)}",
        stories=stories_words(entry.stories, entry.articles),
        rival="" if index is None else f"{form.query(rivals=index // RIVALS + 1)}#rival-{index}",
    )


def amount_words(figure: Figure) -> str:
    """The amount as printed with what qualifies it, before or behind it: "about £5m", "£5m or so"."""
    text, modifier = figure.spans[0].text, (figure.modifier or "").lower()
    parts = (text, modifier) if modifier.startswith("or ") or modifier in _BEHIND else (modifier, text)
    return " ".join(part for part in parts if part)


def amount_detail(figure: Figure) -> str:
    """What is said of an amount: "per patient, spending, down"."""
    rate = f"per {figure.per}" if figure.per else ""
    return ", ".join(part for part in (rate, figure.kind.value, DIRECTIONS[figure.direction]) if part)


def _parties(figure: Figure, names: Names) -> str:
    parts = (("from", figure.payer), ("to", figure.recipient))
    return ", ".join(f"{word} {name_of(id, names)}" for word, id in parts if id)


def stories_words(stories: int, articles: int) -> str:
    """ "2 stories (5 articles)": copies are said only where there are any."""
    told = count_words(stories, "story", "stories")
    return told if articles <= stories else f"{told} ({count_words(articles, 'article')})"


@dataclass(frozen=True, slots=True)
class AmountView:
    """One of the rival sums."""

    text: str
    detail: str
    who: tuple[str, ...]
    firm: str
    stories: str
    dates: str
    sentence: tuple[Piece, ...]
    source: str
    href: str


@dataclass(frozen=True, slots=True)
class RivalView:
    anchor: str
    purpose: str
    period: str
    reason: str
    amounts: tuple[AmountView, ...]


def shown_rivalries(money: Money, form: FiguresForm) -> Sequence[Rivalry]:
    """The rivalries of the page that is asked for."""
    start = (form.rivals - 1) * RIVALS
    return money.rivalries[start : start + RIVALS]


def newest(claim: Claim) -> PrintedFigure:
    """The figure whose sentence stands for the claim."""
    return claim.figures[0]


def rival_views(money: Money, form: FiguresForm, names: Names, sentences: Mapping[str, Sentence]) -> list[RivalView]:
    """The purposes with their different amounts, each with its newest sentence."""
    start = (form.rivals - 1) * RIVALS
    return [
        RivalView(
            anchor=f"rival-{start + index}",
            purpose=rivalry.purpose,
            period=rivalry.period.text if rivalry.period else "period not said",
            reason=rivalry.reason,
            amounts=tuple(_amount_view(claim, money, names, sentences) for claim in rivalry.amounts),
        )
        for index, rivalry in enumerate(shown_rivalries(money, form))
    ]


def _amount_view(claim: Claim, money: Money, names: Names, sentences: Mapping[str, Sentence]) -> AmountView:
    shown = newest(claim)
    figure, found = shown.figure, sentences.get(shown.figure.id)
    head = money.rows[figure.id].article
    span = found.span if found else figure.spans[0]
    return AmountView(
        text=amount_words(figure) if figure.spans[0].text == claim.text else claim.text,
        detail=amount_detail(figure),
        who=_who(claim.voices, names),
        firm=", ".join(dict.fromkeys(STATUSES[each.figure.status] for each in claim.figures)),
        stories=stories_words(claim.stories, claim.articles),
        dates=_dates(claim),
        sentence=tuple(cut(found.article.text, span.start, span.end, marks_of(figure.spans, "said"))) if found else (),
        source=f"{head.publisher or 'publisher unknown'}, {date_words(head.published)}",
        href=place_of(figure, shown.article),
    )


def _who(voices: Sequence[Voice], names: Names) -> tuple[str, ...]:
    shown = [_voice(voice, names) for voice in voices[:NAMED]]
    more = len(voices) - NAMED
    return (*shown, f"and {count_words(more, 'other')}") if more > 0 else tuple(shown)


def _voice(voice: Voice, names: Names) -> str:
    said = name_of(voice.holder, names) if voice.holder else f"the writer, {voice.publisher or 'publisher unknown'}"
    return f"{said} ({count_words(voice.stories, 'story', 'stories')})" if voice.stories > 1 else said


def _dates(claim: Claim) -> str:
    if claim.first is None or claim.last is None:
        return NO_DATE
    first, last = date_words(claim.first), date_words(claim.last)
    return first if first == last else f"{first} to {last}"
