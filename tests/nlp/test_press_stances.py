"""The plain forms in which the press tells where somebody stands, each on a proposal known by its claim and phrases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp.pipeline import analyse
from nlp.positions import article_positions
from nlp.records import Analysis, Article, Hint, Topic


def _rows() -> Iterator[tuple[Topic, str, str]]:
    """ "# id | name | claim | contrary | phrases", then "sentence => stance" of its clearest position, or "-"."""
    topic = Topic("none", "none", "none")
    for line in Path(__file__).with_name("press_stances.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            id, name, claim, contrary, phrases = line[2:].split(" | ")
            topic = Topic(id, name, claim, counter_claim=contrary, phrases=tuple(phrases.split(", ")))
        else:
            sentence, _, stance = line.partition(" => ")
            yield topic, sentence, stance


def _read(text: str, *topics: Topic) -> Analysis:
    body = (Hint("paragraph", 0, len(text)),)
    return analyse(Article(Article.identify("press", text), "press", text, "press", hints=body), topics)


@pytest.mark.parametrize(("topic", "sentence", "stance"), [pytest.param(*row, id=row[1]) for row in _rows()])
def test_a_plain_sentence_of_the_press_shows_where_somebody_stands(topic: Topic, sentence: str, stance: str) -> None:
    held = article_positions(_read(sentence, topic))
    clearest = max(held, key=lambda position: position.confidence, default=None)
    assert (clearest.label.value if clearest else "-") == stance


CAP = Topic("cap", "Cap on care costs", "There should be a cap on what anyone pays for care.", phrases=("care cap",))
CENTRE = Topic("close", "Closing the centre", "The walk-in centre should be closed.", phrases=("walk-in centre",))


@pytest.mark.parametrize(
    ("topic", "sentence", "holder", "stance"),
    [
        (CAP, "The Treasury has scrapped the care cap.", "treasury", "oppose"),
        (CAP, "Unison is fighting to save the care cap.", "unison", "support"),
        (CENTRE, "Unison is fighting to save the walk-in centre.", "unison", "oppose"),
        (CAP, "NHS England has launched a consultation on the care cap.", "nhs-england", "neutral"),
    ],
)
def test_an_act_that_the_writer_tells_is_a_position_of_who_acts(
    topic: Topic, sentence: str, holder: str, stance: str
) -> None:
    assert [(p.holder, p.label.value) for p in article_positions(_read(sentence, topic))] == [(holder, stance)]


@pytest.mark.parametrize(
    "sentence",
    ["The Treasury has scrapped its canteen.", "The Treasury has published the care cap figures."],
)
def test_an_act_on_something_else_is_none(sentence: str) -> None:
    assert not article_positions(_read(sentence, CAP))


@pytest.mark.parametrize(
    ("speaks", "stance"),
    [
        ("Proposing the motion, Dr Lena Fosse", "oppose"),
        ("Dr Lena Fosse, speaking in favour of the motion,", "oppose"),
        ("Speaking against the motion, Dr Lena Fosse", "support"),
    ],
)
def test_who_speaks_for_a_motion_stands_where_it_does(speaks: str, stance: str) -> None:
    text = f"Nurses debated a motion that said a care cap would be a betrayal. {speaks} said members had waited long."
    held = {position.holder: position.label.value for position in article_positions(_read(text, CAP))}
    assert held["lena-fosse"] == stance


@pytest.mark.parametrize(
    ("holder", "stance"), [("Opponents", "oppose"), ("Supporters", "support"), ("Stop the Cap", "oppose")]
)
def test_a_camp_that_is_named_by_its_side_is_on_it(holder: str, stance: str) -> None:
    held = article_positions(_read(f"{holder} said a care cap would change how homes are run.", CAP))
    assert [position.label.value for position in held] == [stance]
