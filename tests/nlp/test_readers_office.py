"""Readers of office documents and press databases: what they refuse and join, how long hostile files take."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from pypdf import PdfReader, PdfWriter

from nlp.errors import UnreadableError
from nlp.readers import packages, pdf, reading_of_bytes
from nlp.readers.databases import looks_like
from nlp.readers.databases.cuttings import dated, genre_of, in_order, paragraphs, web_address
from nlp.readers.formats import FORMATS, Content, format_of
from nlp.readers.pdf_lines import Fragment, lines_of, rows_of, without_running
from nlp.readers.pdf_paragraphs import paragraphs_of
from nlp.records import Genre

ZOO = Path(__file__).resolve().parent / "zoo"
PROSE = "The board of Northfield CCG has asked NHS England for full delegation of GP contracts this year."


def load_maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_office", ZOO / "make_office.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = load_maker()


def text_of(data: bytes, source: str = "x") -> str:
    (article,) = reading_of_bytes(data, source=source).articles
    return article.text


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as raised:
        reading_of_bytes(data, source="odd")
    assert raised.value.do
    return raised.value.what


def package(parts: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()


def word(**more: bytes) -> bytes:
    document = ZipFile(BytesIO(MAKER.docx(MAKER.paragraph(PROSE))))
    parts = {name: document.read(name) for name in document.namelist()}
    return package({**parts, **{name.replace("__", "/"): data for name, data in more.items()}})


# Packages


def test_a_word_document_is_told_by_its_first_member_and_an_archive_of_them_is_none() -> None:
    document = MAKER.docx(MAKER.paragraph(PROSE))
    assert format_of(Content(document)).name == "docx"
    archive = package({"cuttings/a.docx": document}, method=0)
    assert b"word/document.xml" in archive
    assert not next(each for each in FORMATS if each.name == "docx").recognises(Content(archive))


def test_a_bomb_is_refused_before_a_library_opens_it() -> None:
    assert "unpacks to too much" in refusal(word(word__media__a=b"0" * 3_000_000))
    assert "unpacks to too much" in refusal(word(word__big=b"<a/>" + b" " * (packages.MOST_XML_BYTES + 1)))
    assert "files in it" in refusal(word(**{f"p{number}": b"" for number in range(packages.MOST_MEMBERS)}))


def test_large_pictures_that_do_not_shrink_are_no_bomb() -> None:
    picture = bytes(number * number % 251 for number in range(300_000)) * 2
    assert text_of(word(word__media__a=picture)) == PROSE


@pytest.mark.parametrize("marks", [b"<!DOCTYPE a>", b"<!ENTITY b 'c'>", b"<!doctype a>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_part_and_encoding(marks: bytes, encoding: str) -> None:
    part = f'<?xml version="1.0" encoding="{encoding}"?>{marks.decode()}<a/>'.encode(encoding)
    assert "XML entities" in refusal(word(**{"word__theme.xml": part}))


def test_odd_encodings_of_xml_are_refused_as_they_could_hide_entities() -> None:
    assert "XML entities" in refusal(word(**{"a.xml": b'<?xml version="1.0" encoding="UTF-7"?><a/>'}))


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "C:/evil", "word\\..\\..\\evil"])
def test_members_that_point_outside_are_refused(name: str) -> None:
    assert "points outside" in refusal(word(**{name: b"x"}))


def test_other_packing_and_passwords_are_refused() -> None:
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}
    assert "unknown way" in refusal(package(parts, ZIP_BZIP2))
    locked = bytearray(package(parts))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = locked.find(mark)
        while place >= 0:
            locked[place + at] |= 1
            place = locked.find(mark, place + 1)
    assert "password" in refusal(bytes(locked))


# Word, OpenDocument, rich text


def test_strict_documents_and_those_with_macros_are_told_from_damaged_ones() -> None:
    strict = (
        ZipFile(BytesIO(word()))
        .read("_rels/.rels")
        .replace(b"http://schemas.openxmlformats", b"http://purl.oclc.org/ooxml/")
    )
    assert "strict form" in refusal(word(**{"_rels/.rels": strict}))
    types = ZipFile(BytesIO(word())).read("[Content_Types].xml")
    macros = types.replace(
        b"openxmlformats-officedocument.wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"
    )
    assert "macros" in refusal(word(**{"[Content_Types].xml": macros}))


def test_an_opendocument_text_needs_no_properties() -> None:
    document = ZipFile(BytesIO(MAKER.odt(f"<text:p>{PROSE}</text:p>")))
    parts = {name: document.read(name) for name in document.namelist() if name not in ("meta.xml", "settings.xml")}
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert text_of(packed.getvalue()) == PROSE


def test_moved_text_is_read_where_it_went() -> None:
    moved = MAKER.run("moved ")
    body = MAKER.paragraph(
        "Start ", f"<w:moveFrom>{moved}</w:moveFrom>", MAKER.run("middle "), f"<w:moveTo>{moved}</w:moveTo>"
    )
    assert text_of(MAKER.docx(body)) == "Start middle moved"


def test_breaks_tabs_and_soft_hyphens_become_what_is_seen() -> None:
    seen = "<w:r><w:tab/><w:t>co</w:t><w:noBreakHyphen/><w:t>op</w:t><w:br/><w:t>two\u00adfold</w:t></w:r>"
    assert text_of(MAKER.docx(MAKER.paragraph("One", seen))) == "One co-op\ntwofold"


def test_the_person_who_saved_a_document_is_not_its_author() -> None:
    (article,) = reading_of_bytes(MAKER.docx(MAKER.paragraph(PROSE)), source="x").articles
    assert (article.author, article.title) == (None, None)


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (r"{\rtf1\ansi\ansicpg1252 It\'92s \'a33m\'85}", "It’s £3m…"),
        (r"{\rtf1\ansi\uc1 caf\u233?s and \u8364 ?s}", "cafés and €s"),
        (r"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fcharset204 A;}}\f0 \'cf\'f0\'e8\'e2\'e5\'f2 all}", "Привет all"),
        (
            r"{\rtf1 a{\*\generator x;}b\par c{\field{\*\fldinst HYPERLINK \"http://e.org\"}{\fldrslt link}} d}",
            "ab\n\nclink d",
        ),
        (r"{\rtf1 kept{\deleted  gone} {\footnote\chftn note {\i in it}.}text}", "kept text\n\n1. note in it."),
        (r"{\rtf1 kept{\deleted0  too} text}", "kept too text"),
        (r"{\rtf1\ansi\u99999999999?x}", None),
    ],
)
def test_rich_text_is_read_as_it_is_seen(rtf: str, text: str | None) -> None:
    if text is None:
        assert refusal(rtf.encode())
    else:
        assert text_of(rtf.encode()) == text


# PDF


def page(*lines: tuple[float, float, str], size: float = 10) -> list[Fragment]:
    return [Fragment(x, y, size, text) for x, y, text in lines]


def joined(*fragments: list[Fragment]) -> list[str]:
    rows = without_running([rows_of(each) for each in fragments])
    lines = [line for number, each in enumerate(rows) for line in lines_of(each, number)]
    return [each.text for each in paragraphs_of(lines)]


@pytest.mark.parametrize(
    ("end", "begin", "word"),
    [
        ("the commis-", "sioning of care", "commissioning"),
        ("a plan for co-", "commissioning of care", "co-commissioning"),
        ("a plan that is GP-", "led and cheap", "GP-led"),
        ("a clinically-", "led group", "clinically-led"),
        ("in the Weston-", "Super club", "Weston-Super"),
        ("a 12-", "month plan", "12-month"),
        ("the face-to-", "face talks", "face-to-face"),
        ("the pooled bud\u00ad", "gets of care", "budgets"),
        ("the part-", "ners said so", "partners"),
        ("on Tues-", "day last", "Tuesday"),
    ],
)
def test_hyphens_at_line_ends_are_joined_unless_the_word_has_one(end: str, begin: str, word: str) -> None:
    long = "and so said everybody else who was there at the time of it"
    (text,) = joined(page((60, 700, f"{long} {end}"), (60, 688, f"{begin} {long}.")))
    assert f" {word} " in f" {text} "


def test_a_word_that_stands_elsewhere_in_the_text_decides_over_its_hyphen() -> None:
    first, other = "They spoke of the re-", "spoke of it at length, and of the re-entry and the re-entry of it, and"
    text = " ".join(
        joined(
            page((60, 700, first + "entry"), (60, 688, other), (60, 676, "then of the whole re-"), (60, 664, "entry."))
        )
    )
    assert text.endswith("whole re-entry.")


def test_page_numbers_and_running_heads_go_and_the_text_runs_on() -> None:
    pages = [
        page(
            (60, 800, f"Wexshire Board, page {number}"),
            (60, 700, "The board met and heard that the sum of it was far"),
            (60, 688, f"from clear to the {number} members who were there that day and"),
            (300, 30, str(number)),
        )
        for number in (1, 2, 3)
    ]
    (text,) = joined(*pages)
    assert text.count("The board met") == 3
    assert "Wexshire" not in text


def test_what_runs_up_the_margin_is_left_out() -> None:
    upright = MAKER.pdf([[(60, 700, 10, PROSE)]])
    assert text_of(upright) == PROSE
    drawn = f"BT /F1 8 Tf 0 1 -1 0 20 100 Tm (Lent by the library) Tj ET BT /F1 9 Tf 1 0 0 1 60 700 Tm ({PROSE}) Tj ET"
    turned = MAKER.assembled(
        [
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn.encode()),
            b"<< /Type /Page /Parent 4 0 R /Contents 2 0 R /Resources << /Font << /F1 1 0 R >> >> >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>",
            b"<< /Type /Catalog /Pages 4 0 R >>",
        ],
        b"/Root 5 0 R",
    )
    assert text_of(turned) == PROSE


def encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(MAKER.pdf([[(60, 700, 10, PROSE)]]))))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_locked_pdf_is_refused_and_one_locked_against_printing_alone_is_read() -> None:
    assert "password" in refusal(encrypted("secret"))
    assert text_of(encrypted("")) == PROSE


def test_pictures_among_pages_of_text_are_told_and_too_many_pages_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    writer = PdfWriter()
    for data in (MAKER.pdf([[(60, 700, 10, PROSE)]]), MAKER.picture_pdf()):
        writer.append(PdfReader(BytesIO(data)))
    out = BytesIO()
    writer.write(out)
    reading = reading_of_bytes(out.getvalue(), source="x")
    assert [(each.where, each.reason) for each in reading.skipped] == [("page 2", "is a picture without a text layer")]
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)
    assert "pages" in refusal(out.getvalue())


def test_characters_that_show_nothing_leave_no_line_behind() -> None:
    lines = [(60, 700, 10, PROSE), (60, 688, 10, "\x00"), (60, 676, 10, PROSE)]
    assert text_of(MAKER.pdf([lines])).count(PROSE) == 2


def test_a_text_layer_of_signs_alone_is_refused() -> None:
    assert "no readable characters" in refusal(
        MAKER.pdf([[(60, 700, 10, "#$%&' *+,-./ :;<=>? @[]^_ " * 3 + "twenty letters make a layer")]])
    )


def test_a_pdf_with_more_than_pages_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_ON_PAGE", 2)
    assert "more text than pages hold" in refusal(MAKER.pdf([[(60, 700 - 12 * at, 10, PROSE) for at in range(5)]]))
    monkeypatch.setattr(pdf, "MOST_ON_PAGE", 10)
    monkeypatch.setattr(pdf, "MOST_FRAGMENTS", 3)
    assert "more text than pages hold" in refusal(MAKER.pdf([[(60, 700, 10, PROSE)]] * 5))


# Press databases


@pytest.mark.parametrize(
    "text",
    [
        f"A headline about length\n\nLength: 543 words\n\n{PROSE}",
        f"{PROSE}\n\nEnd of Document\n\n{PROSE}",
        f"HD stands for headline\n\nPD stands for police\n\n{PROSE}",
        f"Full text: see below\n\n{PROSE}",
        f"TY  - NEWS\n\n{PROSE}",
        f"____________________________\n\n{PROSE}",
    ],
)
def test_an_article_that_has_one_mark_of_a_database_is_an_article(text: str) -> None:
    assert looks_like(text) is None
    assert reading_of_bytes(text.encode(), source="x").format == "text"


def test_an_export_whose_first_article_is_long_is_told_by_its_head() -> None:
    head = "Board votes\n500 words\n12 May 2014\nWexshire Gazette\nWXGAZ\nEnglish\n(c) 2014 Wexshire Newspapers\n\n"
    text = head + f"{PROSE}\n\n" * 400 + "Document WXGAZ00020140512ea5c0001x\n"
    (article,) = reading_of_bytes(text.encode(), source="x").articles
    assert (article.reader, article.source) == ("factiva/1 text", "WXGAZ00020140512ea5c0001x")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("May 12, 2014 Monday", "2014-05-12"),
        ("Monday 12 May 2014 10:28 AM GMT", "2014-05-12"),
        ("12 May 2014 Monday 6:30 AM BST", "2014-05-12"),
        ("10:28 May 12, 2014", "2014-05-12"),
        ("May 2014", "2014-05"),
        ("Monday", None),
        ("May 32, 2014", None),
    ],
)
def test_dates_of_databases_are_no_more_exact_than_printed(text: str, day: str | None) -> None:
    found = dated(text)
    assert (str(found) if found else None) == day


def test_names_sections_and_addresses_of_databases() -> None:
    assert in_order("Okell, Ruth; Devlin, Imran") == "Ruth Okell, Imran Devlin"
    assert in_order("Wexshire Staff") == "Wexshire Staff"
    assert genre_of("LETTERS; Pg. 24") is Genre.LETTER
    assert genre_of("NEWS; Pg. 4") is None
    assert web_address("http://e.org/docview/1?accountid=9") == "http://e.org/docview/1"
    assert web_address("see page 4") is None


def test_lines_broken_by_hand_are_joined_and_paragraphs_of_one_line_are_not() -> None:
    wrapped = ["The board has asked for full delegation of the", "contracts.", "", "It will wait."]
    assert [each.text for each in paragraphs(wrapped)] == [
        "The board has asked for full delegation of the contracts.",
        "It will wait.",
    ]
    whole = [PROSE + " " + PROSE, "It will wait."]
    assert [each.text for each in paragraphs(whole)] == whole


# Hostile files


NUMBER = b"Document ABCDEF0020140512ea5c0001x\n"
RULE = b"_" * 30 + b"\n"
OLDER = b"1 of 2 DOCUMENTS\n\nLENGTH: 3 words\n"
HOSTILE: dict[str, Callable[[int], bytes]] = {
    "ends of documents": lambda size: b"Body\nLength: 5 words\n" + b"x\nEnd of Document\n" * size,
    "a key that goes on": lambda size: OLDER + b"HIGHLIGHT: a\n" + b"b c\n" * size,
    "a key and spaces": lambda size: OLDER + b"\nSubject" + b" " * size + b"x\n",
    "numbered items": lambda size: OLDER + b"".join(b"%d of 99999999 DOCUMENTS\nx\n" % n for n in range(1, size)),
    "accession numbers": lambda size: b"3 words\n" + NUMBER + (b"x\nAN " + NUMBER) * size,
    "fields": lambda size: b"HD\ta\nWC\t3 words\nPD\tb\nSN\tc\n" + b"TD\tx\nLP\ty\n" * size,
    "rules": lambda size: b"Full text: a\n" + RULE + (b"x\n" + RULE) * size,
    "a long line": lambda size: b"Document 1 of 2\nFull text: a\n" + RULE + b"a" * size + b"\nDatabase: x\n",
    "records": lambda size: b"TY  - NEWS\nTI  - x\nAB  - y\n" + b"z\n" * size + b"TY  - NEWS\n" * size,
    "fonts": lambda size: b"{\\rtf1{\\fonttbl" + b"{\\f1 a}" * size + b"} text}",
    "links": lambda size: b"{\\rtf1 text" + b"{\\field{\\*\\fldinst{x}}}" * size + b"}",
    "footnotes": lambda size: b"{\\rtf1 text" + b"{\\footnote a}" * size + b"}",
    "tags": lambda size: b"<html><body>" + b"<" * size,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_linear_time(name: str, linear: Callable[[Callable[[int], object], int], None]) -> None:
    def read(size: int) -> None:
        try:
            reading_of_bytes(HOSTILE[name](size), source="x")
        except UnreadableError as error:
            assert error.what

    linear(read, 3_000)


@pytest.mark.parametrize(
    "words", ["a" * 40, "-" * 40, "a-" * 20, "x y"], ids=["letters", "hyphens", "hyphened", "words"]
)
def test_lines_of_a_pdf_are_joined_in_linear_time(
    words: str, linear: Callable[[Callable[[int], object], int], None]
) -> None:
    def read(size: int) -> None:
        joined([Fragment(60 + number % 7, 100_000 - 12 * number, 10, words) for number in range(size)])

    linear(read, 800)
