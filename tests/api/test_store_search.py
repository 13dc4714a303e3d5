"""The language of search does what its page says, and nothing typed reaches the engine unparsed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.store import Filters, Fragment, Store
from api.store.passages import PassageKind
from api.store.questions import Answer, FoundHit, Mode, Question
from api.store.search import Query, parse_query, render_fts5, split_snippet
from nlp.errors import UsageError
from nlp.records import Analysis

Make = Callable[..., Analysis]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("gp budget", Query((("gp",), ("budget",)))),
        ('"single budget" gp', Query((("single budget",), ("gp",)))),
        ("a b OR c d", Query((("a",), ("b", "c"), ("d",)))),
        ("a OR b OR c", Query((("a", "b", "c"),))),
        ('a -b -"c d"', Query((("a",),), ("b", "c d"))),
        ("OR a OR", Query((("a",),))),
        ("a OR OR b", Query((("a", "b"),))),
        ("a or b", Query((("a",), ("or",), ("b",)))),
        ("co-commissioning", Query((("co commissioning",),))),
        ('"never closed', Query((("never closed",),))),
        ("NEAR(a b) text:c d* ^e", Query((("NEAR a",), ("b",), ("text c",), ("d",), ("e",)))),
        ("£1.2bn 50%", Query((("1 2bn",), ("50",)))),
        ("GPs’ cafe\u0301", Query((("GPs",), ("café",)))),
    ],
)
def test_query_is_read_as_documented(text: str, query: Query) -> None:
    assert parse_query(text) == query


@pytest.mark.parametrize(
    "text", ["", "   ", "OR", "OR OR", "-", "-a", '""', '-"a b"', "* ( ) ^ : +", '"""', "-a OR -b", "’"]
)
def test_query_that_asks_for_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="at least one word"):
        parse_query(text)


@pytest.mark.parametrize("text", ["a" * 1001, "a " * 51])
def test_query_that_asks_for_too_much_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="at most"):
        parse_query(text)


def test_rendered_query_holds_only_quoted_terms() -> None:
    assert render_fts5(parse_query('NOT "a b" OR c -d')) == '(("NOT") AND ("a b" OR "c")) NOT ("d")'


def ask(store: Store, query: str, kind: PassageKind = PassageKind.STATEMENT) -> Answer:
    return store.searcher.search(Question(query=query, mode=Mode.LEXICAL, within=(kind,)))


def words_of(hits: tuple[FoundHit, ...]) -> list[str]:
    return [hit.statement.text if hit.statement else hit.article.source for hit in hits]


def test_statements_are_found_by_word_phrase_and_exclusion(store: Store, make_analysis: Make) -> None:
    said = ["pooled budgets work", "one budget, pooled late", "the tariff is a relic"]
    for number, words in enumerate(said):
        store.writer.write_analysis(make_analysis(f"{number}.txt", words=words))
    assert set(words_of(ask(store, "POOLED budget").items)) == set(said[:2])
    assert words_of(ask(store, '"pooled budget"').items) == said[:1]
    assert words_of(ask(store, "pooled -late").items) == said[:1]
    assert set(words_of(ask(store, "late OR relic").items)) == set(said[1:])


def test_article_is_found_by_its_whole_text_and_its_title(store: Store, make_analysis: Make) -> None:
    made = make_analysis("a.txt", words="the tariff is a relic")
    article = replace(made.article, text=f"{made.article.text}\n\n{'Much more is said. ' * 80}At last, a zebra.")
    store.writer.write_analysis(replace(made, article=article))
    for query in ("tariff zebra", '"a zebra"', "practices need", "report txt"):
        assert words_of(ask(store, query, PassageKind.ARTICLE).items) == ["a.txt"], query


def test_no_phrase_runs_from_the_words_of_a_passage_into_its_title(store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis("a.txt", words="the tariff is a relic", holder="person:jo-tarn"))
    assert ask(store, "relic tarn report").total == ask(store, '"jo tarn"').total == 1
    for query in ('"relic jo"', '"relic jo tarn"', '"tarn report"', '"relic report"'):
        assert ask(store, query).total == 0, query


def test_statement_below_the_shown_tier_is_no_hit(store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis("a.txt", words="the tariff is a relic", confidence=0.3))
    assert ask(store, "relic").items == ()
    assert words_of(ask(store, "relic", PassageKind.ARTICLE).items) == ["a.txt"]


def test_snippets_mark_what_matched(store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis(words="the tariff is <b>a relic</b>"))
    assert ask(store, "relics").items[0].snippet == (
        Fragment(text="the tariff is <b>a ", match=False),
        Fragment(text="relic", match=True),
        Fragment(text="</b>", match=False),
    )


def test_marks_inside_a_text_lose_none_of_it() -> None:
    assert "".join(piece.text for piece in split_snippet("a\x02b\x02c\x03d\x03e")) == "abcde"


def test_better_matches_come_first_and_pages_join_up(store: Store, make_analysis: Make) -> None:
    for number in range(5):
        words = "budget " * (number + 1) + "and much that is said of other things"
        store.writer.write_analysis(make_analysis(f"{number}.txt", words=words))
    whole = ask(store, "budget").items
    assert [hit.article.source for hit in whole] == [f"{number}.txt" for number in reversed(range(5))]
    question = Question(query="budget", mode=Mode.LEXICAL, within=(PassageKind.STATEMENT,))
    first = store.searcher.search(question, limit=2)
    second = store.searcher.search(question, after=first.next, limit=2)
    last = store.searcher.search(question, after=second.next, limit=2)
    assert first.items + second.items + last.items == whole
    assert last.next is None


def test_rare_words_own_words_and_short_passages_come_first(store: Store, make_analysis: Make) -> None:
    said = {
        "rare": "the zebra is here",
        "common": "the budget is here",
        "long": f"the budget is here and {'so is much else in this town ' * 9}",
    }
    for name, words in said.items():
        store.writer.write_analysis(make_analysis(name, words=words))
    for number in range(6):
        store.writer.write_analysis(make_analysis(f"{number}", words=f"another budget of place {number}"))
    assert ask(store, "zebra OR budget").items[0].article.source == "rare"
    found = [hit.article.source for hit in ask(store, "budget here").items]
    assert found == ["common", "long"]
    made = make_analysis("titled", words="nothing of the kind")
    store.writer.write_analysis(replace(made, article=replace(made.article, title="A zebra")))
    assert [hit.article.source for hit in ask(store, "zebra").items] == ["rare", "titled"]


HOSTILE = st.lists(
    st.sampled_from(
        ['"', "'", "-", "OR", "AND", "NOT", "NEAR(", ")", "*", "^", ":", "{", "}", "+", "text", "\x00", ";"]
    )
    | st.text(max_size=6),
    max_size=20,
).map(" ".join)


@hypothesis_settings(max_examples=200, deadline=None)
@given(query=HOSTILE | st.text(max_size=60))
@example(query='" OR 1; DROP TABLE articles; --')
@example(query="a\x00b")
@example(query="a NEAR/2 b")
@example(query="\ud800 a")
def test_nothing_typed_breaks_the_search(shared_store: Store, query: str) -> None:
    try:
        ask(shared_store, query)
        shared_store.reader.statements(Filters(q=query))
    except UsageError as refusal:
        assert "at least one word" in str(refusal) or "at most" in str(refusal)


@hypothesis_settings(max_examples=50, deadline=None)
@given(query=st.text(max_size=30))
@example(query="\ud800")
@example(query="a\x00b")
def test_no_name_typed_breaks_the_lists_of_stakeholders(shared_store: Store, query: str) -> None:
    shared_store.reader.suggest(query)
    try:
        shared_store.reader.stakeholders(Filters(q=query))
        shared_store.reader.stakeholder(query)
    except UsageError as refusal:
        assert "\n" not in refusal.what
