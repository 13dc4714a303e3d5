"""The rows of the map as HTML, made from columns of numbers: of 800 rows by 12 proposals they are all of the time.

Whatever came from an article is escaped here: names, and kinds that may hold one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

import numpy as np
from markupsafe import Markup, escape

from api.pages.paths import evidence_path, stakeholder_path
from api.schemas import Checked
from api.store.analyst import Sheet
from api.words import STANCES, THIN, TRENDS, checked_words, count_words, date_words
from nlp.cells import TRENDS as TREND_OF
from nlp.cells import Trend
from nlp.columns import LABELS, STRENGTHS, partial_date
from nlp.records import PartialDate, Strength, Tier

NOTHING = (
    '<td><span class="none"><span aria-hidden="true">–</span>'
    '<span class="hidden-label">no position found</span></span></td>'
)


def rows_html(
    sheet: Sheet,
    codes: Sequence[int],
    topics: Sequence[str],
    *,
    query: str,
    kinds: Mapping[str, str],
    checked: Checked,
) -> Markup:
    """The rows of these holders, a cell for each of ``topics``; ``query`` is that of their evidence.

    ``kinds`` say what stands beside the names, by id; ``checked`` how many people checked a cell.
    """
    known = sheet.snapshot.books.topics.known
    columns = [known[topic] for topic in topics]
    found = _cells(sheet, [at for code in codes for at in sheet.places(code)], str(escape(query)), checked)
    parts: list[str] = []
    for code in codes:
        own = dict(islice(found, len(sheet.places(code))))
        holder = sheet.holder(code)
        href = escape(stakeholder_path(holder.id) + query)
        kind = f'<small class="soft">{escape(kinds[holder.id])}</small>'
        parts.append(f'<tr>\n<th scope="row"><a href="{href}">{escape(holder.name)}</a> {kind}</th>\n')
        parts += [own.get(column, NOTHING) for column in columns]
        parts.append("\n</tr>\n")
    return Markup("".join(parts))


def _cells(sheet: Sheet, places: Sequence[int], query: str, checked: Checked) -> Iterator[tuple[int, str]]:
    """The cells at these places of the list, each with the code of its topic."""
    cells, books = sheet.cells.take(np.array(places, np.int64)), sheet.snapshot.books
    shown = cells.stories[np.arange(len(cells.label)), cells.label]
    # A stance that joins others has no stories of its own: all of them show it.
    counts = np.where(shown > 0, shown, cells.story_count)
    for holder, topic, label, count, strength, confidence, day, last, trend, thin in zip(
        cells.holder.tolist(),
        cells.topic.tolist(),
        cells.label.tolist(),
        counts.tolist(),
        cells.strength.tolist(),
        cells.confidence.tolist(),
        cells.last.tolist(),
        cells.last_last.tolist(),
        cells.trend.tolist(),
        cells.thin.tolist(),
        strict=True,
    ):
        who, name = books.holders.names[holder], books.topics.names[topic]
        by = checked.get((who, name), 0) if checked else 0
        title = _title(count, Tier.of(round(confidence, 4)), strength, day, last)
        opening, words = _stance(label, count)
        link = f'{opening}{evidence_path(who, name)}{query}" title="{title}">{words}'
        yield topic, f"<td>{link}{_note(trend, thin, by)}</td>"


@lru_cache(maxsize=4096)
def _stance(label: int, count: int) -> tuple[str, str]:
    """What opens the link of a cell, up to its address, and its words: "Opposes ▼ 4"."""
    stance = STANCES[LABELS[label]]
    stories = "story" if count == 1 else "stories"
    sign = f'<span class="sign" aria-hidden="true">{stance.sign}</span>'
    number = f'<span>{count}<span class="hidden-label"> {stories}</span></span>'
    return f'<a class="stance {LABELS[label].value}" href="', f"<b>{stance.word}</b> {sign} {number}</a>"


@lru_cache(maxsize=16384)
def _title(count: int, tier: Tier, strength: int, day: int, last: int) -> str:
    return str(escape(cell_title(count, tier, STRENGTHS[strength], partial_date(day, last))))


@lru_cache(maxsize=256)
def _note(trend: int, thin: bool, checked: int) -> str:
    told = cell_note(TREND_OF[trend], thin, checked)
    return f' <small class="note">{escape(told)}</small>' if told else ""


def cell_title(count: int, tier: Tier, strength: Strength, latest: PartialDate | None) -> str:
    """What a position rests on, in plain words: "4 stories, high confidence, strong, latest 3 May 2014"."""
    parts = [count_words(count, "story", "stories"), f"{tier} confidence"]
    if strength is not Strength.PLAIN:
        parts.append(strength.value)
    if latest:
        parts.append(f"latest {date_words(latest)}")
    return ", ".join(parts)


def cell_note(trend: Trend | None, thin: bool, checked: int) -> str:
    """What is to be known beside a position, in plain words; empty where nothing is."""
    notes = [TRENDS[trend] if trend else "", THIN if thin else "", checked_words(checked) if checked else ""]
    return ", ".join(filter(None, notes))
