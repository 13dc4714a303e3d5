"""API keys: made and shown once, hashed at rest, asked for beyond this machine, good for what they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import inspect, text

from api.app import create_app
from api.callers import Buckets
from api.commands.serve import require_key
from api.keys import Scope, find_key, make_key, may, scope_of
from api.services import Services
from api.settings import Settings
from api.store import Store, engines
from nlp.errors import NotFoundError, UsageError

BASE = "http://127.0.0.1"
OPEN_TO_ALL = {"host": "0.0.0.0", "rate_limit": 0}
Run_ = Callable[..., Any]


def _client(settings: Settings, store: Store, **changed: Any) -> TestClient:
    app = create_app(settings.model_copy(update=changed), store=store)
    return TestClient(app, base_url=BASE, raise_server_exceptions=False)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_is_kept_as_a_digest_and_found_again(store: Store) -> None:
    made = make_key(store.access, "dashboard", [Scope.READ])
    assert made.token.startswith(f"sp_{made.id}_") and len(made.token.rpartition("_")[2]) <= 43
    (kept,) = store.access.all_keys()
    assert kept.digest == sha256(made.token.encode()).hexdigest() and kept.scopes == ("read",)
    if store.path:
        assert made.token.encode() not in store.path.read_bytes() + Path(f"{store.path}-wal").read_bytes()
    else:
        with engines.reading(store.engine) as connection:
            kept_text = connection.execute(text("SELECT CAST(k AS text), CAST(a AS text) FROM api_keys k, audit a"))
            assert made.token.rpartition("_")[2] not in str(kept_text.all())
    found = find_key(store.access, made.token)
    assert found is not None and found.id == made.id
    last = "A" if made.token[-1] != "A" else "B"
    for other in ("", "sp_", made.token[:-1] + last, made.token.replace(made.id, "0" * 12), made.token + "x"):
        assert find_key(store.access, other) is None


def test_two_tokens_differ_and_hold_256_bits(store: Store) -> None:
    tokens = [make_key(store.access, f"key {number}", [Scope.READ]).token for number in range(20)]
    assert len({token[16:] for token in tokens}) == 20 and {len(token) for token in tokens} == {3 + 12 + 1 + 43}


def test_a_revoked_key_is_known_no_more_and_its_name_is_free(store: Store) -> None:
    made = make_key(store.access, "feed", [Scope.INGEST])
    with pytest.raises(UsageError, match="in use"):
        make_key(store.access, "feed", [Scope.READ])
    assert store.access.revoke_key("feed").id == made.id
    assert find_key(store.access, made.token) is None
    with pytest.raises(NotFoundError):
        store.access.revoke_key("feed")
    assert make_key(store.access, "feed", [Scope.READ]).id != made.id


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\nb", "\x1b[31m", "<b>"])
def test_a_name_that_is_none_is_refused(store: Store, name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        make_key(store.access, name, [Scope.READ])
    with pytest.raises(UsageError, match="scope"):
        make_key(store.access, "fine", [])


def test_admin_may_all_and_the_others_what_they_say(store: Store) -> None:
    admin, feed = (
        find_key(store.access, make_key(store.access, name, scopes).token)
        for name, scopes in (("admin", [Scope.ADMIN]), ("feed", [Scope.INGEST, Scope.READ]))
    )
    assert admin is not None and feed is not None
    assert all(may(admin, scope) for scope in Scope)
    assert [may(feed, scope) for scope in Scope] == [True, True, False, False]
    assert scope_of("GET", "/v1/map") is Scope.READ and scope_of("POST", "/v1/topics") is Scope.INGEST
    assert scope_of("POST", "/v1/analyse") is Scope.READ and scope_of("POST", "/v1/brand-new") is Scope.ADMIN


@pytest.mark.parametrize(
    "changed",
    [OPEN_TO_ALL, {"require_keys": True}, {"allowed_hosts": "standpoint.example.org"}],
    ids=["beyond", "asked for", "named"],
)
def test_beyond_this_machine_everything_but_life_asks_for_a_key(
    settings: Settings, store: Store, changed: dict[str, Any]
) -> None:
    client = _client(settings, store, **changed)
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    for path in ("/v1/map", "/", "/docs", "/openapi.json", "/metrics", "/static/style.css", "/nope", "/version"):
        answer = client.get(path)
        assert answer.status_code == 401, path
        kind = "text/html; charset=utf-8" if path in ("/", "/docs", "/nope") else "application/problem+json"
        assert answer.headers["content-type"] == kind
        assert answer.headers["www-authenticate"] == 'Bearer realm="standpoint"'
    token = make_key(store.access, "reader", [Scope.READ]).token
    for path in ("/v1/map", "/", "/metrics"):
        assert client.get(path, headers=_bearer(token)).status_code == 200


def test_on_this_machine_no_key_is_needed_but_one_that_is_sent_must_be_good(settings: Settings, store: Store) -> None:
    client = _client(settings, store)
    assert client.get("/v1/map").status_code == 200
    answer = client.get("/v1/map", headers=_bearer("sp_SECRETSECRET"))
    assert answer.status_code == 401 and "SECRET" not in answer.text + answer.headers["www-authenticate"]
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_key_without_the_scope_is_told_which_one_is_asked_for(settings: Settings, store: Store) -> None:
    client = _client(settings, store, **OPEN_TO_ALL)
    reader = make_key(store.access, "reader", [Scope.READ]).token
    topic = {"id": "toll", "name": "Toll", "claim": "The bridge should have a toll."}
    answer = client.post("/v1/topics", json=topic, headers=_bearer(reader))
    assert answer.status_code == 403 and "`ingest`" in answer.json()["detail"]
    assert 'error="insufficient_scope", scope="ingest"' in answer.headers["www-authenticate"]
    assert client.delete("/v1/topics/toll", headers=_bearer(reader)).status_code == 403
    assert client.post("/v1/topics/check", json=topic, headers=_bearer(reader)).status_code == 200
    feed = make_key(store.access, "feed", [Scope.INGEST]).token
    assert client.post("/v1/topics", json=topic, headers=_bearer(feed)).status_code == 202
    assert client.get("/v1/topics", headers=_bearer(feed)).status_code == 403
    assert client.put("/v1/topics", json=topic, headers=_bearer(feed)).status_code == 403


@pytest.mark.parametrize("header", ["", "Bearer", "Basic dXNlcjpwYXNz", "Bearer  ", "bearer é", "Bearer \x7f"])
def test_what_is_no_bearer_token_is_a_401(settings: Settings, store: Store, header: str) -> None:
    client = _client(settings, store, **OPEN_TO_ALL)
    assert client.get("/v1/map", headers={"Authorization": header.encode()}).status_code == 401


def test_a_revoked_key_is_refused_at_once(settings: Settings, store: Store) -> None:
    client = _client(settings, store, **OPEN_TO_ALL)
    made = make_key(store.access, "reader", [Scope.READ])
    assert client.get("/v1/map", headers=_bearer(made.token)).status_code == 200
    store.access.revoke_key(made.id)
    assert client.get("/v1/map", headers=_bearer(made.token)).status_code == 401


def test_names_of_the_server_are_those_that_were_set(settings: Settings, store: Store) -> None:
    token = make_key(store.access, "reader", [Scope.READ]).token
    named = _client(settings, store, allowed_hosts="standpoint.example.org", rate_limit=0)

    def status(client: TestClient, host: str, **more: str) -> int:
        return client.get("/v1/map", headers={"Host": host, **_bearer(token), **more}).status_code

    assert status(named, "Standpoint.example.org:8000") == 200 and status(named, "evil.test") == 421
    any_name = _client(settings, store, **OPEN_TO_ALL)
    assert status(any_name, "whatever.test") == 200 and status(any_name, "") == 421
    assert status(any_name, "whatever.test", Origin="https://whatever.test") == 200
    assert status(any_name, "whatever.test", Origin="https://evil.test") == 403


def test_too_many_requests_of_one_key_are_held_back_and_others_go_on(settings: Settings, store: Store) -> None:
    client = _client(settings, store, host="0.0.0.0", rate_limit=1)
    one, two = (make_key(store.access, name, [Scope.READ]).token for name in ("one", "two"))
    statuses = [client.get("/v1/topics", headers=_bearer(one)).status_code for _ in range(4)]
    assert statuses[:2] == [200, 200] and statuses[-1] == 429
    answer = client.get("/v1/topics", headers=_bearer(one))
    assert int(answer.headers["retry-after"]) >= 1 and answer.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/topics", headers=_bearer(two)).status_code == 200
    # Those without a key are counted by their address.
    assert [client.get("/v1/topics").status_code for _ in range(4)][-1] == 429
    assert client.get("/healthz").status_code == 200


def test_buckets_fill_again_and_forget_who_stays_away() -> None:
    now = 0.0
    buckets = Buckets(2.0, lambda: now)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0]
    assert buckets.take("a") == pytest.approx(0.5)
    now = 0.5
    assert buckets.take("a") == 0 and buckets.take("a") > 0
    for number in range(10_001):
        buckets.take(str(number))
    assert "a" not in buckets._held and len(buckets._held) == 10_000
    assert all(Buckets(0).take("a") == 0 for _ in range(100))


def test_commands_make_list_and_revoke_keys(run: Run_, tmp_path: Path) -> None:
    assert run("keys", "list").code == 5
    made = run("keys", "add", "nightly", "--scope", "read", "--scope", "ingest")
    assert made.code == 0 and made.out.startswith("sp_") and made.out.count("\n") == 1 and "shown once" in made.err
    token = made.out.strip()
    listed = run("keys", "list")
    assert "nightly" in listed.out and "read, ingest" in listed.out and token not in listed.out + listed.err
    assert run("keys", "add", "nightly").code == 2
    assert run("keys", "add", "other", "--scope", "everything").code == 2
    made = run("keys", "add", "other", "--json").document
    assert made["scopes"] == ["read"] and made["token"].startswith("sp_")
    assert run("keys", "revoke", "nightly").code == 0 and run("keys", "revoke", "nightly").code == 2
    keys = {key["name"]: key for key in run("keys", "list", "--json").document["keys"]}
    assert keys["nightly"]["revoked"] and not keys["other"]["revoked"]
    assert token not in json.dumps(keys)


def test_without_any_key_the_server_is_not_opened_to_others(run: Run_, settings: Settings, store: Store) -> None:
    result = run("serve", "--host", "0.0.0.0", "--port", "0")
    assert result.code == 2 and "standpoint keys add" in result.err
    services = Services(settings.model_copy(update={"host": "0.0.0.0"}), store=store)
    with pytest.raises(UsageError, match="no API key"):
        require_key(services)
    made = make_key(store.access, "reader", [Scope.READ])
    require_key(services)
    store.access.revoke_key(made.id)
    with pytest.raises(UsageError):
        require_key(services)
    require_key(Services(settings, store=store))


@pytest.mark.parametrize("host", ["no such name.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_one_line(run: Run_, host: str) -> None:
    result = run("serve", "--host", host)
    assert result.code == 2 and "--host" in result.err and result.err.count("\n") == 1


def test_the_schema_of_the_step_is_as_the_tables_say(store: Store) -> None:
    assert {"api_keys", "idempotency"} <= set(inspect(store.engine).get_table_names())
