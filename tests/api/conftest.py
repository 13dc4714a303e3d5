"""Fixtures of the browser tests: Chromium, a server over a small store, and pages that note every complaint."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from api.app import create_app
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, StanceLabel

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        message = "Chromium is missing: apt-get install chromium"
        if "browser" in os.environ.get("STANDPOINT_REQUIRE", "").split(","):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Containers lack the rights for Chromium's own sandbox; it opens nothing but our pages.
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def stand_ins() -> dict[str, Any]:
    """What stands in for the models, as ``create_app`` takes it; a module that needs some overrides this."""
    return {}


@pytest.fixture
def site(
    settings: Settings,
    store: Store,
    analysis: Analysis,
    make_analysis: Callable[..., Analysis],
    stand_ins: dict[str, Any],
) -> Iterator[str]:
    """The address of a server over a store with a few articles."""
    store.writer.write_analysis(analysis)
    app = create_app(settings, store=store, **stand_ins)
    for index, label in enumerate(
        [StanceLabel.OPPOSE, StanceLabel.CONDITIONAL, StanceLabel.MIXED, StanceLabel.NEUTRAL]
    ):
        store.writer.write_analysis(make_analysis(f"{index}.txt", holder=f"group:holder-{index}", label=label))
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        # Without uvicorn's own settings of logging, which would stay for the tests that come after.
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [found]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{found.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens pages that note every complaint of the browser and every request beyond the site."""
    complaints: list[str] = []
    contexts = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(base_url=site, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda sent: None if sent.url.startswith(site) else complaints.append(f"left: {sent.url}"))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def is_complaint(message: ConsoleMessage) -> bool:
    """Whether the browser complains; that a form was sent back with its faults (422) is none of its business."""
    return message.type == "error" and "status of 422" not in message.text
