"""Sentences written to train on: their form, and that each has as many figures as labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.errors import DataError
from nlp.learn.figure_sentences import cases_of, read_sentences

SHIPPED = Path("corpora/figures/sentences.txt")


def written(folder: Path, text: str) -> Path:
    path = folder / "sentences.txt"
    path.write_text(f"# Prices\n\n{text}\n", encoding="utf-8")
    return path


def test_a_sentence_has_the_labels_of_its_figures_in_order(tmp_path: Path) -> None:
    path = written(tmp_path, "Bills rose from £5 to £6. => cost actual; cost actual up")
    (sentence,) = read_sentences(path)
    assert [(label.kind, label.status, label.direction) for label in sentence.labels] == [
        ("cost", "actual", "none"),
        ("cost", "actual", "up"),
    ]
    assert [case.place.amount.value for case in cases_of(sentence, path)] == [5, 6]


@pytest.mark.parametrize("told", ["", "price actual", "cost", "cost actual sideways"])
def test_labels_that_the_guide_does_not_know_are_named_with_their_line(tmp_path: Path, told: str) -> None:
    with pytest.raises(DataError, match=r"sentences\.txt:3"):
        read_sentences(written(tmp_path, f"A bus costs £5. => {told}"))


def test_a_sentence_with_more_figures_than_labels_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "Bills rose from £5 to £6. => cost actual")
    (sentence,) = read_sentences(path)
    with pytest.raises(DataError, match="2 figures and labels for 1"):
        cases_of(sentence, path)


def test_every_shipped_sentence_is_read_whole_and_stands_once() -> None:
    shipped = read_sentences(SHIPPED)
    assert all(cases_of(sentence, SHIPPED) for sentence in shipped)
    assert len({(sentence.text, sentence.published) for sentence in shipped}) == len(shipped) > 1000


def test_the_day_before_a_sentence_says_which_years_are_to_come(tmp_path: Path) -> None:
    path = written(tmp_path, "[2019-02-20] The grant for 2019-20 is £14m. => allocation committed")
    (sentence,) = read_sentences(path)
    (case,) = cases_of(sentence, path)
    assert sentence.text.startswith("The grant")
    assert case.published is not None and case.period is not None and case.period.start is not None
    assert case.published < case.period.start
