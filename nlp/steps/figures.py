"""Funding figures: which amounts of an article are about money it quotes, and everything a briefing needs of each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nlp.amounts import find_amounts, may_hold_amounts
from nlp.clauses import Reading, leading_kind
from nlp.governors import govern
from nlp.money import PERCENT, POINT, Amount, Form
from nlp.noun_governors import Line
from nlp.periods import find_periods
from nlp.records import (
    BODY_KINDS,
    EVIDENCE_KINDS,
    Article,
    Evidence,
    Figure,
    Manner,
    Mention,
    Period,
    Sentence,
    Span,
    Stakeholder,
    Statement,
)
from nlp.steps.figure_citing import read_source
from nlp.steps.figure_features import Case, Labels
from nlp.steps.figure_fields import Place, rate_set_beside, read_rate_around
from nlp.steps.figure_flow import read_flow
from nlp.steps.figure_kind import read_candidates, read_kind
from nlp.steps.figure_labels import Labeller, label_by_rules
from nlp.steps.figure_links import FiguredSentence, link_figures
from nlp.steps.figure_merging import Draft, merge_figures
from nlp.steps.figure_names import Name, Namer
from nlp.steps.figure_period import choose_period, is_base, is_part, part_rate, restated_period, restated_rate
from nlp.steps.figure_status import read_status
from nlp.steps.figure_terms import read_recurrence, read_terms
from nlp.steps.figure_what import read_what
from nlp.words import read_words

#: A longer "sentence", or one with more amounts, is a table or noise; the rest of it is not read.
LONGEST_SENTENCE, MOST_IN_SENTENCE = 6000, 100
# By how an amount is printed; a percentage by how its noun was found.
_FORM_CONFIDENCE = {Form.POINTER: 0.8, Form.FACTOR: 0.75, Form.PART: 0.85, Form.BARE: 0.8, Form.VAGUE: 0.45}
_THE = re.compile(r"\bthe\s$", re.I)
_OF_SHARES = re.compile(r"percentage|proportion", re.I)
_SURE, _UNSURE = frozenset({"share", "compound", "noun", "object", "subject"}), frozenset({"near", "none"})


def find_figures(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    statements: Sequence[Statement],
    stakeholders: Sequence[Stakeholder] = (),
    label: Labeller = label_by_rules,
) -> tuple[Figure, ...]:
    """Find the funding figures of a segmented article, in text order, each money once with all its places.

    ``mentions`` name who may pay or get the money; the holder of a statement that is not the writer's own
    is who cites a figure in it. By ``stakeholders`` "the council" is the council that was named. ``label`` says
    the kind, direction and status of a figure. Reader comments and boilerplate hold none.
    """
    named = sorted(mentions, key=lambda mention: mention.span.start)
    cited, namer = _Citations(statements), Namer(named, stakeholders, statements)
    labelling = _Labelling(article, sentences, label)
    read: list[FiguredSentence] = []
    figures = merge_figures(list(_drafts(article, sentences, named, cited, namer, labelling, read)))
    return link_figures(article, [replace(figure, id=f"f{n}") for n, figure in enumerate(figures, 1)], read)


@dataclass(frozen=True, slots=True)
class _Quoted:
    start: int
    end: int
    holder: str | None


class _Citations:
    """Who quotes what stands at an offset; spans are looked up, never scanned for each figure."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        said = [s for s in statements if s.manner is not Manner.AUTHORIAL]
        quoted = [_Quoted(p.start, p.end, s.holder) for s in said for p in (*s.spans, *s.repeats)]
        self._quoted = sorted(quoted, key=lambda q: q.start)
        self._starts = [q.start for q in self._quoted]

    def holder(self, start: int, end: int) -> str | None:
        """The holder of the shortest statement around these offsets; None where the writer speaks."""
        last = bisect_left(self._starts, end)
        around = [q for q in self._quoted[max(0, last - 6) : last] if q.start <= start and end <= q.end]
        return min(around, key=lambda q: q.end - q.start).holder if around else None


def _drafts(
    article: Article,
    sentences: Sequence[Sentence],
    named: Sequence[Mention],
    cited: _Citations,
    namer: Namer,
    labelling: _Labelling,
    read: list[FiguredSentence],
) -> Iterator[Draft]:
    """Every figure where it stands; the sentences that have any are added to ``read``."""
    starts = [m.span.start for m in named]
    previous = _Memory()
    for number, sentence in enumerate(sentences):
        block = article.blocks[sentence.block]
        if block.kind not in EVIDENCE_KINDS:
            continue
        if not may_hold_amounts(sentence.span.text[:LONGEST_SENTENCE]):
            previous = _Memory(sentence.block, sentence)
            continue
        within = named[bisect_left(starts, sentence.span.start) : bisect_left(starts, sentence.span.end)]
        previous = previous if sentence.block - previous.block <= 1 else _Memory()
        line, accepted = _read_line(sentence, within, previous)
        text = sentence.span.text[:LONGEST_SENTENCE]
        periods = find_periods(text, article.published, previous.period) if accepted else ()
        names = namer.of(sentence, sentences[number - 1] if number else None) if accepted else ()
        if accepted:
            quoted = tuple(amount for _, amount in accepted)
            read.append(FiguredSentence(sentence.span.start, sentence.block, text, quoted, periods))
        whole: tuple[Amount, Period | None] | None = None
        rated: Amount | None = None
        for place, amount in accepted:
            period = choose_period(place, periods, whole) or restated_period(
                place, previous.period, sentence.block == previous.block
            )
            per = read_rate_around(place) or rate_set_beside(place, rated) or part_rate(place, rated)
            per = per or restated_rate(place, previous.rated, sentence.block == previous.block)
            labelled = labelling.read(number, place, period, per)
            figure = _figure(article, sentence, place, amount, names, labelled, cited)
            pointer, definite = (
                amount.form is Form.POINTER,
                bool(_THE.search(place.text, max(0, amount.start - 5), amount.start)),
            )
            kept = whole and (is_part(place, whole[0]) or is_base(place, whole[0]))
            whole = whole if kept else (place.amount, period)
            rated = place.amount if per == place.amount.per else replace(place.amount, per=per)
            yield Draft(figure, number, block.kind in BODY_KINDS, labelled.labels, pointer, definite)
        previous = _Memory(
            sentence.block, sentence, line, tuple(amount for _, amount in accepted), whole[1] if whole else None, rated
        )


@dataclass(frozen=True, slots=True)
class _Labelled:
    case: Case
    labels: Labels


class _Labelling:
    """Labels the figures of an article: gathers what each is read from."""

    def __init__(self, article: Article, sentences: Sequence[Sentence], label: Labeller) -> None:
        self._article, self._sentences, self._label = article, sentences, label

    def read(self, number: int, place: Place, period: Period | None, per: str | None) -> _Labelled:
        """The labels of a figure in the sentence of this number, with all that they were read from."""
        article, sentence = self._article, self._sentences[number]
        candidates = read_candidates(place)
        kind = read_kind(place, candidates)
        case = Case(
            start=sentence.span.start + place.amount.start,
            place=place,
            kind=kind,
            status=read_status(place, kind.kind),
            candidates=candidates,
            per=per,
            period=period,
            published=article.published.value if article.published else None,
            genre=article.genre.value if article.genre else "",
            block=article.blocks[sentence.block].kind.value,
            before=self._before(number),
        )
        return _Labelled(case, self._label(case))

    def _before(self, number: int) -> str:
        """The sentence before, in the same block or the one above."""
        before = self._sentences[number - 1] if number else None
        near = before is not None and self._sentences[number].block - before.block <= 1
        return before.span.text if before and near else ""


@dataclass(frozen=True, slots=True)
class _Memory:
    """The sentence before: what "it" and "the same amount" may point back to."""

    block: int = -1
    sentence: Sentence | None = None
    line: Line | None = None
    amounts: tuple[Amount, ...] = ()
    period: Period | None = None
    rated: Amount | None = None

    def about(self) -> str:
        if self.sentence is None:
            return ""
        return leading_kind(self.line.words if self.line else read_words(self.sentence.span.text[:400]))


def _read_line(
    sentence: Sentence, mentions: Sequence[Mention], previous: _Memory
) -> tuple[Line, list[tuple[Place, Amount]]]:
    """The sentence as a line, and the amounts of it that are funding figures."""
    text, offset = sentence.span.text[:LONGEST_SENTENCE], sentence.span.start
    inside = [(m.span.start - offset, m.span.end - offset) for m in mentions]
    amounts = tuple(
        a
        for a in find_amounts(text)[:MOST_IN_SENTENCE]
        if not any(s <= a.start and a.end <= e for s, e in _near(inside, a))
    )
    line = Line(text, read_words(text, amounts), amounts)
    if any(a.unit not in {"GBP", "USD", "EUR"} for a in amounts):
        line = replace(line, before=previous.about())
    accepted: list[tuple[Place, Amount]] = []
    readings: list[Reading | None] = []
    for at, word in enumerate(line.words):
        if word.amount < 0:
            continue
        amount = amounts[word.amount]
        shared = amount.unit in {PERCENT, POINT, ""} or amount.form is Form.BARE
        reading = govern(line, at, readings) if shared else None
        readings.append(reading)
        resolved = _resolved(line, word.amount, reading, accepted, previous)
        if resolved:
            kept = reading if resolved.unit in {PERCENT, POINT} else None
            accepted.append((Place(text, line, at, kept), resolved))
    return line, accepted


def _near(inside: Sequence[tuple[int, int]], amount: Amount) -> Sequence[tuple[int, int]]:
    index = bisect_left(inside, (amount.start, amount.end))
    return inside[max(0, index - 2) : index + 1]


def _resolved(
    line: Line, index: int, reading: Reading | None, accepted: Sequence[tuple[Place, Amount]], previous: _Memory
) -> Amount | None:
    """The amount with its value if it is a funding figure, else None: a percentage must measure money."""
    amount = line.amounts[index]
    if amount.form is Form.POINTER:
        near = [a for _, a in accepted] or previous.amounts
        shares = bool(_OF_SHARES.search(line.text, amount.start, amount.end))
        return _pointed(amount, reading, near, line.amounts[:index], shares=shares)
    if reading is None:
        return amount
    if amount.form is Form.BARE and reading.relation not in {"noun", "object", "subject", "spending"}:
        return None
    if reading.kind != "money" or (amount.form is Form.PART and not _part_counts(reading)):
        return None
    return replace(amount, value=abs(amount.value)) if amount.form is Form.FACTOR and amount.value else amount


def _pointed(
    amount: Amount, reading: Reading | None, accepted: Sequence[Amount], before: Sequence[Amount], *, shares: bool
) -> Amount | None:
    """The value "the same amount" points back to; another thing's amount counts if this one is of money.

    After a sum, an amount is one of money: "lost £2m and cut its nurses by the same amount"; a proportion is not.
    """
    money = reading is not None and reading.kind == "money"
    if accepted and accepted[-1].unit not in {PERCENT, POINT}:
        if shares:
            return None
    elif reading and reading.kind == "other":
        return None
    target = accepted[-1] if accepted else before[-1] if before and money else None
    if target is None:
        return None
    sized = replace(
        amount, unit=target.unit, value=target.value, low=target.low, high=target.high, reason=target.reason
    )
    return replace(sized, per=amount.per or target.per)


def _part_counts(reading: Reading) -> bool:
    """ "a third of the budget", "cut by a third", "a fifth less" — and not "a quarter" of a year."""
    return reading.relation in {"share", "more"} or (
        bool(reading.change) and reading.relation in {"subject", "object", "compound"} and reading.delta
    )


def _figure(
    article: Article,
    sentence: Sentence,
    place: Place,
    amount: Amount,
    names: Sequence[Name],
    labelled: _Labelled,
    cited: _Citations,
) -> Figure:
    offset = sentence.span.start
    case = labelled.case
    what = read_what(place)
    flow = read_flow(place, names, case.kind.kind)
    span = article.span(offset + amount.start, offset + amount.end)
    what_span = article.span(offset + what[0], offset + what[1]) if what else None
    return Figure(
        id="",
        spans=(span,),
        unit=amount.unit,
        evidence=_evidence(labelled, amount, span, what_span),
        value=amount.value,
        low=amount.low,
        high=amount.high,
        per=case.per,
        kind=case.kind.kind,
        direction=case.kind.direction,
        status=case.status.status,
        what=what_span,
        payer=flow.payer,
        recipient=flow.recipient,
        period=case.period,
        modifier=amount.modifier,
        cited_by=cited.holder(span.start, span.end) or read_source(place, names),
        terms=read_terms(place),
        recurrence=read_recurrence(place, case.per),
    )


def _value(amount: Amount) -> str:
    unit = amount.unit.replace("_", " ")
    if amount.value is not None:
        return f"is {amount.value:,f} {unit}"
    if amount.low is not None and amount.high is not None:
        return f"is {amount.low:,f} to {amount.high:,f} {unit}"
    return f"has no value, because {amount.reason}"


def _confidence(place: Place) -> float:
    if place.amount.reason:
        return _FORM_CONFIDENCE[Form.VAGUE]
    if place.amount.form in _FORM_CONFIDENCE:
        return _FORM_CONFIDENCE[place.amount.form]
    if place.reading is None:
        return 0.97
    relation = place.reading.relation
    return 0.93 if relation in _SURE else 0.72 if relation in _UNSURE else 0.86


def _evidence(labelled: _Labelled, amount: Amount, span: Span, what: Span | None) -> Evidence:
    """The decision as one plain sentence: what was printed, what it is of, and the words or the model that decided."""
    printed, case, labels = " ".join(span.text.split()), labelled.case, labelled.labels
    said_of = f", said of “{' '.join(what.text.split())}”" if what else ""
    decided = [
        _decision(labels.kind, case.kind.kind, case.kind.word),
        _decision(labels.status, case.status.status, case.status.cue),
    ]
    reasons = ", ".join(filter(None, decided))
    reason = f"“{printed}” {_value(amount)}{said_of}{'; ' if reasons else ''}{reasons}."
    return Evidence(_confidence(case.place), "rules:money", reason, (span, what) if what else (span,))


def _decision(label: str, by_rules: str, word: str) -> str:
    """Why a figure has this label: the word of the rules, or the model where it overrules them."""
    if label != by_rules:
        return f"read as {label} by its sentence"
    return f"“{word}” makes it {label}" if word else ""
