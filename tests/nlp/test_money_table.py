"""500 UK money expressions, each in a sentence of its own, with what is no money among them: value and unit exact.

``money_blind.jsonl`` was written by somebody who had seen neither the code nor its tests. When first read, 194 of its
200 sentences were right, and 184 of its 190 figures with 4 made up (F1 0.974): wrong were pence in the pound, "one in
ten pounds", "by a half" and a part of a sum. ``money_table.jsonl`` was written beside the code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nlp.records import Article, Block, BlockKind, Figure, Genre
from nlp.sentences import sentences
from nlp.steps.figures import find_figures

HERE = Path(__file__).parent
TABLES = {"blind": HERE / "money_blind.jsonl", "table": HERE / "money_table.jsonl"}
ROWS = {
    f"{name}-{number}": json.loads(line)
    for name, path in TABLES.items()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
}


def figures(text: str) -> tuple[Figure, ...]:
    blocks = (Block(BlockKind.PARAGRAPH, 0, len(text)),)
    article = Article(Article.identify("table", text), "table", text, "test", blocks=blocks, genre=Genre.NEWS)
    return find_figures(article, sentences(article), (), ())


def number(printed: str | Decimal | None, unit: str) -> Decimal | None:
    """A third of a percent has no end: percent are compared to one decimal."""
    if printed is None:
        return None
    return round(Decimal(printed), 1) if unit == "percent" else Decimal(printed)


def wanted(figure: Mapping[str, Any]) -> tuple[object, ...]:
    unit = figure["unit"]
    return figure["text"], *(number(figure[key], unit) for key in ("value", "low", "high")), unit


def found(figure: Figure) -> list[tuple[object, ...]]:
    values = [number(value, figure.unit) for value in (figure.value, figure.low, figure.high)]
    return [(span.text, *values, figure.unit) for span in figure.spans]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_sentence_holds_the_figures_of_the_table_and_no_more(row: Mapping[str, Any]) -> None:
    read = [place for figure in figures(row["text"]) for place in found(figure)]
    assert sorted(read, key=str) == sorted(map(wanted, row["figures"]), key=str)


def test_table_has_500_sentences_and_140_of_them_hold_no_figure() -> None:
    assert len(ROWS) == len({row["text"] for row in ROWS.values()}) == 500
    assert sum(not row["figures"] for row in ROWS.values()) >= 140
