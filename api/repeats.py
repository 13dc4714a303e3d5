"""An ASGI layer for ``Idempotency-Key``: a write that is sent twice is done once and answered twice.

After the IETF draft "The Idempotency-Key HTTP Header Field" (draft-ietf-httpapi-idempotency-key-header).
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import keys
from api.addresses import Addresses
from api.callers import ASKED, Asked
from api.problems import Problem, ProblemError, bad_field, problem_of, problem_response
from api.services import Services
from api.store import StoredAnswer
from nlp.errors import StandpointError

HEADER = "Idempotency-Key"
_FIELD = f"header.{HEADER}"
_KEY = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class _Claim:
    """Who asked with which key, and what: both as digests, for neither is to be read in the database."""

    id: str
    request: str


class Repeats:
    """Keeps the answers to writes that carry a key for 24 hours, each caller's apart.

    Reads that are sent by POST take no notice of the header: nothing of them may be kept.
    ``patience`` is after how long work that nobody finished may be begun anew.
    """

    def __init__(self, app: ASGIApp, *, services: Services, addresses: Addresses, patience: timedelta) -> None:
        self.app, self._services, self._addresses, self._patience = app, services, addresses, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._concerns(scope):
            await self.app(scope, receive, send)
            return
        try:
            body = await _whole(receive)
            claim = _claim(scope, body)
            known = await run_in_threadpool(self._claim, claim)
        except (ProblemError, StandpointError, HTTPException) as error:
            await problem_response(problem_of(error))(scope, receive, send)
            return
        if known is None:
            await self._work(claim, scope, _again(body, receive), send)
        else:
            await _repeat(known, claim)(scope, receive, send)

    def _concerns(self, scope: Scope) -> bool:
        if HEADER.lower().encode() not in {name for name, _ in scope["headers"]}:
            return False
        method = scope["method"]
        asked = (method, self._addresses.template(scope["path"]))
        return method not in keys.SAFE and keys.scope_of(*asked) != "read" and asked not in keys.SECRET_ANSWERS

    def _claim(self, claim: _Claim) -> StoredAnswer | None:
        return self._services.store.access.claim_answer(claim.id, claim.request, patience=self._patience)

    async def _work(self, claim: _Claim, scope: Scope, receive: Receive, send: Send) -> None:
        access, start, body, answered = self._services.store.access, dict[str, Any](), b"", False

        async def keep(message: Message) -> None:
            nonlocal body, answered
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body += message.get("body", b"")
            if message.get("more_body", False):
                return
            # Kept before it is sent: whoever has the answer must get the same one again.
            if start["status"] < 500:
                kind = Headers(raw=start["headers"]).get("content-type")
                await run_in_threadpool(
                    access.keep_answer, claim.id, status=start["status"], media_type=kind, body=body
                )
                answered = True
            await send(start)
            await send({"type": "http.response.body", "body": body})

        try:
            await self.app(scope, receive, keep)
        finally:
            if not answered:
                await run_in_threadpool(access.drop_claim, claim.id)


def _claim(scope: MutableMapping[str, Any], body: bytes) -> _Claim:
    given = Headers(scope=scope).getlist(HEADER)
    if len(given) != 1 or not _KEY.fullmatch(given[0]):
        raise bad_field(_FIELD, "must be one key of 1 to 200 visible ASCII characters")
    caller = scope.get(ASKED, Asked()).key or ""
    asked = [scope["method"].encode(), scope["path"].encode("utf-8", "surrogatepass"), scope["query_string"], body]
    return _Claim(
        id=sha256(f"{caller}\n{given[0]}".encode()).hexdigest(),
        request=sha256(b"".join(b"%d:%s" % (len(part), part) for part in asked)).hexdigest(),
    )


def _repeat(known: StoredAnswer, claim: _Claim) -> Response:
    if known.request != claim.request:
        return problem_response(bad_field(_FIELD, "was sent with another request before; take a new key").problem)
    if known.status is None:
        problem = Problem.of(409, "The same request is being answered; send it again in a moment.")
        return problem_response(problem, {"Retry-After": "1"})
    headers = {"Idempotency-Replayed": "true", "Cache-Control": "no-store"}
    if known.media_type:
        headers["Content-Type"] = known.media_type
    return Response(known.body, status_code=known.status, headers=headers)


async def _whole(receive: Receive) -> bytes:
    """The body of a request. Raises HTTPException when it is too large or its sender went away."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HTTPException(400, "The request ended before its body did.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """A stream that gives the body that has been read once more."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
