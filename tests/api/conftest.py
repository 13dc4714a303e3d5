"""Fixtures: Chromium, a server over a small store, pages that note every complaint; and a web server to be asked."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from api.app import create_app
from api.outside import Address, Limits, Outside, is_public, resolve
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


#: Where the server listens; the tests take it for a public address, and 127.0.0.1 for what it is.
HERE = "127.0.0.2"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Web:
    """The server: ``pages`` by path; ``asked`` are the requests that came, in order."""

    port: int
    pages: dict[str, Callable[[socket.socket, Asked], None]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def url(self, path: str = "/", host: str = "site.example") -> str:
        return f"http://{host}:{self.port}{path}"

    def give(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        """Answer a path with this; ``content_type="…"`` stands for the header Content-Type."""
        self.pages[path] = lambda link, _: answer(link, body, status, headers)

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def door(self, **more: Any) -> Outside:
        """A door for which the server's own address is public; names that end in .example lead to it."""

        def found(host: str, port: int) -> Sequence[str]:
            return (HERE,) if host.endswith(".example") else resolve(host, port)

        def permit(address: Address) -> bool:
            return is_public(address) or address == ip_address(HERE)

        limits = Limits(bytes=100_000, connect=2, read=2, total=4)
        chosen = {"ports": {80, 443, self.port}, "limits": limits, "resolver": found, "permit": permit}
        return Outside(**{**chosen, **more})


def answer(link: socket.socket, body: bytes | str, status: int, headers: Mapping[str, str]) -> None:
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([f"HTTP/1.1 {status} X", f"Content-Length: {len(raw)}", "Connection: close", *lines])
    link.sendall(head.encode() + b"\r\n\r\n" + raw)


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server of another machine, as far as what asks other machines can tell."""
    with socket.create_server((HERE, 0)) as listening:
        served = Web(listening.getsockname()[1])
        threading.Thread(target=_serve, args=(listening, served), daemon=True).start()
        yield served
        # Closing alone does not wake who waits for a connection.
        listening.shutdown(socket.SHUT_RDWR)


def _serve(listening: socket.socket, web: Web) -> None:
    while True:
        try:
            link, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=_handle, args=(link, web), daemon=True).start()


def _handle(link: socket.socket, web: Web) -> None:
    with link:
        try:
            asked = _read(link)
            web.asked.append(asked)
            web.pages.get(asked.path, lambda to, _: answer(to, b"", 404, {}))(link, asked)
        except OSError:
            # The one who asked has gone.
            return


def _read(link: socket.socket) -> Asked:
    raw = b""
    while b"\r\n\r\n" not in raw:
        part = link.recv(4096)
        if not part:
            raise OSError
        raw += part
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += link.recv(4096)
    method, path, _ = first.split(" ")
    return Asked(method, path, headers, body)
