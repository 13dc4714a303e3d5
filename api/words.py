"""The words and signs that pages and the command line show for the closed vocabularies of the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from nlp.cells import Trend
from nlp.changes import ChangeKind
from nlp.records import (
    Capacity,
    Direction,
    Figure,
    FigureStatus,
    Manner,
    PartialDate,
    Position,
    Precision,
    Recurrence,
    Relation,
    StanceLabel,
    Strength,
    Terms,
    Tier,
)


@dataclass(frozen=True, slots=True)
class StanceWord:
    """How a stance is shown: colour comes third, after the word and the sign."""

    word: str
    sign: str
    meaning: str


STANCES: dict[StanceLabel, StanceWord] = {
    StanceLabel.SUPPORT: StanceWord("Supports", "▲", "for the proposal"),
    StanceLabel.OPPOSE: StanceWord("Opposes", "▼", "against the proposal"),
    StanceLabel.CONDITIONAL: StanceWord("Conditional", "◆", "for or against only if a stated condition holds"),
    StanceLabel.MIXED: StanceWord("Mixed", "◐", "gives weight to both sides and takes none, or is split"),
    StanceLabel.NEUTRAL: StanceWord("Neutral", "●", "speaks of the proposal and takes no side"),
    StanceLabel.UNCLEAR: StanceWord("Unclear", "○", "the words do not show which side is taken"),
}

#: The stances that a map can show, in the order of its legend.
LEGEND = tuple(label for label in StanceLabel if label is not StanceLabel.UNCLEAR)

TIERS = {Tier.HIGH: "high confidence", Tier.MEDIUM: "medium confidence", Tier.LOW: "low confidence"}

MANNERS = {
    Manner.DIRECT: "quoted word for word",
    Manner.INDIRECT: "reported in the writer's words",
    Manner.MIXED: "reported, with quoted words in it",
    Manner.AUTHORIAL: "written by the holder",
}
CAPACITIES = {
    Capacity.OFFICIAL: "speaking in an official capacity",
    Capacity.PERSONAL: "speaking in a personal capacity",
    Capacity.UNSPECIFIED: "",
}
STRENGTHS = {Strength.STRONG: "strongly", Strength.PLAIN: "", Strength.HEDGED: "with hedging"}
STATUSES = {
    FigureStatus.ACTUAL: "stated as a fact",
    FigureStatus.COMMITTED: "committed",
    FigureStatus.PROPOSED: "proposed",
    FigureStatus.CLAIMED: "claimed",
    FigureStatus.HYPOTHETICAL: "hypothetical",
}
DIRECTIONS = {Direction.UP: "up", Direction.DOWN: "down", Direction.FLAT: "unchanged", Direction.NONE: ""}

TERMS = {Terms.CASH: "in cash terms", Terms.REAL: "in real terms", Terms.UNSPECIFIED: ""}
RECURRENCES = {Recurrence.ONE_OFF: "one-off", Recurrence.RECURRING: "recurring", Recurrence.UNSPECIFIED: ""}
RELATIONS = {
    Relation.PART_OF: "part of",
    Relation.CHANGED_FROM: "changed from",
    Relation.CHANGED_TO: "changed to",
    Relation.CHANGE_OF: "change of",
}

#: Where a holder's support is going, and that little shows it; ``nlp.cells`` says how both are told.
TRENDS = {Trend.RISING: "support rising", Trend.FALLING: "support falling", Trend.STEADY: "support steady"}
THIN = "thin evidence"
#: A reviewer confirmed or corrected one of the stances behind a position.
CHECKED = "checked by a reviewer"
CHANGES = {
    ChangeKind.REVERSAL: "changed sides",
    ChangeKind.SHIFT: "shifted",
    ChangeKind.TOLD: "is said to have held another view before",
}
#: How far apart the camps of a proposal are, by the least index of ``nlp.divides``; the bounds are ours.
DIVIDED = ((0.7, "deeply divided"), (0.4, "divided"), (0.1, "somewhat divided"), (0.0, "hardly divided"))

NO_DATE = "date unknown"


def checked_words(people: int) -> str:
    """By how many a position was checked: "checked by a reviewer", "checked by 2 reviewers"."""
    return CHECKED if people == 1 else f"checked by {people} reviewers"


def confidence_words(confidence: float) -> str:
    """The tier in words with the number beside it: "high confidence, 0.93"."""
    return f"{TIERS[Tier.of(confidence)]}, {confidence:.2f}"


def divided_words(index: float | None) -> str:
    """How far apart the camps are: "deeply divided, 0.82 of 1"; without a position, that there is none."""
    if index is None:
        return "nobody takes a position"
    return f"{next(word for least, word in DIVIDED if index >= least)}, {index:.2f} of 1"


def kinds_told(people: Iterable[tuple[str, str, str]], body: Callable[[str], str]) -> dict[str, str]:
    """What stands beside the names of (id, name, kind), by id: the kind and, where several have one name, the body
    that tells one from the others; ``body`` gives its name by id. The id itself stands only where that does not do.
    """
    every = list(dict.fromkeys(people))
    names = Counter(name for _, name, _ in every)
    told = {
        id: f"{kind}, {of}" if names[name] > 1 and (of := body(id.partition("--")[2])) else kind
        for id, name, kind in every
    }
    lines = Counter((name, told[id]) for id, name, _ in every)
    return {id: f"{told[id]}, {id}" if lines[name, told[id]] > 1 else told[id] for id, name, _ in every}


def date_words(published: PartialDate | None) -> str:
    """A date in words that is no more exact than its source: "4 May 2014", "May 2014", "2014"."""
    if published is None:
        return NO_DATE
    day = published.value
    if published.precision is Precision.YEAR:
        return str(day.year)
    month = f"{day:%B} {day.year}"
    return month if published.precision is Precision.MONTH else f"{day.day} {month}"


def links_words(figure: Figure, printed: Mapping[str, str]) -> list[str]:
    """What a figure is to others, which ``printed`` gives as printed by their ids: "part of £8m"."""
    return [f"{RELATIONS[link.relation]} {printed[link.figure]}" for link in figure.links if link.figure in printed]


def printed_figures(figures: Iterable[Figure]) -> dict[str, str]:
    """Each figure by its id as it is printed first."""
    return {figure.id: figure.spans[0].text for figure in figures if figure.spans}


def sentence(text: str) -> str:
    """The text with a capital at its start; the rest is left as it is."""
    return text[:1].upper() + text[1:]


def count_words(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: "1 story", "4 stories", "1,024 statements"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def story_count(position: Position) -> int:
    """The distinct stories that show the position's stance; all of its stories where the stance joins others."""
    counts = dict(position.stories)
    return counts.get(position.label) or position.story_count


def stance_cell(position: Position) -> str:
    """A cell of the map in plain text: "Opposes ▼ 4"."""
    stance = STANCES[position.label]
    return f"{stance.word} {stance.sign} {story_count(position)}"
