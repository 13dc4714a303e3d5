"""An ASGI layer that says the problems of other layers (too large, no key, too often) as a page, on pages."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.pages.templating import render_problem
from api.problems import MEDIA_TYPE, Problem

_OF_BODY = frozenset({"content-type", "content-length"})


class PlainWords:
    """Turns problem documents into error pages for every path that does not begin with one of ``machine``."""

    def __init__(self, app: ASGIApp, *, machine: tuple[str, ...]) -> None:
        self.app, self._machine = app, machine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(self._machine):
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def say(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_problem(message):
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _send_page(start, body, bare=scope["method"] == "HEAD", send=send)

        await self.app(scope, receive, say)


def _is_problem(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return headers.get("content-type") == MEDIA_TYPE and "content-encoding" not in headers


async def _send_page(start: Message, body: bytes, *, bare: bool, send: Send) -> None:
    problem = Problem.model_validate_json(body) if body else Problem.of(start["status"], "")
    page = render_problem(problem)
    kept = [(name, value) for name, value in start["headers"] if name.decode("latin-1").lower() not in _OF_BODY]
    own = [(name, value) for name, value in page.raw_headers if name.decode("latin-1") in _OF_BODY]
    await send({**start, "headers": [*kept, *own]})
    await send({"type": "http.response.body", "body": b"" if bare else page.body})
