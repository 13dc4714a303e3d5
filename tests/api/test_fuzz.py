"""Schemathesis sends what the OpenAPI document allows and what it does not: every answer must be as it says.

``make test`` sends a few cases an operation, always the same ones; ``make fuzz-api`` sends CASES=20000 or more.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import schemathesis
from fastapi import FastAPI
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from api.app import create_app
from api.delivering import Deliverer
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, Article, Run, StanceLabel, Topic
from nlp.topic_check import Catch

#: So many cases are sent at least; 0 means the few of ``make test``.
CASES = int(os.environ.get("CASES", "0"))
#: The phase of coverage alone takes half a minute: it is left to ``make fuzz-api``.
PHASES = ("examples", "coverage", "fuzzing", "stateful") if CASES else ("examples", "fuzzing", "stateful")
SEED = int(os.environ.get("SEED", "9"))


#: What no schema can say: rules between fields, and rules of words. Everything else that fits must be taken.
RULES = re.compile(
    r"query\.(after|since|to|as_of|purpose|q|what|format|stakeholder|topic|publisher|article|line)(\.\d+)?"
    r"|body\.(name|claim|counter_claim|phrases|supports|opposes|to|named_only|text|published|url|on|title|publisher)"
    r"|body\.(topic|stakeholder)(\.\d+)?"
    r"|header\.Idempotency-Key"
    r"|body\.topics\.\d+.*|body\.(target|by|note|into|articles|name|correction)(\..*)?|query\.by"
)


@schemathesis.check
def refusals_name_the_field(ctx: Any, response: Any, case: Any) -> None:
    """A 422 says which part is wrong, and what fits the schema is refused only by a rule that no schema can say."""
    if response.status_code != 422:
        return
    fields = [error["field"] for error in response.json()["errors"]]
    assert fields, "no field is named"
    if case.meta is not None and case.meta.generation.mode.is_positive:
        assert all(RULES.fullmatch(field) for field in fields), f"a value that fits is refused: {response.text}"


@schemathesis.check
def problems_repeat_nothing(ctx: Any, response: Any, case: Any) -> None:
    """No text that was sent comes back in a problem."""
    if response.status_code < 400:
        return
    sent = {text for part in (case.query, case.body, case.path_parameters) for text in _texts(part)}
    assert not [text for text in sent if len(text) > 11 and text in response.text], "a problem repeats its input"


@schemathesis.serializer("application/x-ndjson")
def write_lines(ctx: Any, value: Any) -> bytes:
    """Lines of JSON are sent as they are; any text may be some."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


NUMBERS = {"limit", "min_confidence", "articles"}


@schemathesis.hook
def filter_query(context: Any, query: Any) -> bool:
    """In an address everything is text: null and 0 in place of a text are the texts "null" and "0", which fit."""
    given = dict(query or {})
    return all(_is_text(value) for name, value in given.items() if name not in NUMBERS)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)


class _Engine:
    """Models that find nothing."""

    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        return analysis

    def check(self, analysis: Analysis, topic: Topic, topics: Sequence[Topic]) -> tuple[Catch, ...]:
        return (Catch(analysis.article.id, "s1", "person:jo-tarn", "words", True, StanceLabel.OPPOSE, 0.8, "made up"),)

    def read(self, *_: object) -> None:
        return None


def _analyse(article: Article, _: Sequence[Topic]) -> Analysis:
    return Analysis(article, Run("0", "d"))


class _Encoder:
    """Everything means the same; what a search by meaning answers is for other tests."""

    name = "stand-in"

    def encode(self, texts: Sequence[str]) -> Any:
        return np.full((len(texts), 384), 384**-0.5, np.float32)


@pytest.fixture
def app(
    settings: Settings,
    store: Store,
    analysis: Analysis,
    make_analysis: Callable[..., Analysis],
    monkeypatch: pytest.MonkeyPatch,
) -> FastAPI:
    store.writer.load_embedder = store.searcher.load_encoder = _Encoder
    store.writer.write_analysis(analysis)
    for index in range(3):
        store.writer.write_analysis(make_analysis(f"{index}.txt", holder=f"person:holder-{index}"))
    # What webhooks are signed with is derived from the secret in it.
    settings.data.mkdir(parents=True, exist_ok=True)
    # Webhooks that are made up have addresses that nobody gave us.
    monkeypatch.setattr(Deliverer, "start", lambda _: None)
    return create_app(settings, store=store, analyse=_analyse, engine=_Engine(), run=lambda _: Run("0", "d"))


@dataclass
class _Outcome:
    """What came of a run: how many cases were sent, and what was wrong with which answers."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)

    def take(self, event: Any) -> None:
        if isinstance(event, events.NonFatalError | events.FatalError):
            self.failures[f"{type(event).__name__} {getattr(event, 'label', '')}"] = str(
                getattr(event, "value", None) or getattr(event, "exception", None)
            )
        if not isinstance(event, events.ScenarioFinished):
            return
        self.cases += len(event.recorder.interactions)
        for interaction in event.recorder.interactions.values():
            if interaction.response is not None:
                self.statuses[interaction.response.status_code] += 1
        for id, checks in event.recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    case = event.recorder.cases[id].value
                    failure = check.failure_info.failure
                    key = f"{case.method} {case.path} {check.name}: {failure.title}"
                    self.failures.setdefault(key, f"{failure.message}\n{check.failure_info.code_sample}")


def _run(app: FastAPI, outcome: _Outcome, *, examples: int, phases: Sequence[str], seed: int) -> None:
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed,
            "base-url": "http://127.0.0.1",
            "continue-on-failure": True,
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "409", "422"]}},
            "generation": {"max-examples": examples, "deterministic": not CASES, "no-shrink": True, "database": "none"},
            "phases": {name: {"enabled": name in phases} for name in ("examples", "coverage", "fuzzing", "stateful")},
        }
    )
    headers = {"Host": "127.0.0.1"}
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config, headers=headers)
    for event in from_schema(schema).execute():
        outcome.take(event)


def test_every_answer_is_as_the_document_says(app: FastAPI) -> None:
    outcome = _Outcome()
    _run(app, outcome, examples=100 if CASES else 6, phases=PHASES, seed=SEED)
    seed = SEED
    while outcome.cases < CASES:
        seed += 1
        _run(app, outcome, examples=100, phases=("fuzzing",), seed=seed)
    print(f"{outcome.cases} cases, answers by status: {dict(sorted(outcome.statuses.items()))}")
    assert not outcome.failures, "\n\n".join(f"{key}\n{text}" for key, text in outcome.failures.items())
    # Both what is taken and what is refused was seen, or the run proves nothing.
    assert {200, 422} <= set(outcome.statuses)
