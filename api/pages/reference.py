"""The OpenAPI document as a page shows it: read without JavaScript, tried out with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    required: bool
    repeats: bool
    type: str
    choices: tuple[str, ...]
    description: str
    default: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    description: str
    schema: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method at one address; ``body`` is the example that a form begins with."""

    id: str
    method: str
    path: str
    description: str
    parameters: tuple[Parameter, ...]
    body: str
    body_schema: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Schema:
    name: str
    description: str
    fields: tuple[Field, ...]


def reference(document: Document) -> list[Group]:
    """The operations by tag, in the order of the document."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", ["other"])[0]
            groups.setdefault(tag, []).append(_operation(path, method, operation, document))
    return [Group(name, tuple(operations)) for name, operations in groups.items()]


def schemas(document: Document) -> list[Schema]:
    """Every type with fields, by name."""
    found = document.get("components", {}).get("schemas", {})
    return [_schema(name, found[name]) for name in sorted(found) if found[name].get("properties")]


def _schema(name: str, schema: Document) -> Schema:
    required = set(schema.get("required", ()))
    fields = tuple(
        Field(field, type_words(inner), field in required, inner.get("description", ""))
        for field, inner in schema["properties"].items()
    )
    return Schema(name, schema.get("description", ""), fields)


def _operation(path: str, method: str, operation: Document, document: Document) -> Operation:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        description=operation.get("description", operation.get("summary", "")),
        parameters=tuple(_parameter(parameter, document) for parameter in operation.get("parameters", ())),
        body=_example(body, document),
        body_schema=type_words(body) if body else "",
        answers=tuple(
            _answer(status, _named(answer, document, "responses") or answer)
            for status, answer in operation["responses"].items()
        ),
    )


def _parameter(parameter: Document, document: Document) -> Parameter:
    schema = parameter.get("schema", {})
    one = schema.get("items", schema)
    default = schema.get("default")
    return Parameter(
        name=parameter["name"],
        place=parameter["in"],
        required=parameter.get("required", False),
        repeats=schema.get("type") == "array",
        type=type_words(schema),
        choices=tuple(_named(one, document).get("enum", one.get("enum", ()))),
        description=parameter.get("description", schema.get("description", "")),
        default="" if default in (None, []) else str(default),
    )


def _answer(status: str, answer: Document) -> Answer:
    content: Document = next(iter(answer.get("content", {}).values()), {})
    return Answer(status, answer.get("description", ""), type_words(content.get("schema", {})))


def _example(schema: Document, document: Document) -> str:
    examples = _named(schema, document).get("examples", ())
    return json.dumps(examples[0], indent=2, ensure_ascii=False) if examples else ""


def _named(schema: Document, document: Document, kind: str = "schemas") -> Document:
    """What a reference names; empty for one that is none."""
    name = schema.get("$ref", "").rpartition("/")[2]
    found: Document = document.get("components", {}).get(kind, {}).get(name, {})
    return found


def type_words(schema: Document) -> str:
    """A schema in a few words: "string or null", "list of StanceOut"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_words(option) for option in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {type_words(schema.get('items', {}))}"
    if "enum" in schema:
        return " or ".join(str(choice) for choice in schema["enum"])
    return str(schema.get("format") or schema.get("type") or "any")
