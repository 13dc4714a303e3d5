"""Trains the language pipeline: `python -m nlp.learn.language` (make train-language).

Tagger, parser, lemmatizer and names learn together over one reader of words, from treebanks (UD EWT,
the CC BY part of UD GUM), lists of entities (UNER EWT, Wikigold, re3d) and the names of the gold
corpus. Seeded; after every epoch the weights are kept, and a run that was stopped goes on from
them with the optimizer anew.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import load_config, load_model, load_model_from_config, minibatch
from thinc.api import fix_random_seed
from tqdm import tqdm

from nlp.annotations import corpus_digest, read_gold
from nlp.artifacts import seal
from nlp.learn import treebanks
from nlp.learn.base import base_folder
from nlp.learn.cards import LANGUAGE, write_card
from nlp.learn.teacher import teach
from nlp.learn.vectors import add_vectors

VERSION = "1"
_CONFIG = Path(__file__).with_name("language.cfg")
#: Share of treebank documents that are shown once more with British quotation marks in each epoch.
QUOTED = 0.25


def training_docs(language: Language, data: Path, gold: Path) -> dict[str, list[Doc]]:
    """Every source as documents, by name."""
    vocab = language.vocab
    return {
        "ewt": treebanks.treebank(vocab, data / "ud_ewt-train.conllu.gz"),
        "gum": treebanks.treebank(vocab, data / "ud_gum_cc_by-train.conllu.gz", entities=True),
        "uner": treebanks.entity_list(vocab, data / "ner_uner_ewt-test.iob2.gz", word=1, tag=2, separator="\t"),
        "wikigold": treebanks.entity_list(vocab, data / "ner_wikigold.conll.gz", word=0, tag=1),
        "re3d": treebanks.entity_list(vocab, data / "ner_re3d_uk_government.conll.gz", word=0, tag=1, separator="\t"),
        "gold": treebanks.gold_entities(language, read_gold(gold, "train")),
    }


def dev_docs(language: Language, data: Path, gold: Path) -> dict[str, list[Doc]]:
    """What the pipeline is chosen by and measured on; none of it is trained on."""
    vocab = language.vocab
    return {
        "ewt": treebanks.treebank(vocab, data / "ud_ewt-dev.conllu.gz", seed=1),
        "uner": treebanks.entity_list(vocab, data / "ner_uner_ewt-dev.iob2.gz", word=1, tag=2, separator="\t"),
        "gold": treebanks.gold_entities(language, read_gold(gold, "dev")),
    }


def initialize(language: Language, docs: dict[str, list[Doc]]) -> None:
    """Give an untrained pipeline its vectors, and its labels, read off the documents."""
    counts = Counter(token.lower_ for group in docs.values() for doc in group for token in doc if token.text.isalpha())
    pieces = json.loads((base_folder() / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    common = [piece for piece in pieces if piece.isalpha() and piece.isascii() and len(piece) > 1]
    add_vectors(language, [*common, *(word for word, n in counts.items() if n >= 2)], str(base_folder()))
    sample = [doc for group in docs.values() for doc in group]
    language.initialize(lambda: _initial(language, sample))


def _initial(language: Language, docs: Sequence[Doc]) -> list[Example]:
    parsed = [doc for doc in docs if doc.has_annotation("DEP")]
    named = [doc for doc in docs if doc.ents]
    return treebanks.examples([*parsed, *named], language, own=False)


def epoch_docs(docs: dict[str, list[Doc]], chance: random.Random) -> list[Doc]:
    """One epoch: every document, some with British quotation marks."""
    chosen: list[Doc] = []
    for name, group in docs.items():
        for doc in group:
            chosen.append(treebanks.press_quotes(doc, chance) if name != "gold" and chance.random() < QUOTED else doc)
    chance.shuffle(chosen)
    return chosen


def train(folder: Path, data: Path, gold: Path, *, epochs: int, seed: int = 7, limit: int | None = None) -> Language:
    """Train and keep the best in ``folder``/best, by LAS, tags and names on dev. ``limit``: documents a source."""
    fix_random_seed(seed)
    folder.mkdir(parents=True, exist_ok=True)
    done = _state(folder)
    # Documents share the pipeline's vocabulary: vectors are looked up there.
    language = (
        load_model(folder / "last") if done.epoch else load_model_from_config(load_config(_CONFIG), auto_fill=True)
    )
    docs = {name: group[:limit] for name, group in training_docs(language, data, gold).items()}
    teach(docs, folder / "teacher")
    if not done.epoch:
        initialize(language, docs)
    optimizer = language.resume_training() if done.epoch else language.create_optimizer()
    dev = {name: treebanks.examples(group[:limit], language) for name, group in dev_docs(language, data, gold).items()}
    for epoch in range(done.epoch, epochs):
        chance = random.Random(seed * 1000 + epoch)
        optimizer.learn_rate = _rate(epoch, epochs)
        batch = list(treebanks.examples(epoch_docs(docs, chance), language, own=False))
        losses: dict[str, float] = {}
        size = 12 if epoch < 2 else 24
        for part in tqdm(list(minibatch(batch, size)), desc=f"language {epoch + 1}/{epochs}", mininterval=20):
            language.update(part, sgd=optimizer, drop=0.1, losses=losses)
        scores = measure(language, dev)
        print(json.dumps({"epoch": epoch + 1, "losses": {k: round(v) for k, v in losses.items()}} | scores), flush=True)
        language.to_disk(folder / "last")
        worth = scores["las"] + scores["tag"] + scores["uner"] + scores["gold_names"]
        if worth > done.best:
            done.best = worth
            shutil.rmtree(folder / "best", ignore_errors=True)
            shutil.copytree(folder / "last", folder / "best")
        done.epoch = epoch + 1
        (folder / "state.json").write_text(json.dumps(asdict(done)))
    return load_model(folder / "best")


@dataclass(slots=True)
class _State:
    """How far a training has come: finished epochs, and the worth of the best."""

    epoch: int = 0
    best: float = 0.0


def _state(folder: Path) -> _State:
    path = folder / "state.json"
    return _State(**json.loads(path.read_text())) if path.is_file() else _State()


def _rate(epoch: int, epochs: int) -> float:
    """0.001 for the first half, then down to a tenth of it."""
    return 0.001 * float(np.interp(epoch, [0, epochs / 2, epochs - 1], [1.0, 1.0, 0.1]))


def measure(language: Language, dev: dict[str, list[Example]]) -> dict[str, float]:
    """Tag accuracy, LAS, UAS, sentence F1, names F1, on words as the pipeline's own tokenizer cuts them."""
    ewt = language.evaluate(_fresh(dev["ewt"], language))
    found = {
        "tag": ewt["tag_acc"],
        "pos": ewt["pos_acc"],
        "lemma": ewt["lemma_acc"],
        "uas": ewt["dep_uas"],
        "las": ewt["dep_las"],
        "sents": ewt["sents_f"],
        "uner": language.evaluate(_fresh(dev["uner"], language))["ents_f"],
        "gold_names": language.evaluate(_fresh(dev["gold"], language))["ents_f"],
    }
    return {name: round(float(value or 0), 4) for name, value in found.items()}


def _fresh(examples: Iterable[Example], language: Language) -> list[Example]:
    """Examples whose predicted side is unread again: evaluation writes into it."""
    return [Example(language.make_doc(e.reference.text), e.reference) for e in examples]


def write_language(best: Path, folder: Path, data: Path, gold: Path) -> dict[str, float]:
    """Copy the best pipeline, name it, measure it, and seal the folder."""
    language = load_model(best)
    language.meta |= {"name": "standpoint", "version": "1.0.0", "description": LANGUAGE.what, "license": "CC BY-SA 4.0"}
    shutil.rmtree(folder, ignore_errors=True)
    language.to_disk(folder)
    dev = {name: treebanks.examples(group, language) for name, group in dev_docs(language, data, gold).items()}
    scores = measure(language, dev)
    named = {
        "UD EWT dev: tag accuracy": scores["tag"],
        "UD EWT dev: coarse tag accuracy": scores["pos"],
        "UD EWT dev: lemma accuracy": scores["lemma"],
        "UD EWT dev: UAS": scores["uas"],
        "UD EWT dev: LAS": scores["las"],
        "UD EWT dev: sentence F1": scores["sents"],
        "UNER EWT dev: entity F1": scores["uner"],
        "gold dev: F1 of names that the gold knows": scores["gold_names"],
    }
    corpora = {"gold dev": corpus_digest(read_gold(gold, "dev"))}
    seal(folder, name="language-en", kind="language", version=VERSION, features=(), scores=named, corpora=corpora)
    write_card(folder, LANGUAGE, named, corpora)
    return named


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("STANDPOINT_SHARED", "../shared")))
    parser.add_argument("--gold", type=Path, default=Path("corpora/gold"))
    parser.add_argument("--work", type=Path, default=Path("build/language"))
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--out", type=Path, default=Path("models/language-en-1"))
    options = parser.parse_args()
    data = options.shared / "datasets" / "train"
    train(options.work, data, options.gold, epochs=options.epochs)
    print(json.dumps(write_language(options.work / "best", options.out, data, options.gold), indent=1))


if __name__ == "__main__":
    main()
