"""What a topic names as support or opposition is evidence for that side, by words, order, negation and holder."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.governed import Parsed
from nlp.language import load_models
from nlp.pipeline import analyse
from nlp.polarity import read_polarity
from nlp.records import Article, Evidence, Manner, Stance, StanceLabel, Statement, Topic
from nlp.side_lines import with_lines
from nlp.topics import shipped_topics

FERRY = Topic(
    "ferry-fare",
    "Ferry fare",
    "Passengers should pay a fare on the harbour ferry.",
    "The harbour ferry should stay free of charge.",
    phrases=("ferry fare",),
    supports=("let passengers pay their share", "saying that the crew must be paid", "no more free rides"),
    opposes=("keep the crossing free", "saying that the poorest would stay on the quay"),
)
SUPPORT, OPPOSE = StanceLabel.SUPPORT, StanceLabel.OPPOSE


def ruled(text: str, *, topic: Topic = FERRY, rule: Stance | None = None, cue: str = "") -> Stance | None:
    article = Article("a", "test", text, "text 1")
    whole = article.span(0, len(text))
    at = text.find(cue)
    said = Statement(
        "s1",
        "ann",
        Manner.INDIRECT,
        (whole,),
        Evidence(1.0, "cue", "said"),
        cue=article.span(at, at + len(cue)) if cue else None,
    )
    hits = read_polarity(text, 0, len(text)).hits
    return with_lines(article, said, topic, [Parsed(0, load_models().language(text))], hits, rule)


def side(text: str, **given: str) -> StanceLabel | None:
    found = ruled(text, cue=given.get("cue", ""))
    return found.label if found else None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("We want to keep the crossing free.", OPPOSE),
        ("Keeping this crossing free matters to the town.", OPPOSE),
        ("The council should let its passengers pay a share.", SUPPORT),
        ("There must be no more free rides.", SUPPORT),
        ("The crew must be paid.", SUPPORT),
        ("In winter the poorest would stay on the quay.", OPPOSE),
    ],
)
def test_a_line_that_occurs_shows_its_side(text: str, label: StanceLabel) -> None:
    assert side(text) is label


@pytest.mark.parametrize(
    ("text", "cue", "label"),
    [
        ("We do not want to keep the crossing free.", "", SUPPORT),
        ("I don’t think we can keep the crossing free.", "", SUPPORT),
        ("The union opposes letting passengers pay a share.", "opposes", OPPOSE),
        ("The union does not oppose letting passengers pay a share.", "oppose", SUPPORT),
    ],
)
def test_a_line_that_is_negated_or_opposed_shows_the_other_side(text: str, cue: str, label: StanceLabel) -> None:
    assert side(text, cue=cue) is label


@pytest.mark.parametrize(
    "text",
    [
        "The crossing takes an hour, and Sunday is free for walkers.",
        "Free drinks were served when the crossing was kept open.",
        "Should we keep the crossing free?",
        "The ferry fare will be discussed in May.",
        "Passengers gathered early. They all had a share in the fun of paying later.",
        "",
    ],
)
def test_other_words_other_orders_and_questions_show_no_side(text: str) -> None:
    assert side(text) is None


def test_what_others_are_said_to_think_is_not_the_holders_side() -> None:
    text = "She said that campaigners say the mayor must keep the crossing free."
    assert side(text, cue="said") is None
    assert side("She said the mayor must keep the crossing free.", cue="said") is OPPOSE


def test_lines_of_both_sides_leave_the_rules_as_they_are() -> None:
    assert side("The crew must be paid, and we want to keep the crossing free.") is None


def rule(label: StanceLabel, confidence: float = 0.5) -> Stance:
    return Stance("ann", "ferry-fare", label, Evidence(confidence, "lexicon", "words"), statement="s1")


def test_a_line_makes_the_rules_surer_or_turns_them_and_leaves_a_condition() -> None:
    text = "We want to keep the crossing free."
    surer = ruled(text, rule=rule(OPPOSE))
    assert (
        surer
        and surer.evidence.confidence == 0.85
        and "“keep the crossing free” speak against the proposal" in (surer.evidence.reason)
    )
    turned = ruled(text, rule=rule(SUPPORT))
    assert turned and turned.label is OPPOSE
    condition = rule(StanceLabel.CONDITIONAL)
    assert ruled(text, rule=condition) is condition


def test_without_lines_and_with_lines_that_only_name_the_topic_nothing_changes() -> None:
    known = rule(SUPPORT)
    assert ruled("We want to keep the crossing free.", topic=replace(FERRY, opposes=()), rule=known) is known
    naming = replace(FERRY, supports=("the ferry fare",), opposes=("fare",))
    assert ruled("The ferry fare is a topic of today.", topic=naming) is None


TEXT = (
    "Harbour town argues over ferry fare\n\nBy Sam Orrell\n4 March 2019\n\n"
    "The council will vote on a ferry fare in May.\n\n"
    "Ann Castle, chair of the Quay Association, said of the ferry fare: "
    "‘Keep the crossing free for all who live here.’\n"
)


def stances(topic: Topic) -> dict[str, tuple[StanceLabel, float]]:
    article = Article(Article.identify("ferry.txt", TEXT), "ferry.txt", TEXT, "text 1")
    found = analyse(article, [topic]).stances
    return {each.holder: (each.label, each.evidence.confidence) for each in found if each.statement}


def test_a_line_weighs_in_with_the_models() -> None:
    holder = "ann-castle--quay-association"
    assert stances(replace(FERRY, supports=(), opposes=()))[holder][0] is SUPPORT, "without lines the models err"
    assert stances(FERRY)[holder][0] is OPPOSE


def test_the_lines_of_the_shipped_topics_do_not_occur_in_neutral_words() -> None:
    for topic in shipped_topics():
        text = f"The board will discuss the {topic.phrases[0]} at its meeting in May."
        assert ruled(text, topic=topic) is None
