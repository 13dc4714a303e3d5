"""Whom a story quotes before it names them."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.records import Article, Hint

FIRST = '"The buses never come," she says.'


@pytest.mark.parametrize(
    ("second", "holder"),
    [
        ("Jane Tibb, 54, has lived in Felby all her life.", "jane-tibb"),
        ("The buses of Felby were cut in May, and Jane Tibb has no car.", None),
    ],
)
def test_the_person_whom_the_next_paragraph_opens_with_is_quoted(second: str, holder: str | None) -> None:
    text = f"{FIRST}\n{second}"
    hints = (Hint("paragraph", 0, len(FIRST)), Hint("paragraph", len(FIRST) + 1, len(text)))
    found = analyse(Article(Article.identify("press", text), "press", text, "press", hints=hints), [])
    assert [statement.holder for statement in found.statements][:1] == [holder]
