"""Why a position is what it is: the arithmetic step by step, and the words that decided. The model is a stand-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import cast

import numpy as np
import pytest

from nlp.encoders import LABELS, Floats
from nlp.explanations import Explanation, explain_position, read_words, sentence_of
from nlp.positions import Observation, derive_positions
from nlp.readers import read_bytes
from nlp.records import Article, Evidence, PartialDate, Precision, Stance, StanceLabel, Topic
from nlp.stance_reader import StanceReader
from nlp.steps.segment import segment

SUPPORT, OPPOSE, MIXED = StanceLabel.SUPPORT, StanceLabel.OPPOSE, StanceLabel.MIXED
TOPIC = Topic("levy", "Parking levy", "Councils should charge a parking levy.")
TEXT = (
    "Council meets\n\nAnn Hale spoke first. Tom Reed said the levy is a bad mistake for every shop here. It rained.\n"
)


def seen(
    label: StanceLabel,
    words: str,
    on: date = date(2015, 3, 1),
    *,
    confidence: float = 0.9,
    body: str | None = None,
    holder: str = "tom-reed",
) -> Observation:
    evidence = Evidence(confidence, "hand", "built by hand")
    stance = Stance(holder, "levy", label, evidence, on_behalf_of=body)
    return Observation(stance, words, words, PartialDate(on, Precision.DAY), words)


def explain(*observations: Observation, holder: str = "tom-reed") -> Explanation:
    found = explain_position(observations, holder, "levy", min_confidence=0.7)
    assert found is not None
    return found


def test_weights_add_up_to_the_position_that_is_derived() -> None:
    rows = [
        seen(OPPOSE, "we are against the levy and always were"),
        seen(OPPOSE, "nobody in this town asked for such a charge", date(2014, 3, 1)),
        seen(SUPPORT, "a charge on parking may pay for buses", date(2013, 3, 1)),
    ]
    found = explain(*rows)
    (position,) = derive_positions(rows)
    assert found.position == position and position.label is OPPOSE
    assert dict(found.weights)[OPPOSE] == pytest.approx(0.81 + 0.405)
    assert dict(found.weights)[SUPPORT] == pytest.approx(0.81 * 0.5**2, rel=0.01)
    assert [each.observation.stance.label for each in found.against] == [SUPPORT]
    assert found.counted[0].observation == rows[0], "newest first"
    assert "oppose 1.22, support 0.20" in found.rule and "365 days" in found.rule


def test_a_repeat_weighs_nothing_and_is_told() -> None:
    words = "we are against the levy and always were"
    found = explain(seen(OPPOSE, words), seen(OPPOSE, words, date(2015, 3, 5)))
    assert [(each.repeat, bool(each.weight)) for each in found.counted] == [(True, False), (False, True)]


def test_what_is_too_unsure_is_told_and_counts_for_nothing() -> None:
    found = explain(seen(OPPOSE, "we are against it"), seen(SUPPORT, "perhaps it would help", confidence=0.4))
    assert found.position.label is OPPOSE and found.position.confidence == 0.9
    assert [o.stance.label for o in found.unsure] == [SUPPORT]


def test_a_body_is_explained_by_its_officers_and_an_officer_not_by_others() -> None:
    rows = [
        seen(OPPOSE, "the board is against it", body="board"),
        seen(SUPPORT, "I think it is right", holder="ann-hale", body="board"),
        seen(SUPPORT, "my own view is another", holder="ann-hale"),
    ]
    assert explain(*rows, holder="board").position.label is MIXED
    assert len(explain(*rows, holder="board").counted) == 2
    assert explain(*rows).position.label is OPPOSE


def test_without_a_sure_stance_there_is_nothing_to_explain() -> None:
    unsure = seen(SUPPORT, "perhaps", confidence=0.5)
    assert explain_position([unsure], "tom-reed", "levy", min_confidence=0.7) is None
    assert explain_position([seen(SUPPORT, "yes")], "tom-reed", "rail", min_confidence=0.7) is None
    assert explain_position([], "tom-reed", "levy", min_confidence=0.7) is None


class Reader:
    """Opposition is as likely as the words "bad mistake" are there; "every shop" speaks against it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        found = np.zeros((len(pairs), len(LABELS)), dtype=np.float32)
        for row, (line, claim) in enumerate(pairs):
            assert claim == TOPIC.claim
            self.asked.append(line)
            sure = 0.3 + 0.5 * ("bad mistake" in line) - 0.1 * ("every shop" in line)
            found[row, LABELS.index("oppose")], found[row, -1] = sure, 1 - sure
        return found


@pytest.fixture
def article() -> Article:
    (read,) = read_bytes(TEXT.encode(), source="a.txt")
    return segment(read)


def test_the_words_without_which_the_stance_is_less_likely_decided(article: Article) -> None:
    start = article.text.index("the levy is")
    span = article.span(start, article.text.index(" here"))
    reader = Reader()
    found = read_words(article, (span,), OPPOSE, TOPIC, "Tom Reed", cast(StanceReader, reader))
    assert dict(found.scores)["oppose"] == pytest.approx(0.7) and tuple(dict(found.scores)) == LABELS
    assert "bad" in found.decided[0].span.text and found.decided[0].change == pytest.approx(0.5)
    assert "shop" in found.against[0].span.text and found.against[0].change < 0
    assert all(article.holds(words.span) and words.span.within(span) for words in (*found.decided, *found.against))
    assert all(line.startswith("Tom Reed: ") and line.endswith("It rained.") for line in reader.asked)


def test_a_statement_of_few_words_has_scores_and_no_words(article: Article) -> None:
    start = article.text.index("bad mistake")
    found = read_words(article, (article.span(start, start + 11),), OPPOSE, TOPIC, "", cast(StanceReader, Reader()))
    assert found.scores and found.decided == found.against == ()


def test_a_statement_of_any_length_is_read_a_bounded_number_of_times() -> None:
    long = segment(Article("a", "t", "The levy is bad. " * 2000, "text 1"))
    reader = Reader()
    read_words(long, (long.span(0, 30_000),), OPPOSE, TOPIC, "", cast(StanceReader, reader))
    assert len(reader.asked) <= 61


def test_the_sentence_is_printed_whole(article: Article) -> None:
    start = article.text.index("bad mistake")
    row = replace(seen(OPPOSE, "bad mistake"), spans=(article.span(start, start + 11),))
    assert sentence_of(article, row) == "Tom Reed said the levy is a bad mistake for every shop here."
    assert sentence_of(article, seen(OPPOSE, "words alone")) == "words alone"
