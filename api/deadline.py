"""ASGI layers that end what takes too long, and answer HEAD as GET without its body."""

from __future__ import annotations

import asyncio
import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, problem_response

_log = logging.getLogger("standpoint.requests")


class Deadline:
    """Answers 503 when nothing has been answered in time.

    The work itself goes on, as a thread cannot be stopped; a write that is sent again with the same
    ``Idempotency-Key`` gets its answer. What follows an answer, such as the work behind a 202, has its own time.
    """

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self.app, self.seconds = app, seconds
        self._late: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = late = False

        async def send_in_time(message: Message) -> None:
            nonlocal started
            if not late:
                started = True
                await send(message)

        async def work() -> None:
            await self.app(scope, receive, send_in_time)

        task = asyncio.create_task(work())
        try:
            await asyncio.wait({task}, timeout=self.seconds)
            late = not task.done() and not started
            if late:
                self._leave(task)
                await problem_response(_too_late(self.seconds), {"Retry-After": "5"})(scope, receive, send)
            else:
                await task
        finally:
            if not late:
                task.cancel()

    def _leave(self, task: asyncio.Task[None]) -> None:
        self._late.add(task)
        task.add_done_callback(self._finish)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._late.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("what had taken too long failed", exc_info=error)


def _too_late(seconds: float) -> Problem:
    return Problem.of(503, f"The answer took longer than {seconds:g} seconds; ask for less, or again later.")


class Bare:
    """Turns HEAD into GET for all that is inside, and leaves the body of the answer out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_bare(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self.app({**scope, "method": "GET"}, receive, send_bare)
