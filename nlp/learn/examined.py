"""Gold articles as the pipeline reads them, every statement with its stance on every topic: what the head learns from.

The cross-encoder knows the train articles by heart, so each half of them is read by one that was trained without it
(``nlp.learn.stance`` leaves those two beside the one that ships). What a person said the position stands on takes the
position's stance; what others say takes "none"; other statements of a holder who has a position have no label, as
nobody said whether they bear on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nlp.annotations import GoldDocument, read_annotation, read_gold
from nlp.bank import read_bank
from nlp.encoders import Floats, MiniLM
from nlp.language import Models, folder_of, load_heads, load_language
from nlp.learn.row_readings import read_rows, row_of
from nlp.learn.stance import HALVES, load, score
from nlp.linear import Choice, Features, LinearModel
from nlp.pipeline import analyse
from nlp.prediction import to_prediction
from nlp.readers import read_bytes
from nlp.records import Analysis, Topic
from nlp.scoring import Matcher
from nlp.sentence_encoder import ENCODER
from nlp.sentences import sentences
from nlp.stance_features import Reading, features
from nlp.stance_head import StanceHead
from nlp.stance_reader import PairScorer, StanceReader
from nlp.steps.stance import find_readings


@dataclass(frozen=True, slots=True)
class Case:
    """One statement against one topic: features and the right label; None where gold does not say."""

    article: str
    statement: str
    topic: str
    features: Features
    label: str | None


@dataclass(frozen=True, slots=True)
class Examined:
    """An article as the pipeline reads it, its cases, and who of those it finds takes a position on what (ids)."""

    gold: GoldDocument
    analysis: Analysis
    readings: tuple[Reading, ...]
    cases: tuple[Case, ...]
    held: frozenset[tuple[str, str]]


def examine(gold: GoldDocument, topics: Sequence[Topic], models: Models, reader: StanceReader) -> Examined:
    """Read a gold article with ``reader`` and give every statement its label."""
    (article,) = read_bytes(gold.text.encode(), source=f"{gold.name}.txt")
    analysis = analyse(article, topics, replace(models, reader=None))
    predicted = read_annotation(to_prediction(analysis, text_in_file=True), where=gold.name)
    known = {found: wanted for wanted, found in Matcher(gold.annotation, predicted).pairs.items()}
    readings = find_readings(
        analysis.article,
        sentences(analysis.article),
        analysis.mentions,
        analysis.statements,
        topics,
        reader,
        {each.id: each for each in analysis.stakeholders},
    )
    told = list(_evidence(gold))
    cases = []
    for reading, found in zip(readings, features(readings), strict=True):
        statement, topic = reading.statement, reading.bearing.topic.id
        holders = {known.get(id or "") for id in (statement.holder, statement.on_behalf_of)} - {None}
        spans = [(span.start, span.end) for span in statement.spans]
        cases.append(
            Case(
                gold.name,
                statement.id,
                topic,
                found,
                _label(holders, topic, spans, told, known.get(statement.holder or "")),
            )
        )
    positions = {(id, row.topic) for row in told for id in row.holders}
    held = frozenset((found, topic) for found, wanted in known.items() for id, topic in positions if id == wanted)
    return Examined(gold, analysis, tuple(readings), tuple(cases), held)


@dataclass(frozen=True, slots=True)
class _Told:
    """Where gold says that a position stands."""

    holders: frozenset[str]
    topic: str
    stance: str
    start: int
    end: int


def _evidence(gold: GoldDocument) -> Iterator[_Told]:
    for row in json.loads(gold.path.read_bytes())["positions"]:
        start = gold.text.find(row["evidence"])
        holders = frozenset(id for id in (row["holder"], row.get("on_behalf_of")) if id)
        yield _Told(holders, row["topic"], row["stance"], start, start + len(row["evidence"]))


def _label(
    holders: set[str | None], topic: str, spans: Sequence[tuple[int, int]], told: Sequence[_Told], holder: str | None
) -> str | None:
    held = [row for row in told if row.topic == topic and row.holders & holders]
    for row in held:
        if any(start < row.end and row.start < end for start, end in spans):
            return row.stance
    return "none" if not held and holder is not None else None


class Half:
    """One of the cross-encoders that know half of the train articles, as the reader takes them."""

    def __init__(self, folder: Path) -> None:
        self._model = load(folder / "weights.safetensors")

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        return score(self._model, pairs)


def reader_of(models: Models, cross: PairScorer, tone: Floats) -> StanceReader:
    """A reader whose head knows tones alone: what it finds is there to train the rest."""
    untrained = StanceHead(LinearModel(0.0, {}), Choice((), (), {}), tone, LinearModel(0.0, {}))
    return StanceReader(models.encoder, models.encoder, cross, untrained, models.language)


def examine_train(
    gold: Path, work: Path, topics: Sequence[Topic], tone: Floats, *, say: Callable[[str], None] = lambda _: None
) -> list[Examined]:
    """The train articles, each read by the cross-encoder that does not know it."""
    models = Models(load_language(), MiniLM(folder_of(ENCODER)), None, load_heads()[0], ())
    readers = [reader_of(models, Half(work / f"without-{half}"), tone) for half in range(HALVES)]
    found = []
    for i, document in enumerate(read_gold(gold, "train")):
        found.append(examine(document, topics, models, readers[i % HALVES]))
        if i % 40 == 39:
            say(f"{i + 1} articles read")
    return found


def examine_texts(bank: Path, work: Path, tone: Floats) -> list[Case]:
    """The bank's dev rows that take a stance: no cross-encoder was trained on them. One of the halves reads them."""
    models = Models(load_language(), MiniLM(folder_of(ENCODER)), None, {}, ())
    reader = reader_of(models, Half(work / "without-0"), tone)
    rows = [row for row in read_bank(bank) if row.split == "dev" and row.stance != "none"]
    readings = read_rows([row_of(row) for row in rows], reader)
    return [
        Case(row.proposal, row.id, row.proposal, features([reading])[0], row.stance)
        for row, reading in zip(rows, readings, strict=True)
    ]
