"""Signed cursors: of this server, of this query, and stable while rows come and go."""

from __future__ import annotations

import json
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.app import create_app
from api.cursors import SECRET_FILE, Signer, fingerprint, read_secret
from api.problems import ProblemError
from api.settings import Settings
from api.store import Store
from nlp.errors import NotSetUpError
from nlp.records import Analysis, StanceLabel, Topic

BASE = "http://127.0.0.1"
LISTS = ("articles", "statements", "stakeholders", "topics", "positions", "figures", "map", "search?q=budget")


@pytest.fixture
def client(settings: Settings, store: Store, make_analysis: Callable[..., Analysis]) -> TestClient:
    for index in range(4):
        store.writer.write_analysis(
            make_analysis(f"{index}.txt", holder=f"person:holder-{index}", published=f"201{index}-03-01")
        )
    return TestClient(create_app(settings, store=store), base_url=BASE, raise_server_exceptions=False)


def _page(client: TestClient, address: str, **params: Any) -> tuple[list[Any], str | None]:
    answer = client.get(f"/v1/{address}", params={"limit": 2, **params} | _query(address))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body.get("items", body.get("rows")), body["next"]


def _query(address: str) -> dict[str, str]:
    return dict([address.partition("?")[2].split("=")]) if "?" in address else {}


@pytest.mark.parametrize("address", LISTS)
def test_a_cursor_of_another_query_is_refused_by_name_and_not_repeated(client: TestClient, address: str) -> None:
    _, cursor = _page(client, address, limit=1)
    assert cursor
    other = {"topic": "capitation"} if address != "topics" else None
    if other:
        _refused(client, address, cursor, **other)
    another_list = next(name for name in LISTS if name != address)
    _refused(client, another_list, cursor)
    # The size of a page may change on the way.
    assert _page(client, address, limit=3, after=cursor)[0]


@pytest.mark.parametrize("address", LISTS)
def test_a_changed_cursor_is_refused(client: TestClient, address: str) -> None:
    _, cursor = _page(client, address, limit=1)
    assert cursor
    raw = bytearray(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    for place in (0, 15, 16, 23, len(raw) - 1):
        changed = bytes(byte ^ (1 if index == place else 0) for index, byte in enumerate(raw))
        _refused(client, address, urlsafe_b64encode(changed).decode().rstrip("="))
    for odd in ("", "x" * 4001, "\0", "é", cursor[:20], cursor + "AAAA"):
        _refused(client, address, odd)


def _refused(client: TestClient, address: str, cursor: str, **more: str) -> None:
    answer = client.get(f"/v1/{address}", params={"after": cursor, **_query(address), **more})
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == ["query.after"]
    assert len(cursor) < 12 or cursor not in answer.text


def test_a_cursor_of_another_server_is_refused(client: TestClient, settings: Settings, store: Store) -> None:
    _, cursor = _page(client, "articles", limit=1)
    elsewhere = create_app(settings.model_copy(update={"secret": "of another server"}), store=store)
    _refused(TestClient(elsewhere, base_url=BASE), "articles", str(cursor))
    same = create_app(settings, store=store)
    assert _page(TestClient(same, base_url=BASE), "articles", after=cursor)[0]


@pytest.mark.parametrize("address", ["articles", "statements", "stakeholders", "positions", "figures", "map"])
def test_rows_that_come_and_go_between_pages_hide_and_repeat_no_other(
    client: TestClient, store: Store, make_analysis: Callable[..., Analysis], address: str
) -> None:
    whole = [json.dumps(row) for row in _page(client, address, limit=200)[0]]
    first, cursor = _page(client, address)
    # One that sorts before all others, and the last one seen goes.
    new = make_analysis("new.txt", holder="person:aa", published="2019-01-01", label=StanceLabel.OPPOSE)
    store.writer.write_analysis(new)
    gone = {"articles": 3, "statements": 2, "figures": 2}.get(address, 1)
    article = next(row for row in _page(client, "articles", limit=200)[0] if row["source"] == f"{gone}.txt")
    store.holdings.withdraw(article["id"])
    rest, _ = _page(client, address, limit=200, after=cursor)
    seen = [json.dumps(row) for row in first]
    # The counts of a row may have changed; who or what it is may not come twice, and nothing is left out.
    assert [_identity(row) for row in rest] == [_identity(json.loads(row)) for row in whole if row not in seen]


def _identity(row: dict[str, Any]) -> Any:
    return row.get("id") or row.get("holder", {}).get("id") or row["stakeholder"]["id"]


def test_topics_that_users_add_come_after_a_cursor(client: TestClient, store: Store) -> None:
    first, cursor = _page(client, "topics", limit=20)
    store.writer.add_topic(Topic("aaa", "Aaa", "It should be so in every town."))
    rest, _ = _page(client, "topics", limit=200, after=cursor)
    ids = [row["id"] for row in first + rest]
    assert len(set(ids)) == len(ids) and ids[-1] == "aaa"


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = read_secret(tmp_path)
    path = tmp_path / SECRET_FILE
    assert len(first) == 64 and read_secret(tmp_path) == first and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [SECRET_FILE]


def test_without_a_folder_the_secret_lasts_as_long_as_the_process(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert read_secret(folder) != read_secret(folder) and not folder.exists()


def test_a_secret_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(NotSetUpError, match="secret of cursors"):
        read_secret(tmp_path)


@hypothesis_settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(min_size=1, max_size=300), st.binary(min_size=8, max_size=8), st.binary(min_size=8, max_size=8))
def test_what_is_sealed_is_opened_for_its_query_alone(key: str, query: bytes, other: bytes) -> None:
    key = key.encode("utf-8", "replace").decode()
    signer = Signer(b"secret")
    cursor = signer.seal(key, query)
    assert signer.open(cursor, query) == key
    if other != query:
        with pytest.raises(ProblemError):
            signer.open(cursor, other)
    with pytest.raises(ProblemError):
        Signer(b"another").open(cursor, query)


@given(st.text(max_size=60))
def test_any_text_is_refused_as_a_cursor_and_not_repeated(text: str) -> None:
    with pytest.raises(ProblemError) as refusal:
        Signer(b"secret").open(text, b"12345678")
    assert len(text) < 12 or text not in refusal.value.problem.model_dump_json()


def test_a_fingerprint_knows_filters_and_not_their_order_or_the_size_of_a_page() -> None:
    asked = [("topic", "a"), ("topic", "b"), ("from", "2014-01-01")]
    same = [("from", "2014-01-01"), ("topic", "b"), ("limit", "9"), ("after", "x"), ("topic", "a")]
    assert fingerprint("/v1/map", asked) == fingerprint("/v1/map", same)
    for other in ([("topic", "ab")], [("topic", "a"), ("topic", "b")], [*asked, ("q", "")]):
        assert fingerprint("/v1/map", other) != fingerprint("/v1/map", asked)
    assert fingerprint("/v1/articles", asked) != fingerprint("/v1/map", asked)
