"""A body that an article names whole and in short is one body; two bodies stay two."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.records import Article, Hint


def bodies_of(text: str) -> set[str]:
    article = Article(Article.identify("short", text), "short", text, "short", hints=(Hint("paragraph", 0, len(text)),))
    return {who.name for who in analyse(article, []).stakeholders}


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        (
            "Lowmoor Gateway GP Federation applied for the pilot. Lowmoor Gateway said it would start in May.",
            "Lowmoor Gateway GP Federation",
            "Lowmoor Gateway",
        ),
        (
            "The Alliance of Rural Shops met on Monday. The Alliance said it would lose a third of its trade.",
            "Alliance of Rural Shops",
            "Alliance",
        ),
    ],
)
def test_a_short_name_stands_for_the_body_named_whole(text: str, kept: str, gone: str) -> None:
    found = bodies_of(text)
    assert kept in found
    assert gone not in found


def test_a_branch_is_not_the_body_it_is_of() -> None:
    found = bodies_of("Hallam LMC said the plan would fail. The Hallam LMC Conference said it would work.")
    assert "Hallam LMC" in found
