"""Sentences written to train the models of funding figures, each with the labels of its figures.

A file holds a sentence a line, then "=>" and, for each figure in order, its kind, its status and, where it has one, its
direction; several figures stand between ";". A day in brackets before the sentence is that of the article. A line that
begins with "#" is a heading. Of two sentences the first says what the second is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.errors import DataError
from nlp.records import Article, Block, BlockKind, Direction, FigureKind, FigureStatus, PartialDate
from nlp.sentences import sentences
from nlp.steps.figure_features import Case, Labels
from nlp.steps.figure_labels import label_by_rules
from nlp.steps.figures import find_figures

_DAY = re.compile(r"\[(\d{4}-\d\d-\d\d)\]\s")


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """A sentence with the labels of its figures, in their order, and the day of its article where it matters."""

    line: int
    text: str
    labels: Sequence[Labels]
    published: PartialDate | None = None


def read_sentences(path: Path) -> Sequence[WrittenSentence]:
    """The sentences of a file. Raises DataError with the line where one breaks the form."""
    return list(_rows(path))


def _rows(path: Path) -> Iterator[WrittenSentence]:
    for line, printed in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not printed.strip() or printed.startswith("#"):
            continue
        text, _, told = printed.partition("=>")
        try:
            labels = [_labels(one.split()) for one in told.split(";")]
        except (ValueError, IndexError) as error:
            raise DataError(
                f"{told.strip()!r} is no list of kind, status and direction",
                where=f"{path}:{line}",
                do="write “sentence => kind status direction; …” with the names of the annotation guide",
            ) from error
        day = _DAY.match(text)
        published = PartialDate.parse(day[1]) if day else None
        yield WrittenSentence(line, text[day.end() if day else 0 :].strip(), labels, published)


def _labels(words: Sequence[str]) -> Labels:
    return Labels(FigureKind(words[0]), Direction(words[2] if len(words) > 2 else "none"), FigureStatus(words[1]))


def cases_of(sentence: WrittenSentence, path: Path) -> Sequence[Case]:
    """What the figures of a sentence show, in order; DataError where they are not as many as the labels."""
    noted: dict[int, Case] = {}

    def note(case: Case) -> Labels:
        noted[case.start] = case
        return label_by_rules(case)

    text = sentence.text
    blocks = (Block(BlockKind.PARAGRAPH, 0, len(text)),)
    article = Article("written", "written", text, "written", blocks=blocks, published=sentence.published)
    find_figures(article, sentences(article), (), (), label=note)
    if len(noted) != len(sentence.labels):
        raise DataError(
            f"has {len(noted)} figures and labels for {len(sentence.labels)}",
            where=f"{path}:{sentence.line}",
            do="give each figure its labels, or take a sentence that is read whole",
        )
    return [noted[start] for start in sorted(noted)]
