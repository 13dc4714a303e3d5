"""The pages: what they show, that every link leads somewhere, and that text from articles stays text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from api.app import create_app
from api.pages.article_view import block_views
from api.pages.map_view import MapForm
from api.pages.marks import Mark, block_at, cut
from api.settings import Settings
from api.store import Store
from api.words import confidence_words, date_words, stance_cell, story_count
from nlp.records import (
    Analysis,
    Article,
    Block,
    BlockKind,
    Evidence,
    PartialDate,
    Position,
    Run,
    Stakeholder,
    StakeholderKind,
    StanceLabel,
    Strength,
)

BASE = "http://127.0.0.1"
NASTY = "<img src=x onerror=alert(1)>\"'&{{ 7*7 }}"


@pytest.fixture
def client(settings: Settings, store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store=store), base_url=BASE, raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def filled(client: TestClient, store: Store, analysis: Analysis, make_analysis: Callable[..., Analysis]) -> TestClient:
    store.writer.write_analysis(analysis)
    for index in range(3):
        store.writer.write_analysis(
            make_analysis(
                f"{index}.txt",
                words=f"pooling in area {index} would take money away from surgeries {index}",
                label=StanceLabel.OPPOSE,
                published=f"201{index}-03-01",
            )
        )
    return client


#: What pages lead to and what is no page.
FILES = ("/static/", "/v1/charts/", "/v1/exports", "/briefing/file")


def _tree(client: TestClient, path: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return html.fromstring(answer.text)


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_map_is_a_table_of_words_signs_and_counts(filled: TestClient) -> None:
    tree = _tree(filled, "/")
    assert tree.xpath("//table/caption") and tree.xpath("//thead//th[@scope='col']")
    rows = {_text(row.find("th")): row for row in tree.xpath("//tbody/tr")}
    assert all(row.find("th").get("scope") == "row" for row in rows.values())
    (link,) = rows["Jo Tarn person"].xpath("./td//a")
    assert _text(link) == "Opposes ▼ 3 stories"
    assert _text(rows["Jo Tarn person"].xpath("./td/small")[0]) == "thin evidence"  # all in one publication
    assert link.get("href") == "/positions/person%3Ajo-tarn/pooling"


def test_cell_leads_to_quotes_newest_first_and_on_to_the_article(filled: TestClient) -> None:
    tree = _tree(filled, "/positions/person%3Ajo-tarn/pooling")
    marked = [_text(mark) for mark in tree.xpath("//blockquote//mark")]
    assert marked == [f"pooling in area {i} would take money away from surgeries {i}" for i in (2, 1, 0)]
    first = _text(tree.xpath("//*[contains(@class, 'quote')]//li | //li[contains(@class, 'quote')]")[0])
    for part in ("Opposes ▼", "Jo Tarn", "Report 2.txt", "Wexshire Health News, 1 March 2012", "high confidence, 0.90"):
        assert part.casefold() in first.casefold()
    path, _, anchor = tree.xpath("//li[contains(@class, 'quote')]//a/@href")[0].partition("#")
    article = _tree(filled, path)
    (target,) = article.xpath(f"//*[@id='{anchor}']")
    assert _text(target.getnext()) == marked[0]


def test_quote_shows_office_condition_reasons_and_context(filled: TestClient) -> None:
    text = _text(_tree(filled, "/positions/ccg%3Amid-wexshire/pooling"))
    for part in (
        "Dr Asha Merton, chair of Mid Wexshire CCG, said: ‘A single budget,’ she added, ‘would end the blame game.’",
        "Asha Merton, chair, Mid Wexshire CCG",
        "Quoted word for word, speaking in an official capacity",
        "Condition: A single budget",
        "Reasons given: end the blame game",
    ):
        assert part in text


def test_view_told_by_the_writer_is_marked_and_linked(filled: TestClient) -> None:
    tree = _tree(filled, "/positions/person%3Aasha-merton/capitation?min_confidence=0")
    assert [_text(mark) for mark in tree.xpath("//blockquote//mark")] == ["She had opposed the idea in 2013"]
    assert "told by the writer" in _text(tree).casefold()
    path, _, anchor = tree.xpath("//li[contains(@class, 'quote')]//a/@href")[0].partition("#")
    assert _tree(filled, path).xpath(f"//*[@id='{anchor}']/following-sibling::mark[contains(@class, 'clause')]")


def test_article_text_is_unchanged_between_its_marks(filled: TestClient, analysis: Analysis) -> None:
    tree = _tree(filled, f"/articles/{analysis.article.id}")
    blocks = tree.xpath("//div[starts-with(@class, 'block')]/div[@class='text']")
    shown = ["".join(block.itertext()) for block in blocks]
    for block, text in zip(analysis.article.blocks, shown, strict=True):
        assert text.endswith(analysis.article.text[block.start : block.end])
    notes = _text(tree.xpath("//ul[@class='notes']")[1])
    assert "Statement: Asha Merton" in notes and "Supports ▲ Pooling" in notes
    assert shown[-1].startswith("set aside")


def test_every_link_of_every_page_leads_somewhere(filled: TestClient) -> None:
    waiting, seen = ["/"], {"/"}
    anchors: dict[str, set[str]] = {}
    wanted: list[tuple[str, str]] = []
    alike: Counter[tuple[str, frozenset[str]]] = Counter()
    while waiting:
        path = waiting.pop()
        if path == "/openapi.json" or path.startswith(FILES) or ".csv" in path or ".json" in path:
            assert filled.get(path).status_code == 200
            continue
        tree = _tree(filled, path)
        anchors[path] = set(tree.xpath("//@id"))
        for href in tree.xpath("//a/@href | //link/@href | //script/@src | //img/@src"):
            parts = urlsplit(urljoin(BASE + path, href))
            if parts.netloc != urlsplit(BASE).netloc:
                continue
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.fragment:
                wanted.append((target, parts.fragment))
            # Filters are put together without end: of those that give the same names, so many are followed.
            names = parts.path, frozenset(parse_qs(parts.query))
            if target not in seen and (not parts.query or alike[names] < 3):
                alike[names] += 1
                seen.add(target)
                waiting.append(target)
    assert len(seen) > 40
    assert [(page, anchor) for page, anchor in wanted if page in anchors and anchor not in anchors[page]] == []


@pytest.mark.parametrize("path", [
        "/", "/figures", "/about", "/docs", "/positions/person%3Ajo-tarn/pooling", "/nope", "/topics",
        "/topics/pooling", "/topics/pooling?camp=oppose", "/stakeholders/person%3Ajo-tarn",
    ],
)  # fmt: skip
def test_pages_hold_nothing_that_the_policy_forbids(filled: TestClient, path: str) -> None:
    tree = html.fromstring(filled.get(path).text)
    assert not tree.xpath("//style | //script[not(@src)] | //*[@style] | //@*[starts-with(name(), 'on')]")
    assert not tree.xpath("//*[contains(@src, '//')] | //link[contains(@href, '//')]")
    assert (
        tree.get("lang") == "en-GB"
        and tree.xpath("//a[@class='skip'][@href='#main']")
        and tree.xpath("//main[@id='main']")
    )
    assert len(tree.xpath("//h1")) == 1 and "Machine-extracted by Standpoint" in _text(tree)


def test_text_of_articles_is_escaped_everywhere(client: TestClient, store: Store) -> None:
    text = f"{NASTY}\n\nShe said {NASTY} is right."
    article = Article(
        Article.identify("nasty", text), "nasty", text, "text", title=NASTY, publisher=NASTY, author=NASTY,
        url="javascript:alert(1)", blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),),
    )  # fmt: skip
    span = article.span(len(NASTY) + 11, len(NASTY) + 11 + len(NASTY))
    evidence = Evidence(0.95, "hand", NASTY, (span,))
    from nlp.records import Manner, Stance, Statement

    store.writer.write_analysis(
        Analysis(
            article,
            Run(NASTY, "d"),
            stakeholders=(Stakeholder("x", NASTY, StakeholderKind.GROUP),),
            statements=(Statement("s1", "x", Manner.DIRECT, (span,), evidence),),
            stances=(Stance("x", "pooling", StanceLabel.SUPPORT, evidence, statement="s1", rationales=(span,)),),
        )
    )
    pages = ("/", "/positions/x/pooling", f"/articles/{article.id}", "/stakeholders/x", "/topics/pooling")
    for path in pages:
        page = client.get(path).text
        assert "<img src=x" not in page and "javascript:" not in page and "49" not in re.sub(r"\d{4,}", "", page)
        assert escape(NASTY).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in page


def test_filters_narrow_the_map_and_stay_in_the_form(filled: TestClient) -> None:
    tree = _tree(filled, "/?kind=organisation&topic=pooling&from=2014-01-01&min_confidence=0.9&publisher=&unknown=1")
    assert [_text(row) for row in tree.xpath("//tbody/tr/th")] == ["Mid Wexshire CCG organisation"]
    chosen = {s.get("name"): s.xpath("./option[@selected]/@value") for s in tree.xpath("//select")}
    assert chosen == {
        "topic": ["pooling"], "kind": ["organisation"], "group": [], "publisher": [], "min_confidence": ["0.9"],
        "sort": ["stories"],
    }  # fmt: skip
    assert tree.xpath("//input[@name='from']/@value") == ["2014-01-01"]
    (href,) = tree.xpath("//tbody//td/a/@href")
    assert href == "/positions/ccg%3Amid-wexshire/pooling?from=2014-01-01&min_confidence=0.9"
    assert "Supports" in _text(_tree(filled, href))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=x", "Write a day as YYYY-MM-DD"),
        ("from=2015-01-01&to=2014-01-01", "This day lies before the first one"),
        ("kind=robot", "Choose person, organisation or group"),
        ("min_confidence=nan", "Choose one of the list"),
        ("group=robot", "Choose one of the list"),
        ("sort=colour", "Choose one of the list"),
        ("from=2011-01-01&as_of=2010-01-01", "This day lies before the first one"),
    ],
)
def test_field_that_cannot_be_used_is_explained_beside_it(filled: TestClient, query: str, words: str) -> None:
    tree = _tree(filled, f"/?{query}", 422)
    (field,) = tree.xpath("//*[@aria-invalid='true']")
    assert words in _text(tree.get_element_by_id(field.get("aria-describedby")))
    assert tree.xpath("//tbody/tr")


@pytest.mark.parametrize(
    "query", ["topic=%00", "publisher=%ED%A0%80", "page=0", "page=999999", "page=x", "min_confidence=0.33"]
)
def test_odd_queries_never_fail(filled: TestClient, query: str) -> None:
    assert filled.get(f"/?{query}").status_code in (200, 422)


def test_empty_states_say_what_to_do(client: TestClient, store: Store, make_analysis: Callable[..., Analysis]) -> None:
    assert "standpoint ingest PATH" in _text(_tree(client, "/"))
    store.writer.write_analysis(make_analysis("low.txt", confidence=0.3))
    assert "Show those of low confidence too" in _text(_tree(client, "/"))
    assert "clear them all" in _text(_tree(client, "/?publisher=Nobody"))
    assert "Show those of low confidence too" in _text(_tree(client, "/positions/person%3Ajo-tarn/pooling"))


def test_map_of_many_stakeholders_comes_in_pages(
    client: TestClient, store: Store, make_analysis: Callable[..., Analysis]
) -> None:
    for index in range(101):
        store.writer.write_analysis(make_analysis(f"{index}.txt", holder=f"person:holder-{index:03}"))
    more, every = _tree(client, "/?topic=pooling").xpath("//nav[@class='pager']/a/@href")
    assert more == "?topic=pooling&page=2"  # the rows' order and filters go along
    tree = _tree(client, f"/{every}")
    assert len(tree.xpath("//tbody/tr")) == 101 and not tree.xpath("//nav[@class='pager']")
    assert every == "?topic=pooling&rows=all"
    tree = _tree(client, f"/{more}")
    assert len(tree.xpath("//tbody/tr")) == 1 and tree.xpath("//nav[@class='pager']/a[@rel='prev']")


def test_quotes_of_a_busy_stakeholder_come_in_pages(
    client: TestClient, store: Store, make_analysis: Callable[..., Analysis]
) -> None:
    for index in range(25):
        store.writer.write_analysis(make_analysis(f"{index}.txt"))
    path = "/positions/person%3Ajo-tarn/pooling?min_confidence=0.4"
    (more,) = _tree(client, path).xpath("//nav[@class='pager']/a/@href")
    assert len(_tree(client, path.partition("?")[0] + more).xpath("//li[contains(@class, 'quote')]")) == 5
    assert client.get(path + "&after=x").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/articles/x",
        "/positions/x/pooling",
        "/positions/person%3Ajo-tarn/x",
        "/articles/%00",
        "/stakeholders/x",
        "/stakeholders/%00",
        "/topics/x",
        "/topics/pooling?camp=robot",
        "/topics/pooling?conditions=x",
        "/stakeholders/x/positions.csv",
        "/topics/x/all.json",
    ],
)
def test_pages_that_are_not_there_say_so_in_plain_words(filled: TestClient, path: str) -> None:
    text = _text(_tree(filled, path, 404))
    assert "There is no such page" in text and "Go to the map" in text


def test_without_a_database_the_map_says_what_to_do(tmp_path: Path) -> None:
    client = TestClient(create_app(Settings(data=tmp_path / "none")), base_url=BASE)
    assert "standpoint ingest" in _text(_tree(client, "/", 503))
    assert client.get("/about").status_code == 200 and client.get("/docs").status_code == 200


def test_reference_lists_every_address_with_a_form(client: TestClient) -> None:
    tree = _tree(client, "/docs")
    document = client.get("/openapi.json").json()
    shown = {(form.get("data-method"), form.get("data-path")) for form in tree.xpath("//form")}
    assert shown == {(m.upper(), path) for path, methods in document["paths"].items() for m in methods}
    for form in tree.xpath("//form"):
        operation = document["paths"][form.get("data-path")][form.get("data-method").lower()]
        names = {field.get("name") for field in form.xpath(".//*[@data-in]")}
        assert {parameter["name"] for parameter in operation.get("parameters", ())} <= names
    assert [option.text for option in tree.xpath("//select[@name='stance']")[0]] == list(StanceLabel)


def test_pages_answer_304_to_the_reader_who_has_them(filled: TestClient) -> None:
    tag = filled.get("/").headers["etag"]
    assert filled.get("/", headers={"If-None-Match": tag}).status_code == 304


_MARKS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from(["a", "b", "c"]), st.sampled_from(["", "x", "y"]))
)


@given(st.text(min_size=45, max_size=45), st.integers(0, 20), st.integers(21, 45), _MARKS)
def test_cutting_keeps_every_character_and_marks_exactly_what_is_covered(
    text: str, start: int, end: int, rows: list[tuple[int, int, str, str]]
) -> None:
    marks = [Mark(first, first + length, kind, anchor) for first, length, kind, anchor in rows]
    pieces = cut(text, start, end, marks)
    assert "".join(piece.text for piece in pieces) == text[start:end]
    offset = start
    for piece in pieces:
        middle = {m.kind for m in marks if m.start <= offset and m.end >= offset + len(piece.text)}
        touching = {m.kind for m in marks if m.start < offset + len(piece.text) and m.end > offset}
        assert set(piece.kinds) == middle == touching
        offset += len(piece.text)


def test_block_is_found_by_offset_and_gaps_have_none() -> None:
    blocks = [Block(BlockKind.PARAGRAPH, 0, 5), Block(BlockKind.PARAGRAPH, 7, 9)]
    assert [block_at(blocks, offset) for offset in (0, 4, 5, 7, 9)] == [blocks[0], blocks[0], None, blocks[1], None]


def test_dates_are_no_more_exact_than_their_source() -> None:
    found = [date_words(PartialDate.parse(text)) for text in ("2014-05-04", "2014-05", "2014")]
    assert found == ["4 May 2014", "May 2014", "2014"] and date_words(None) == "date unknown"


def test_confidence_is_said_in_words_beside_its_number() -> None:
    assert [confidence_words(value) for value in (0.95, 0.7, 0.2)] == [
        "high confidence, 0.95",
        "medium confidence, 0.70",
        "low confidence, 0.20",
    ]


def test_count_is_of_the_stories_that_show_the_stance() -> None:
    both = ((StanceLabel.SUPPORT, 2), (StanceLabel.OPPOSE, 3))
    position = Position("x", "pooling", StanceLabel.OPPOSE, Strength.PLAIN, 0.9, stories=both, story_count=4)
    assert (story_count(position), stance_cell(position)) == (3, "Opposes ▼ 3")
    assert stance_cell(replace(position, label=StanceLabel.MIXED)) == "Mixed ◐ 4"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["topic", "kind", "publisher", "from", "to", "as_of", "group", "sort", "min_confidence", "page", "z"]
            ),
            st.text(),
        )
    )
)
def test_no_form_input_fails(pairs: list[tuple[str, str]]) -> None:
    form = MapForm.read(pairs)
    assert 0 <= form.confidence <= 1 and form.page >= 1
    assert form.to_filters() is not None and form.page_query(2).startswith("?")


def test_note_of_a_figure_says_its_terms_recurrence_and_links(analysis: Analysis) -> None:
    notes = [note for block in block_views(analysis, {}) for note in block.notes if note.anchor == "f1"]
    assert all(word in notes[0].detail for word in ("in real terms", "recurring", "changed from £2m"))
