"""What a briefing says: every quote copied by its offsets, lines with ids of their content, and the caps."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from api.briefing.build import carried, make_briefing
from api.briefing.formats import document_of, schema
from api.briefing.record import Asked, Briefing
from api.briefing.texts import CAP, EXPIRED, LINKS, cut_pieces
from api.services import Services
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, Licence, Span, Stance, StanceLabel

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)
Make = Callable[..., Analysis]


def argued(analysis: Analysis, words: str, *, condition: bool = False) -> Analysis:
    """The analysis with a part of its statement as the reason, or the condition, of its stance."""
    at = analysis.article.text.index(words)
    span = analysis.article.span(at, at + len(words))
    (stance,) = analysis.stances
    more = replace(stance, condition=span) if condition else replace(stance, rationales=(span,))
    return replace(analysis, stances=(more,))


@pytest.fixture
def filled(store: Store, make_analysis: Make) -> Store:
    support, oppose = StanceLabel.SUPPORT, StanceLabel.OPPOSE
    ends, would = "it ends the quarrel over beds", "it would end quarrels over beds"
    told = (
        ("a.txt", "ann", support, "2013-01-05", f"yes, as {ends}", ends),
        ("b.txt", "ben", support, "2014-01-05", f"good, since {would}", would),
        ("c.txt", "cat", oppose, "2015-01-05", "no, because surgeries lose money", "surgeries lose money"),
        ("d.txt", "ann", oppose, "2016-01-05", "no more, as the beds were closed", "the beds were closed"),
    )  # fmt: skip
    for source, who, label, day, words, part in told:
        made = make_analysis(source, holder=f"person:{who}", label=label, published=day, words=words)
        store.writer.write_analysis(argued(made, part))
    only = make_analysis(
        "e.txt",
        holder="person:dan",
        label=StanceLabel.CONDITIONAL,
        published="2015-02-05",
        words="yes if the board has a doctor",
    )
    store.writer.write_analysis(argued(only, "if the board has a doctor", condition=True))
    store.writer.write_analysis(make_analysis("f.txt", holder="person:eve", topic="capitation", published="2015-03-05"))
    return store


def services(store: Store, settings: Settings, **given: Any) -> Services:
    return Services(settings.model_copy(update=given), store=store)


def brief(store: Store, settings: Settings, *, caps: Mapping[str, int] | None = None, **asked: Any) -> Briefing:
    return make_briefing(services(store, settings, **(caps or {})), Asked(min_confidence=0.5, **asked), on=DAY)


def quotes_in(document: Any) -> Iterator[dict[str, Any]]:
    """Every quote of a document, wherever it stands."""
    if isinstance(document, dict):
        if "pieces" in document:
            yield document
        for each in document.values():
            yield from quotes_in(each)
    elif isinstance(document, list):
        for each in document:
            yield from quotes_in(each)


def test_every_quote_is_its_article_at_its_offsets(filled: Store, settings: Settings) -> None:
    document = document_of(brief(filled, settings, topics=("pooling",)))
    found = list(quotes_in(document))
    articles = filled.reader.articles_by_id({quote["article"] for quote in found})
    numbers = {source["number"]: source["article"] for source in document["sources"]}
    assert len(found) > 10
    for quote in found:
        assert numbers[quote["source"]] == quote["article"] and quote["pieces"]
        for piece in quote["pieces"]:
            assert articles[quote["article"]].text[piece["start"] : piece["end"]] == piece["untrusted_text"]


def test_positions_have_since_condition_and_the_latest_words(filled: Store, settings: Settings) -> None:
    lines = {each.who.id: each for each in brief(filled, settings, topics=("pooling",)).positions}
    assert {id: (each.stance.value, each.since, each.last) for id, each in lines.items()} == {
        "person:ben": ("support", "2014-01-05", "2014-01-05"),
        "person:cat": ("oppose", "2015-01-05", "2015-01-05"),
        "person:dan": ("conditional", "2015-02-05", "2015-02-05"),
        "person:ann": ("oppose", "2013-01-05", "2016-01-05"),
    }
    quote, condition = lines["person:ann"].quote, lines["person:dan"].condition
    assert quote and quote.pieces[0].untrusted_text == "no more, as the beds were closed"
    assert condition and condition.pieces[0].untrusted_text == "if the board has a doctor"


def test_arguments_worded_alike_are_one_line_with_each_in_the_own_words(filled: Store, settings: Settings) -> None:
    found = brief(filled, settings, topics=("pooling",)).arguments
    (line,) = [each for each in found if each.side == "for"]
    said = [(voice.who.id, voice.quote.pieces[0].untrusted_text) for voice in line.voices]
    assert said == [
        ("person:ben", "it would end quarrels over beds"),
        ("person:ann", "it ends the quarrel over beds"),
    ]


def test_a_change_counts_in_the_period_in_which_it_was_made(filled: Store, settings: Settings) -> None:
    within = brief(filled, settings, topics=("pooling",), since=date(2016, 1, 1)).changes
    before = brief(filled, settings, topics=("pooling",), until=date(2015, 12, 31)).changes
    after = brief(filled, settings, topics=("pooling",), since=date(2016, 6, 1)).changes
    assert [(each.who.id, each.before.value, each.after.value, each.on) for each in within] == [
        ("person:ann", "support", "oppose", "2016-01-05")
    ]
    assert within[0].old is not None and (before, after) == ((), ())


def test_silent_ones_speak_of_other_things(filled: Store, settings: Settings) -> None:
    found = brief(filled, settings, topics=("pooling",)).silent
    assert [(each.who.id, each.topic, each.statements) for each in found] == [("person:eve", "pooling", 1)]


def test_rival_sums_stand_side_by_side(store: Store, settings: Settings, make_money: Make, make_analysis: Make) -> None:

    for source, amount, value, who in (
        ("a.txt", "£4m", "4000000", "person:ann"),
        ("b.txt", "£9m", "9000000", "person:ben"),
    ):
        made = make_money(source, amount, value, by=who)
        stance = Stance(
            who, "pooling", StanceLabel.SUPPORT, replace(made.figures[0].evidence, spans=made.figures[0].spans)
        )
        store.writer.write_analysis(replace(made, stances=(stance,)))
    money = brief(store, settings, topics=("pooling",)).money
    (rival,) = money.rivals
    assert {each.text.untrusted_text for each in rival.amounts} == {"£4m", "£9m"} and money.sums == ()
    assert rival.amounts[0].quote.pieces[0].untrusted_text.startswith("It heard that £")
    assert {voice.untrusted_text for each in rival.amounts for voice in each.voices} == {"Ann", "Ben"}
    # What others set against the sums of a stakeholder stands in its own briefing too, and nobody else's.
    assert brief(store, settings, stakeholders=("person:ann",)).money.rivals == money.rivals
    assert brief(store, settings, stakeholders=("person:cat",)).money.rivals == ()


def test_a_brief_on_stakeholders_has_their_topics_and_their_silence(filled: Store, settings: Settings) -> None:
    made = brief(filled, settings, stakeholders=("person:ann", "person:eve"))
    assert {(each.who.id, each.topic) for each in made.positions} == {
        ("person:ann", "pooling"),
        ("person:eve", "capitation"),
    }
    assert made.title.untrusted_text == "Ann and Eve"
    assert {(each.who.id, each.topic) for each in made.silent} == {
        ("person:eve", "pooling"),
        ("person:ann", "capitation"),
    }
    whole = brief(filled, settings, stakeholders=("person:ann", "person:eve"), all_topics=True)
    assert len(whole.proposals) > 20 and whole.positions == made.positions
    assert ("person:ann", "co-commissioning") in {(each.who.id, each.topic) for each in whole.silent}
    alone = brief(filled, settings, stakeholders=("person:ann",), topics=("capitation",))
    assert [each.id for each in alone.proposals] == ["capitation"] and alone.positions == ()


def test_lines_of_the_same_content_have_the_same_id(filled: Store, settings: Settings, make_analysis: Make) -> None:
    ids = [each.line for each in carried(brief(filled, settings, topics=("pooling",)))]
    assert len(ids) == len(set(ids)) > 8
    short = brief(filled, settings, caps={"quote_characters": 40}, topics=("pooling",))
    assert [each.line for each in carried(short)] == ids
    one = {each.who.id: each.id for each in brief(filled, settings, stakeholders=("person:ben",)).positions}
    all = {each.who.id: each.id for each in brief(filled, settings, topics=("pooling",)).positions}
    assert one["person:ben"] == all["person:ben"]
    words = "it would be better"
    filled.writer.write_analysis(make_analysis("g.txt", holder="person:ben", published="2017-01-05", words=words))
    newer = {each.who.id: each.id for each in brief(filled, settings, topics=("pooling",)).positions}
    assert {who for who, id in newer.items() if id != all[who]} == {"person:ben"}


def test_a_long_quote_is_cut_at_a_word_and_says_so(store: Store, settings: Settings, make_analysis: Make) -> None:
    words = "the money " * 30 + "is gone"
    store.writer.write_analysis(make_analysis("a.txt", words=words))
    made = brief(store, settings, caps={"quote_characters": 44}, topics=("pooling",))
    (position,) = made.positions
    assert position.quote and position.quote.cut
    assert [piece.untrusted_text for piece in position.quote.pieces] == ["the money the money the money the money the"]
    assert made.made.shortened == 1


@given(st.text(max_size=200), st.integers(1, 60))
def test_what_is_cut_is_a_beginning_of_the_text(text: str, most: int) -> None:
    pieces, cut = cut_pieces([Span(0, len(text), text)] if text else [], most)
    shown = "".join(piece.untrusted_text for piece in pieces)
    assert text.startswith(shown) and len(shown) <= most and cut == (len(text) > most)
    if cut and any(char.isspace() for char in text[1:most]):
        assert not shown or text[len(shown)].isspace() or not any(char.isspace() for char in shown.strip())


def test_no_source_is_quoted_more_often_than_the_cap(store: Store, settings: Settings, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    made = brief(store, settings, caps={"quotes_per_source": 1}, topics=("pooling",))
    quotes = list(quotes_in(document_of(made)))
    given = {json.dumps(quote["pieces"]) for quote in quotes if quote["pieces"]}
    assert made.sources[0].quotes == 1 and made.made.withheld >= 1
    assert {quote["withheld"] for quote in quotes} == {None, CAP} and len(given) <= 3


def test_text_of_an_expired_licence_is_withheld(store: Store, settings: Settings, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    asked = Asked(topics=("pooling",), min_confidence=0.5)
    late = make_briefing(services(store, settings), asked, on=date(2031, 1, 1))
    quotes = list(quotes_in(document_of(late)))
    assert quotes and all(not quote["pieces"] and quote["withheld"] == EXPIRED for quote in quotes)
    assert late.sources[0].quotes == 0


@pytest.mark.parametrize("licence", [Licence.LINKS_ONLY, Licence.QUOTES_ONLY])
def test_a_licence_gives_no_more_words_than_it_allows(
    store: Store, settings: Settings, analysis: Analysis, licence: Licence
) -> None:
    article = replace(analysis.article, licence=licence, expires=None)
    store.writer.write_analysis(replace(analysis, article=article))
    made = brief(store, settings, topics=("pooling",))
    words = [piece["untrusted_text"] for quote in quotes_in(document_of(made)) for piece in quote["pieces"]]
    assert made.positions and bool(words) is (licence is Licence.QUOTES_ONLY)
    assert all(words) and all(word in analysis.article.text for word in words)
    withheld = {each.quote.withheld for each in made.positions if each.quote}
    assert withheld == ({LINKS} if licence is Licence.LINKS_ONLY else {None})


def test_of_a_purged_text_the_quotes_remain(store: Store, settings: Settings, analysis: Analysis) -> None:
    article = replace(analysis.article, licence=Licence.QUOTES_ONLY, expires=date(2020, 1, 1))
    store.writer.write_analysis(replace(analysis, article=article))
    before = document_of(brief(store, settings, topics=("pooling",)))["positions"]
    store.holdings.purge(on=date(2020, 1, 2))
    assert document_of(brief(store, settings, topics=("pooling",)))["positions"] == before
    assert any(quote["pieces"] for quote in quotes_in(before))


def test_the_document_fits_its_schema_and_the_schema_is_the_published_one(filled: Store, settings: Settings) -> None:
    published = json.loads((ROOT / "api" / "briefing.schema.json").read_text(encoding="utf-8"))
    assert published == schema(), "run `make openapi` and read the diff"
    Draft202012Validator.check_schema(published)
    for asked in ({"topics": ("pooling",)}, {"stakeholders": ("person:ann", "person:eve"), "all_topics": True}):
        Draft202012Validator(published).validate(document_of(brief(filled, settings, **asked)))
    broken = {**document_of(brief(filled, settings, topics=("pooling",))), "more": 1}
    with pytest.raises(ValidationError):
        Draft202012Validator(published).validate(broken)


def test_text_of_articles_stands_nowhere_but_under_untrusted_text(
    store: Store, settings: Settings, make_analysis: Make
) -> None:
    mark = "zqxj"
    made = make_analysis(f"{mark}.txt", holder=f"person:{mark}", publisher=f"{mark} News", words=f"{mark} will do")
    store.writer.write_analysis(argued(made, f"{mark} will"))
    document = document_of(brief(store, settings, topics=("pooling",)))

    def places(value: Any, key: str = "") -> Iterator[str]:
        if isinstance(value, dict):
            for name, each in value.items():
                yield from places(each, name)
        elif isinstance(value, list):
            for each in value:
                yield from places(each, key)
        elif isinstance(value, str) and mark in value.lower():
            yield key

    assert set(places(document)) == {"untrusted_text", "id"}  # the id of a stakeholder is of letters and hyphens


@pytest.fixture(scope="module")
def reader() -> ModuleType:
    """The example of a program that is fed from a briefing, loaded as the file that it is."""
    spec = spec_from_file_location("briefing_reader", Path(__file__).with_name("briefing_reader.py"))
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_page_made_from_the_json_alone_has_every_quote_with_its_source(
    filled: Store, settings: Settings, reader: ModuleType
) -> None:
    document = json.loads(json.dumps(document_of(brief(filled, settings, topics=("pooling",)))))
    page = unescape(reader.page_of(document, schema()))
    titles = {source["number"]: source["title"]["untrusted_text"] for source in document["sources"]}
    positions = [each["quote"] for each in document["positions"] if each["quote"]]
    voices = [voice["quote"] for each in document["arguments"] for voice in each["voices"]]
    sums = [each["quote"] for each in reader.sums_in(document["money"])]
    changes = [quote for each in document["changes"] for quote in (each["old"], each["new"]) if quote]
    quotes = [*positions, *voices, *sums, *changes]
    assert len(quotes) > 10
    for quote in quotes:
        words = " … ".join(piece["untrusted_text"] for piece in quote["pieces"])
        assert f"<q>{words}</q> ({titles[quote['source']]}" in page


def test_the_example_knows_nothing_of_the_program() -> None:
    text = Path(__file__).with_name("briefing_reader.py").read_text(encoding="utf-8")
    imported = {line.split()[1].partition(".")[0] for line in text.splitlines() if line.startswith(("import", "from"))}
    assert imported == {"__future__", "json", "sys", "collections", "html", "pathlib", "typing", "jsonschema"}
