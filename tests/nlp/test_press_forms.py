"""The plain forms in which the press reports: who is read as saying what in one sentence, by the whole pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.pipeline import analyse
from nlp.records import Article, Hint

#: sentence => "holder: content" for each statement, holders by id; "-" for none.
SENTENCES = Path(__file__).with_name("press_forms.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: row.partition(" => ")[0])
def test_a_plain_sentence_of_the_press_is_read(row: str) -> None:
    text, _, expected = row.partition(" => ")
    body = (Hint("paragraph", 0, len(text)),)
    found = analyse(Article(Article.identify("press", text), "press", text, "press", hints=body), [])
    told = [f"{statement.holder}: {statement.text}" for statement in found.statements if statement.holder]
    assert sorted(told or ["-"]) == sorted(expected.split(" | "))
