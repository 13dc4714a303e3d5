"""The OpenAPI document: the one that is checked in is the one that is served, whole and with examples that fit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from api.app import create_app
from api.keys import OPEN, is_decided, scope_of
from api.settings import Settings
from api.store import Store

CHECKED_IN = Path(__file__).resolve().parents[2] / "api" / "openapi.json"


#: Well formed as the store writes them, and signed by nobody.
UNSIGNED = ("bzI", "WzJd", "WyIyMDE0LTA1LTAxIiwxXQ", "WyIyMDE0LTA1LTAxIiwxLDBd", "WyJhIiwiYiJd")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_the_checked_in_document_is_the_one_that_is_served(document: dict[str, Any]) -> None:
    checked_in = json.loads(CHECKED_IN.read_text(encoding="utf-8"))
    changed = sorted(
        f"{method} {path}"
        for method, path, operation in (*_operations(document), *_operations(checked_in))
        if operation != checked_in["paths"].get(path, {}).get(method.lower())
        or operation != document["paths"].get(path, {}).get(method.lower())
    )
    assert checked_in == document, f"run `make openapi` and look at what changed: {changed or 'components'}"


def test_the_command_prints_the_document(run: Any, document: dict[str, Any]) -> None:
    result = run("openapi")
    assert (result.code, result.document) == (0, document)


def test_every_operation_and_every_error_has_an_example_that_fits(document: dict[str, Any]) -> None:
    answers = [
        (f"{method} {path} {status}", answer)
        for method, path, operation in _operations(document)
        for status, answer in (*operation["responses"].items(), ("request", operation.get("requestBody", {})))
    ]
    answers += list(document["components"]["responses"].items())
    seen = 0
    for name, answer in answers:
        for content in answer.get("content", {}).values():
            schema = {**content["schema"], "components": document["components"]}
            faults = [
                f"{fault.json_path} {fault.message}"
                for fault in Draft202012Validator(schema).iter_errors(content["example"])
            ]
            assert not faults, f"{name}: {faults}; give a value in api/examples.toml"
            seen += 1
    assert seen > 30


def test_every_operation_says_which_scope_it_asks_for(document: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    for method, path, operation in _operations(document):
        wanted = [] if path in OPEN else [{"key": [scope_of(method, path).value]}, {}]
        assert operation["security"] == wanted
        # What changes something asks for the most until somebody has decided what it asks for.
        assert is_decided(method, path), f"give {method} {path} a scope in api/keys.py"


def test_problems_that_an_operation_answers_are_described(document: dict[str, Any]) -> None:
    known = document["components"]["responses"]
    for _, path, operation in _operations(document):
        problems = {status: answer["$ref"] for status, answer in operation["responses"].items() if "$ref" in answer}
        assert all(reference.rpartition("/")[2] in known for reference in problems.values())
        assert {"422", "500", "503"} <= set(problems)
        assert ("404" in problems) == ("{" in path) and ("401" in problems) == (path not in OPEN)
    assert known["Problem429"]["headers"]["Retry-After"] and known["Problem401"]["headers"]["WWW-Authenticate"]


def test_writes_take_an_idempotency_key_and_reads_an_etag(document: dict[str, Any]) -> None:
    def headers(path: str, method: str) -> set[str]:
        parameters = document["paths"][path][method].get("parameters", ())
        return {parameter["name"] for parameter in parameters if parameter["in"] == "header"}

    assert headers("/v1/topics", "post") == headers("/v1/topics/{id}", "delete") == {"Idempotency-Key"}
    assert headers("/v1/map", "get") == {"If-None-Match"} and headers("/v1/analyse", "post") == set()
    assert "304" in document["paths"]["/v1/map"]["get"]["responses"]


def _lists(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, str], set[str]]]:
    """Every list with what it must be given, and the names of all that it takes."""
    for method, path, operation in _operations(document):
        taken = {each["name"]: each for each in operation.get("parameters", ()) if each["in"] == "query"}
        if method == "GET" and "after" in taken:
            needed = {name: _sample(each) for name, each in taken.items() if each.get("required")}
            yield path, needed, set(taken)


def _sample(parameter: dict[str, Any]) -> str:
    return str({"topic": "pooling", "q": "budget"}.get(parameter["name"], "1"))


def test_every_list_refuses_what_cannot_be_used_by_the_name_of_the_field(
    document: dict[str, Any], settings: Settings, store: Store
) -> None:
    client = TestClient(create_app(settings, store=store), base_url="http://127.0.0.1", raise_server_exceptions=False)
    bad: list[tuple[str, str, dict[str, str]]] = [("after", "after", {"after": cursor}) for cursor in UNSIGNED]
    bad += [
        ("from", "to", {"from": "2015-01-01", "to": "2014-12-31"}),
        ("from", "from", {"from": "20150101"}),
        ("to", "to", {"to": "2015-02-30"}),
        ("limit", "limit", {"limit": "9" * 400}),
        ("limit", "limit", {"limit": "-1"}),
        ("min_confidence", "min_confidence", {"min_confidence": "1e999"}),
        ("q", "q", {"q": "a\0SECRETSECRET"}),
        ("q", "q", {"q": '- !! ""'}),
        ("q", "q", {"q": "SECRETSECRET " * 4_800}),
        ("after", "colour", {"colour": "SECRETSECRET"}),
    ]
    seen = 0
    for path, needed, taken in _lists(document):
        for concerned, field, params in bad:
            if concerned in taken:
                answer = client.get(path, params={**needed, **params})
                assert answer.status_code == 422, (path, params)
                found = [error["field"].removeprefix("query.") for error in answer.json()["errors"]]
                assert field in found and "SECRETSECRET" not in answer.text, (path, field, found)
                seen += 1
    assert seen > 80
