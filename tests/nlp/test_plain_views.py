"""What is said plainly of a proposal decides for its speaker and its house; who made a proposal is for it."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.positions import article_positions
from nlp.records import Article, Hint, Topic
from nlp.sentences import sentences
from nlp.steps.segment import segment

GATE = Topic("t-1", "Mill Street bus gate", "The bus gate on Mill Street should be kept.")
DESK = Topic("t-2", "Closing the front desk", "The front desk at Ash police station should close.")


def _stances(text: str, topic: Topic) -> dict[str, str]:
    hints = []
    start = 0
    for paragraph in text.split("\n\n"):
        hints.append(Hint("paragraph", start, start + len(paragraph)))
        start += len(paragraph) + 2
    article = Article(Article.identify("press", text), "press", text, "press", hints=tuple(hints))
    return {p.holder.partition("--")[0]: p.label.value for p in article_positions(analyse(article, (topic,)))}


def test_a_plain_view_outweighs_an_argument_that_is_read_for_the_other_side() -> None:
    text = (
        "The bus gate on Mill Street has been in place since May.\n\n"
        "Trent Travel said it would like to see the gate made permanent. “Punctuality is the best it has been for ten "
        "years,” said its manager, Lucy Adey."
    )
    assert _stances(text, GATE)["trent-travel"] == "support"


@pytest.mark.parametrize(
    ("sentence", "stance"),
    [
        ("Ann Moor said the gate was in the wrong place.", "oppose"),
        ("Ann Moor called for the gate to be removed.", "oppose"),
        ("Ann Moor said she had mixed feelings.", "mixed"),
        ("Ann Moor said she could live with the gate as long as taxis were let through.", "conditional"),
    ],
)
def test_a_proposal_known_by_its_claim_is_met_by_its_short_name(sentence: str, stance: str) -> None:
    assert _stances(f"The bus gate on Mill Street has been in place since May.\n\n{sentence}", GATE) == {
        "ann-moor": stance
    }


def test_who_has_no_view_holds_no_position() -> None:
    text = (
        "The bus gate on Mill Street has been in place since May.\n\nAsh council has yet to say what it thinks of it."
    )
    assert not _stances(text, GATE)


def test_what_would_come_of_closing_a_thing_is_said_of_its_end() -> None:
    text = "The front desk may close.\n\nAnn Moor said closing the desk would pay for eleven more officers."
    assert _stances(text, DESK) == {"ann-moor": "support"}


def test_a_demand_to_drop_it_is_against_closing() -> None:
    text = "The front desk at Ash police station may close.\n\nUnison said closing the desk was a step too far."
    assert _stances(text, DESK) == {"unison": "oppose"}


def test_proposers_are_told_by_the_narration_and_not_for_another_plan() -> None:
    from nlp.narration import Topical
    from nlp.proposers import find_proposers
    from nlp.records import Mention

    text = "Castle Homes has submitted plans to build a bus gate. Ash Homes plans to scrap the bus gate."
    article = segment(Article(Article.identify("x", text), "x", text, "x", hints=(Hint("paragraph", 0, len(text)),)))
    mentions = [
        Mention(article.span(at, at + len(name)), name.lower().replace(" ", "-"))
        for name in ("Castle Homes", "Ash Homes")
        for at in [text.index(name)]
    ]
    topical = Topical(GATE, [1.0, 1.0], about=True, undoing=False, words=frozenset())
    found = find_proposers(article, sentences(article), mentions, [topical])
    assert {topic: set(makers) for topic, makers in found.items()} == {"t-1": {"castle-homes"}}
