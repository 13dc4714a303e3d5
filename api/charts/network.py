"""The camps of a proposal as a network: who stands where on it, and who stands alike or apart on the others.

Stakeholders stand in columns, camp by camp, with their names beside them, so that no name lies over another as in
layouts by springs, and the same coverage makes the same picture to the letter. Within a column they are ordered by
the mean place of those whom they are tied to (the barycentre method of K. Sugiyama, S. Tagawa and M. Toda, Methods
for Visual Understanding of Hierarchical System Structures, IEEE Transactions SMC 11, 1981), which crosses few ties.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.charts.heat import short
from api.charts.lanes import Chart, Shape, Word, sign
from api.words import STANCES, count_words
from nlp.records import StanceLabel

COLUMNS = (
    (StanceLabel.SUPPORT,),
    (StanceLabel.CONDITIONAL, StanceLabel.MIXED, StanceLabel.NEUTRAL),
    (StanceLabel.OPPOSE,),
)
WIDTH, STEP, HEAD, RADIUS = 960, 26, 44, 6.0
_SWEEPS, _NAME = 4, 38
_KEY = "Full line: alike on more proposals than apart. Broken line: apart on as many or more."
#: Where the signs of each column stand: names are to the right of them.
_LEFT = (40, 360, 680)


@dataclass(frozen=True, slots=True)
class Node:
    """A stakeholder and where it stands on the proposal."""

    id: str
    name: str
    label: StanceLabel
    stories: int


@dataclass(frozen=True, slots=True)
class Edge:
    """On how many proposals two stand alike, less those on which one supports what the other opposes."""

    first: str
    second: str
    alike: int
    opposed: int

    @property
    def weight(self) -> int:
        return self.alike - self.opposed


def network(title: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> Chart:
    """The picture: full lines are ties between those who stand alike, broken ones between those who stand apart."""
    columns = _ordered(nodes, edges)
    places = {
        node.id: (float(_LEFT[column]), float(HEAD + STEP * (row + 0.7)))
        for column, own in enumerate(columns)
        for row, node in enumerate(own)
    }
    column_of = {node.id: column for column, own in enumerate(columns) for node in own}
    shapes = [_tie(edge, places, column_of) for edge in edges]
    words: list[Word] = []
    for column, own in enumerate(columns):
        names = " / ".join(f"{STANCES[label].word} {STANCES[label].sign}" for label in COLUMNS[column])
        words.append(Word(_LEFT[column] - 10, 20, f"{names}: {len(own)}"))
        for node in own:
            x, y = places[node.id]
            told = f"{node.name}: {STANCES[node.label].word}, {count_words(node.stories, 'story', 'stories')}"
            shapes += sign(node.label, told, x, y, RADIUS)
            words.append(Word(x + 14, y + 4, short(node.name, _NAME)))
    height = HEAD + STEP * max((len(own) for own in columns), default=0)
    words.append(
        Word(30, height + 24, "Full line: alike on more proposals than apart. Broken line: apart on as many or more.")
    )
    describes = (
        f"{count_words(len(nodes), 'stakeholder')} in three columns: support, in between, opposition; the sign beside "
        f"a name is the stance. {count_words(len(edges), 'tie')} between those who have positions "
        "on the same proposals. The data beside the chart tells the same."
    )
    return Chart(title, describes, height + 40, tuple(words), (), shapes=tuple(shapes), width=WIDTH)


def _ordered(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[list[Node]]:
    """The columns, each in an order that crosses few ties: by turns after the means of the others' places."""
    columns = [[node for node in nodes if node.label in labels] for labels in COLUMNS]
    tied: dict[str, dict[str, None]] = {node.id: {} for node in nodes}
    for edge in edges:
        tied[edge.first][edge.second] = tied[edge.second][edge.first] = None
    for _ in range(_SWEEPS):
        for column, own in enumerate(columns):
            place = {node.id: row for each in columns for row, node in enumerate(each)}
            means = {node.id: _mean(place, tied[node.id], place[node.id]) for node in own}
            columns[column] = sorted(own, key=lambda node: (means[node.id], place[node.id]))
    return columns


def _mean(place: Mapping[str, int], of: Mapping[str, None], own: int) -> float:
    return sum(place[id] for id in of) / len(of) if of else float(own)


def _tie(edge: Edge, places: Mapping[str, tuple[float, float]], column: Mapping[str, int]) -> Shape:
    (x1, y1), (x2, y2) = places[edge.first], places[edge.second]
    kind = "tie" if edge.weight > 0 else "tie apart"
    told = f"alike on {count_words(edge.alike, 'proposal')}, apart on {edge.opposed}"
    if column[edge.first] == column[edge.second]:
        # A bow to the left of the signs, the wider the farther apart they stand.
        bow = min(x1 - 6, 8 + abs(y2 - y1) / 6)
        return Shape(f"M{x1:.1f} {y1:.1f}Q{x1 - bow:.1f} {(y1 + y2) / 2:.1f} {x2:.1f} {y2:.1f}", kind, told)
    return Shape(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", kind, told)
