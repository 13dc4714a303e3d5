"""Webhooks: signed, in order, at least once, by one server at a time; what cannot be delivered is kept and told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from api.app import create_app
from api.client import BadSignature, verify_webhook
from api.delivering import ATTEMPTS, Deliverer, Outcome, add_webhook, outcome_of
from api.keys import Scope, make_key
from api.outside import RefusedAddress, retry_after
from api.services import Services
from api.settings import Settings
from api.signing import EVENT, HEADER, is_signed, signature
from api.store import Store, engines
from api.store.access import idempotency
from api.store.feed_tables import deliveries, webhooks
from nlp.errors import NotFoundError, NotSetUpError, UsageError
from nlp.records import Analysis

Make = Callable[..., Analysis]
URL = "https://receiver.example/hook"


class Receiver:
    """Stands in for the machine of a webhook: ``answers`` are given in turn, then it takes everything."""

    def __init__(self) -> None:
        self.came: list[tuple[str, bytes, Mapping[str, str]]] = []
        self.answers: list[Outcome] = []

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        self.came.append((url, body, headers))
        return self.answers.pop(0) if self.answers else Outcome()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body, _ in self.came]


@pytest.fixture
def services(settings: Settings, store: Store) -> Services:
    settings.data.mkdir(parents=True, exist_ok=True)
    return Services(settings, store=store)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


def later(store: Store) -> None:
    """Let every wait be over."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    with engines.writing(store.engine) as connection:
        connection.execute(update(deliveries).values(next_at=past))
        connection.execute(update(webhooks).where(webhooks.c.leased_until.is_not(None)).values(leased_until=past))


def test_what_changes_is_delivered_signed_once_and_without_text(
    services: Services, store: Store, make_analysis: Make, receiver: Receiver
) -> None:
    store.writer.write_analysis(make_analysis("before.txt", holder="person:old"))
    hook, secret = add_webhook(services, URL)
    deliverer = Deliverer(services, receiver)
    assert not deliverer.deliver(), "what was there before is no news"
    store.writer.write_analysis(make_analysis())
    assert deliverer.deliver() and not deliverer.deliver()
    ((url, body, headers),) = receiver.came
    assert url == URL and b"only way to keep" not in body
    sent = verify_webhook(secret, body, headers[HEADER])
    assert headers[EVENT] == sent["id"] and sent["webhook"] == hook.id
    assert [row["kind"] for row in sent["updates"]] == ["article", "statement", "figure", "position"]
    client = TestClient(create_app(services.settings, store=store), base_url="http://127.0.0.1")
    assert client.get("/v1/updates", params={"since": sent["next"]}).json()["items"] == []
    (kept,) = store.webhooks.all()
    assert (kept.delivered, kept.waiting, kept.dead, kept.error) == (1, 0, 0, None)


def test_what_fails_is_sent_again_as_it_was_and_what_comes_behind_it_waits(
    services: Services, store: Store, make_analysis: Make, receiver: Receiver
) -> None:
    add_webhook(services, URL)
    deliverer = Deliverer(services, receiver)
    receiver.answers = [Outcome("it answered 500"), Outcome("it answered 500")]
    store.writer.write_analysis(make_analysis("1.txt", holder="person:one"))
    assert deliverer.deliver()
    store.writer.write_analysis(make_analysis("2.txt", holder="person:two"))
    assert not deliverer.deliver(), "it waits before it tries again, and nothing overtakes"
    assert store.webhooks.all()[0].error == "it answered 500"
    for _ in range(3):
        later(store)
        deliverer.deliver()
    ids = [body["id"] for body in receiver.bodies]
    assert ids[0] == ids[1] == ids[2] != ids[3] and len(ids) == 4
    assert receiver.came[0][1] == receiver.came[2][1]
    holders = [{row["holder"]["id"] for row in body["updates"] if row["holder"]} for body in receiver.bodies]
    assert holders[2:] == [{"person:one"}, {"person:two"}]


def test_waits_grow_and_a_receiver_may_ask_for_more(
    services: Services, store: Store, make_analysis: Make, receiver: Receiver
) -> None:
    add_webhook(services, URL)
    deliverer = Deliverer(services, receiver)
    receiver.answers = [Outcome("x") for _ in range(4)] + [Outcome("x", wait=9000)]
    store.writer.write_analysis(make_analysis())
    waits = []
    for _ in range(5):
        deliverer.deliver()
        with engines.reading(store.engine) as connection:
            row = connection.execute(select(deliveries)).one()
        waits.append((row.next_at - datetime.now(UTC)).total_seconds())
        later(store)
    for wait, about in zip(waits, (10, 20, 40, 80), strict=False):
        assert 0.6 * about < wait < 1.3 * about
    assert 8900 < waits[4] <= 9000


def test_what_is_given_up_is_a_dead_letter_that_can_be_sent_again_and_the_next_goes_on(
    services: Services, store: Store, make_analysis: Make, receiver: Receiver
) -> None:
    add_webhook(services, URL)
    deliverer = Deliverer(services, receiver)
    receiver.answers = [Outcome("it answered 500")] * ATTEMPTS
    store.writer.write_analysis(make_analysis("1.txt", holder="person:one"))
    for _ in range(ATTEMPTS):
        assert deliverer.deliver()
        later(store)
    (letter,) = store.webhooks.dead()
    assert letter.attempts == ATTEMPTS and letter.error == "it answered 500"
    store.writer.write_analysis(make_analysis("2.txt", holder="person:two"))
    assert deliverer.deliver() and receiver.bodies[-1]["id"] != letter.id
    with pytest.raises(NotFoundError):
        store.webhooks.retry(["evt_none"])
    assert store.webhooks.retry([letter.id]) == 1 and store.webhooks.dead() == ()
    assert deliverer.deliver() and receiver.bodies[-1]["id"] == letter.id
    assert store.webhooks.retry() == 0


def test_a_receiver_that_is_gone_is_not_asked_again(
    services: Services, store: Store, make_analysis: Make, receiver: Receiver
) -> None:
    add_webhook(services, URL)
    receiver.answers = [outcome_of(410, {})]
    store.writer.write_analysis(make_analysis())
    Deliverer(services, receiver).deliver()
    assert [letter.error for letter in store.webhooks.dead()] == ["it answered 410"]


def test_two_servers_do_not_both_deliver_and_one_that_died_is_taken_over_from(
    services: Services, store: Store, same_place: Any, make_analysis: Make, receiver: Receiver
) -> None:
    add_webhook(services, URL)
    store.writer.write_analysis(make_analysis())
    with same_place.open(create=False) as own:
        other = Deliverer(Services(services.settings, store=own), receiver)
        meanwhile: list[bool] = []

        def die(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
            meanwhile.append(other.deliver())
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            Deliverer(services, die).deliver()
        assert meanwhile == [False] and receiver.came == []
        assert not other.deliver(), "the lease of the one that died still runs"
        later(store)
        assert other.deliver() and len(receiver.came) == 1


def test_what_a_server_finds_out_after_its_lease_is_not_written(
    services: Services, store: Store, make_analysis: Make, receiver: Receiver
) -> None:
    add_webhook(services, URL)
    store.writer.write_analysis(make_analysis())
    second = Deliverer(services, receiver)

    def slow(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        later(store)
        assert second.deliver()
        return Outcome("it answered 500")

    Deliverer(services, slow).deliver()
    (hook,) = store.webhooks.all()
    assert (hook.delivered, hook.waiting, hook.error) == (1, 0, None)


def test_many_updates_go_in_several_deliveries_and_none_is_left_out(
    services: Services, store: Store, make_analysis: Make, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.delivering.ROWS", 7)
    add_webhook(services, URL)
    for number in range(8):
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:h-{number}"))
    deliverer = Deliverer(services, receiver)
    while deliverer.deliver():
        pass
    rows = [row["id"] for body in receiver.bodies for row in body["updates"]]
    assert len(rows) == len(set(rows)) == 32 and len(receiver.came) == 5


def test_a_server_with_another_secret_leaves_a_webhook_alone(
    services: Services, store: Store, make_analysis: Make, receiver: Receiver
) -> None:
    add_webhook(services, URL)
    store.writer.write_analysis(make_analysis())
    other = Services(services.settings.model_copy(update={"secret": "another"}), store=store)
    assert not Deliverer(other, receiver).deliver()
    assert Deliverer(services, receiver).deliver()


def test_no_secret_stands_in_the_database(services: Services, store: Store) -> None:
    _, secret = add_webhook(services, URL)
    with engines.reading(store.engine) as connection:
        row = connection.execute(select(webhooks)).one()
    assert secret.startswith("whsec_") and secret not in str(row) and secret[6:] not in str(row)


@pytest.mark.parametrize(
    "url", ["http://receiver.example/", "ftp://x/", "https://", "https://u:p@receiver.example/", "https://x:8443/"]
)
def test_only_tls_to_the_usual_ports_is_taken(services: Services, url: str) -> None:
    with pytest.raises(RefusedAddress):
        add_webhook(services, url)


def test_plain_http_is_taken_for_this_machine_alone_and_when_a_setting_allows_it(
    settings: Settings, store: Store, make_analysis: Make, web: Any
) -> None:
    services = Services(settings.model_copy(update={"webhook_loopback": True, "secret": "s"}), store=store)
    _, secret = add_webhook(services, f"http://127.0.0.2:{web.port}/hook")
    add_webhook(services, "http://93.184.215.14/hook")
    web.give("/hook", status=204)
    store.writer.write_analysis(make_analysis())
    deliverer = Deliverer(services)
    while deliverer.deliver():
        pass
    (asked,) = web.asked
    assert verify_webhook(secret, asked.body, asked.headers[HEADER.lower()])["updates"]
    assert [hook.error for hook in store.webhooks.all()] == [
        None,
        "leads to a machine that is not on the public network",
    ]


def test_a_webhook_that_leads_inward_is_refused_when_it_is_asked(
    services: Services, store: Store, make_analysis: Make
) -> None:
    add_webhook(services, "https://127.0.0.1/hook")
    store.writer.write_analysis(make_analysis())
    Deliverer(services).deliver()
    assert store.webhooks.all()[0].error == "leads to a machine that is not on the public network"


def test_one_address_has_one_webhook_and_what_is_removed_is_gone(
    services: Services, store: Store, make_analysis: Make, receiver: Receiver
) -> None:
    hook, _ = add_webhook(services, URL)
    with pytest.raises(UsageError, match="there is a webhook of this address"):
        add_webhook(services, URL)
    receiver.answers = [Outcome("x")]
    store.writer.write_analysis(make_analysis())
    Deliverer(services, receiver).deliver()
    store.webhooks.remove(hook.id)
    assert store.webhooks.all() == () and not Deliverer(services, receiver).deliver()
    with pytest.raises(NotFoundError):
        store.webhooks.remove(hook.id)


def test_a_webhook_waits_until_what_is_stored_already_is_no_news(
    services: Services, store: Store, make_analysis: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.store.updates.LOT", 1)
    for number in range(4):
        store.writer.write_analysis(make_analysis(f"{number}.txt"))
    with pytest.raises(NotSetUpError, match="still being made"):
        add_webhook(services, URL, seconds=-1)
    assert store.webhooks.all() == ()
    hook, _ = add_webhook(services, URL)
    assert hook.sent_to == store.updates.end().number > 0


# Signatures


def test_a_signature_is_of_its_body_secret_and_time() -> None:
    header = signature("whsec_a", b"{}", 1_000)
    assert is_signed("whsec_a", b"{}", header, now=1_100)
    assert not is_signed("whsec_b", b"{}", header, now=1_100)
    assert not is_signed("whsec_a", b"{} ", header, now=1_100)
    assert not is_signed("whsec_a", b"{}", header, now=1_301) and not is_signed("whsec_a", b"{}", header, now=600)
    assert not is_signed("whsec_a", b"{}", header.replace("t=1000", "t=1100"), now=1_100)
    # Of several signatures, as while a secret is changed, one is enough.
    assert is_signed("whsec_a", b"{}", f"t=1000,v1={'0' * 64},{header.partition(',')[2]}", now=1_000)


@pytest.mark.parametrize("header", ["", "t=,v1=", "v1=" + "0" * 64, "t=1,v1=xyz", "t=1", "t=-1,v1=" + "0" * 64, "é"])
def test_a_header_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        verify_webhook("whsec_a", b"{}", header)


def test_an_old_delivery_is_refused_unless_the_receiver_takes_it() -> None:
    old = signature("whsec_a", b'{"id": "e"}', int(time.time()) - 1000)
    with pytest.raises(BadSignature):
        verify_webhook("whsec_a", b'{"id": "e"}', old)
    assert verify_webhook("whsec_a", b'{"id": "e"}', old, tolerance=2000) == {"id": "e"}


@pytest.mark.parametrize(
    ("value", "seconds"), [("120", 120), ("0", 0), ("999999999", 86_400), ("", None), ("soon", None), ("-5", None)]
)
def test_retry_after_is_a_number_of_seconds(value: str, seconds: float | None) -> None:
    assert retry_after(value) == seconds


def test_retry_after_may_be_a_moment() -> None:
    soon = retry_after("Fri, 31 Dec 2100 23:59:59 GMT")
    assert soon == 86_400 and retry_after("Fri, 31 Dec 1999 23:59:59 GMT") == 0


# API and command line


def test_webhooks_ask_for_admin_and_the_secret_is_kept_for_nobody(services: Services, store: Store) -> None:
    settings = services.settings.model_copy(update={"require_keys": True, "rate_limit": 0})
    client = TestClient(create_app(settings, store=store), base_url="http://127.0.0.1")

    def key(scope: Scope) -> dict[str, str]:
        return {"Authorization": f"Bearer {make_key(store.access, scope.value, [scope]).token}"}

    reader, admin = key(Scope.READ), key(Scope.ADMIN)
    assert client.get("/v1/webhooks", headers=reader).status_code == 403
    assert client.post("/v1/webhooks", json={"url": URL}, headers=key(Scope.REVIEW)).status_code == 403
    made = client.post("/v1/webhooks", json={"url": URL}, headers={**admin, "Idempotency-Key": "one"})
    assert made.status_code == 201 and made.json()["secret"].startswith("whsec_")
    with engines.reading(store.engine) as connection:
        assert connection.execute(select(idempotency)).all() == []
    listed = client.get("/v1/webhooks", headers=admin)
    assert [hook["url"] for hook in listed.json()["items"]] == [URL] and "whsec" not in listed.text
    assert client.post("/v1/webhooks", json={"url": URL}, headers=admin).status_code == 409
    bad = client.post("/v1/webhooks", json={"url": "http://receiver.example/SECRET"}, headers=admin)
    assert bad.status_code == 422 and bad.json()["errors"][0]["field"] == "body.url" and "SECRET" not in bad.text
    id = made.json()["id"]
    assert client.delete(f"/v1/webhooks/{id}", headers=admin).status_code == 204
    assert client.delete(f"/v1/webhooks/{id}", headers=admin).status_code == 404


def test_the_server_delivers_while_it_runs(
    settings: Settings, store: Store, make_analysis: Make, web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.delivering.LOOK", 0.05)
    settings = settings.model_copy(update={"webhook_loopback": True, "secret": "s"})
    web.give("/hook")
    with TestClient(create_app(settings, store=store), base_url="http://127.0.0.1") as client:
        assert client.post("/v1/webhooks", json={"url": f"http://127.0.0.2:{web.port}/hook"}).status_code == 201
        store.writer.write_analysis(make_analysis())
        for _ in range(100):
            if web.asked:
                break
            time.sleep(0.05)
        (hook,) = client.get("/v1/webhooks").json()["items"]
    assert len(web.asked) == 1 and hook["usable"]


def test_webhooks_on_the_command_line(
    run: Any, data: list[str], store: Store, make_analysis: Make, settings: Settings, receiver: Receiver
) -> None:
    if settings.data.exists() is False:
        refused = run(*data, "webhooks", "add", URL)
        assert refused.code == 5 and "STANDPOINT_SECRET" in refused.err, "its secret would end with the command"
        settings.data.mkdir()
    made = run(*data, "webhooks", "add", URL, "--json")
    assert made.code == 0 and made.document["secret"].startswith("whsec_")
    assert run(*data, "webhooks", "dead").code == 4 and run(*data, "webhooks", "retry").code == 4
    receiver.answers = [Outcome("it answered 410", final=True)]
    store.writer.write_analysis(make_analysis())
    assert Deliverer(Services(settings, store=store), receiver).deliver()
    shown = run(*data, "webhooks", "list")
    assert shown.code == 0 and URL in shown.out and "it answered 410" in shown.out
    (letter,) = run(*data, "webhooks", "dead", "--json").document["dead"]
    assert json.loads(letter["body"])["id"] == letter["id"]
    assert letter["id"] in run(*data, "webhooks", "dead").out
    assert run(*data, "webhooks", "retry", letter["id"]).out.startswith("1 delivery ")
    assert run(*data, "webhooks", "remove", made.document["id"]).code == 0
    assert run(*data, "webhooks", "list").code == 4
    assert run(*data, "webhooks", "remove", "none").code == 2
    assert run(*data, "webhooks", "add", "http://receiver.example/").code == 2
