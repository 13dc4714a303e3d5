"""The map as a heat table: a row a stakeholder, a column a proposal, in each cell the sign and the stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.charts.lanes import Bar, Chart, Line, Word
from api.store.analyst import Sheet
from api.words import STANCES, count_words, story_count
from nlp.records import Topic

NAMES, COLUMN, ROW, HEAD = 280, 124, 26, 62
#: A letter takes some 6.5 units; names of proposals are broken into lines of so many.
_LETTERS, _LINES, _NAME = 16, 3, 36


def heat_table(title: str, sheet: Sheet, codes: Sequence[int], topics: Sequence[str], known: Mapping[str, Topic]
               ) -> Chart:  # fmt: skip
    """The cells of these rows and proposals. What a cell says, its sign and number say; its colour repeats it."""
    words: list[Word] = []
    bars: list[Bar] = []
    for place, topic in enumerate(topics):
        name = known[topic].name if topic in known else topic
        for line, text in enumerate(_broken(name)):
            words.append(Word(NAMES + (place + 0.5) * COLUMN, 16.0 + 14 * line, text, "middle"))
    for row, code in enumerate(codes):
        top = HEAD + row * ROW
        words.append(Word(NAMES - 8, top + 17, short(sheet.title(code), _NAME), "end"))
        for cell in sheet.row(code):
            position = cell.position
            if position.topic in topics:
                left = NAMES + topics.index(position.topic) * COLUMN
                bars.append(Bar(left + 2, top + 2, COLUMN - 4, ROW - 4, f"{position.label.value} cell"))
                told = f"{STANCES[position.label].sign} {story_count(position)}"
                words.append(Word(left + COLUMN / 2, top + 17, told, "middle"))
    height, width = HEAD + ROW * len(codes), NAMES + COLUMN * len(topics)
    lines = [Line(0, HEAD + row * ROW, width, HEAD + row * ROW) for row in range(len(codes) + 1)]
    legend = "   ".join(
        f"{STANCES[label].sign} {STANCES[label].word}" for label in STANCES if STANCES[label].sign != "○"
    )
    words.append(Word(4, height + 20, legend))
    describes = (
        f"{count_words(len(codes), 'stakeholder')} by {count_words(len(topics), 'proposal')}. Each cell has the sign "
        "of the stance and the number of stories that show it; an empty cell is no position. The data beside the chart "
        "tells the same."
    )
    return Chart(title, describes, height + 32, tuple(words), tuple(lines), bars=tuple(bars), width=max(width, 620))


def short(name: str, most: int) -> str:
    """The name, no longer than so many letters."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _broken(name: str) -> list[str]:
    """The name in lines as narrow as a column."""
    lines = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= _LETTERS or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [short(line, _LETTERS + 1) for line in lines[:_LINES]]
