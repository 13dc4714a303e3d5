"""The whole reading: no text raises, every printed span is in the text, nothing is quadratic, samples read sanely."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import pairwise
from types import FrameType

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st

import corpora
from nlp.language import Models, load_models
from nlp.pipeline import analyse
from nlp.records import EVIDENCE_KINDS, Analysis, Article, Capacity, StakeholderKind

#: Seconds of processor time after which 60,000 characters are given up: a linear reading takes one, with the models
#: five; what is quadratic takes minutes.
LIMIT, MODEL_LIMIT = 20.0, 60.0
SIZE = 60_000
#: Texts that a property reads: 1,000, or what the profile of ``make fuzz-text`` says.
EXAMPLES = max(1_000, settings.default.max_examples if settings.default else 0)
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


@cache
def without_reader() -> Models:
    """All models but the cross-encoder: it reads stances alone, and takes most of the time where there are some."""
    return replace(load_models(), reader=None)


def assert_sound(analysis: Analysis) -> None:
    """Every span says what the text says, and every id means somebody listed."""
    article = analysis.article
    assert all(article.holds(span) for span in analysis.spans())
    assert all(article.holds(m.extent) for m in analysis.mentions)
    assert all(article.holds(issue.span) for issue in analysis.issues if issue.span)
    known = {s.id for s in analysis.stakeholders}
    blocks = [block for block in article.blocks if block.kind in EVIDENCE_KINDS]
    for statement in analysis.statements:
        assert statement.spans and all(span.text.strip() for span in statement.spans)
        assert all(article.holds(span) for span in statement.evidence.spans)
        assert any(all(span.within(block) for span in statement.spans) for block in blocks)
        assert {statement.holder, statement.on_behalf_of, *statement.chain} <= known | {None}
        assert statement.on_behalf_of is None or statement.capacity is Capacity.OFFICIAL
        assert 0.0 <= statement.evidence.confidence <= 1.0
    said = {s.id: s for s in analysis.statements}
    for stance in analysis.stances:
        assert stance.holder in known
        assert stance.statement is None or said[stance.statement].holder == stance.holder
    starts = [statement.spans[0].start for statement in analysis.statements]
    assert starts == sorted(starts)


@pytest.mark.texts
@settings(max_examples=EXAMPLES, deadline=None)
@given(TEXTS)
@example("")
@example("‘")
@example("\r\n\r\n")
@example("secretary, Humberside LMCs")
def test_any_text_is_read_and_every_span_is_in_it(text: str) -> None:
    analysis = read(text)
    assert analysis.article.text == text
    assert_sound(analysis)


# ---- reports of speech, with odd characters in them


#: Every mark that a quotation may open or close with, and some that look like one.
MARKS = "‘’“”'\"`´‚‛„‟«»‹›′″＂＇"
ODD = [
    "👩🏽‍⚕️", "🇬🇧", "🏥", "❤️", "👨‍👩‍👧",
    "e\u0301", "n\u0303", "\u0301", "\u20dd", "\u0323\u0307", "ﬁ", "ﬀ", "ﬃ", "ﬆ", "Ǆ", "ĳ", "ß", "İ", "ı",
    "\u00a0", "\u202f", "\u2009", "\u3000", "\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202e",
    "\r\n", "\r", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\t", "\x00",
    "…", "–", "—", "‑", "²", "½", "١", "。",
    *MARKS,
]  # fmt: skip
PEOPLE = ["Dr Maud Ellery", "Zoë Nuñez-O’Hara", "Professor Sir Ian M. Voss", "Kent LMC", "NHS England", "GP leaders",
          "she", "a spokesman for the BMA", "Dr Ellery, who chairs Kent LMC,"]  # fmt: skip
CLAIMS = ["The plan won’t work for GPs’ patients", "it’s £1.2bn short", "pooled budgets are “a red line” for us",
          "we ‘can’t’ go on", "no", "the ﬁnance oﬃce is closed…", "Nobody asked us or the trusts"]  # fmt: skip
REPORTS = [
    "{who} said: {a}{what}.{b}", "{a}{what},{b} {who} said. {a}{more}.{b}", "{a}{what},{b} said {who}.",
    "{a}{what},{b} {who} said, {a}{more}.{b}", "{who}: {a}{what}.{b}", "{who} said that {what}, and that {more}.",
    "{a}{what}.\n\n{a}{more}.{b}", "According to {who}, {what}.", "{what}, {who} said, and {more}.",
    "{who} called it {a}{what}{b} and warned that {more}.", "{a}{what}", "{what}.{b} {who} added: {a}{more}",
]  # fmt: skip


@st.composite
def reports(draw: st.DrawFn) -> str:
    """Paragraphs that report speech, in any two marks, with odd characters put in anywhere."""
    paragraphs = []
    for _ in range(draw(st.integers(1, 4))):
        words = {"who": draw(st.sampled_from(PEOPLE)), "what": draw(st.sampled_from(CLAIMS)),
                 "more": draw(st.sampled_from(CLAIMS)), "a": draw(st.sampled_from(["", *MARKS])),
                 "b": draw(st.sampled_from(["", *MARKS]))}  # fmt: skip
        paragraphs.append(draw(st.sampled_from(REPORTS)).format(**words))
    text = draw(st.sampled_from(["\n\n", "\r\n\r\n", "\r\n", "\u2029", " ", "\u00a0"])).join(paragraphs)
    for place, odd in draw(st.lists(st.tuples(st.floats(0, 1), st.sampled_from(ODD)), max_size=6)):
        at = round(place * len(text))
        text = text[:at] + odd + text[at:]
    return text


@pytest.mark.texts
@settings(max_examples=EXAMPLES, deadline=None)
@given(reports())
def test_reported_speech_with_odd_characters_is_read_and_every_span_is_in_it(text: str) -> None:
    analysis = read(text, without_reader())
    assert analysis.article.text == text
    assert_sound(analysis)


def test_the_generated_reports_hold_statements() -> None:
    # else the property above would say nothing
    texts = [r.format(who="Dr Maud Ellery", what=CLAIMS[0], more=CLAIMS[-1], a="‘", b="’") for r in REPORTS]
    assert sum(bool(read(text, without_reader()).statements) for text in texts) >= len(texts) - 2


# ---- readers' comments


NEWS = [
    "Dr Maud Ellery, chair of Kent LMC, said that the pooled budget was a mistake which practices would pay for.",
    "‘We were promised new money and we got a pilot,’ said Tom Parrish, a GP in Deal, at the meeting on Tuesday.",
    "Kent LMC has warned that the scheme will fail unless practices are paid for the extra work that it brings.",
    "NHS England said the plan would go ahead in April and that no practice in the county would lose by it.",
    "She added: ‘Nobody asked us about it, and nobody has told us yet what happens when the pilot is over.’",
    "The county council put £2m into the scheme last year and has set aside the same sum for the next one.",
]
#: Commenters quote people and speak as if they were them.
REMARKS = [
    "Dr Maud Ellery said that she would rather resign than sign this.",
    "‘I would rather resign than sign this,’ said Tom Parrish.",
    "Tom Parrish: ‘I would rather resign than sign this.’",
    "Maud Ellery | GP partner 23 May 2014 9:14am",
    "As Dr Ellery said, ‘the pilot is a joke’. She is right and NHS England is wrong.",
    "According to Tom Parrish, the money has been spent already. He told me so himself.",
    "I agree with Dr Ellery.",
    "“It will never work,” she says. Well, it has worked in our practice since April and nobody has left.",
    "Dr Parrish argues that the pooled budget is dead. Dr Ellery believes that it was never alive.",
    "Anonymous | 24 May 2014",
    "Report this comment",
    "NHS England said the same in 2010: 'no practice will lose by it'. Then they all did.",
]
OPENERS = ["Readers’ comments (7)", "Readers' comments (2)", "Comments", "7 comments", "Comments (12)", "Your comments"]


@pytest.mark.texts
@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(st.sampled_from(NEWS), min_size=2, max_size=6, unique=True),
    # a commenter may paste the news
    st.lists(st.sampled_from([*REMARKS, *NEWS]), min_size=1, max_size=8),
    st.sampled_from(OPENERS),
    st.sampled_from(["\n\n", "\r\n\r\n", "\n"]),
)
def test_however_paragraphs_are_shuffled_nobody_named_speaks_in_a_readers_comment(
    news: list[str], remarks: list[str], opener: str, gap: str
) -> None:
    text = gap.join(["Pilot of pooled budgets in Kent to go ahead", *news, opener, *remarks])
    analysis = read(text, without_reader())
    assert_sound(analysis)
    comments = len(text) - len(gap.join([opener, *remarks]))
    held = [s for s in analysis.statements if s.holder and any(span.end > comments for span in (*s.spans, *s.repeats))]
    assert [(s.holder, s.text) for s in held] == []


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


@cache
def _read_invented(name: str) -> Analysis:
    """The samples are read by all models; gold without the cross-encoder, which takes five minutes for it."""
    folder, _, file = name.partition("/")
    text = (corpora.folder(folder) / file).read_bytes().decode("utf-8")
    return read(text, None if folder == "samples" else without_reader())


@pytest.mark.parametrize("folder", ["samples", "gold"])
def test_the_invented_articles_are_read_soundly(folder: str) -> None:
    for name in _articles():
        if not name.startswith(folder):
            continue
        try:
            analysis = _read_invented(name)
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
        statements = _read_invented(name).statements
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


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


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
    text = HOSTILE[name]
    quarter, whole = _seconds(lambda: read(text[: SIZE // 4], bare)), 0.0
    with processor_limit(LIMIT):
        whole = _seconds(lambda: read(text, bare))
    assert whole < 10 * max(0.3, quarter)


@pytest.mark.parametrize("name", HOSTILE)
def test_time_of_the_models_is_linear_in_hostile_text(name: str) -> None:
    read("Dr Ann Lee said the pooled budget of £2m was late.")
    text = HOSTILE[name]
    quarter, whole = _seconds(lambda: read(text[: SIZE // 4])), 0.0
    with processor_limit(MODEL_LIMIT):
        whole = _seconds(lambda: read(text))
    assert whole < 10 * max(0.5, quarter)
