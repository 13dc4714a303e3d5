"""Gold x predicted -> tallies, one article at a time: the arithmetic of the annotation guide, section 7.

Matches are one to one and greedy, the best likeness first; candidates come from an index of what
two rows share, so that the cost follows the matches and not the product of the rows.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlp.annotations import (
    Amount,
    Annotation,
    FigureRow,
    GoldDocument,
    Places,
    PositionRow,
    Row,
    StatementRow,
    fold_name,
)
from nlp.tallies import Accuracy, Counts, Mistake

#: Told apart in ``stance_exact`` alone.
MERGED = {"conditional": "mixed"}
FIGURE_LABELS = ("kind", "direction", "status", "per")
FIGURE_HOLDERS = ("cited_by", "recipient", "payer")
FIGURE_FIELDS = ("kind", "direction", "status", "per", "period", "cited_by", "recipient", "payer")
#: So many of the tokens of two spans must be common (Jaccard) for the spans to be one statement.
SAME_SPAN = 0.5
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class DocumentScores:
    """The tallies of one article by metric, in the order in which they are printed."""

    name: str
    genre: str
    groups: tuple[str, ...]
    counts: Mapping[str, Counts]
    accuracies: Mapping[str, Accuracy]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one comparison adds to a document's scores."""

    counts: Mapping[str, Counts]
    accuracies: Mapping[str, Accuracy]
    mistakes: Sequence[Mistake]


@dataclass(frozen=True, slots=True)
class _Pair:
    gold: int
    predicted: int


@dataclass(frozen=True, slots=True)
class StatementPair:
    """A gold statement and the predicted one with its words; ``right``: both have the same holder."""

    gold: StatementRow
    predicted: StatementRow
    right: bool


class Matcher:
    """Pairs predicted stakeholders with gold ones, one to one: the same id first, then the most names in common."""

    def __init__(self, gold: Annotation, predicted: Annotation) -> None:
        by_name: dict[str, set[str]] = defaultdict(set)
        for found, names in predicted.names.items():
            for name in names:
                by_name[name].add(found)
        candidates = {(g, p) for g, names in gold.names.items() for name in names for p in by_name.get(name, ())}
        ranked = sorted((-(g == p), -_share(gold.names[g], predicted.names[p]), g, p) for g, p in candidates)
        self.pairs: dict[str, str] = {}
        used: set[str] = set()
        for _, _, g, p in ranked:
            if g not in self.pairs and p not in used:
                self.pairs[g] = p
                used.add(p)

    def same(self, gold: str | None, predicted: str | None) -> bool:
        if not gold or not predicted:
            return not gold and not predicted
        return self.pairs.get(gold) == predicted


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b)


def score_document(gold: GoldDocument, predicted: Annotation, topics: frozenset[str]) -> DocumentScores:
    """The tallies of one article; positions count on ``topics`` only."""
    match = Matcher(gold.annotation, predicted)
    parts = (
        _score_positions(gold.annotation, predicted, topics, match),
        _score_statements(gold, predicted, match),
        _score_stakeholders(gold.annotation, match),
        _score_figures(gold.annotation.figures, predicted.figures, match),
    )
    return DocumentScores(
        name=gold.name,
        genre=gold.genre,
        groups=gold.groups,
        counts={name: tally for part in parts for name, tally in part.counts.items()},
        accuracies={name: tally for part in parts for name, tally in part.accuracies.items()},
        mistakes=tuple(mistake for part in parts for mistake in part.mistakes),
    )


def _held(positions: Iterable[PositionRow], topics: frozenset[str]) -> dict[tuple[str, str], PositionRow]:
    """Positions by holder and topic; an official one counts for its organisation unless that has its own."""
    rows = [position for position in positions if position.topic in topics]
    held: dict[tuple[str, str], PositionRow] = {}
    for position in rows:
        if position.holder:
            held.setdefault((position.holder, position.topic), position)
    for position in rows:
        if position.on_behalf_of:
            held.setdefault((position.on_behalf_of, position.topic), position)
    return held


def _merged(position: PositionRow) -> str:
    return MERGED.get(position.stance, position.stance)


def _score_positions(gold: Annotation, predicted: Annotation, topics: frozenset[str], match: Matcher) -> _Part:
    want, got = _held(gold.positions, topics), _held(predicted.positions, topics)
    pairs = {key: (found, key[1]) for key in want if (found := match.pairs.get(key[0])) and (found, key[1]) in got}
    compared = [(want[key], got[other]) for key, other in pairs.items()]
    right = sum(_merged(g) == _merged(p) for g, p in compared)
    wrong = [
        Mistake("position wrong", f"{_shown(key, want[key])} read as {_merged(got[other])}")
        for key, other in pairs.items()
        if _merged(want[key]) != _merged(got[other])
    ]
    made_up = got.keys() - pairs.values()
    return _Part(
        counts={
            "positions": Counts.of(matched=right, predicted=len(got), gold=len(want)),
            "holder_topic": Counts.of(matched=len(pairs), predicted=len(got), gold=len(want)),
        },
        accuracies={
            "stance": Accuracy(right, len(pairs)),
            "stance_exact": Accuracy.of(g.stance == p.stance for g, p in compared),
            "strength": Accuracy.of(g.strength == p.strength for g, p in compared),
            "earlier": Accuracy.of(g.earlier == p.earlier for g, p in compared if g.earlier),
        },
        mistakes=[
            *wrong,
            *(Mistake("position missed", _shown(key, row)) for key, row in want.items() if key not in pairs),
            *(Mistake("position made up", _shown(key, row)) for key, row in got.items() if key in made_up),
        ],
    )


def _shown(key: tuple[str, str], position: PositionRow) -> str:
    return f"{key[0]}, {key[1]}, {_merged(position)}"


def pair_statements(gold: GoldDocument, predicted: Annotation) -> tuple[StatementPair, ...]:
    """The statements of which at least half of the words are common, one to one, and whether the holder is right."""
    return _compare_statements(gold, predicted, Matcher(gold.annotation, predicted)).pairs


@dataclass(frozen=True, slots=True)
class _Compared:
    """The statements that count and those that are paired; ``indices`` are the places of each pair in both lists."""

    want: Sequence[StatementRow]
    got: Sequence[StatementRow]
    indices: Sequence[_Pair]
    pairs: tuple[StatementPair, ...]


def _compare_statements(gold: GoldDocument, predicted: Annotation, match: Matcher) -> _Compared:
    first, last = gold.headline
    want = [row for row in gold.annotation.statements if not first <= row.places[0][0] < last]
    got = [row for row in predicted.statements if not all(first <= start < last for start, _ in row.places)]
    indices = _pair_spans([_tokens(gold.text, row.places) for row in want], [_tokens(gold.text, r.places) for r in got])
    pairs = (
        StatementPair(want[i.gold], got[i.predicted], match.same(want[i.gold].holder, got[i.predicted].holder))
        for i in indices
    )
    return _Compared(want, got, indices, tuple(pairs))


def _score_statements(gold: GoldDocument, predicted: Annotation, match: Matcher) -> _Part:
    found = _compare_statements(gold, predicted, match)
    pairs, sizes = found.pairs, {"predicted": len(found.got), "gold": len(found.want)}
    good = [index for index, pair in zip(found.indices, pairs, strict=True) if pair.right]
    of_persons = [pair for pair in pairs if pair.gold.holder in gold.annotation.persons]
    return _Part(
        counts={
            "statements": Counts.of(matched=len(good), **sizes),
            "statement_spans": Counts.of(matched=len(pairs), **sizes),
        },
        accuracies={
            "holder": Accuracy(len(good), len(pairs)),
            "manner": Accuracy.of(p.gold.manner == p.predicted.manner for p in pairs),
            "capacity": Accuracy.of(p.gold.capacity == p.predicted.capacity for p in of_persons),
        },
        mistakes=_statement_mistakes(gold.text, found.want, found.got, found.indices, good),
    )


def _statement_mistakes(
    text: str, want: Sequence[StatementRow], got: Sequence[StatementRow], pairs: Sequence[_Pair], good: Sequence[_Pair]
) -> list[Mistake]:
    found, used = {pair.gold for pair in pairs}, {pair.predicted for pair in pairs}
    right = set(good)
    return [
        *(Mistake("statement missed", f"{w.holder}: {w.opening} …") for i, w in enumerate(want) if i not in found),
        *(
            Mistake(
                "statement misgiven",
                f"to {got[p.predicted].holder}, not {want[p.gold].holder}: {want[p.gold].opening} …",
            )
            for p in pairs
            if p not in right
        ),
        *(
            Mistake("statement made up", f"{g.holder}: {_excerpt(text, g.places)} …")
            for j, g in enumerate(got)
            if j not in used
        ),
    ]


def _excerpt(text: str, places: Places) -> str:
    return " ".join(text[start:end] for start, end in places)[:60]


def _tokens(text: str, places: Places) -> frozenset[int]:
    """Start offsets of the word tokens that lie in the places."""
    return frozenset(start + found.start() for start, end in places for found in _TOKEN.finditer(text[start:end]))


def _pair_spans(want: Sequence[frozenset[int]], got: Sequence[frozenset[int]]) -> list[_Pair]:
    """Greedy one-to-one pairs of token sets that have enough in common, the likest first."""
    holders: dict[int, list[int]] = defaultdict(list)
    for index, tokens in enumerate(want):
        for token in tokens:
            holders[token].append(index)
    ranked: list[tuple[float, int, int]] = []
    for j, tokens in enumerate(got):
        common = Counter(i for token in tokens for i in holders.get(token, ()))
        likeness = ((shared / (len(want[i]) + len(tokens) - shared), i) for i, shared in common.items())
        ranked += [(-jaccard, i, j) for jaccard, i in likeness if jaccard >= SAME_SPAN]
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in sorted(ranked):
        if i not in pairs and j not in used:
            pairs[i] = j
            used.add(j)
    return [_Pair(i, j) for i, j in pairs.items()]


def _score_stakeholders(gold: Annotation, match: Matcher) -> _Part:
    missed = [name for name in gold.listed if name not in match.pairs]
    return _Part(
        counts={},
        accuracies={"stakeholders": Accuracy(len(gold.listed) - len(missed), len(gold.listed))},
        mistakes=[Mistake("stakeholder missed", name) for name in missed],
    )


def _score_figures(want: Sequence[FigureRow], got: Sequence[FigureRow], match: Matcher) -> _Part:
    open_gold: dict[Amount, list[int]] = defaultdict(list)
    for index in reversed(range(len(want))):
        open_gold[want[index].amount].append(index)
    pairs = {open_gold[row.amount].pop(): j for j, row in enumerate(got) if open_gold.get(row.amount)}
    compared = [(want[i].fields, got[j].fields) for i, j in pairs.items()]
    used = set(pairs.values())
    return _Part(
        counts={"figures": Counts.of(matched=len(pairs), predicted=len(got), gold=len(want))},
        accuracies={
            f"figure.{name}": Accuracy.of(_same_field(name, g, p, match) for g, p in compared) for name in FIGURE_FIELDS
        },
        mistakes=[
            *(Mistake("figure missed", row.text) for i, row in enumerate(want) if i not in pairs),
            *(Mistake("figure made up", row.text) for j, row in enumerate(got) if j not in used),
        ],
    )


def _same_field(name: str, gold: Row, predicted: Row, match: Matcher) -> bool:
    if name in FIGURE_HOLDERS:
        return match.same(gold.get(name), predicted.get(name))
    if name in FIGURE_LABELS:
        return (gold.get(name) or None) == (predicted.get(name) or None)
    return _same_period(gold.get(name), predicted.get(name))


def _same_period(gold: Row | str | None, predicted: Row | str | None) -> bool:
    """The same dates where gold has dates, else one wording inside the other."""
    if not gold or not predicted:
        return not gold and not predicted
    g, p = (row if isinstance(row, Mapping) else {"text": row} for row in (gold, predicted))
    if g.get("start") or g.get("end"):
        return (g.get("start"), g.get("end")) == (p.get("start"), p.get("end"))
    a, b = fold_name(g.get("text") or ""), fold_name(p.get("text") or "")
    return a in b or b in a
