"""The table of accuracy: made from evaluations, and the same in the README as on the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nlp.accuracy import ROWS, Measured, read_accuracy, to_toml
from nlp.annotations import corpus_digest, read_gold
from nlp.errors import DataError, NotSetUpError

ROOT = Path(__file__).resolve().parents[2]


def test_readme_shows_the_table() -> None:
    table = read_accuracy()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    head = f"| what | five real press articles | gold test, {table.test_articles} articles (95 % interval) |"
    rows = [f"| {row.what} | {row.press_words} | {row.test_words} |" for row in table.rows]
    assert "\n".join([head, "|---|---|---|", *rows, ""]) in readme
    assert table.press_articles == 5


def test_the_table_was_measured_on_gold_as_it_is() -> None:
    assert read_accuracy().test_sha256 == corpus_digest(read_gold(ROOT / "corpora" / "gold", "test"))


def test_the_table_is_made_from_two_evaluations(tmp_path: Path) -> None:
    metrics = {name: {"f1": 0.5} if name in ("figures", "positions") else {"accuracy": 0.25} for name in ROWS}
    metrics["pairs"] = {"accuracy": 0.1, "of": 70}
    scores = {**metrics, "corpus": {"articles": 30, "sha256": "ab"}, "intervals": {name: [0.1, 0.9] for name in ROWS}}
    del scores["intervals"]["pairs"]
    press = {"figures": {"f1": 1.0}, "corpus": {"articles": 5, "sha256": "cd"}}
    file = tmp_path / "accuracy.toml"
    file.write_text(to_toml(scores, press), encoding="utf-8")
    table = read_accuracy(file)
    assert (table.test_articles, table.press_sha256, len(table.rows)) == (30, "cd", len(ROWS))
    assert table.rows[0] == Measured("figures", 0.5, 1.0, 0.1, 0.9)
    assert [(row.press_words, row.test_words) for row in (table.rows[0], table.rows[1], table.rows[-1])] == [
        ("1.00", "0.50 (0.10–0.90)"),
        ("–", "0.25 (0.10–0.90)"),
        ("–", "0.10 of 70"),
    ]


@pytest.mark.parametrize("text", ["rows = 1", "test_articles = 30\nrows = []", "= ", '[[rows]]\ncolour = "x"'])
def test_a_table_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "accuracy.toml"
    with pytest.raises(NotSetUpError, match="no table of accuracy"):
        read_accuracy(file)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_accuracy(file)
    assert re.search(r"accuracy\.toml", str(caught.value))
