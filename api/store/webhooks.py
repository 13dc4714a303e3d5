"""Webhooks and what waits for them: claimed by one server at a time, in order, at least once.

A server takes a lease on a webhook before it delivers. Where it dies, or loses the database, the lease runs out and
another one delivers the same again, under the same id: whoever receives knows by the id what came twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from api.store import audit, engines
from api.store.feed_tables import deliveries, update_state, webhooks
from nlp.errors import NotFoundError, UsageError

#: After so long another server may take a webhook over; no delivery takes as long.
LEASE = timedelta(minutes=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that is told of updates; ``waiting`` and ``dead`` count its deliveries, ``error`` is the last one."""

    id: str
    url: str
    secret_mark: str
    created_at: datetime
    sent_to: int
    delivered: int
    delivered_at: datetime | None
    waiting: int
    dead: int
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is to be sent, the same at every attempt: the updates of the numbers ``first`` to ``last``."""

    id: str
    webhook: str
    first: int
    last: int
    body: str
    attempts: int
    next_at: datetime
    error: str | None
    dead_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A webhook that is this server's for a while; without a delivery one is to be made of what comes behind."""

    webhook: Webhook
    lease: str
    delivery: Delivery | None


class Webhooks:
    """The webhooks of a database; threads and servers may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, id: str, url: str, secret_mark: str) -> Webhook:
        """Keep a webhook, which is told of what comes from now on. Raises UsageError when the address has one."""
        with engines.writing(self._engine) as connection:
            if connection.execute(select(webhooks.c.id).where(webhooks.c.url == url)).first():
                raise UsageError("there is a webhook of this address", do="remove that one first")
            end = connection.scalar(select(update_state.c.number)) or 0
            row = {"id": id, "url": url, "secret_mark": secret_mark, "created_at": datetime.now(UTC)}
            connection.execute(insert(webhooks), {**row, "sent_to": end, "delivered": 0})
            audit.append(connection, "webhook.added", id)
            return _webhook(connection, id)

    def all(self) -> tuple[Webhook, ...]:
        """Every webhook, oldest first."""
        with engines.reading(self._engine) as connection:
            return _webhooks(connection)

    def remove(self, id: str) -> Webhook:
        """Take a webhook away with all that waits for it. Raises NotFoundError."""
        with engines.writing(self._engine) as connection:
            found = _webhook(connection, id)
            connection.execute(delete(deliveries).where(deliveries.c.webhook_id == id))
            connection.execute(delete(webhooks).where(webhooks.c.id == id))
            audit.append(connection, "webhook.removed", id)
            return found

    def dead(self) -> tuple[Delivery, ...]:
        """What could not be delivered, oldest first."""
        order = (deliveries.c.dead_at, deliveries.c.id)
        with engines.reading(self._engine) as connection:
            rows = connection.execute(select(deliveries).where(deliveries.c.dead_at.is_not(None)).order_by(*order))
            return tuple(_delivery(row) for row in rows)

    def retry(self, ids: Iterable[str] = ()) -> int:
        """Let what could not be delivered wait again, all of it without ids; how many. Raises NotFoundError."""
        wanted, anew = tuple(ids), {"dead_at": None, "attempts": 0, "next_at": datetime.now(UTC)}
        done = 0
        with engines.writing(self._engine) as connection:
            for id in wanted:
                change = update(deliveries).where(deliveries.c.id == id, deliveries.c.dead_at.is_not(None))
                if not connection.execute(change.values(anew)).rowcount:
                    raise NotFoundError("there is no such dead letter", where=id, do="see standpoint webhooks dead")
                done += 1
            if not wanted:
                done = connection.execute(
                    update(deliveries).where(deliveries.c.dead_at.is_not(None)).values(anew)
                ).rowcount
            if done:
                audit.append(connection, "webhook.retried", ", ".join(wanted) or "all", {"letters": done})
        return done

    def claim(self, *, may: Callable[[Webhook], bool], now: datetime | None = None) -> Claim | None:
        """A webhook that has something to be sent now and passes ``may``, which is this server's until it settles."""
        at = now or datetime.now(UTC)
        with engines.writing(self._engine) as connection:
            end = connection.scalar(select(update_state.c.number)) or 0
            free = select(webhooks.c.id).where((webhooks.c.leased_until.is_(None)) | (webhooks.c.leased_until < at))
            ids = set(connection.scalars(free))
            for hook in _webhooks(connection):
                if hook.id not in ids:
                    continue
                first = _next(connection, hook.id)
                due = first.next_at <= at if first else hook.sent_to < end
                if due and may(hook):
                    lease = token_hex(8)
                    leased = {"lease": lease, "leased_until": at + LEASE}
                    connection.execute(update(webhooks).where(webhooks.c.id == hook.id).values(leased))
                    return Claim(hook, lease, first)
        return None

    def put(self, claim: Claim, *, id: str, last: int, body: str | None) -> Delivery | None:
        """Keep what is to be sent next, up to an update; None where there is nothing, or the lease has run out."""
        hook, now = claim.webhook, datetime.now(UTC)
        with engines.writing(self._engine) as connection:
            if not _holds(connection, claim):
                return None
            connection.execute(update(webhooks).where(webhooks.c.id == hook.id).values(sent_to=last))
            if body is None:
                return None
            row = {"id": id, "webhook_id": hook.id, "first": hook.sent_to + 1, "last": last, "body": body}
            connection.execute(insert(deliveries), {**row, "attempts": 0, "next_at": now, "created_at": now})
            return _next(connection, hook.id)

    def settle(
        self, claim: Claim, delivery: Delivery | None, *, error: str | None = None, again_in: timedelta | None = None
    ) -> None:
        """Give the webhook back. What failed waits for so long, or is a dead letter where it is not tried again."""
        now = datetime.now(UTC)
        with engines.writing(self._engine) as connection:
            if not _holds(connection, claim):
                return
            values: dict[str, Any] = {"lease": None, "leased_until": None}
            if delivery is not None:
                values |= {"error": error}
                here = deliveries.c.id == delivery.id
                if error is None:
                    values |= {"delivered": webhooks.c.delivered + 1, "delivered_at": now}
                    connection.execute(delete(deliveries).where(here))
                else:
                    failed = {"attempts": delivery.attempts + 1, "error": error}
                    then = {"dead_at": now} if again_in is None else {"next_at": now + again_in}
                    connection.execute(update(deliveries).where(here).values({**failed, **then}))
            connection.execute(update(webhooks).where(webhooks.c.id == claim.webhook.id).values(values))


def _holds(connection: Connection, claim: Claim) -> bool:
    lease = connection.scalar(select(webhooks.c.lease).where(webhooks.c.id == claim.webhook.id))
    return bool(lease == claim.lease)


def _next(connection: Connection, hook: str) -> Delivery | None:
    """The first of what waits: nothing of a webhook is sent before it."""
    here = (deliveries.c.webhook_id == hook, deliveries.c.dead_at.is_(None))
    row = connection.execute(select(deliveries).where(*here).order_by(deliveries.c.first).limit(1)).one_or_none()
    return None if row is None else _delivery(row)


def _webhook(connection: Connection, id: str) -> Webhook:
    found = next((each for each in _webhooks(connection) if each.id == id), None)
    if found is None:
        raise NotFoundError("there is no such webhook", where=id, do="see standpoint webhooks list")
    return found


def _webhooks(connection: Connection) -> tuple[Webhook, ...]:
    dead = deliveries.c.dead_at.is_not(None)
    query = select(deliveries.c.webhook_id, dead, func.count()).group_by(deliveries.c.webhook_id, dead)
    counts = {(row[0], bool(row[1])): row[2] for row in connection.execute(query)}
    names = ("id", "url", "secret_mark", "created_at", "sent_to", "delivered", "delivered_at", "error")
    return tuple(
        Webhook(
            **{name: getattr(row, name) for name in names},
            waiting=counts.get((row.id, False), 0),
            dead=counts.get((row.id, True), 0),
        )
        for row in connection.execute(select(webhooks).order_by(webhooks.c.created_at, webhooks.c.id))
    )


def _delivery(row: Any) -> Delivery:
    names = ("id", "first", "last", "body", "attempts", "next_at", "error", "dead_at")
    return Delivery(webhook=row.webhook_id, **{name: getattr(row, name) for name in names})
