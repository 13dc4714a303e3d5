"""Reported speech by the parse and the model: which readings there are, which one stays, and who is its source."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from nlp.candidates import Candidate, find_candidates, phrase_of
from nlp.contents import Piece
from nlp.language import load_models, read_blocks
from nlp.linear import LinearModel
from nlp.pipeline import analyse
from nlp.records import Analysis, Article, Manner
from nlp.reporting import choose, likelihood, sources_of
from nlp.speakers import Discourse
from nlp.steps.attribution import attribute_statements
from nlp.steps.segment import segment


def _doc(words: str, tags: str, deps: str, heads: list[int]) -> Doc:
    return Doc(spacy.blank("en").vocab, words.split(), tags=tags.split(), deps=deps.split(), heads=heads)


SAID = _doc(
    "Employees in the team said the roof had leaked",
    "NNS IN DT NN VBD DT NN VBD VBN",
    "nsubj case det nmod ROOT det nsubj aux ccomp",
    [4, 3, 3, 0, 4, 6, 8, 8, 4],
)


def _article(text: str) -> Article:
    return Article("a", "test", text, "text 1")


def _candidates(doc: Doc) -> list[Candidate]:
    discourse = Discourse(_article(doc.text), (), {})
    return list(find_candidates(discourse, Piece(0, len(doc.text)), doc, 0))


def read(text: str) -> Analysis:
    return analyse(_article(text), models=load_models())


def test_a_verb_is_read_with_its_subject_and_what_follows() -> None:
    found = [c for c in _candidates(SAID) if SAID.text[slice(*c.cue)] == "said"]
    text = SAID.text
    assert {text[slice(*c.source)] for c in found} == {"Employees in the team"}
    assert "the roof had leaked" in {text[slice(*c.spans[0])] for c in found if c.kind == "after"}


def test_a_denied_verb_of_speech_reports_nothing() -> None:
    doc = _doc("She did not say it", "PRP VBD RB VB PRP", "nsubj aux advmod ROOT obj", [3, 3, 3, 3, 3])
    assert _candidates(doc) == []


def test_a_phrase_ends_at_a_clause_of_its_own() -> None:
    doc = _doc("Members who left said so", "NNS WP VBD VBD RB", "nsubj nsubj acl ROOT advmod", [3, 2, 0, 3, 3])
    assert phrase_of(doc[0], 0, 3) == (0, 0)


def _reading(cue: int, source: tuple[int, int], start: int, end: int, kind: str = "after") -> Candidate:
    return Candidate((cue, cue + 4), source, ((start, end),), "say", "subject", kind)


def test_of_readings_that_overlap_the_likeliest_stays() -> None:
    long, short, apart = _reading(10, (0, 9), 15, 60), _reading(10, (0, 9), 15, 30), _reading(70, (62, 69), 75, 90)
    assert choose([(0.5, long), (0.8, short), (0.6, apart)]) == [(0.8, short), (0.6, apart)]
    assert choose([(0.1, long)]) == []


def test_readings_of_one_cue_and_content_differ_in_their_source() -> None:
    a, b, other = _reading(10, (0, 9), 15, 60), _reading(10, (3, 9), 15, 58), _reading(10, (3, 9), 40, 60)
    assert sources_of(a, [a, b, other]) == [a, b]


def test_what_the_rules_read_alike_is_trusted_more() -> None:
    model = LinearModel(-1.0, {})
    assert likelihood(model, {"rule*alike": 1.0}) > likelihood(model, {})


@pytest.mark.parametrize(
    ("text", "holder", "words"),
    [
        (
            "Employees at one depot said that the roof had leaked since May.",
            "employees-at-one-depot--in-a",
            "that the roof had leaked since May",
        ),
        (
            "Nurses at the clinic told managers that they would not work a seventh day.",
            "nurses",
            "that they would not work a seventh day",
        ),
    ],
)
def test_a_source_that_no_lexicon_knows_is_a_holder(text: str, holder: str, words: str) -> None:
    (statement,) = read(text).statements
    assert (statement.text, statement.manner) == (words, Manner.INDIRECT)
    assert statement.holder == holder


def test_two_statements_of_the_same_description_have_one_holder() -> None:
    text = "A parish councillor said the bus was late.\n\nThe parish councillor said the shop had shut in the spring."
    assert len({s.holder for s in read(text).statements}) == 1


def test_what_is_left_out_as_nobody_clear_says_it_is_told() -> None:
    analysis = read("It thinks that the plan was late.")
    said = [s for s in analysis.statements if s.holder]
    codes = [issue.code for issue in analysis.issues if issue.code in ("left-out", "unattributed")]
    assert said == [] and len(codes) == 1


def test_things_say_nothing() -> None:
    assert read("The diversion through the town cost £2,250 a week and the road was closed.").statements == ()


@pytest.mark.parametrize(
    "text",
    [
        "The group that speaks for treasurers said the late publication meant that some councils had set budgets.",
        "A union which represents administrative staff at the depot said its members had not been told.",
        "It was put to them last week. The chair of the group believes the shops would get a better deal.",
    ],
)
def test_nobody_who_says_nothing_is_introduced(text: str) -> None:
    """Every source that is weighed may be described; only who holds a statement is somebody."""
    article = segment(_article(text))
    models = load_models()
    statements, introduced, _ = attribute_statements(
        article, (), (), read_blocks(models.language, article), models.heads
    )
    assert {s.id for s in introduced} <= {s.holder for s in statements}
