"""Links between the figures of an article: a part and its total, what a sum was and became, a change and its sum.

Each sentence is read as a sketch: every figure is one sign, every period another, and words of change bear a mark, so
that the patterns below name only the words between. A link needs such a pattern; nothing is guessed from nearness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from nlp.money import PERCENT, POINT, Amount
from nlp.periods import FoundPeriod
from nlp.records import Article, Figure, FigureLink, Relation, Terms
from nlp.steps.figure_patterns import CHANGES, FROM_BEFORE, MORE_PARTS, PARTS, Sketch, sketch

#: A rate of these is a sum of its own, no part of another.
_TIMES = frozenset({None, "year", "month", "week", "quarter"})
_CHANGED = frozenset({Relation.CHANGED_FROM, Relation.CHANGED_TO})


@dataclass(frozen=True, slots=True)
class FiguredSentence:
    """A sentence with its figures and periods, whose offsets count from ``offset`` in the article."""

    offset: int
    block: int
    text: str
    figures: tuple[Amount, ...]
    periods: Sequence[FoundPeriod] = ()


@dataclass(frozen=True, slots=True)
class _Tie:
    """``one`` is to ``other`` (offsets in the article where they are printed) what ``relation`` says."""

    one: int
    other: int
    relation: Relation
    start: int
    end: int


def link_figures(
    article: Article, figures: Sequence[Figure], sentences: Sequence[FiguredSentence]
) -> tuple[Figure, ...]:
    """The figures, which have their ids, with their links; both ends of a change share its cash or real terms."""
    ids = {span.start: figure.id for figure in figures for span in figure.spans}
    links: dict[str, dict[tuple[str, Relation], FigureLink]] = {figure.id: {} for figure in figures}
    for tie in _ties(sentences):
        one, other = ids.get(tie.one), ids.get(tie.other)
        if one is None or other is None or one == other:
            continue
        link = FigureLink(other, tie.relation, article.span(tie.start, tie.end))
        links[one].setdefault((other, tie.relation), link)
    linked = [replace(f, links=tuple(links[f.id].values())) if links[f.id] else f for f in figures]
    return _with_terms(linked)


def _with_terms(figures: Sequence[Figure]) -> tuple[Figure, ...]:
    known = {figure.id: figure.terms for figure in figures}
    return tuple(
        replace(figure, terms=_terms_of_change(figure, known))
        if figure.links and figure.terms is Terms.UNSPECIFIED
        else figure
        for figure in figures
    )


def _terms_of_change(figure: Figure, known: dict[str, Terms]) -> Terms:
    ends = (known[link.figure] for link in figure.links if link.relation in _CHANGED)
    return next((terms for terms in ends if terms is not Terms.UNSPECIFIED), Terms.UNSPECIFIED)


def _ties(sentences: Sequence[FiguredSentence]) -> Iterator[_Tie]:
    before: FiguredSentence | None = None
    for sentence in sentences:
        if len(sentence.figures) > 1:
            yield from _within(sentence)
        if before is not None and before.block == sentence.block:
            yield from _across(before, sentence)
        before = sentence


def _within(sentence: FiguredSentence) -> Iterator[_Tie]:
    drawn = sketch(sentence.text, sentence.figures, sentence.periods)
    changes = list(_changes(sentence, drawn))
    yield from changes
    ends = {frozenset({tie.one, tie.other}) for tie in changes}
    parts = (*_parts(sentence, drawn), *_sums(sentence, frozenset().union(*ends)))
    yield from (tie for tie in parts if frozenset({tie.one, tie.other}) not in ends)


def _changes(sentence: FiguredSentence, drawn: Sketch) -> Iterator[_Tie]:
    """From and to of one unit, and the change between them."""
    said: set[frozenset[int]] = set()
    changing: set[int] = set()
    for pattern in CHANGES:
        for match in pattern.finditer(drawn.text):
            found = {name: drawn.figure(sign) for name, sign in match.groupdict().items() if sign}
            start, end = drawn.offsets(match.start(), match.end())
            tie = _tying(sentence, start, end)
            old, new = found.get("old"), found.get("new")
            if old is not None and new is not None:
                pair = frozenset({old, new})
                if pair in said or not _alike(sentence.figures[old], sentence.figures[new]):
                    continue
                said.add(pair)
                yield tie(new, old, Relation.CHANGED_FROM)
                yield tie(old, new, Relation.CHANGED_TO)
            change, of = found.get("change"), new if new is not None else old
            if change is not None and of is not None and change not in changing:
                changing.add(change)
                yield tie(change, of, Relation.CHANGE_OF)


def _tying(sentence: FiguredSentence, start: int, end: int) -> Callable[[int, int, Relation], _Tie]:
    """Ties of the figures of a sentence by number, shown by the words at these offsets of it."""
    figures, offset = sentence.figures, sentence.offset

    def tie(one: int, other: int, relation: Relation) -> _Tie:
        return _Tie(figures[one].start + offset, figures[other].start + offset, relation, start + offset, end + offset)

    return tie


def _parts(sentence: FiguredSentence, drawn: Sketch) -> Iterator[_Tie]:
    """What is said to be of a sum, with what follows it in the same list."""
    whole_of: set[int] = set()
    for pattern in PARTS:
        for match in pattern.finditer(drawn.text):
            part, whole = drawn.figure(match["part"]), drawn.figure(match["whole"])
            parts = [part]
            if "list" in pattern.groupindex:
                parts += _listed(drawn, match.end("part"))
            fits = [p for p in parts if p not in whole_of and _part_fits(sentence.figures[p], sentence.figures[whole])]
            if part not in fits or not _add_up(sentence.figures, fits, whole):
                continue
            whole_of.update(fits)
            for each in fits:
                end = max(match.end(), drawn.place(each) + 1)
                yield _tying(sentence, *drawn.offsets(match.start(), end))(each, whole, Relation.PART_OF)


def _listed(drawn: Sketch, at: int) -> Iterator[int]:
    """The figures that go on a list of parts: "£3m for roads, £2m for buses and £1m for paths"."""
    while match := MORE_PARTS.match(drawn.text, at):
        yield drawn.figure(match["part"])
        at = match.end("part")


def _sums(sentence: FiguredSentence, taken: frozenset[int]) -> Iterator[_Tie]:
    """Two or more sums in a row that make exactly the one before or after them, where none is told as a change."""
    figures = [n for n, f in enumerate(sentence.figures) if f.start + sentence.offset not in taken and _size(f)]
    for wholes, rows in ((figures[:1], figures[1:]), (figures[-1:], figures[:-1])):
        for whole in wholes:
            fits = [n for n in rows if _part_fits(sentence.figures[n], sentence.figures[whole])]
            same = len(rows) > 1 and len(fits) == len(rows) and not _of_change(sentence.figures[rows[0]])
            if same and sum(_size(sentence.figures[n]) for n in rows) == _size(sentence.figures[whole]):
                ends = sorted((*rows, whole))
                start, end = sentence.figures[ends[0]].lead, sentence.figures[ends[-1]].end
                for each in rows:
                    yield _tying(sentence, start, end)(each, whole, Relation.PART_OF)
                return


def _across(before: FiguredSentence, sentence: FiguredSentence) -> Iterator[_Tie]:
    """ "Of that, £3m …", "That includes £3m for …", after a sentence of the same paragraph with one sum only."""
    wholes = [figure for figure in before.figures if not _of_change(figure)]
    if len(wholes) != 1 or not sentence.figures:
        return
    drawn = sketch(sentence.text, sentence.figures, sentence.periods)
    match = next(filter(None, (pattern.match(drawn.text) for pattern in FROM_BEFORE)), None)
    if match is None:
        return
    more = _listed(drawn, match.end("part")) if "list" in match.re.groupindex else ()
    parts = [drawn.figure(match["part"]), *more]
    for part in parts:
        figure = sentence.figures[part]
        if _part_fits(figure, wholes[0]):
            start, end = drawn.offsets(match.start(), max(match.end(), drawn.place(part) + 1))
            one, other, offset = figure.start + sentence.offset, wholes[0].start + before.offset, sentence.offset
            yield _Tie(one, other, Relation.PART_OF, start + offset, end + offset)


def _of_change(figure: Amount) -> bool:
    return figure.unit in {PERCENT, POINT}


def _size(figure: Amount) -> float:
    number = figure.value if figure.value is not None else figure.high
    return float(number) if number is not None else 0.0


def _alike(one: Amount, other: Amount) -> bool:
    """Whether two amounts may be one sum at two times; the rate is often printed once for both."""
    return one.unit == other.unit and (one.per == other.per or None in {one.per, other.per})


def _part_fits(part: Amount, whole: Amount) -> bool:
    """A percentage or a smaller sum of a sum, neither of them a price for each patient or hour."""
    if _of_change(whole) or not whole.unit or {part.per, whole.per} - _TIMES:
        return False
    if part.unit == PERCENT:
        return _size(part) < 100
    known = _size(part) and _size(whole)
    return part.unit == whole.unit and not (known and _size(part) >= _size(whole))


def _add_up(figures: Sequence[Amount], parts: Sequence[int], whole: int) -> bool:
    sums = sum(_size(figures[part]) for part in parts if figures[part].unit == figures[whole].unit)
    return not _size(figures[whole]) or sums <= _size(figures[whole])
