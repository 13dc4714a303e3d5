"""The whole reading: no text raises, every printed span is in the text, nothing is quadratic, samples read sanely."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from types import FrameType

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st

import corpora
from nlp.language import Models, load_models
from nlp.pipeline import analyse
from nlp.records import Analysis, Article, Capacity, StakeholderKind

#: Seconds of processor time for 60,000 characters: three times what a linear reading takes.
LIMIT = 3.0
#: The models take four seconds of their own for so much text; what is quadratic takes minutes.
MODEL_LIMIT = 8.0
SIZE = 60_000
PIECES = [
    "Dr Maud Ellery", "Ellery", "José Ñandú", "chair of Kent LMC",
    "Kent LMC", "NHS England", "the BMA", "most GPs in Devon",
    "she", "It", "a spokesman", "said", "said that", "told Pulse", "according to", "was rejected by", "warned that",
    "in a personal capacity", "the pooled budget", "delegated commissioning", "is wrong", "should go", "not", "if",
    "£1.2bn", "between £2m and £3m", "4 per cent", "in 2015/16", "Readers’ comments (3)", "Sign in", "By Tom Sharrow",
    "secretary, Humberside LMCs",
    "and", "but", "while", ",", ".", ":", ";", "?", "–", "(", ")", "‘", "’", "“", "”", "'", '"',
    "`", "´", "«", "»", "„", "\u00a0", "\u2028", "\r\n",
    "\n\n", "\n", "\r", "\t", "\u200b", "\ufeff", "\u00ad", "ﬁnance", "e\u0301",
    "\u0301", "👩🏽‍⚕️", "🏥", "ß", "İ", "\x00", "\x1f", "١٢", "½", "²", "Ǆ",
]  # fmt: skip
TEXTS = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=6), max_size=60
).flatmap(lambda parts: st.sampled_from(["", " "]).map(lambda gap: gap.join(parts)))


def read(text: str, models: Models | None = None) -> Analysis:
    return analyse(Article(Article.identify("test", text), "test", text, "text 1"), models=models)


def assert_sound(analysis: Analysis) -> None:
    """Every span says what the text says, and every id means somebody listed."""
    article = analysis.article
    assert all(article.holds(span) for span in analysis.spans())
    assert all(article.holds(m.extent) for m in analysis.mentions)
    assert all(article.holds(issue.span) for issue in analysis.issues if issue.span)
    known = {s.id for s in analysis.stakeholders}
    for statement in analysis.statements:
        assert statement.spans and all(span.text.strip() for span in statement.spans)
        assert {statement.holder, statement.on_behalf_of, *statement.chain} <= known | {None}
        assert statement.on_behalf_of is None or statement.capacity is Capacity.OFFICIAL
        assert 0.0 <= statement.evidence.confidence <= 1.0
    said = {s.id: s for s in analysis.statements}
    for stance in analysis.stances:
        assert stance.holder in known
        assert stance.statement is None or said[stance.statement].holder == stance.holder
    starts = [statement.spans[0].start for statement in analysis.statements]
    assert starts == sorted(starts)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
@example("")
@example("‘")
@example("\r\n\r\n")
@example("secretary, Humberside LMCs")
def test_any_text_is_read_and_every_span_is_in_it(text: str) -> None:
    analysis = read(text)
    assert analysis.article.text == text
    assert_sound(analysis)


def test_the_same_text_gives_the_same_analysis() -> None:
    text = "Dr Maud Ellery, chair of Kent LMC, said the pooled budget of £2m was a mistake."
    assert read(text) == read(text)


def test_the_run_names_what_stands_behind_a_result() -> None:
    with_topics, without = read("It was late."), analyse(Article("a", "t", "It was late.", "t"), ())
    assert {name for name, _ in with_topics.run.models} >= {"rules", "register", "topics"}
    assert with_topics.run.digest != without.run.digest


def test_what_is_missing_is_an_issue() -> None:
    assert {issue.code for issue in read("").issues} == {"no-headline", "no-body"}


# ---- the invented articles


def _articles() -> list[str]:
    folders = [f for f in map(corpora.folder, ("samples", "gold")) if f.is_dir()]
    return sorted(f"{f.name}/{e.name}" for f in folders for e in f.iterdir() if e.name.endswith(".txt"))


@pytest.mark.parametrize("folder", ["samples", "gold"])
def test_the_invented_articles_are_read_soundly(folder: str) -> None:
    for name in _articles():
        if not name.startswith(folder):
            continue
        text = (corpora.folder(folder) / name.partition("/")[2]).read_bytes().decode("utf-8")
        try:
            analysis = read(text)
            assert_sound(analysis)
        except (AssertionError, IndexError, KeyError, ValueError, TypeError) as error:
            raise AssertionError(f"{name}: {error!r}") from error
        for stakeholder in analysis.stakeholders:
            assert stakeholder.name.strip() and len(stakeholder.name) <= 120, name
            if stakeholder.kind is StakeholderKind.PERSON:
                assert len(stakeholder.name.split()) <= 5, (name, stakeholder.name)


def test_no_two_statements_of_an_invented_article_share_words() -> None:
    shared = []
    for name in _articles():
        folder, _, file = name.partition("/")
        statements = read((corpora.folder(folder) / file).read_bytes().decode("utf-8")).statements
        spans = sorted((span.start, span.end, s.id) for s in statements for span in s.spans)
        for (_, end, one), (start, _, other) in pairwise(spans):
            if start < end and one != other:
                shared.append((name, one, other))
    assert shared == []


# ---- time


class _TooSlow(BaseException):
    """Raised by the timer; no handler of the program may catch it."""


@contextmanager
def processor_limit(seconds: float) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    except _TooSlow:
        pytest.fail(f"took over {seconds} s of processor time", pytrace=False)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _repeat(words: str) -> str:
    return (words * (SIZE // len(words) + 1))[:SIZE]


def _people(joint: str) -> str:
    """5,000 sentences' worth of different names, cut to size."""
    parts = ["bar", "den", "ford", "hall", "mer", "ton", "wick", "ley", "dale", "sham"]
    names = (f"Anna {(parts[i % 10] + parts[i // 10 % 10] + parts[i // 100 % 10] + parts[i // 1000]).title()}"
             for i in range(5000))  # fmt: skip
    return joint.join(names)[:SIZE]


HOSTILE = {
    "marks only": _repeat("‘’“”'\""),
    "open marks": _repeat("‘"),
    "possessives in an open quotation": "‘" + _repeat("s’ a "),
    "said": _repeat("said "),
    "a name and said": _repeat("Dr Lee said "),
    "according to": _repeat("according to "),
    "passives without end": _repeat("was rejected by the BMA "),
    "capitals": _repeat("Aaa "),
    "one paragraph of speech": _repeat("Dr Ann Lee said the pooled budget would not work and the money was gone. "),
    "5,000 names": _people(" said it was late. "),
    "5,000 names in a list": _people(", "),
    "unknown bodies": _people(" said no. ").replace("Anna ", ""),
    "short lines": _repeat("a\n"),
}


@pytest.fixture(scope="module")
def bare() -> Models:
    """No model at all: a tokenizer and the rules."""
    return replace(load_models(), language=spacy.blank("en"), reader=None)


@pytest.mark.parametrize("name", HOSTILE)
def test_time_of_the_rules_is_linear_in_hostile_text(name: str, bare: Models) -> None:
    read("Dr Ann Lee said the pooled budget of £2m was late.", bare)
    with processor_limit(LIMIT):
        read(HOSTILE[name], bare)


@pytest.mark.parametrize("name", HOSTILE)
def test_time_of_the_models_is_linear_in_hostile_text(name: str) -> None:
    read("Dr Ann Lee said the pooled budget of £2m was late.")
    with processor_limit(MODEL_LIMIT):
        read(HOSTILE[name])
