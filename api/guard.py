"""ASGI layers round the application: who may call, how much, and the headers every answer carries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, problem_response

#: Names that a browser on this machine uses for it. Any other Host header is a page of another
#: site whose name was made to point here (DNS rebinding).
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": under that a browser sends a form of our own with "Origin: null", which is refused below.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]@/]+)(?::[0-9]{1,5})?")
_TAGGED = ("application/json", "text/html")


def host_of(authority: str) -> str:
    """The host of ``host[:port]`` in lower case; empty when it is not one."""
    match = _AUTHORITY.fullmatch(authority.strip())
    return match["host"].lower() if match else ""


@dataclass(frozen=True, slots=True)
class Names:
    """Names that the server answers under (None: any), and origins of other sites whose pages may ask."""

    hosts: frozenset[str] | None = LOOPBACK
    origins: frozenset[str] = frozenset()

    def refusal(self, headers: Headers) -> Problem | None:
        """Why a request under this name, or from this site, is not answered."""
        host, origin = host_of(headers.get("host", "")), headers.get("origin")
        known = frozenset({host}) - {""} if self.hosts is None else self.hosts
        if host not in known:
            return Problem.of(421, "This server does not answer under this name; on its own machine try 127.0.0.1.")
        if origin is None or origin.lower() in self.origins or host_of(origin.partition("://")[2]) in known:
            return None
        return Problem.of(403, "Requests that come from pages of another site are refused.")


def _refusal(headers: Headers, names: Names, max_body: int) -> Problem | None:
    foreign = names.refusal(headers)
    if foreign:
        return foreign
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > max_body:
        return Problem.of(413, too_large(max_body))
    return None


def too_large(max_body: int) -> str:
    return f"The request is larger than {max_body:,} bytes; send a shorter text."


NO_OTHERS = Names()


class Gate:
    """Refuses foreign hosts and origins and large bodies, and adds the security headers to every answer."""

    def __init__(self, app: ASGIApp, *, max_body: int, names: Names = NO_OTHERS) -> None:
        self.app, self.max_body, self.names = app, max_body, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        problem = _refusal(Headers(scope=scope), self.names, self.max_body)
        app = problem_response(problem) if problem else self.app
        await app(scope, _limited(receive, self.max_body), send_guarded)


def _limited(receive: Receive, max_body: int) -> Receive:
    """Count what really arrives: a chunked body states no length beforehand."""
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > max_body:
            raise HTTPException(413, too_large(max_body))
        return message

    return receive_limited


class Tags:
    """Gives every page and JSON answer to GET an ETag, and answers 304 to the reader who has it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def collect(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_tagged(message):
                start = message
            elif start is None:
                # A file goes on as it comes: it may be larger than what there is of memory.
                await send(message)
            elif message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _send_tagged(start, body, Headers(scope=scope), send)

        await self.app(scope, receive, collect)


def _is_tagged(start: Message) -> bool:
    return start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith(_TAGGED)


async def _send_tagged(start: Message, body: bytes, request: Headers, send: Send) -> None:
    headers = MutableHeaders(scope=start)
    tag = f'W/"{sha256(body).hexdigest()[:32]}"'
    headers["ETag"], headers["Cache-Control"] = tag, "no-cache"
    if _matches(request.get("if-none-match", ""), tag):
        kept = {name: value for name, value in headers.items() if name not in ("content-length", "content-type")}
        answer = Response(status_code=304, headers=kept)
        start, body = {"type": "http.response.start", "status": 304, "headers": answer.raw_headers}, b""
    await send(start)
    await send({"type": "http.response.body", "body": body})


def _matches(header: str, tag: str) -> bool:
    """Weak comparison of If-None-Match (RFC 9110, 13.1.2)."""
    opaque = tag.removeprefix("W/")
    return header.strip() == "*" or opaque in {part.strip().removeprefix("W/") for part in header.split(",")}
