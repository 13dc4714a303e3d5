"""What the stance models learn from: public data, the gold corpus, minimal pairs and the statement bank.

Every source is brought to one type, so that a training step is a choice of sources and nothing else.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.annotations import GoldDocument, read_gold
from nlp.bank import BankRow
from nlp.bearing import Likeness, bearing_topics
from nlp.encoders import MiniLM
from nlp.errors import DataError
from nlp.language import folder_of
from nlp.pairs import read_pairs
from nlp.pipeline import prepare
from nlp.premise import premise, premise_of
from nlp.readers import read_bytes
from nlp.records import Topic
from nlp.relevance import article_relevance
from nlp.sentence_encoder import ENCODER
from nlp.sentences import sentences, split_sentences
from nlp.stance_reader import Nearness
from nlp.topics import load_topics

#: How many of the 55,000 pairs of natural language inference are used: claims matter more.
NLI = 25_000
#: Share of the statements that stand once more with a topic that their article does not bear on.
FAR = 0.3
_PUBLIC = {"favor": "support", "against": "oppose", "none": "none"} | {
    "entailment": "support",
    "contradiction": "oppose",
    "neutral": "none",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A text against a claim. ``topic`` is the proposal's id, empty for public data; ``group`` the text's origin."""

    premise: str
    claim: str
    label: str
    source: str
    topic: str = ""
    group: str = ""


def public_examples(folder: Path, split: str, *, seed: int = 0) -> list[Example]:
    """NLI (train only), claims and directed stance, from ``shared/datasets/train``.

    Entailment teaches support of a claim, contradiction opposition, neutral none. A target of directed
    stance is a name: it is made a claim, as the model reads claims; rows whose marked name is cut
    mid-word are dropped. A quarter of the arguments stand once more with a claim of another debate: none.
    """
    chance = random.Random(seed)
    rows = list(_rows(folder / f"stance_claims-{split}.jsonl.gz"))
    found = [Example(row["text"], _sentence(row["target"]), _PUBLIC[row["label"]], row["source"]) for row in rows]
    if split == "train":
        for row in chance.sample(rows, len(rows) // 4):
            other = chance.choice(rows)["target"]
            if not _content(other) & _content(row["target"]):
                found.append(Example(row["text"], _sentence(other), "none", row["source"]))
    found += [
        Example(
            premise(row["text"], holder=row["holder"]),
            f"{row['target']} should be supported.",
            _PUBLIC[row["label"]],
            "dse",
        )
        for row in _rows(folder / f"stance_directed-{split}.jsonl.gz")
        if not _cut(row)
    ]
    if split == "train":
        pairs = list(_rows(folder / "nli.jsonl.gz"))
        found += [
            Example(row["premise"], row["hypothesis"], _PUBLIC[row["label"]], "nli")
            for row in chance.sample(pairs, min(NLI, len(pairs)))
        ]
    return found


def _cut(row: Mapping[str, Any]) -> bool:
    """Whether a marked name is cut: letters stand right behind its bracket, or it ends in an apostrophe."""
    names = (row["holder"], row["target"])
    return bool(re.search(r"\][a-z]{1,3}\b", row["text_marked"])) or any(
        name.endswith(("’", "'", "-")) for name in names
    )


def _content(claim: str) -> frozenset[str]:
    return frozenset(
        word for word in re.findall(r"[a-z]{4,}", claim.lower()) if word not in {"should", "would", "than"}
    )


def _sentence(claim: str) -> str:
    claim = claim.strip()
    return claim if claim.endswith((".", "?", "!")) else f"{claim}."


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    if not path.is_file():
        raise DataError("is missing", where=str(path), do="set STANDPOINT_SHARED to the folder of the shared data")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def gold_examples(folder: Path, split: str, *, seed: int = 0) -> list[Example]:
    """Positions of gold articles as examples, and the statements of others there as "none".

    A statement of somebody who holds no position on a topic that the article bears on is a near miss, as the model
    meets it in use; one on a topic of another article a far one. Other statements of a holder who has a position are
    left out: nobody said whether they bear on the topic.
    """
    topics = {topic.id: topic for topic in load_topics(folder / "topics.json")}
    documents = read_gold(folder, split)
    chance = random.Random(seed)
    ids = sorted({position.topic for d in documents for position in d.annotation.positions})
    known = tuple(topics.values())
    likeness = Nearness(MiniLM(folder_of(ENCODER)))
    found: list[Example] = []
    for document in documents:
        present = sorted({position.topic for position in document.annotation.positions})
        near = sorted({*present, *_topics_of(document, known, likeness)})
        far = [topic for topic in ids if topic not in near]
        found += _of_document(document, topics, near, far, chance)
    return found


def _topics_of(document: GoldDocument, topics: Sequence[Topic], likeness: Likeness) -> list[str]:
    """The topics that the stance step reads the article's statements against."""
    (article,) = read_bytes(document.text.encode(), source=f"{document.name}.txt")
    article = prepare(article)
    inside = sentences(article)
    relevance = article_relevance(article, inside, topics)
    return [bearing.topic.id for bearing in bearing_topics(article, inside, relevance, likeness)]


def _of_document(
    document: GoldDocument,
    topics: Mapping[str, Topic],
    near: Sequence[str],
    far: Sequence[str],
    chance: random.Random,
) -> Iterator[Example]:
    raw = json.loads(document.path.read_bytes())
    names = {row["id"]: row["name"] for row in raw["stakeholders"]}
    held = {(row[key], row["topic"]) for row in raw["positions"] for key in ("holder", "on_behalf_of") if row.get(key)}
    places = list(_sentences(document.text))

    def example(start: int, end: int, holder: str, topic: str, label: str) -> Example:
        line = premise_of(document.text, places, start, end, names.get(holder, ""))
        return Example(line, topics[topic].claim, label, "gold", topic, document.name)

    for row in raw["positions"]:
        start = document.text.find(row["evidence"])
        yield example(start, start + len(row["evidence"]), row["holder"], row["topic"], row["stance"])
    for statement in document.annotation.statements:
        holder = statement.holder or ""
        chosen = [topic for topic in near if (holder, topic) not in held]
        chosen += [chance.choice(far)] if far and chance.random() < FAR else []
        for topic in chosen:
            (start, end), *_ = statement.places
            yield example(start, end, holder, topic, "none")


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield from split_sentences(text, at, at + len(line))
        at += len(line) + 1


def pair_examples(path: Path, topics: Iterable[Topic], split: str) -> list[Example]:
    """Both sides of every minimal pair."""
    by_id = {topic.id: topic for topic in topics}
    found: list[Example] = []
    for pair in read_pairs(path, by_id):
        if pair.split == split:
            for text, stance in ((pair.a, pair.stance_a), (pair.b, pair.stance_b)):
                found.append(Example(premise(text), pair.claim, stance.value, "pairs", pair.topic, pair.id))
    return found


def bank_examples(rows: Iterable[BankRow], split: str) -> list[Example]:
    """Rows of the bank against their claim."""
    return [
        Example(
            premise(row.text, holder=row.holder, before=row.before, after=row.after),
            row.topic,
            row.stance,
            "bank",
            row.proposal,
            row.id,
        )
        for row in rows
        if row.split == split
    ]
