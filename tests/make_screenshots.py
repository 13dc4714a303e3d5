"""Pictures of the pages over the sample articles, for the README and to be looked at: ``make screenshots``.

Written to ``tests/screenshots``, which is no part of the wheel. The store is made anew each time.
"""

from __future__ import annotations

import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import uvicorn

from api.app import create_app
from api.commands.ingest import Asked, ingest_paths
from api.services import Services
from api.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent
FOLDER = ROOT / "screenshots"
SAMPLES = ROOT.parent / "corpora" / "samples"
SIZE = {"width": 1120, "height": 760}
#: What the README shows is kept by git, so it must be small; the other pictures are there to be looked at.
SHOWN, MOST_BYTES = ("map", "evidence", "figures"), 150_000
PROPOSAL = {
    "The proposal, as a claim": "Hospitals should be allowed to own and run GP practices.",
    "The contrary": "GP practices should stay in the hands of GPs.",
    "A short name": "Practices run by hospitals",
    "Phrases it goes by": "run by hospitals\nhospital trusts\nvertical integration",
}
TEXT = (
    "Board asks for control of practice budgets\n\n"
    "Northfield CCG wants to hold the budgets of all practices in its area from April.\n\n"
    "Dr Mary Fenn, secretary of Northfield LMC, said: ‘Pooling the core budget with hospital money is a red line.’\n\n"
    "NHS England set aside £2.5m for practices in 2014/15, up from £2.1m the year before.\n"
)


def main() -> int:
    """Take the pictures; 1 when one is too large for the README, 0 also where there is no browser."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("Chromium is missing, so there are no screenshots: apt-get install chromium", file=sys.stderr)
        return 0
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, served(Path(folder)) as address:
        take_all(chromium, address)
    large = [name for name in SHOWN if (FOLDER / f"{name}.png").stat().st_size > MOST_BYTES]
    if large:
        print(f"larger than {MOST_BYTES:,} bytes: {', '.join(sorted(large))}", file=sys.stderr)
    return 1 if large else 0


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server over a new store with the samples."""
    settings = Settings(data=folder)
    with Services(settings, create=True) as services:
        ingest_paths(services, [SAMPLES], Asked())
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [found]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{found.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


def take_all(chromium: str, address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(base_url=address, viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        for name, go in STEPS.items():
            go(page)
            page.screenshot(path=FOLDER / f"{name}.png")
            print(f"{name}: {(FOLDER / f'{name}.png').stat().st_size:,} bytes, {page.title()}", file=sys.stderr)
        browser.close()


def show_evidence(page: Page) -> None:
    page.goto("/")
    page.get_by_role("row", name="General Practitioners Committee").get_by_role("link", name="Opposes").first.click()
    page.locator(".quotes").wait_for()


def show_article(page: Page) -> None:
    page.locator(".quote > p > a").first.click()
    page.locator(".paper").wait_for()
    page.locator(".paper").scroll_into_view_if_needed()


def show_new(page: Page) -> None:
    page.goto("/topics/new")


def show_preview(page: Page) -> None:
    for label, text in PROPOSAL.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Preview").click()
    # The first preview loads the models.
    page.get_by_text("Nothing was stored").wait_for(timeout=120_000)


def show_analysed(page: Page) -> None:
    page.goto("/analyse")
    page.get_by_label("A text").fill(TEXT)
    page.get_by_role("button", name="Analyse").click()
    page.locator(".paper").wait_for(timeout=120_000)


def at(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


STEPS: dict[str, Callable[[Page], object]] = {
    "map": at("/"),
    "evidence": show_evidence,
    "article": show_article,
    "figures": at("/figures"),
    "search": at("/search?q=single+budget"),
    "topic-new": show_new,
    "topic-preview": show_preview,
    "analyse": at("/analyse"),
    "analysed": show_analysed,
    "topics": at("/topics"),
    "topic": at("/topics/pooling"),
    "stakeholder": at("/stakeholders/gpc"),
    "briefing": at("/briefing?topic=pooling"),
    "exports": at("/exports?what=positions"),
    "judgements": at("/judgements"),
    "upload": at("/upload"),
    "about": at("/about"),
    "reference": at("/docs"),
    "error": at("/nothing"),
}


if __name__ == "__main__":
    raise SystemExit(main())
