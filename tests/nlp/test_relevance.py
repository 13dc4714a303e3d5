"""Which sentences bear on a topic: by phrase, by the claim's words, by pointing back; and which do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from nlp.records import Article, Block, BlockKind, PartialDate, Topic
from nlp.relevance import content, mentions_topic, points_back, sentence_relevance, stem, topic_names, topics_for
from nlp.sentences import sentences
from nlp.steps.segment import segment

TOLL = Topic(
    "bridge-toll",
    "Toll on the Elver bridge",
    "The county council should charge drivers a toll to cross the Elver bridge.",
    phrases=("bridge toll", "toll on the bridge", "crossing charge"),
)


def scores(text: str) -> list[float]:
    article = segment(Article("a", "test", text, "text 1"))
    return sentence_relevance(article, sentences(article), TOLL)


@pytest.mark.parametrize(
    "phrase", ["bridge toll", "Bridge Tolls", "bridge-toll", "crossing charges", "toll on the new bridge"]
)
def test_a_phrase_is_found_in_its_forms(phrase: str) -> None:
    text = f"The committee spoke about the {phrase} on Tuesday."
    assert mentions_topic(text, TOLL)
    assert scores(text) == [1.0]


@pytest.mark.parametrize("text", ["The bridge tolled.", "A crossing was charged.", "The bridge-tolling man slept."])
def test_a_phrase_inside_other_words_is_none(text: str) -> None:
    assert mentions_topic(text, TOLL) is None


def test_the_claims_own_words_count_without_a_phrase() -> None:
    (score,) = scores("Councillors voted to charge all drivers who cross the Elver bridge in the county.")
    assert 0.5 <= score < 1.0


def test_a_sentence_of_something_else_does_not_bear() -> None:
    assert scores("The school opened its new library on Tuesday morning.") == [0.0]


def test_boilerplate_never_bears() -> None:
    text = "The meeting was long and the councillors were tired of it.\n\nSign up to our bridge toll newsletter"
    assert scores(text)[-1] == 0.0


def test_offsets_of_a_topics_names_hold_them() -> None:
    text = "The bridge toll is late; the crossing charge is not."
    assert [text[a:b] for a, b in topic_names(text, TOLL, 0, len(text))] == ["bridge toll", "crossing charge"]


def test_a_word_that_stands_for_a_proposal_points_back() -> None:
    text = "The plan will not work. Lunch was served."
    cut = text.index(" Lunch")
    assert points_back(text, 0, cut)
    assert not points_back(text, cut, len(text))


def test_forms_of_a_word_share_a_stem() -> None:
    assert content("commissioning commissioners") == content("commissioner")


def _dated(text: str, published: str | None) -> Article:
    return segment(Article("a", "test", text, "text 1", published=PartialDate.parse(published) if published else None))


@pytest.mark.parametrize(
    ("published", "asked"),
    [("2013-12-31", False), ("2014-04-01", True), ("2014", True), ("2016-03", True), ("2016-04", False), (None, True)],
)
def test_a_topic_is_asked_for_in_its_time(published: str | None, asked: bool) -> None:
    topic = replace(TOLL, start=date(2014, 4, 1), end=date(2016, 3, 31))
    assert bool(topics_for(_dated("The ferry ran late.", published), [topic])) is asked


def test_a_topic_that_must_be_named_is_asked_for_only_where_a_phrase_stands() -> None:
    topic = replace(TOLL, named_only=True)
    unnamed = "The county council voted to charge drivers who cross the Elver bridge, she said."
    assert topics_for(_dated(unnamed, None), [topic]) == ()
    assert topics_for(_dated(unnamed, None), [TOLL]) == (TOLL,)
    assert topics_for(_dated("He spoke of the bridge toll.", None), [topic]) == (topic,)


def test_a_phrase_in_furniture_of_the_page_names_nothing() -> None:
    page = "Ferry late\n\nThe ferry ran late.\n\nSign in to comment on the bridge toll"
    article = replace(_dated(page, None), blocks=(Block(BlockKind.BOILERPLATE, 0, len(page)),))
    assert topics_for(article, [replace(TOLL, named_only=True)]) == ()


@pytest.mark.parametrize("words", ["cap capped capping caps", "ban banned banning", "scrap scrapped", "add added adds"])
def test_a_doubled_consonant_makes_no_other_stem(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1
