"""The OpenAPI document: what the framework makes of the routes, with problems, security and examples."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api import keys
from api.problems import MEDIA_TYPE, Problem
from api.repeats import HEADER

Schema = dict[str, Any]

DESCRIPTION = """\
Who stands where on which proposal, in whose words, since when, and with what money quoted. \
Everything is machine-extracted and, but where a reviewer said so, checked by no one; every answer carries its evidence
and a confidence, which is not calibrated in this version.

Lists come in pages: give the `next` of one as `after` of the following, with the same filters. Filters repeat: \
the same key again widens (or), another key narrows (and); an unknown parameter is refused. Offsets are half-open \
and count code points of the article's text. Errors are problems (RFC 9457). Answers to GET carry an ETag.

On its own machine the server needs no key. Beyond it every address but `/healthz` and `/readyz` does: \
`Authorization: Bearer KEY`, with the scope that the address names. A write that carries an `Idempotency-Key` may be \
sent again within 24 hours and is done once."""

_TAGS = {
    "positions": "Who stands where, computed when asked for",
    "comparing": "Who turned, who stands against and beside whom, who is silent, what would win them over",
    "statements": "Who said what, where",
    "stakeholders": "People, organisations and groups",
    "topics": "The proposals one can be for or against",
    "articles": "What was read",
    "figures": "The money that articles quote",
    "exports": "Everything that passes filters, as a file",
    "briefings": "Everything on a proposal or on stakeholders as one document, and who was given which lines",
    "charts": "The same as pictures, with their data",
    "search": "Statements, articles and figures by their words and by what they mean",
    "analyse": "A text of your own, not stored",
    "updates": "What is new, changed or withdrawn, for programs that keep in step",
    "webhooks": "Addresses that are told of updates",
    "judgements": "What reviewers say of what the program found, and how good that shows it to be",
    "jobs": "Long work that the server took on",
    "system": "Life, readiness, versions, metrics",
}
SECURITY = "key"
_SCHEMES = {
    SECURITY: {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, made with `standpoint keys add`; not needed on the server's own machine.",
    }
}
_RETRY = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}
_CHALLENGE = {"WWW-Authenticate": {"description": "what is missing (RFC 6750)", "schema": {"type": "string"}}}
_TAG = {"ETag": {"description": "for `If-None-Match`", "schema": {"type": "string"}}}
_BAD_FIELD = [{"field": "query.colour", "detail": "There is no such parameter."}]
#: Status: what it means, a detail as it is answered, headers.
_PROBLEMS: dict[int, tuple[str, str, Schema]] = {
    400: ("The request cannot be read", "There was an error parsing the body.", {}),
    401: ("A key is needed", "This server needs an API key. Send one as `Authorization: Bearer KEY`.", _CHALLENGE),
    403: (
        "The key lacks a scope",
        "This key does not have the scope `ingest`, which this address asks for.",
        _CHALLENGE,
    ),
    404: ("There is none", "There is no such article.", {}),
    409: ("It clashes with what is there", "Another topic has this id; choose another one, or delete that topic.", {}),
    410: ("The article was withdrawn", "This article was withdrawn on 2026-11-22: its publisher asked for it.", {}),
    413: ("The body is too large", "The request is larger than 20,971,520 bytes; send a shorter text.", {}),
    421: ("The server does not answer under this name", "This server does not answer under this name.", {}),
    422: ("A part of the request cannot be used", "The request has a part that cannot be used.", {}),
    429: (
        "Too many requests",
        "There were too many requests in a short time; wait as long as Retry-After says.",
        _RETRY,
    ),
    500: ("Something went wrong here", "Something went wrong here; the log of the server says what.", {}),
    503: ("There is no database, or it took too long", "There is no database (run `standpoint ingest PATH`).", _RETRY),
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the application; made once."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary="Who stands where on which proposal",
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
    )
    components = document["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    components["schemas"] |= problem.pop("$defs") | {"Problem": problem}
    components["responses"] = {f"Problem{status}": _problem(status) for status in _PROBLEMS}
    components["securitySchemes"] = _SCHEMES
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(operation, method.upper(), path, components["schemas"])
    app.openapi_schema = document
    return document


def _problem(status: int) -> Schema:
    about, detail, headers = _PROBLEMS[status]
    example = Problem.of(status, detail).model_dump() | {"errors": _BAD_FIELD if status == 422 else []}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}}
    return {"description": about, "content": content} | ({"headers": headers} if headers else {})


def _complete(operation: Schema, method: str, path: str, schemas: Mapping[str, Schema]) -> None:
    """What the framework does not know of an operation: its id, who may call it, its problems, its examples."""
    operation["operationId"] = operation["operationId"].partition("_v1_")[0].partition("_get")[0]
    scope = keys.scope_of(method, path)
    operation["security"] = [] if path in keys.OPEN else [{SECURITY: [scope.value]}, {}]
    kept = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
    for answer in kept.values():
        for content in answer.get("content", {}).values():
            content["example"] = example_of(content["schema"], schemas)
    for content in operation.get("requestBody", {}).get("content", {}).values():
        content["example"] = example_of(content["schema"], schemas)
    if method == "GET" and "application/json" in kept["200"].get("content", {}):
        kept["200"]["headers"] = _TAG
        kept["304"] = {"description": "Nothing has changed since the answer with this ETag", "headers": _TAG}
        _take(operation, "If-None-Match", "the ETag of an answer that you have", {"type": "string"})
    if scope is not keys.Scope.READ and method not in keys.SAFE and (method, path) not in keys.SECRET_ANSWERS:
        # What every value of it may be is said in the text: the header is free to hold any visible character.
        _take(operation, HEADER, "any key of your own; the same write under it is done once", _IDEMPOTENCY)
    problems = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in _statuses(method, path)}
    operation["responses"] = kept | problems


_IDEMPOTENCY = {"type": "string", "pattern": "^[!-~]+$", "minLength": 1, "maxLength": 200}


def _take(operation: Schema, header: str, about: str, schema: Schema) -> None:
    parameter = {"name": header, "in": "header", "required": False, "description": about, "schema": schema}
    operation.setdefault("parameters", []).append(parameter)


def _statuses(method: str, path: str) -> list[int]:
    """The problems that an operation may answer with."""
    found = {400, 421, 422, 500, 503}
    if path not in keys.OPEN:
        found |= {401, 403, 429}
    if "{" in path:
        found |= {404}
    if path == "/v1/articles/{id}":
        found |= {410}
    if method not in keys.SAFE:
        found |= {413}
        found |= {409} if keys.scope_of(method, path) is not keys.Scope.READ else set()
    return sorted(found)


@cache
def _values() -> Mapping[str, Any]:
    return tomllib.loads(files("api").joinpath("examples.toml").read_text(encoding="utf-8"))


def example_of(schema: Schema, schemas: Mapping[str, Schema], field: str = "", owner: str = "") -> Any:
    """An example that fits a schema: its own, else one by the name of the field, else one by its kind."""
    values = _values()
    if f"{owner}.{field}" in values:
        return values[f"{owner}.{field}"]
    named = schema.get("$ref", "").rpartition("/")[2]
    for source in (schema, schemas.get(named, {})):
        if "examples" in source:
            return source["examples"][0]
    if named:
        inner = schemas[named]
        fits = field in values and values[field] in inner.get("enum", ())
        return values[field] if fits else example_of(inner, schemas, field, owner=named)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas, field, owner)
    return _by_kind(schema, schemas, field, owner)


def _by_kind(schema: Schema, schemas: Mapping[str, Schema], field: str, owner: str) -> Any:
    values, kind = _values(), schema.get("type")
    if kind == "object" and "properties" in schema:
        return {name: example_of(inner, schemas, name, owner) for name, inner in schema["properties"].items()}
    if field in values and _KINDS.get(str(kind), object) is type(values[field]):
        return values[field]
    if kind == "object":
        return {"pooling": example_of(schema.get("additionalProperties", {}), schemas)}
    if kind == "array":
        return [example_of(schema["items"], schemas, field, owner)]
    if "enum" in schema:
        return schema["enum"][0]
    return {"integer": 1, "number": 0.5, "boolean": True, "null": None}.get(str(kind), _word(schema))


_KINDS = {"string": str, "integer": int, "number": float, "boolean": bool, "array": list, "object": dict}


def _word(schema: Schema) -> str:
    return {"date": "2014-05-21", "date-time": "2026-11-22T09:00:00Z"}.get(schema.get("format", ""), "ok")
