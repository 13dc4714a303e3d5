"""Which topics an article bears on, and what the stance model is shown and answers. The models are stand-ins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from nlp.bearing import bearing_topics
from nlp.encoders import LABELS, Floats
from nlp.language import load_models
from nlp.linear import Choice, Features, LinearModel
from nlp.premise import overlapping, premise_of
from nlp.rationales import find_rationales
from nlp.readers import read_bytes
from nlp.records import (
    Article,
    Capacity,
    Evidence,
    Manner,
    Stakeholder,
    StakeholderKind,
    Stance,
    StanceLabel,
    Statement,
    Topic,
)
from nlp.relevance import sentence_relevance
from nlp.sentences import sentences
from nlp.stance_head import StanceHead
from nlp.stance_reader import PairScorer, StanceReader
from nlp.steps.segment import segment
from nlp.steps.stance import find_stances

TEXT = (
    "Council backs levy on parking\n\n"
    "Cllr Ann Hale told members that a parking levy would pay for buses. The leader spoke next.\n\n"
    "“It would empty the high street,” said Tom Reed. He had counted the shops himself.\n"
)
LEVY = Topic("levy", "Parking levy", "Councils should charge a parking levy.", "", ("parking levy",))
TOM = Stakeholder("tom-reed", "Tom Reed", StakeholderKind.PERSON)
RAIL = Topic("rail", "Rail", "Trains should be publicly owned.", "", ("publicly owned trains",))


class Through(StanceHead):
    """A head that takes the cross-encoder at its word."""

    def probabilities(self, found: Features) -> Floats:
        return np.exp(np.array([found[f"cross: {label}"] for label in LABELS], dtype=np.float32))


HEAD = Through(
    LinearModel(0.0, {}), Choice((), (), {}), np.zeros(385, dtype=np.float32), LinearModel(0.0, {"bears: surest": 1.0})
)


class FakeReader(StanceReader):
    """Cosines by topic, and probabilities by a word of the premise."""

    def __init__(self, near: dict[str, float], labels: dict[str, str], sure: float = 0.9) -> None:
        models = load_models()
        super().__init__(models.encoder, models.encoder, cast(PairScorer, None), HEAD, models.language)
        self.near, self.labels, self.sure = near, labels, sure
        self.asked: list[tuple[str, str]] = []

    def likeness(self, texts: Sequence[str], claims: Sequence[str]) -> Floats:
        return np.array([[self.near.get(claim, 0.0) for claim in claims] for _ in texts], dtype=np.float32)

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        return np.log(np.maximum(self.probabilities(pairs), 1e-6))

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


def _stances(
    article: Article, statements: Sequence[Statement], topics: Sequence[Topic], reader: FakeReader
) -> tuple[Stance, ...]:
    split = sentences(article)
    return find_stances(article, split, (), statements, topics, reader, {"tom-reed": TOM})


def _borne_on(article: Article, topics: Sequence[Topic], near: dict[str, float]) -> list[str]:
    split = sentences(article)
    scored = [(topic, sentence_relevance(article, split, topic)) for topic in topics]
    return [bearing.topic.id for bearing in bearing_topics(article, split, scored, FakeReader(near, {}).likeness)]


def _places(article: Article) -> list[tuple[int, int]]:
    return [(s.span.start, s.span.end) for s in sentences(article)]


def test_a_topic_that_is_named_twice_is_borne_on_however_far_its_claim(article: Article) -> None:
    assert _borne_on(article, [LEVY, RAIL], {}) == ["levy"]


def test_a_topic_that_is_not_named_is_borne_on_when_it_is_near(article: Article) -> None:
    assert _borne_on(article, [RAIL], {RAIL.claim: 0.45}) == []
    assert _borne_on(article, [RAIL], {RAIL.claim: 0.55}) == ["rail"]


def test_a_short_text_is_asked_of_the_one_topic_that_it_is_nearest_to() -> None:
    (text,) = read_bytes("“It would empty the shops in a year,” said Tom Reed.".encode(), source="a.txt")
    short = segment(text)
    assert _borne_on(short, [LEVY, RAIL], {LEVY.claim: 0.15, RAIL.claim: 0.1}) == []
    assert _borne_on(short, [LEVY, RAIL], {LEVY.claim: 0.3, RAIL.claim: 0.25}) == ["levy"]


def test_no_topic_and_no_sentence_give_nothing(article: Article) -> None:
    (empty,) = read_bytes(b"x", source="a.txt")
    assert _borne_on(article, [], {}) == []
    assert bearing_topics(segment(empty), (), [(LEVY, ())], FakeReader({}, {}).likeness) == []


def test_the_premise_of_an_article_without_sentences_is_the_words_alone() -> None:
    assert premise_of("It should be pooled.", [], 3, 19, "Tom Reed") == "Tom Reed: should be pooled"


def test_the_model_is_shown_the_sentence_its_holder_and_its_neighbours(article: Article) -> None:
    start = article.text.index("It would empty")
    assert premise_of(article.text, _places(article), start, start + 30, "Tom Reed") == (
        "Tom Reed: “It would empty the high street,” said Tom Reed. || The leader spoke next. || "
        "He had counted the shops himself."
    )


@pytest.mark.parametrize("words", ["Council backs", "The leader spoke next.", "himself", TEXT[31:120]])
def test_every_stretch_of_a_sentence_overlaps_it(article: Article, words: str) -> None:
    places, start = _places(article), article.text.index(words)
    inside = overlapping(places, start, start + len(words))
    assert inside and places[inside[0]][0] <= start < places[inside[-1]][1]


def test_a_view_without_the_topics_words_is_read_by_the_model(article: Article) -> None:
    statement = _statement(article, "It would empty the high street,")
    (stance,) = _stances(article, [statement], [LEVY], FakeReader({}, {"high street": "oppose"}))
    assert (stance.topic, stance.label, stance.holder) == ("levy", StanceLabel.OPPOSE, "tom-reed")
    assert 0 < stance.evidence.confidence <= 0.9 and stance.evidence.method == "model"


def test_none_and_doubt_give_no_stance(article: Article) -> None:
    statement = _statement(article, "It would empty the high street,")
    assert _stances(article, [statement], [LEVY], FakeReader({}, {})) == ()
    assert _stances(article, [statement], [LEVY], FakeReader({}, {"high street": "oppose"}, sure=0.17)) == ()


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
