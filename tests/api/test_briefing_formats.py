"""The five formats of a briefing: each read back by a reader that did not write it, and nothing hostile alive in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as read_docx
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from markdown_it import MarkdownIt
from odfdo import Document as read_odt

from api.briefing.build import make_briefing
from api.briefing.formats import Format, write_briefing
from api.briefing.layout import Kind, Paragraph, Run, Table, lay_out, one_line
from api.briefing.markdown import BREAK, write_markdown
from api.briefing.record import Asked, Briefing
from api.briefing.web import write_html
from api.services import Services
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis

Make = Callable[..., Analysis]
URL = "https://example.org/shared-budget?a=1&b=(2)"
HOSTILE = (
    "[click](http://evil.example/a) ![x](http://evil.example/x.png)",
    "<script>alert(1)</script><img src=//evil.example onerror=alert(1)> &lt;b&gt;",
    "see http://evil.example or www.evil.example, mail us@evil.example or mailto:us@evil.example",
    "=HYPERLINK(\"http://evil.example\") | a | b `code` *bold* __bold__ ~~gone~~ $x$ ^^",
    "# a heading > a quote 1. a list - a rule --- \\ end",
    "\u202eturned round\u202c and \u2066apart\u2069 and \u200bnothing",
    "bell \x07 and escape \x1b[31m and delete \x7f and \ufffe",
    "👩\u200d⚕️ “curly” ‘quotes’ – dashes […]",
)  # fmt: skip


@pytest.fixture
def hostile(store: Store, settings: Settings, make_analysis: Make) -> Briefing:
    """A briefing of articles whose every text wants to be more than text; one of them has an address."""
    for index, words in enumerate(HOSTILE):
        made = make_analysis(f"{words} {index}", holder=f"person:p-{index}", words=words, publisher=words)
        url = URL if index == 0 else "javascript:alert(1)"
        store.writer.write_analysis(replace(made, article=replace(made.article, url=url, author=words)))
    return make_briefing(Services(settings, store=store), Asked(topics=("pooling",)), on=date(2026, 11, 22))


def test_markdown_has_no_link_image_or_html_but_the_addresses_of_sources(hostile: Briefing) -> None:
    text = write_briefing(hostile, Format.MARKDOWN).decode()
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    assert [child.attrs["href"] for child in inner if child.type == "link_open"] == [URL]
    assert {child.type for child in inner} & {"image", "code_inline", "em_open", "s_open"} == set()
    assert {child.content for child in inner if child.type == "html_inline"} <= {BREAK}
    assert {token.type for token in tokens} & {"html_block", "code_block", "fence", "blockquote_open", "hr"} == set()
    shown = "".join(child.content for child in inner if child.type == "text")
    for words in HOSTILE[:4]:
        assert one_line(words) in shown
    rows = [token for token in tokens if token.type == "tr_open"]
    assert len(rows) == len(HOSTILE) * 2 + 2  # positions, sums, and the heads of both


def test_addresses_without_brackets_are_broken(hostile: Briefing) -> None:
    text = write_briefing(hostile, Format.MARKDOWN).decode().replace(f"<{URL}>", "")
    assert not re.search(r"https?://|www\.|\w@\w|mailto:", text, re.IGNORECASE)


@given(st.text(max_size=80))
def test_any_text_in_markdown_is_read_as_itself(text: str) -> None:
    words = one_line(text).strip()
    written = write_markdown((Paragraph((Run("So: "), Run(words, Kind.FOREIGN))),))
    tokens = MarkdownIt("commonmark").enable("table").parse(written)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = [child for child in tokens[1].children or () if child.content != BREAK]
    assert "".join(child.content for child in children) == f"So: {words}".strip()


@given(st.text(max_size=40))
def test_any_text_stays_in_its_cell_and_its_item(text: str) -> None:
    words = one_line(text).strip()
    written = write_markdown((Table("", ("a", "b"), (((Run(words),), (Run("end"),)),)),))
    found = [token for token in MarkdownIt("commonmark").enable("table").parse(written) if token.type == "inline"]
    assert len(found) == 4 and found[3].content == "end"


def test_html_is_one_file_without_scripts_and_with_links_to_sources_alone(hostile: Briefing) -> None:
    tree = html.fromstring(write_briefing(hostile, Format.HTML).decode())
    assert tree.xpath("//script | //img | //iframe | //object | //form | //link | //*[@onerror]") == []
    links = tree.xpath("//a/@href")
    assert {link for link in links if not link.startswith("#source-")} == {URL}
    targets = {f"#{id}" for id in tree.xpath("//li/@id")}
    assert {link for link in links if link.startswith("#")} == targets
    assert "@media print" in tree.xpath("string(//style)") and "url(" not in tree.xpath("string(//style)")
    shown = " ".join(tree.xpath("//bdi/text()"))
    assert all(one_line(words).strip() in shown for words in HOSTILE)
    assert tree.xpath("//thead//th[@scope='col']") and tree.xpath("string(//footer)").strip()


def test_html_escapes_whatever_is_ours_too() -> None:
    page = write_html((Paragraph((Run("<b>", Kind.STRONG), Run("</p><script>", Kind.LINK))),), title="<i>", foot="&")
    assert html.fromstring(page).xpath("//script | //i | //b") == []


def test_docx_has_headings_tables_with_head_rows_dates_and_source_links_alone(hostile: Briefing) -> None:
    content = write_briefing(hostile, Format.DOCX)
    document = read_docx(BytesIO(content))
    heads = [each.text for each in document.paragraphs if each.style and each.style.name.startswith("Heading")]
    assert heads[:3] == ["Briefing: Pooling of GP and NHS budgets", "The proposal", "Where stakeholders stand"]
    positions = document.tables[0]
    assert [cell.text for cell in positions.rows[0].cells][:3] == ["Stakeholder", "Position", "Since"]
    assert positions.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
    assert len(positions.rows) == len(HOSTILE) + 1
    said = [row.cells[5].text for row in positions.rows[1:]]
    assert all(any(one_line(words).strip() in each for each in said) for words in HOSTILE)
    section = document.sections[0]
    assert "22 November 2026" in section.footer.paragraphs[0].text and section.header.paragraphs[0].text
    links = [part.target_ref for part in document.part.rels.values() if part.is_external]
    assert links == [URL]
    assert_well_formed(content)
    assert b"instrText" not in zipfile.ZipFile(BytesIO(content)).read("word/document.xml")


def test_odt_has_headings_tables_with_head_rows_dates_and_source_links_alone(hostile: Briefing) -> None:
    content = write_briefing(hostile, Format.ODT)
    document = read_odt(BytesIO(content))
    heads = [each.inner_text for each in document.body.headers]
    assert heads[:3] == ["Briefing: Pooling of GP and NHS budgets", "The proposal", "Where stakeholders stand"]
    positions = document.body.tables[0]
    values = list(positions.iter_values())
    assert values[0][:3] == ["Stakeholder", "Position", "Since"] and len(values) == len(HOSTILE) + 1
    assert positions.get_elements("table:table-header-rows")
    body = document.body.inner_text
    assert all(one_line(words).strip() in body for words in HOSTILE)
    links = [link.get_attribute("xlink:href") for link in document.body.get_elements("descendant::text:a")]
    assert links == [URL]
    styles = zipfile.ZipFile(BytesIO(content)).read("styles.xml").decode()
    assert "22 November 2026" in styles and "<style:header>" in styles
    assert_well_formed(content)


def assert_well_formed(content: bytes) -> None:
    """Every XML part of an archive is XML."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            # The template of odfdo has an empty list of shortcuts.
            if name.endswith((".xml", ".rels")) and archive.getinfo(name).file_size:
                etree.fromstring(archive.read(name))


@pytest.mark.parametrize("format", list(Format))
def test_a_briefing_of_nothing_is_a_document_too(store: Store, settings: Settings, format: Format) -> None:
    made = make_briefing(Services(settings, store=store), Asked(topics=("pooling",)))
    content = write_briefing(made, format)
    assert content and (format in (Format.DOCX, Format.ODT) or b"pooling" in content.lower())


def test_a_cut_quote_and_a_withheld_one_say_so(store: Store, settings: Settings, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)

    def shown(characters: int, quotes: int) -> str:
        caps = {"quote_characters": characters, "quotes_per_source": quotes}
        services = Services(settings.model_copy(update=caps), store=store)
        made = make_briefing(services, Asked(topics=("pooling",)))
        tables = [part for part in lay_out(made) if isinstance(part, Table)]
        return "".join(run.text for part in tables for row in part.rows for cell in row for run in cell)

    assert "“A single budget … would end […]”" in shown(25, 8)
    assert "not quoted: as many quotes of this source" in shown(300, 1)


@pytest.fixture(scope="module")
def office() -> str:
    found = shutil.which("soffice")
    if found is None:
        message = "LibreOffice is missing: apt-get install libreoffice"
        if "office" in os.environ.get("STANDPOINT_REQUIRE", "").split(","):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.mark.office
@pytest.mark.parametrize("format", [Format.DOCX, Format.ODT])
def test_libreoffice_reads_every_word(hostile: Briefing, format: Format, office: str, tmp_path: Path) -> None:
    made = tmp_path / f"briefing.{format.ending}"
    made.write_bytes(write_briefing(hostile, format))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "html:HTML (StarWriter)", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(made)], check=True, capture_output=True, timeout=240)
    tree = html.fromstring((tmp_path / "briefing.html").read_bytes())
    shown = " ".join("".join(tree.itertext()).split())
    for words in HOSTILE:
        assert " ".join(one_line(words).split()) in shown
    assert len(tree.xpath("//table")) == 2 and "Where stakeholders stand" in shown
    assert {link for link in tree.xpath("//a/@href") if not link.startswith("#")} == {URL}
