"""The pages on paper, fit for a briefing pack: nothing is cut off, nothing is left that only a screen can use."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from api.store import Store
from nlp.records import Analysis

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

#: What is left of a sheet of A4 between margins of 15 mm, at 96 pixels an inch: across for a map of many proposals.
WIDTH = 680
PAGES = (
    "/",
    "/positions/person%3Aasha-merton/pooling",
    "/topics",
    "/topics/pooling",
    "/topics/pooling?camp=oppose",
    "/stakeholders/person%3Aasha-merton",
    "/stakeholders/nhs-england",
    "/briefing?topic=pooling",
    "/figures",
    "/search?q=budget&mode=lexical",
    "/about",
)
#: What ends beyond the sheet, as a reader sees it: a box that scrolls on a screen cuts off what is in it.
CUT = """(width) => [...document.querySelectorAll("main *, footer *")]
  .filter((part) => part.getClientRects().length && !part.closest(".hidden-label"))
  .filter((part) => part.getBoundingClientRect().right > width + 1)
  .map((part) => part.tagName + ": " + part.textContent.trim().slice(0, 40))"""

SIZES = """() => [...document.querySelectorAll("th small, td small, li small")].map((part) =>
  [part, part.parentElement].map((each) => parseFloat(getComputedStyle(each).fontSize)))"""


def test_no_page_is_cut_off_on_paper(
    open_page: Callable[..., Page], store: Store, make_analysis: Callable[..., Analysis]
) -> None:
    long = "Commissioning responsibilities in Northamptonshire are overwhelmingly administrative, she said"
    store.writer.write_analysis(make_analysis("long.txt", holder="group:northamptonshire-practices", words=long))
    page = open_page(viewport={"width": WIDTH, "height": 1000})
    page.emulate_media(media="print")
    for path in PAGES:
        page.goto(path)
        assert page.evaluate(CUT, WIDTH) == [], path


def test_paper_has_no_closed_drawers_and_no_controls(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": WIDTH, "height": 1000})
    page.emulate_media(media="print")
    for path in PAGES:
        page.goto(path)
        for left in ("details:not([open])", "button", "nav", "select", "main .exports"):
            assert [part.inner_text() for part in page.locator(left).all() if part.is_visible()] == [], (path, left)


def test_small_words_are_never_larger_on_paper_than_those_they_belong_to(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": WIDTH, "height": 1000})
    page.emulate_media(media="print")
    for path in ("/", "/topics"):
        page.goto(path)
        sizes = page.evaluate(SIZES)
        assert sizes and all(small <= around for small, around in sizes), (path, sizes)


def test_a_printed_position_carries_its_words_source_and_page_number(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/positions/person%3Aasha-merton/pooling")
    sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    text = " ".join(sheets[0].extract_text().split())
    for words in ("A single budget", "Asha Merton", "Found by Standpoint", "https://example.org/pooled"):
        assert words in text
    assert f"1 / {len(sheets)}" in text and "Judge this" not in text
