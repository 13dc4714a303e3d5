"""Readers: the format is told from the content, text files are never altered, bad input gets one clear line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlp.errors import StandpointError, UnreadableError
from nlp.readers import is_file_text, read_bytes, read_file
from nlp.readers.dates import read_date
from nlp.records import Article, Genre

PROSE = (
    "Northfield CCG has voted to take on the commissioning of GP services from NHS England, "
    "saying that the move would save £2.5m a year and give practices a voice in how the money is spent."
)
OTHER = "But the local medical committee said that it would not pool the core budget with hospital money."


def article(text: str, source: str = "x.txt") -> Article:
    (found,) = read_bytes(text.encode(), source=source)
    return found


def page(body: str, head: str = "") -> Article:
    return article(
        f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>", "x.html"
    )


def hinted(found: Article, role: str) -> list[str]:
    return [found.text[hint.start : hint.end] for hint in found.hints if hint.role == role]


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as raised:
        read_bytes(data, source="odd.txt")
    return str(raised.value)


# Plain text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_is_the_file_as_decoded_with_its_line_ends(tmp_path: Path, end: str) -> None:
    text = f"  A headline about budgets{end}{end}{PROSE}\u2028{end}\t{OTHER}  {end}"
    path = tmp_path / "one.txt"
    path.write_bytes(text.encode())
    (found,) = read_file(path)
    assert found.text == text
    assert found.source == "one.txt"
    assert found.id == Article.identify("one.txt", text)
    assert is_file_text(found)


def test_utf8_mark_stays_in_the_text_so_that_offsets_fit_the_file() -> None:
    text = f"\ufeffTitle: Board backs local contracts\n\n{PROSE}"
    found = article(text)
    assert found.text == text
    assert found.title == "Board backs local contracts"
    assert hinted(found, "title") == ["Board backs local contracts"]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_other_encodings_are_read_and_marked_as_not_the_file_text(encoding: str) -> None:
    text = f"‘It’s £350m – at least,’ she said.\r\n\r\n{PROSE}"
    (found,) = read_bytes(text.encode(encoding), source="x.txt")
    assert found.text == text
    assert not is_file_text(found)


@given(st.text(min_size=1))
@example("Title:\n")
@example("By A B\n")
def test_any_text_is_kept_or_refused_and_hints_stay_inside(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    try:
        (found,) = read_bytes(data, source="x.txt")
    except UnreadableError:
        return
    if found.reader.startswith("text/1") and is_file_text(found):
        assert found.text == data.decode("utf-8")
    assert all(0 <= hint.start < hint.end <= len(found.text) for hint in found.hints)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_bytes(data, source="x")
    except UnreadableError as error:
        assert str(error).startswith("x: ")


def test_header_lines_give_metadata() -> None:
    found = article(
        "Title: Board backs local contracts\nPublisher: Northfield Gazette\nDate: May 2014\nAuthor: Priya Lund\n"
        f"URL: https://gazette.example/1\nGenre: Letter\n\n{PROSE}\n"
    )
    assert (found.title, found.publisher, str(found.published)) == (
        "Board backs local contracts",
        "Northfield Gazette",
        "2014-05",
    )
    assert (found.author, found.url, found.source) == ("Priya Lund",) + ("https://gazette.example/1",) * 2
    assert found.genre is Genre.LETTER
    assert hinted(found, "title") == ["Board backs local contracts"]


@pytest.mark.parametrize("key", ["Dr Fenn", "Exclusive", "Background"])
def test_a_speaker_or_kicker_is_no_header(key: str) -> None:
    found = article(f"{key}: the budget must stay where it is\n\n{PROSE}\n")
    assert found.hints == () or hinted(found, "title") == [f"{key}: the budget must stay where it is"]
    assert found.publisher is None


def test_headline_byline_and_date_are_told_by_their_form() -> None:
    found = article(f"Board backs local contracts\n\nBy Priya Lund, health editor\nWednesday 3 June 2015\n\n{PROSE}\n")
    assert (found.title, found.author, str(found.published)) == (
        "Board backs local contracts",
        "Priya Lund",
        "2015-06-03",
    )


@pytest.mark.parametrize(
    "byline",
    ["By Priya Lund | 12 May 2014", "by Priya Lund, 12 May 2014", "By Priya Lund - Health Editor - 12 May 2014"],
)
def test_a_byline_may_carry_the_date(byline: str) -> None:
    found = article(f"Board backs local contracts\n{byline}\n\n{PROSE}\n")
    assert (found.author, str(found.published)) == ("Priya Lund", "2014-05-12")


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Dr Rosa Lund", "Rosa Lund"),
        ("By Rosa Lund, Local Democracy Reporter", "Rosa Lund"),
        ("By Rosa Lund @RosaLundNews", "Rosa Lund"),
        ("By Rosa Lund, James Ode and Zadie Quarm", "Rosa Lund, James Ode and Zadie Quarm"),
        ("Interview: Rosa van der Lund", "Rosa van der Lund"),
    ],
)
def test_byline_gives_names_without_offices(line: str, author: str) -> None:
    assert article(f"Board backs local contracts\n\n{line}\n\n{PROSE}\n").author == author


@pytest.mark.parametrize(("line", "author"), [("Laura Tennick", "Laura Tennick"), ("Primary Care News", None)])
def test_a_name_beside_the_date_is_the_author(line: str, author: str | None) -> None:
    assert article(f"Board backs local contracts\n\n{line}\n9 October 2014\n\n{PROSE}\n").author == author


def test_a_date_may_end_a_line_after_a_comma() -> None:
    found = article(f"Board backs local contracts\n\nNorthfield Gazette leader, 6 July 2017\n\n{PROSE}\n")
    assert str(found.published) == "2017-07-06"
    assert article(f"Board backs cuts planned for 6 July 2017\n\n{PROSE}\n").published is None


def test_keys_of_a_board_paper_are_read_below_its_first_lines() -> None:
    found = article(
        "Northfield Clinical Commissioning Group\nGoverning Body, 29 November 2016\nAgenda item: 163/16\n"
        "Report title: Application for delegation\nReport author: Rosa Lund, Head of Contracts\n\n"
        f"1. Purpose\n\n{PROSE}\n"
    )
    assert (found.title, found.author, str(found.published)) == (
        "Application for delegation",
        "Rosa Lund",
        "2016-11-29",
    )


def test_a_kicker_called_comment_hides_nothing() -> None:
    found = article(f"Comment\n\nWhy we will not join\n\nBy Rosa Lund\n19 April 2018\n\n{PROSE}\n")
    assert (found.author, str(found.published)) == ("Rosa Lund", "2018-04-19")


@pytest.mark.parametrize(
    "line",
    ["By Christmas the budget will be gone.", "By April 2014 CCGs will hold budgets", "By the same token, GPs lose"],
)
def test_a_sentence_that_opens_with_by_names_no_author(line: str) -> None:
    assert article(f"Board backs local contracts\n\n{line}\n\n{PROSE}\n").author is None


def test_title_is_left_open_where_several_lines_could_be_it() -> None:
    found = article(f"GPs go their own way\n\nBoard backs local contracts\n\n{PROSE}\n")
    assert found.title is None


def test_furniture_is_no_title() -> None:
    found = article(f"This site is intended for health professionals only\n\nBoard backs contracts\n\n{PROSE}\n")
    assert found.title == "Board backs contracts"


def test_text_that_opens_with_prose_has_no_title() -> None:
    assert article(f"{PROSE}\n\nThere is hope\n\n{OTHER}\n").title is None


def test_publisher_line_is_read() -> None:
    found = article(f"Board backs local contracts\n\nFirst published in Northfield Gazette, 12 May 2014\n\n{PROSE}\n")
    assert found.publisher == "Northfield Gazette"


def test_dates_of_readers_comments_are_not_the_articles() -> None:
    found = article(f"Board backs local contracts\n\n{PROSE}\n\nReaders' comments (2)\n\n12 May 2014\n\nWhat a joke\n")
    assert found.published is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 May 2014", "2014-05-12"),
        ("Wednesday 3 June 2015, 10:30am", "2015-06-03"),
        ("Published on Wed, 12th Sept 2014 at 09.15", "2014-09-12"),
        ("May 2014", "2014-05"),
        ("14/05/2014", "2014-05-14"),
        ("14.05.14", "2014-05-14"),
        ("2014-05-12T23:30:00+01:00", "2014-05-12"),
        ("May 12, 2014", "2014-05-12"),
        ("31 June 2014", "None"),
        ("14/13/2014", "None"),
        ("Accounts to 31 March 2014", "None"),
        ("2014", "None"),
    ],
)
def test_dates_are_read_in_british_forms_with_their_precision(text: str, expected: str) -> None:
    assert str(read_date(text)) == expected


# Bad input


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", "\ufeff \u200b\xa0".encode()])
def test_file_without_text_is_refused(data: bytes) -> None:
    assert "holds no text" in refusal(data)


@pytest.mark.parametrize(
    "data", [b"abc\0def" * 9, b"\x01\x02\x03 text", "text".encode("utf-16-le"), "a\0b".encode("utf-16")]
)
def test_binary_is_refused(data: bytes) -> None:
    assert "binary" in refusal(data)


@pytest.mark.parametrize(
    ("magic", "name"), [(b"%PDF-1.7 \xe2\xe3", "PDF"), (b"PK\x03\x04abc", "ZIP"), (b"\x89PNG", "image")]
)
def test_other_formats_are_named(magic: bytes, name: str) -> None:
    assert name in refusal(magic)


@pytest.mark.parametrize(
    "data",
    [
        PROSE.encode() + "It’s broken ".encode() * 3 + b"\x92 here",  # UTF-8 with one foreign byte
        "Здоровье важнее всего".encode("koi8-r"),
        b"undefined \x81 in every one of them",
    ],
)
def test_wrong_encoding_is_refused_rather_than_misread(data: bytes) -> None:
    assert "not text in UTF-8, UTF-16 or Windows-1252" in refusal(data)


def test_large_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as handle:
        handle.truncate(50_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("the file was read"))
    with pytest.raises(UnreadableError, match="larger than 20 MB"):
        read_file(path)


def test_folder_missing_file_and_pipe_each_say_what_to_do(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, words in (
        (tmp_path, "is a folder"),
        (tmp_path / "none.txt", "no such file"),
        (tmp_path / "pipe", "pipe"),
    ):
        with pytest.raises(UnreadableError, match=words) as raised:
            read_file(path)
        assert str(raised.value).startswith(f"{path}: ")
        assert raised.value.do


def test_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "closed.txt"
    path.write_text(PROSE)

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableError, match="may not be read"):
        read_file(path)


# Web pages

ARTICLE = f"<main><article><h1>Board backs local contracts</h1><p>{PROSE}</p><p>{OTHER}</p></article></main>"


def test_page_is_told_by_content_not_by_name() -> None:
    (found,) = read_bytes(f"<!-- saved -->\n<html><body>{ARTICLE}".encode(), source="page.txt")
    assert found.reader == "html/1"
    assert found.text == f"Board backs local contracts\n\n{PROSE}\n\n{OTHER}"


def test_json_ld_comes_before_meta_tags() -> None:
    found = page(
        ARTICLE,
        """<title>Board | Gazette</title><meta property="og:title" content="Meta title">
        <meta property="og:site_name" content="Northfield Gazette"><meta name="author" content="By Ann Lee">
        <script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type": ["OpinionNewsArticle"],
        "headline": "Board backs local contracts &amp; budgets", "datePublished": "2015-06-03T09:00:00+01:00",
        "author": [{"name": "Priya Lund"}, {"name": "Sam Ode"}], "url": "https://gazette.example/1"}]}</script>""",
    )
    assert found.title == "Board backs local contracts & budgets"
    assert (found.publisher, found.author, str(found.published)) == (
        "Northfield Gazette",
        "Priya Lund, Sam Ode",
        "2015-06-03",
    )
    assert found.source == found.url == "https://gazette.example/1"
    assert found.genre is Genre.COMMENT


def test_meta_tags_serve_where_json_ld_is_broken() -> None:
    found = page(
        ARTICLE,
        """<meta property="og:title" content="Meta title"><meta name="author" content="By Ann Lee">
        <meta property="article:published_time" content="2015-06-03"><link rel="canonical" href="javascript:alert(1)">
        <script type="application/ld+json">{"@type": "NewsArticle", </script>""",
    )
    assert (found.title, found.author, str(found.published)) == ("Meta title", "Ann Lee", "2015-06-03")
    assert found.url is None
    assert found.source == "x.html"


def test_month_on_a_page_stays_a_month() -> None:
    found = page(
        f"<main><article><p class='date'>May 2014</p><h1>Board</h1><p>{PROSE}</p><p>{OTHER}</p></article></main>"
    )
    assert str(found.published) == "2014-05"


def test_title_missing_from_the_body_is_put_first() -> None:
    found = page(
        f"<main><p>{PROSE}</p><p>{OTHER}</p></main>", "<meta property='og:title' content='Board backs contracts'>"
    )
    assert found.text.startswith("Board backs contracts\n\nNorthfield")
    assert hinted(found, "title") == ["Board backs contracts"]


def test_headings_and_captions_are_hinted() -> None:
    found = page(
        f"<article><h1>Board</h1><p>{PROSE}</p><figure><img src=x><figcaption>Dr Alan Brook, the chair</figcaption>"
        f"</figure><h2>Red line</h2><p>{OTHER}</p><p>{PROSE[::-1]}.</p></article>"
    )
    assert hinted(found, "heading") == ["Red line"]
    assert hinted(found, "caption") == ["Dr Alan Brook, the chair"]


@pytest.mark.parametrize("attribute", ["id='comments'", "class='entry comments-area'", "id='disqus_thread'"])
def test_readers_comments_are_left_out(attribute: str) -> None:
    comment = "Dr Brook said this would never work in a thousand years, and everybody here knows it."
    found = page(
        f"<article><p>{PROSE}</p><p>{OTHER}</p></article><div {attribute}><h3>2 comments</h3><p>{comment}</p></div>"
    )
    assert "thousand years" not in found.text


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<ul><li><a href='/'>Home</a></li><li><a href='/news'>News</a></li></ul>",
        "<form><p>Sign in to read on. Register now for free access to our newsletter and our email alerts today.</p>",
    ],
)
def test_page_without_an_article_is_refused(body: str) -> None:
    with pytest.raises(UnreadableError, match="without an article"):
        page(body)


def test_xml_of_no_known_format_is_refused() -> None:
    assert "XML without a page" in refusal(b"<?xml version='1.0'?><catalogue><book/></catalogue>")


def test_data_is_refused_and_text_in_brackets_is_not() -> None:
    assert "JSON data" in refusal(b' {"document": {"title": null}}')
    assert article(f"[Corrected on 3 June]\n\n{PROSE}").text.startswith("[Corrected")


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "zip"])
def test_pages_encoding_is_what_fits_the_bytes(charset: str) -> None:
    html = f"<html><head><meta charset='{charset}'></head><body>{ARTICLE}<p>‘It’s £5m,’ she said of the plan.</p>"
    (found,) = read_bytes(html.encode("cp1252"), source="x.html")
    assert "£2.5m" in found.text


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>" + "<div>" * 50_000 + f"<p>{PROSE}</p>",
        "<html><body><article>" + "<blockquote>" * 3_000 + f"<p>{PROSE}</p>",
        "<html><body><p>" + "<span>" * 10_000 + f"</p>{ARTICLE}",
        f"<html><body><div class='{'a' * 11_000_000}'>{ARTICLE}",
        f"<html><script type='application/ld+json'>{'[' * 100_000}</script><body>{ARTICLE}",
        f"<html><script type='application/ld+json'>{'9' * 10_000}</script><body>{ARTICLE}",
        '<html><script type="application/ld+json">{"@type": ["Article", 3], "headline": {}, "author": [[1]], '
        f'"url": [null]}}</script><body>{ARTICLE}',
        "<!--" + "--><!--" * 3_000 + "<html>",
        f"<html><body><p>&#xD800;&#0;&#x110000;</p>{ARTICLE}",
    ],
)
def test_hostile_pages_are_read_or_refused(html: str) -> None:
    try:
        (found,) = read_bytes(html.encode(), source="x.html")
    except StandpointError:
        return
    assert found.text.encode("utf-8", "strict")


def test_a_page_of_tables_and_line_breaks_is_laid_out_line_by_line() -> None:
    from lxml.html import document_fromstring

    from nlp.readers.laid_out import lay_out

    tree = document_fromstring(
        "<title>x</title><table><tr><td><a href=/>Home</a><br><form>User name</form></td><td><font size=5>"
        "<b>Board backs contracts</b></font><br>09 Jun 2009<br><br>The vote was <i>nine</i>\n to three.<br>"
        "<script>1</script>It is over."
    )
    assert lay_out(tree) == [
        "Home",
        "Board backs contracts",
        "09 Jun 2009",
        "The vote was nine to three.",
        "It is over.",
    ]
    assert lay_out(document_fromstring("<div>" * 200 + "deep")) == ["deep"]


def test_a_page_that_marks_no_paragraphs_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.readers.html.bare_extraction", lambda *_, **__: None)
    third = "The vote was nine to three, and nobody in the hall spoke against it."
    found = page(f"<td>Home<br>Board backs contracts<br>{PROSE}<br>{OTHER}<br>{third}<br></td>")
    assert found.text.split("\n\n")[-3:] == [PROSE, OTHER, third]
    with pytest.raises(UnreadableError, match="without an article"):
        page(f"<td>Home<br>{PROSE}</td>")
