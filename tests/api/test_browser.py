"""The pages in a real browser: the way from the map to the sentence, and nothing that leaves this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

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
    assert page.get_by_role("heading", level=1).inner_text() == "Asha Merton on Pooling of GP and NHS budgets"
    assert page.locator("blockquote mark").all_inner_texts() == ["A single budget", "would end the blame game"]
    page.locator(".quote a").click()
    assert page.url.endswith("#s1")
    assert page.locator("#s1 + mark").inner_text() == "A single budget"
    assert page.get_by_role("link", name="https://example.org/pooled").get_attribute("rel") == "noreferrer external"


@pytest.mark.parametrize("javascript", [True, False])
def test_filter_form_keeps_its_state_in_the_address(open_page: Callable[..., Page], javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto("/")
    page.get_by_label("Stakeholders", exact=True).select_option("organisation")
    page.get_by_role("button", name="Show").click()
    assert "kind=organisation" in page.url and page.get_by_role("rowheader").count() == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_way_from_map_over_topic_and_stakeholder_and_back(open_page: Callable[..., Page], javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto("/?sort=name")
    page.get_by_role("columnheader").get_by_role("link", name="Pooling").click()
    page.get_by_role("region", name="Opposes").get_by_role("link", name="Holder 0", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Holder 0"
    assert page.get_by_role("img", name="Holder 0: statements over time").is_visible()
    page.get_by_text("The same as a table").click()
    page.get_by_role("table", name="Stories by time").get_by_role("link", name="Pooling").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Holder 0 on Pooling of GP and NHS budgets"
    for url in ("/stakeholders/group%3Aholder-0", "/topics/pooling", "/?sort=name"):
        page.go_back()
        assert page.url.endswith(url)


def test_narrowing_keeps_its_state_in_the_address(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/topics/pooling")
    page.get_by_text("Narrow the coverage").click()
    page.get_by_label("As known on").fill("2010-01-01")
    page.get_by_role("button", name="Show").click()
    assert "as_of=2010-01-01" in page.url and page.get_by_label("As known on").input_value() == "2010-01-01"
    page.get_by_role("link", name="Look at all of it").click()
    assert page.get_by_role("region", name="Opposes").is_visible()


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
