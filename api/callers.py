"""An ASGI layer that asks callers for their key, its scope, and not to come too often."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import keys
from api.addresses import Addresses
from api.problems import Problem, problem_of, problem_response
from api.services import Services
from api.store import StoredKey
from nlp.errors import StandpointError

#: Where the layers find what is known of a request: one note, however often the scope is copied.
ASKED = "standpoint.asked"
_REALM = 'Bearer realm="standpoint"'
#: More callers than this are never remembered at once: those who have not come for a while are forgotten first.
_MOST_BUCKETS = 10_000
#: A caller who has been quiet may send so many seconds' worth of requests at once.
_BURST_SECONDS = 2.0


@dataclass(slots=True)
class Asked:
    """The id of a request, and that of the caller's key."""

    id: str = ""
    key: str | None = None


class Buckets:
    """Token buckets, one a caller, in memory: ``rate`` requests a second, and a burst after a pause."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._size, self._clock = rate, max(1.0, rate * _BURST_SECONDS), clock
        self._held: dict[str, tuple[float, float]] = {}

    def take(self, caller: str) -> float:
        """0 when the caller may go on, and else the seconds until it may; a rate of 0 holds nobody back."""
        if not self._rate:
            return 0.0
        now = self._clock()
        held, since = self._held.pop(caller, (self._size, now))
        held = min(self._size, held + (now - since) * self._rate)
        allowed = held >= 1
        # Taken out and put back, so that the first in the dictionary is who has been away the longest.
        self._held[caller] = (held - 1 if allowed else held, now)
        if len(self._held) > _MOST_BUCKETS:
            del self._held[next(iter(self._held))]
        return 0.0 if allowed else (1 - held) / self._rate


class Callers:
    """Lets in who may: 401 without a key where one is needed, 403 without the scope, 429 too often.

    On this machine, where nobody else can reach the server, no key is needed; one that is sent must be good.
    """

    def __init__(self, app: ASGIApp, *, services: Services, addresses: Addresses, buckets: Buckets) -> None:
        self.app, self._services, self._addresses, self._buckets = app, services, addresses, buckets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in keys.OPEN:
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("authorization")
        if given is None and not self._services.settings.keyed:
            await self.app(scope, receive, send)
            return
        refusal = await self._refusal(scope, given)
        await (refusal or self.app)(scope, receive, send)

    async def _refusal(self, scope: Scope, given: str | None) -> Response | None:
        try:
            key = await run_in_threadpool(self._find, given) if given else None
        except StandpointError as error:
            return problem_response(problem_of(error))
        if self._services.settings.keyed:
            client = scope.get("client")
            wait = self._buckets.take(key.id if key else f"address {client[0] if client else ''}")
            if wait:
                return too_often(wait)
        if key is None:
            return _unknown(given)
        needed = keys.scope_of(scope["method"], self._addresses.template(scope["path"]))
        if not keys.may(key, needed):
            return _lacking(needed)
        scope.setdefault(ASKED, Asked()).key = key.id
        return None

    def _find(self, given: str) -> StoredKey | None:
        kind, _, token = given.partition(" ")
        return keys.find_key(self._services.store.access, token.strip()) if kind.lower() == "bearer" else None


def key_of(scope: Scope) -> str:
    """The id of the key that a request came with; empty where it came with none."""
    asked: Asked | None = scope.get(ASKED)
    return (asked.key or "") if asked else ""


def too_often(seconds: float) -> Response:
    """A 429 that says when to come again, in whole seconds."""
    problem = Problem.of(429, "There were too many requests in a short time; wait as long as Retry-After says.")
    return problem_response(problem, {"Retry-After": str(max(1, ceil(seconds)))})


def _unknown(given: str | None) -> Response:
    text = "This key is not known or has been revoked." if given else "This server needs an API key."
    fault = ', error="invalid_token"' if given else ""
    problem = Problem.of(401, f"{text} Send one as `Authorization: Bearer KEY`, for pages too.")
    return problem_response(problem, {"WWW-Authenticate": f"{_REALM}{fault}"})


def _lacking(needed: keys.Scope) -> Response:
    problem = Problem.of(403, f"This key does not have the scope `{needed}`, which this address asks for.")
    return problem_response(problem, {"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{needed}"'})
