"""Which topics an article bears on, and what the stance model is shown and answers. The models are stand-ins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from nlp.bearing import bearing_topics, covered, statement_premise
from nlp.encoders import LABELS, Floats
from nlp.model_stances import find_rationales
from nlp.readers import read_bytes
from nlp.records import (
    Article,
    Capacity,
    Evidence,
    Manner,
    Sentence,
    StanceLabel,
    Statement,
    Topic,
)
from nlp.sentences import sentences
from nlp.steps.segment import segment
from nlp.steps.stance import find_stances

TEXT = (
    "Council backs levy on parking\n\n"
    "Cllr Ann Hale told members that a parking levy would pay for buses. The leader spoke next.\n\n"
    "“It would empty the high street,” said Tom Reed. He had counted the shops himself.\n"
)
LEVY = Topic("levy", "Parking levy", "Councils should charge a parking levy.", "", ("parking levy",))
RAIL = Topic("rail", "Rail", "Trains should be publicly owned.", "", ("publicly owned trains",))


class FakeReader:
    """Cosines by topic, and probabilities by a word of the premise."""

    def __init__(self, near: dict[str, float], labels: dict[str, str], sure: float = 0.9) -> None:
        self.near, self.labels, self.sure = near, labels, sure
        self.asked: list[tuple[str, str]] = []

    def likeness(self, texts: Sequence[str], claims: Sequence[str]) -> Floats:
        return np.array([[self.near.get(claim, 0.0) for claim in claims] for _ in texts], dtype=np.float32)

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        self.asked += pairs
        found = np.full((len(pairs), len(LABELS)), (1 - self.sure) / (len(LABELS) - 1), dtype=np.float32)
        for row, (line, _) in enumerate(pairs):
            label = next((label for word, label in self.labels.items() if word in line.split(" || ")[0]), "none")
            found[row, LABELS.index(label)] = self.sure
        return found


@pytest.fixture
def article() -> Article:
    (read,) = read_bytes(TEXT.encode(), source="a.txt")
    return segment(read)


def _statement(article: Article, words: str, holder: str | None = "tom-reed", id_: str = "s1") -> Statement:
    start = article.text.index(words)
    span = article.span(start, start + len(words))
    return Statement(
        id=id_,
        holder=holder,
        manner=Manner.DIRECT,
        spans=(span,),
        capacity=Capacity.UNSPECIFIED,
        evidence=Evidence(0.9, "test", "a test"),
    )


def _stances(article: Article, statements: Sequence[Statement], topics: Sequence[Topic], reader: FakeReader):  # type: ignore[no-untyped-def]
    return find_stances(article, sentences(article), (), statements, topics, reader, {"tom-reed": "Tom Reed"})  # type: ignore[arg-type]


def test_a_topic_that_is_named_twice_is_borne_on_however_far_its_claim(article: Article) -> None:
    found = bearing_topics(article, sentences(article), [LEVY, RAIL], FakeReader({}, {}).likeness)
    assert [bearing.topic.id for bearing in found] == ["levy"]


def test_a_topic_that_is_not_named_is_borne_on_when_it_is_near(article: Article) -> None:
    far = bearing_topics(article, sentences(article), [RAIL], FakeReader({RAIL.claim: 0.45}, {}).likeness)
    near = bearing_topics(article, sentences(article), [RAIL], FakeReader({RAIL.claim: 0.55}, {}).likeness)
    assert far == [] and [bearing.topic.id for bearing in near] == ["rail"]


def test_no_topic_and_no_sentence_give_nothing(article: Article) -> None:
    (empty,) = read_bytes(b"x", source="a.txt")
    assert bearing_topics(article, sentences(article), [], FakeReader({}, {}).likeness) == []
    assert bearing_topics(segment(empty), (), [LEVY], FakeReader({}, {}).likeness) == []


def test_the_model_is_shown_the_sentence_its_holder_and_its_neighbours(article: Article) -> None:
    statement = _statement(article, "It would empty the high street,")
    line = statement_premise(article, sentences(article), statement, "Tom Reed")
    assert line == (
        "Tom Reed: “It would empty the high street,” said Tom Reed. || The leader spoke next. || "
        "He had counted the shops himself."
    )


def test_every_statement_covers_a_sentence(article: Article) -> None:
    split: Sequence[Sentence] = sentences(article)
    for words in ("Council backs", "The leader spoke next.", "himself", TEXT[31:120]):
        inside = covered(split, _statement(article, words))
        assert (
            len(inside) >= 1 and split[inside[0]].span.start <= article.text.index(words) < split[inside[-1]].span.end
        )


def test_a_view_without_the_topics_words_is_read_by_the_model(article: Article) -> None:
    statement = _statement(article, "It would empty the high street,")
    (stance,) = _stances(article, [statement], [LEVY], FakeReader({}, {"high street": "oppose"}))
    assert (stance.topic, stance.label, stance.holder) == ("levy", StanceLabel.OPPOSE, "tom-reed")
    assert 0 < stance.evidence.confidence <= 0.9 and "model" in stance.evidence.reason


def test_none_and_doubt_give_no_stance(article: Article) -> None:
    statement = _statement(article, "It would empty the high street,")
    assert _stances(article, [statement], [LEVY], FakeReader({}, {})) == ()
    assert _stances(article, [statement], [LEVY], FakeReader({}, {"high street": "oppose"}, sure=0.2)) == ()


def test_a_statement_bears_on_the_topic_that_it_names_and_not_on_another(article: Article) -> None:
    statement = _statement(article, "a parking levy would pay for buses", "ann-hale")
    reader = FakeReader({RAIL.claim: 0.9, LEVY.claim: 0.9}, {"buses": "support"})
    assert {stance.topic for stance in _stances(article, [statement], [RAIL, LEVY], reader)} == {"levy"}


def test_nobodys_words_are_not_read(article: Article) -> None:
    reader = FakeReader({}, {"high street": "oppose"})
    assert _stances(article, [_statement(article, "It would empty the high street,", None)], [LEVY], reader) == ()
    assert reader.asked == []


def test_a_reason_goes_on_past_sums_and_titles() -> None:
    text = "She is against it because it would cost £1.2bn a year and Dr. Smith objects. She left."
    (read,) = read_bytes(text.encode(), source="a.txt")
    (reason,) = find_rationales(read, _statement(read, text))
    assert reason.text == "because it would cost £1.2bn a year and Dr. Smith objects"
