"""What the stance model is trained and measured on, by source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from nlp.bank import read_bank
from nlp.learn.examples import Example, bank_examples, gold_examples, pair_examples, public_examples
from nlp.learn.measure import DevSets, read_vast
from nlp.topics import load_topics

#: Parts of this project's own data.
SOURCES = ("gold", "pairs", "bank")


def project_examples(
    gold: Path, bank: Path, split: str, *, sources: Iterable[str] = SOURCES
) -> dict[str, list[Example]]:
    """Examples of this project's own corpora by source."""
    topics = load_topics(gold / "topics.json")
    made: dict[str, Callable[[], list[Example]]] = {
        "gold": lambda: gold_examples(gold, split),
        "pairs": lambda: pair_examples(gold / "pairs.jsonl", topics, split),
        "bank": lambda: bank_examples(read_bank(bank), split),
    }
    return {source: made[source]() for source in sources}


def dev_sets(shared: Path, gold: Path, bank: Path) -> DevSets:
    """Everything that the model is measured on."""
    dev = project_examples(gold, bank, "dev")
    seen = {example.topic for group in project_examples(gold, bank, "train").values() for example in group}
    return DevSets(
        gold=dev["gold"],
        bank=dev["bank"],
        pairs=dev["pairs"],
        public=public_examples(shared / "datasets" / "train", "dev"),
        vast=read_vast(shared / "datasets" / "measure" / "stance_vast-dev.jsonl.gz"),
        seen=frozenset(seen),
    )
