"""The forms in a real browser: a proposal added and removed, a text analysed, with and without JavaScript."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.pages import topic_forms
from nlp.records import Analysis, Article, Evidence, Run, Stance, StanceLabel, Topic
from nlp.topic_check import Catch
from nlp.topics import topics_digest

pytestmark = pytest.mark.browser

CELL = "/positions/person%3Aasha-merton/pooling"
CLAIM = "Councils should charge employers for parking."
WIDTHS = (320, 768, 1440)


class Models:
    """Stands in for the models: a check finds each article's first statement, and can be held up."""

    held = False

    def __init__(self, found: Analysis) -> None:
        self.found = found

    def analyse(self, article: Article, topics: Sequence[Topic]) -> Analysis:
        return self.found

    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        said = analysis.statements[0]
        made = Stance(
            said.holder or "", "parking-levy", StanceLabel.OPPOSE, Evidence(0.9, "fake", "made up", said.spans)
        )
        own = [made] if any(topic.id == "parking-levy" for topic in topics) else []
        kept = [stance for stance in analysis.stances if stance.topic != "parking-levy"]
        return replace(analysis, run=Run("0.1.0", "now", (("topics", topics_digest(topics)),)), stances=(*kept, *own))

    def check(self, analysis: Analysis, topic: Topic, topics: Sequence[Topic]) -> tuple[Catch, ...]:
        while self.held:
            time.sleep(0.02)
        said = analysis.statements[0]
        row = Catch(
            analysis.article.id, said.id, said.holder or "", said.text, True, StanceLabel.OPPOSE, 0.8, "made up"
        )
        return (row, replace(row, caught=False))


@pytest.fixture
def models(analysis: Analysis) -> Models:
    return Models(analysis)


@pytest.fixture
def stand_ins(models: Models) -> dict[str, Any]:
    return {"engine": models, "analyse": models.analyse}


def fill(page: Page) -> None:
    page.goto("/topics/new")
    page.get_by_label("The proposal, as a claim").fill(CLAIM)
    page.get_by_label("A short name").fill("Parking levy")
    page.get_by_label("Phrases it goes by").fill("parking levy")


def press(page: Page, button: str) -> None:
    """Press a button, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_proposal_is_tried_out_added_and_removed(open_page: Callable[..., Page], javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    fill(page)
    press(page, "Preview")
    assert "5 articles read. The proposal would catch 5 statements" in page.locator("#preview").inner_text()
    tried = page.url
    page.locator("#preview .quote a").first.click()
    page.wait_for_url("**/articles/**")
    page.go_back()
    expect(page).to_have_url(tried)
    expect(page.get_by_label("A short name")).to_have_value("Parking levy")
    press(page, "Save and apply")
    assert page.url.endswith("/topics/parking-levy/state")
    done = page.get_by_role("link", name="See who stands where")
    for _ in range(100):
        if done.count():
            break
        time.sleep(0.1)
        page.goto(page.url)
    done.click()
    expect(page.get_by_role("link", name="Opposes").first).to_be_visible()
    page.goto("/topics/own")
    page.get_by_role("link", name="Remove Parking levy").click()
    press(page, "Remove it")
    assert "None yet" in page.locator("main").inner_text()


def test_a_long_preview_is_followed_without_loading_the_page_again(
    open_page: Callable[..., Page], models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_forms, "PATIENCE", 0.1)
    models.held = True
    page = open_page()
    fill(page)
    press(page, "Preview")
    assert "Still reading" in page.locator("#preview").inner_text()
    page.evaluate("window.kept = true")
    models.held = False
    page.get_by_text("would catch 5 statements").wait_for()
    assert page.evaluate("window.kept")


@pytest.mark.parametrize("javascript", [True, False])
def test_faults_lead_to_their_fields(open_page: Callable[..., Page], javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto("/topics/new")
    page.get_by_label("A short name").fill("Parking levy")
    press(page, "Save and apply")
    page.get_by_role("link", name="Say the proposal in a sentence").click()
    expect(page.locator("#f-claim:focus, #f-claim:target")).to_have_count(1)
    assert page.get_by_label("A short name").input_value() == "Parking levy"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_analysed_and_its_marks_are_reached(
    open_page: Callable[..., Page], javascript: bool, tmp_path: Path
) -> None:
    file = tmp_path / "article.txt"
    file.write_text("A board met. It asked for £2m.", encoding="utf-8")
    page = open_page(java_script_enabled=javascript)
    page.goto("/analyse")
    page.get_by_label("Or a file").set_input_files(file)
    press(page, "Analyse")
    assert "Nothing was stored" in page.locator("main").inner_text()
    page.get_by_role("link", name="A single budget").first.click()
    expect(page).to_have_url(re.compile("#s1$"))
    expect(page.locator("#s1 + mark")).to_have_text("A single budget")


def test_a_file_that_is_too_large_is_told_before_it_is_sent(open_page: Callable[..., Page], tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    file.write_bytes(b"a" * 2_000_001)
    page = open_page()
    page.goto("/analyse")
    page.get_by_label("Or a file").set_input_files(file)
    assert "larger than 2 MB" in page.locator("#f-file").evaluate("field => field.validationMessage")
    plain = open_page(java_script_enabled=False)
    plain.goto("/analyse")
    plain.get_by_label("Or a file").set_input_files(file)
    press(plain, "Analyse")
    assert "The file is larger than 2 MB" in plain.get_by_role("alert").inner_text()


def test_citation_is_copied_by_a_button_and_selectable_without_one(open_page: Callable[..., Page]) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(CELL)
    page.get_by_text("Cite this").click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("Asha Merton (chair")
    plain = open_page(java_script_enabled=False)
    plain.goto(CELL)
    plain.get_by_text("Cite this").click()
    assert plain.locator("textarea").input_value().startswith("Asha Merton (chair")
    assert plain.get_by_role("button", name="Copy").count() == 0


def test_keyboard_alone_walks_from_map_to_quotes_to_article_and_back(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/")
    for wanted, address in (("Supports", CELL), ("GPs", "/articles/")):
        _tab_to(page, wanted)
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{address}*")
    # The keys of the browser's own window do not reach a page in tests: its history is asked for instead.
    for address in (CELL, "/"):
        page.go_back()
        expect(page).to_have_url(re.compile(re.escape(address) + "$"))
    expect(page.get_by_role("row", name="Asha Merton")).to_be_visible()


def _tab_to(page: Page, text: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        shown = "document.activeElement.closest('main') ? document.activeElement.textContent : ''"
        if page.evaluate(f"document.activeElement.tagName === 'A' ? {shown} : ''").startswith(text):
            return
    raise AssertionError(f"no link {text!r} was reached in 60 steps")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_with_forms_pass_axe_and_never_scroll_sideways(
    open_page: Callable[..., Page], width: int, script: bool
) -> None:
    page = open_page(viewport={"width": width, "height": 900})
    if not script:
        # axe itself needs scripts; ours stays out.
        page.route("**/static/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    # Our script acts on three of these pages; the others are the same without it.
    for path in ("/topics/new", "/analyse", "/about", "/topics/own", CELL) if script else ("/analyse", CELL):
        page.goto(path)
        examine(page)
    page.goto("/topics/new")
    press(page, "Preview")
    examine(page)
    fill(page)
    press(page, "Preview")
    examine(page)
    press(page, "Save and apply")
    examine(page)
    for path in ("/topics/own", "/topics/parking-levy/remove") if script else ():
        page.goto(path)
        examine(page)
    page.goto("/analyse")
    press(page, "Analyse")
    examine(page)
    page.get_by_label("A text").fill("A board met.")
    press(page, "Analyse")
    examine(page)


def examine(page: Page) -> None:
    """No sideways scrolling, nothing that axe finds, targets of 24 pixels or more (WCAG 2.2, 2.5.8) among it."""
    from axe_playwright_python.sync_playwright import Axe

    size = page.viewport_size
    assert size and page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
    found = Axe().run(page, options={"rules": {"target-size": {"enabled": True}}})
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"


@pytest.mark.parametrize("scheme", ["dark"])
def test_dark_pages_with_forms_keep_their_contrast(open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page(viewport={"width": 1024, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    page.goto("/topics/new")
    press(page, "Preview")
    examine(page)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    for path in ("/analyse", "/about", CELL):
        page.goto(path)
        examine(page)
    page.locator(".quote > p > a").first.click()
    page.wait_for_url("**/articles/**")
    examine(page)


def test_print_holds_the_evidence_and_no_controls(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.emulate_media(media="print")
    page.goto(CELL)
    assert page.locator(".cited").is_visible() and not page.locator(".cite").is_visible()
    assert not page.locator("header").is_visible() and page.locator("footer").is_visible()
    page.goto("/")
    assert page.locator("table.map").is_visible() and not page.locator("form").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX") == "visible"
