"""Pages for training the block model: the layouts of ``corpora/blocks``, recombined, and the train articles of gold.

A layout is cut in three, above the body, the body, and below it. A new page takes each part from another layout and its
paragraphs from a gold article, and drops some furniture: layouts are few, and what stands above a body says nothing of
what will stand below it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.annotations import GoldDocument, read_gold
from nlp.block_features import Floats, features
from nlp.block_model import GROUP_OF, STATES
from nlp.errors import DataError
from nlp.page_lines import Line, read_lines
from nlp.page_rules import comments_start, place
from nlp.records import EVIDENCE_KINDS, BlockKind

#: The letters of kinds in the file of layouts.
KINDS = {
    "h": BlockKind.HEADLINE,
    "s": BlockKind.STANDFIRST,
    "p": BlockKind.PARAGRAPH,
    "c": BlockKind.CAPTION,
    "q": BlockKind.PULL_QUOTE,
    "r": BlockKind.READER_COMMENT,
    "b": BlockKind.BOILERPLATE,
}
#: A comment's line is who posted it and when if it has at most so many words, no stop and a number or few words.
POSTER_WORDS, NAME_WORDS = 14, 5
#: A line of evidence without a stop is a heading up to so many words.
HEADING_WORDS = 12
#: Of recombined pages: how many keep the part below with the part above, how many take a gold article's paragraphs,
#: and the largest share of furniture that is dropped.
KEEP_TAIL, TAKE_PROSE, DROP = 0.4, 0.6, 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page and what it is."""

    kind: BlockKind
    text: str

    @property
    def group(self) -> int:
        """Its place in ``GROUPS``."""
        return group_of(self.kind)


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A page as the model reads it: a row of features, a group and a state for each line."""

    features: Floats
    groups: npt.NDArray[np.int64]
    states: npt.NDArray[np.int64]


def group_of(kind: BlockKind) -> int:
    """The place of a kind in ``GROUPS``: 0 evidence, 1 comment, 2 furniture."""
    return 0 if kind in EVIDENCE_KINDS else 1 if kind is BlockKind.READER_COMMENT else 2


def read_layouts(path: Path) -> tuple[Layout, ...]:
    """The layouts of a JSONL file. Raises DataError with file and line for a row that is none."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            data = json.loads(line)
            rows = tuple(Row(KINDS[kind], text) for kind, text in data["lines"])
            found.append(Layout(data["layout"], rows))
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"is no layout: {error}",
                where=f"{path}:{number}",
                do='write {"layout": NAME, "lines": [[KIND, TEXT], …]}',
            ) from error
    return tuple(found)


def read_page(rows: Sequence[Row]) -> Page:
    """The features and labels of a page made of these rows, an empty line between them."""
    lines = list(read_lines("\n\n".join(row.text for row in rows)))
    if len(lines) != len(rows):
        raise DataError("holds an empty line or a line break", where=rows[0].text, do="give one line a row")
    groups = np.array([row.group for row in rows], dtype=np.int64)
    opened = comments_start(lines)
    return Page(features(lines, place(lines, opened), opened), groups, _states(lines, groups))


def _states(lines: Sequence[Line], groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The finer states, by place and looks; ``GROUP_OF`` leads back to the groups."""
    evidence, comments = np.flatnonzero(groups == 0).tolist(), np.flatnonzero(groups == 1).tolist()
    first = next((i for i in evidence if lines[i].stopped), len(lines))
    states = []
    for i, (line, group) in enumerate(zip(lines, groups.tolist(), strict=True)):
        if group == 0:
            name = "body" if line.stopped or len(line.words) > HEADING_WORDS else "head"
        elif group == 1:
            name = "poster line" if _names_poster(line) else "comment"
        elif comments and comments[0] < i <= comments[-1] + 1:
            name = "comment furniture"
        else:
            name = "furniture above" if i < first else "furniture below"
        states.append(STATES.index(name))
        assert GROUP_OF[states[-1]] == group
    return np.array(states, dtype=np.int64)


def _names_poster(line: Line) -> bool:
    ends = re.search(r"[.!?]$", line.text)
    told = bool(re.search(r"\d", line.text)) or len(line.words) <= NAME_WORDS
    return len(line.words) <= POSTER_WORDS and not ends and told


def gold_pages(gold: Path, labels: Path) -> list[tuple[Row, ...]]:
    """The train articles of gold, a letter of ``KINDS`` for each line. Raises DataError when they do not fit."""
    given: dict[str, str] = json.loads(labels.read_bytes())
    return [_gold_rows(document, given.get(document.name, ""), labels) for document in read_gold(gold, "train")]


def _gold_rows(document: GoldDocument, letters: str, labels: Path) -> tuple[Row, ...]:
    lines = list(read_lines(document.text))
    if len(lines) != len(letters) or not set(letters) <= set(KINDS):
        what = f"gives {len(letters)} letters to the {len(lines)} lines of {document.name}"
        raise DataError(what, where=str(labels), do=f"give one of {''.join(KINDS)} to each")
    return tuple(Row(KINDS[letter], " ".join(line.text.split())) for line, letter in zip(lines, letters, strict=True))


def recombine(layouts: Sequence[Layout], prose: Sequence[Sequence[str]], count: int, seed: int) -> list[Page]:
    """So many new pages out of the parts of these layouts; the same for the same seed."""
    rng = random.Random(seed)
    return [read_page(_recombined(layouts, prose, rng)) for _ in range(count)]


def _recombined(layouts: Sequence[Layout], prose: Sequence[Sequence[str]], rng: random.Random) -> list[Row]:
    above, body, below = rng.choice(layouts), rng.choice(layouts), rng.choice(layouts)
    if rng.random() < KEEP_TAIL:
        below = above
    middle: Iterable[Row] = (row for row in _parts(body)[1] if row.kind is not BlockKind.PULL_QUOTE)
    if rng.random() < TAKE_PROSE:
        middle = _with_prose(middle, iter(rng.choice(prose)[rng.randrange(4) :]))
    drop = rng.random() * DROP
    rows = [*_parts(above)[0], *middle, *_parts(below)[2]]
    return [row for row in rows if row.kind is not BlockKind.BOILERPLATE or rng.random() >= drop]


def _parts(layout: Layout) -> tuple[Sequence[Row], Sequence[Row], Sequence[Row]]:
    """What stands above the first paragraph, from there to the last one, and below."""
    body = [i for i, row in enumerate(layout.rows) if row.kind is BlockKind.PARAGRAPH]
    return layout.rows[: body[0]], layout.rows[body[0] : body[-1] + 1], layout.rows[body[-1] + 1 :]


def _with_prose(rows: Iterable[Row], prose: Iterator[str]) -> Iterator[Row]:
    """The rows with other paragraphs, as long as there are any."""
    for row in rows:
        text = next(prose, None) if row.kind is BlockKind.PARAGRAPH else row.text
        if text is not None:
            yield Row(row.kind, text)


def paragraphs(pages: Iterable[Sequence[Row]]) -> list[list[str]]:
    """The paragraphs of each page that has some."""
    bodies = [[row.text for row in page if row.kind is BlockKind.PARAGRAPH] for page in pages]
    return [body for body in bodies if len(body) > 4]
