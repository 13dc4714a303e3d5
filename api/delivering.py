"""Webhooks: who is told of updates, and the thread of the server that tells them."""

from __future__ import annotations

import json
import random
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address
from threading import Event, Thread

from api.cursors import SECRET_FILE
from api.outside import Limits, Outside, OutsideError, is_public, retry_after
from api.services import Services
from api.settings import Settings
from api.signing import EVENT, HEADER, mark_of, secret_of, signature
from api.store.updates import Place
from api.store.webhooks import Claim, Delivery, Webhook
from api.updates import cursor_of, rows_of
from nlp.errors import NotSetUpError

#: Updates in one delivery; a row has at most some hundreds of bytes.
ROWS = 100
#: A delivery is tried so often, over some eleven hours, before it is a dead letter.
ATTEMPTS = 14
#: The wait after the first failure and the longest one, in seconds; each is twice the one before, give or take a
#: fifth, so that receivers which come back are not asked by everybody at once.
FIRST_WAIT, LONGEST_WAIT = 10.0, 3600.0
#: Something new is looked for so often, in seconds.
LOOK = 5.0
#: A server that ends waits so long, in seconds, for a delivery in hand.
END = 5.0
LIMITS = Limits(bytes=100_000, connect=10, read=15, total=30)
Send = Callable[[str, bytes, Mapping[str, str]], "Outcome"]


class Outcome:
    """What came of one attempt: no error, or why it failed; ``wait`` is what the receiver asked for, in seconds."""

    def __init__(self, error: str | None = None, *, wait: float | None = None, final: bool = False) -> None:
        self.error, self.wait, self.final = error, wait, final


def add_webhook(services: Services, url: str, *, seconds: float | None = None) -> tuple[Webhook, str]:
    """Keep a webhook; it and its secret, which is shown this once.

    Raises UsageError for an address of another form, NotSetUpError where the server's own secret ends with it, and
    where the log of updates is not brought to what is stored in so many seconds.
    """
    door_for(services.settings, url).check(url)
    _require_secret(services)
    # What is stored already is no news: the log is brought to it first.
    if not services.store.updates.catch_up(seconds=seconds):
        raise NotSetUpError("the log of updates is still being made", do="ask again: it goes on where it was")
    id = secrets.token_hex(6)
    secret = _secret(services, id)
    return services.store.webhooks.add(id, url, mark_of(secret)), secret


def door_for(settings: Settings, url: str) -> Outside:
    """What asks the address of a webhook: TLS to the public network or, by a setting, plain HTTP to this machine."""
    if settings.webhook_loopback and url.lower().startswith("http://"):
        return Outside(ports=None, limits=LIMITS, schemes=("http",), permit=_is_loopback)
    return Outside(ports=settings.ports_outside, limits=LIMITS, schemes=("https",), permit=is_public)


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    return address.is_loopback


def _require_secret(services: Services) -> None:
    settings = services.settings
    # Asking for the signer makes the file where there is none and a folder for it.
    if services.signer and not settings.secret and not (settings.data / SECRET_FILE).exists():
        raise NotSetUpError(
            "there is no lasting secret from which that of a webhook could be derived",
            where=str(settings.data),
            do="set STANDPOINT_SECRET for every server and command, or make the data folder",
        )


def can_sign(services: Services, hook: Webhook) -> bool:
    """Whether this server has the secret that the webhook was made with; one with another leaves it alone."""
    return mark_of(_secret(services, hook.id)) == hook.secret_mark


def _secret(services: Services, id: str) -> str:
    return secret_of(services.signer.derive(f"webhook {id}"))


class Deliverer:
    """Tells webhooks of updates, each in order, for as long as the server runs."""

    def __init__(self, services: Services, send: Send | None = None) -> None:
        self._services, self._send = services, send or self._post
        self._wake = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        self._thread = Thread(target=self._work, name="webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the delivery in hand, which is sent again later where its end is not waited for."""
        self._services.stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(END)

    def deliver(self) -> bool:
        """Deliver what one webhook waits for; False when there is nothing to be sent now."""
        store = self._services.store
        if not store.webhooks.all():
            return False
        store.updates.catch_up()
        claim = store.webhooks.claim(may=lambda hook: can_sign(self._services, hook))
        if claim is None:
            return False
        delivery = claim.delivery or self._make(claim)
        if delivery is None:
            store.webhooks.settle(claim, None)
            return True
        outcome = self._attempt(claim.webhook, delivery)
        again = None if outcome.error is None else _wait(delivery.attempts + 1, outcome)
        store.webhooks.settle(claim, delivery, error=outcome.error, again_in=again)
        return True

    def _work(self) -> None:
        stopping = self._services.stopping
        while not stopping.is_set():
            try:
                if self.deliver():
                    continue
            except NotSetUpError:
                # There is no database yet, or it is busy: what waits is still there when it is back.
                pass
            self._wake.wait(LOOK)

    def _make(self, claim: Claim) -> Delivery | None:
        """The next delivery: the updates behind the last one."""
        services, id = self._services, f"evt_{secrets.token_hex(12)}"
        found, place = services.store.updates.page(claim.webhook.sent_to, ROWS)
        rows = [row.model_dump(mode="json") for row in rows_of(services, found, place.log)]
        last = found[-1].number if found else place.number
        body = {
            "id": id,
            "webhook": claim.webhook.id,
            "updates": rows,
            "next": cursor_of(services, Place(place.log, last)),
        }
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":")) if found else None
        return services.store.webhooks.put(claim, id=id, last=last, body=text)

    def _attempt(self, hook: Webhook, delivery: Delivery) -> Outcome:
        body = delivery.body.encode("utf-8", "replace")
        signed = signature(_secret(self._services, hook.id), body, int(time.time()))
        headers = {"Content-Type": "application/json", HEADER: signed, EVENT: delivery.id}
        return self._send(hook.url, body, headers)

    def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        try:
            answer = door_for(self._services.settings, url).post(url, body, headers)
        except OutsideError as error:
            return Outcome(error.what)
        return outcome_of(answer.status, answer.headers)


def outcome_of(status: int, headers: Mapping[str, str]) -> Outcome:
    """What an answer means: 2xx is delivered, 410 is never to be tried again, a redirect is not followed."""
    if 200 <= status < 300:
        return Outcome()
    wait = retry_after(headers.get("retry-after", "")) if status in (429, 503) else None
    return Outcome(f"it answered {status}", wait=wait, final=status == 410)


def _wait(attempts: int, outcome: Outcome) -> timedelta | None:
    if outcome.final or attempts >= ATTEMPTS:
        return None
    own = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT) * random.uniform(0.8, 1.2)
    return timedelta(seconds=max(own, outcome.wait or 0.0))
