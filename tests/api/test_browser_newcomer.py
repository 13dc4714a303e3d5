"""Somebody who never saw the tool, with a keyboard alone: who opposes pooling, in which words, and how to cite it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

#: So many steps to a link are still quick; a page read from its top passes its form and its exports first.
STEPS = 30
FOCUSED = """() => {
  const part = document.activeElement;
  const named = part.getAttribute("aria-label") || (part.labels && part.labels[0] && part.labels[0].textContent);
  return (named || part.textContent).replace(/\\s+/g, " ").trim();
}"""


def skip_to_content(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Skip to content"
    page.keyboard.press("Enter")


def tab_to(page: Page, words: str) -> None:
    """Go on with the key Tab until what has the focus begins with these words, and shows that it has it."""
    passed = []
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED)[:40])
        if passed[-1].startswith(words):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    raise AssertionError(f"{words!r} was not reached in {STEPS} steps: {passed}")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_newcomer_finds_who_opposes_pooling_and_cites_the_words(
    open_page: Callable[..., Page], javascript: bool
) -> None:
    page = open_page(java_script_enabled=javascript, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/")
    assert "proposals to who is for and who against" in page.locator(".lead").inner_text()
    skip_to_content(page)
    tab_to(page, "Pooling of GP and NHS budgets")
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics/pooling")
    assert "Holder 0" in page.get_by_role("region", name="Opposes").inner_text()
    skip_to_content(page)
    tab_to(page, "1 story of Holder 0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/positions/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Holder 0 on Pooling of GP and NHS budgets")
    expect(page.locator("blockquote mark")).to_have_count(1)
    skip_to_content(page)
    tab_to(page, "Cite this")
    page.keyboard.press("Enter")
    tab_to(page, "Citation of Holder 0")
    citation = page.locator("textarea[data-copy]").input_value()
    assert citation.startswith("Holder 0") and "Found by Standpoint" in citation
    if javascript:
        tab_to(page, "Copy")
        page.keyboard.press("Enter")
        page.get_by_text("Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == citation
    else:
        page.keyboard.press("Control+A")
        field = "document.activeElement"
        assert page.evaluate(f"{field}.value.slice({field}.selectionStart, {field}.selectionEnd)") == citation


def test_a_link_to_the_words_leads_to_the_article_with_them_marked_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/positions/person%3Aasha-merton/pooling")
    skip_to_content(page)
    tab_to(page, "GPs’ budgets")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/**")
    expect(page.locator("#s1 + mark")).to_be_visible()
    # The words that were asked for stand out from what else is marked.
    borders = [
        mark.evaluate("mark => getComputedStyle(mark).borderBottomWidth")
        for mark in page.locator("mark.statement").all()
    ]
    assert "4px" in borders
