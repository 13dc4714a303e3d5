"""What a worker does, whatever machine it is on: an article as JSON in, the rows that keep its analysis out.

The rows and their vectors are made here, so that the one writer has nothing left to do but to write them.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from api.faults import FAULTS
from api.frames import message
from api.store import packing, vectors
from api.store.rows import AnalysisRows, rows_of
from nlp.errors import NotSetUpError, StandpointError
from nlp.readers.passing import pack_article, unpack_article
from nlp.records import Analysis, Article, Topic

#: The task that asks for nothing but the run behind what a worker finds.
ASK_RUN = b""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a worker holds; ``run`` is the digest of ``Run`` behind its analyses."""

    analyse: Callable[[Article], Analysis]
    run: str
    load_embedder: Callable[[], vectors.Embedder] | None = None


class Work(Protocol):
    """What workers are told once: how to become one. It travels to other processes and machines, by its fields."""

    def load(self) -> Loaded:
        """Load what analyses need. Raises NotSetUpError."""
        ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class ModelWork:
    """The pipeline with these models, on these topics."""

    language: str
    encoder: str
    topics: tuple[Topic, ...]

    def load(self) -> Loaded:
        from nlp.language import load_models
        from nlp.pipeline import analyse, run
        from nlp.sentence_encoder import load_encoder

        models = load_models(self.language, self.encoder)

        def read(article: Article) -> Analysis:
            return analyse(article, self.topics, models)

        return Loaded(read, run(self.topics, models).digest, lambda: load_encoder(self.encoder))


class Found(NamedTuple):
    """What a worker answered: rows and vectors of an analysis of the run ``run``, or why there are none."""

    run: str
    rows: AnalysisRows | None = None
    embedded: vectors.Embedded | None = None
    fault: str = ""


def task_of(article: Article) -> bytes:
    """The task of analysing an article."""
    return message(pack_article(article))


def answer(task: bytes, work: Loaded) -> bytes:
    """Do one task. What is not set up is answered too: it must reach whoever asked."""
    if task == ASK_RUN:
        return message({"run": work.run})
    try:
        analysis = work.analyse(unpack_article(json.loads(task)))
        rows = rows_of(analysis)
        found = {"run": analysis.run.digest, "rows": packing.pack(rows)}
        return message({**found, "vectors": _pack_vectors(rows, work.load_embedder)})
    except NotSetUpError as error:
        return refusal(error)
    except FAULTS as error:
        return message({"fault": str(error) or type(error).__name__})


def refusal(error: StandpointError) -> bytes:
    """The answer of a worker that cannot work at all."""
    return message({"not_set_up": [error.what, error.where, error.do]})


def read_answer(body: bytes, article: Article | None) -> Found:
    """What was found in ``article``, or the run alone where none was asked for. Raises NotSetUpError."""
    found = json.loads(body)
    if "not_set_up" in found:
        what, where, do = found["not_set_up"]
        raise NotSetUpError(what, where=where, do=do)
    if "fault" in found or article is None:
        return Found(found.get("run", ""), fault=found.get("fault", ""))
    packed = found["rows"]
    rows = packing.unpack({**packed, "article": {**packed["article"], "text": article.text}})
    return Found(found["run"], rows, _unpack_vectors(rows, found["vectors"]))


def _pack_vectors(rows: AnalysisRows, load: Callable[[], vectors.Embedder] | None) -> dict[str, Any] | None:
    if load is None:
        return None
    embedded = vectors.embed(load(), rows.passages)
    numbered = {vectors.key_of(row): seq for seq, row in enumerate(rows.passages)}
    codes = [[numbered[key], b64encode(code).decode("ascii")] for key, code in embedded.codes.items()]
    return {"encoder": embedded.encoder, "codes": codes}


def _unpack_vectors(rows: AnalysisRows, packed: dict[str, Any] | None) -> vectors.Embedded | None:
    if packed is None:
        return None
    codes = {vectors.key_of(rows.passages[seq]): b64decode(code) for seq, code in packed["codes"]}
    return vectors.Embedded(packed["encoder"], codes)
