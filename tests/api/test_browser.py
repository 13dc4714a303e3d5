"""The pages in a real browser: the way from the map to the sentence, and nothing that leaves this machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

# A click may return before the page it leads to is there: what that page shows is waited for (``expect``).
pytestmark = pytest.mark.browser

CELL = "/positions/person%3Aasha-merton/pooling"
NEW = (
    "/topics",
    "/topics/pooling",
    "/topics/pooling?camp=oppose",
    "/stakeholders/person%3Aasha-merton",
    "/stakeholders/nhs-england",
    "/briefing",
    "/briefing?topic=pooling",
)


@pytest.mark.parametrize("javascript", [True, False])
def test_way_from_map_to_quotes_to_article(open_page: Callable[..., Page], javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto("/")
    page.get_by_role("row", name="Asha Merton").get_by_role("link", name="Supports").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Asha Merton on Pooling of GP and NHS budgets")
    expect(page.locator("blockquote mark")).to_have_text(["A single budget", "would end the blame game"])
    page.locator(".quote a").click()
    expect(page).to_have_url(re.compile("#s1$"))
    expect(page.locator("#s1 + mark")).to_have_text("A single budget")
    link = page.get_by_role("link", name="https://example.org/pooled")
    expect(link).to_have_attribute("rel", "noreferrer external")


@pytest.mark.parametrize("javascript", [True, False])
def test_filter_form_keeps_its_state_in_the_address(open_page: Callable[..., Page], javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto("/")
    page.get_by_label("Stakeholders", exact=True).select_option("organisation")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("kind=organisation"))
    expect(page.get_by_role("rowheader")).to_have_count(1)


@pytest.mark.parametrize("javascript", [True, False])
def test_way_from_map_over_topic_and_stakeholder_and_back(open_page: Callable[..., Page], javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto("/?sort=name")
    page.get_by_role("columnheader").get_by_role("link", name="Pooling").click()
    page.get_by_role("region", name="Opposes").get_by_role("link", name="Holder 0", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Holder 0")
    expect(page.get_by_role("img", name="Holder 0: statements over time")).to_be_visible()
    page.get_by_text("The same as a table").click()
    page.get_by_role("table", name="Stories by time").get_by_role("link", name="Pooling").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Holder 0 on Pooling of GP and NHS budgets")
    for url in ("/stakeholders/group%3Aholder-0", "/topics/pooling", "/?sort=name"):
        page.go_back()
        expect(page).to_have_url(re.compile(re.escape(url) + "$"))


def test_narrowing_keeps_its_state_in_the_address(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/topics/pooling")
    page.get_by_text("Narrow the coverage").click()
    page.get_by_label("As known on").fill("2010-01-01")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("as_of=2010-01-01"))
    expect(page.get_by_label("As known on")).to_have_value("2010-01-01")
    page.get_by_role("link", name="Look at all of it").click()
    expect(page.get_by_role("region", name="Opposes")).to_be_visible()


def test_keyboard_reaches_the_content_first(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_reference_sends_requests_and_shows_answers(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/docs")
    form = page.locator("form[data-path='/v1/positions']")
    page.locator("section", has=form).get_by_text("Try it").click()
    form.get_by_label("topic", exact=True).fill("pooling\ncapitation")
    form.get_by_label("stance", exact=True).select_option(["oppose", "mixed"])
    form.get_by_role("button", name="Send").click()
    form.locator("output pre").wait_for()
    line = form.locator("output p").inner_text()
    assert line.startswith("GET /v1/positions?topic=pooling&topic=capitation&stance=oppose&stance=mixed: 200")
    assert '"group:holder-0"' in form.locator("output pre").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_pages_pass_axe_and_never_scroll_sideways(open_page: Callable[..., Page], scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(CELL)
    article = page.locator(".quote a").get_attribute("href") or ""
    for path in ("/", CELL, article, *NEW, "/figures", "/exports?topic=pooling", "/about", "/docs"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def test_browser_ships_no_style_of_another_host() -> None:
    folder = Path(__file__).resolve().parents[2] / "api" / "pages" / "static"
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in "".join(line for line in text.splitlines() if not line.startswith("//")), file.name
