"""A slow reader of names that teaches the fast one.

The public lists of entities are small (5,000 sentences), the treebank is not (12,500) and has none.
MiniLM, trained on the lists, finds names better than a small convolutional reader can learn to from
them alone; what it finds in the treebank is then training data of the fast one (distillation with
unlabelled text; the labels are the teacher's best guess, kept where it is sure).

MiniLM reads lower case only. Its segment ids, unused for single texts, tell it which words have a capital.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from spacy.tokens import Doc, Span
from tqdm import tqdm
from transformers import AutoConfig, AutoModelForTokenClassification

from nlp.learn.base import base_folder
from nlp.learn.stance import batches, tensors, tokenizer

TAGS = ("O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG", "B-PLACE", "I-PLACE")
#: Words a text, at most; longer documents are cut into such stretches.
WORDS = 80
#: Pieces of words a text, at most.
PIECES = 256
#: A guess below this probability is left missing.
SURE = 0.75
_SKIP = -100


def _stretches(doc: Doc) -> list[tuple[int, int]]:
    return [(at, min(at + WORDS, len(doc))) for at in range(0, len(doc), WORDS)]


def _goal(doc: Doc, i: int) -> int:
    token = doc[i]
    if token.ent_iob == 0:
        return _SKIP
    return TAGS.index("O" if token.ent_iob_ == "O" else f"{token.ent_iob_}-{token.ent_type_}")


class _Row:
    """One stretch: its pieces, the capital of each, and the goal of each word's first piece."""

    def __init__(self, reader: Any, doc: Doc, start: int, end: int) -> None:
        words = [token.text for token in doc[start:end]]
        encoding = reader.encode(words, is_pretokenized=True)
        self.ids, self.attention_mask = encoding.ids, encoding.attention_mask
        self.type_ids = [int(w is not None and words[w][:1].isupper()) for w in encoding.word_ids]
        self.first: list[int] = []
        seen = -1
        self.goals = [_SKIP] * len(self.ids)
        for piece, word in enumerate(encoding.word_ids):
            if word is not None and word != seen:
                self.first.append(piece)
                self.goals[piece] = _goal(doc, start + word)
                seen = word


def teach(docs: Mapping[str, Sequence[Doc]], folder: Path) -> None:
    """Write a teacher's names into the documents of the treebanks, and into what the gold corpus leaves open.

    The teacher learns from every list first, then from those alone that follow the rules of UNER, as the
    lists differ in what they call a name ("President Bush" in GUM, "Bush" in UNER).
    """
    lists = [doc for name, group in docs.items() if name != "ewt" for doc in group]
    close = [*docs["uner"], *docs["uner"], *docs["re3d"], *docs["gold"]]
    model = train_teacher(lists, folder / "all", epochs=3, rate=1e-4)
    model = train_teacher(close, folder / "close", epochs=3, rate=6e-5, start=folder / "all")
    mark_names(model, [*docs["ewt"], *docs["gum"]])
    mark_names(model, docs["gold"], only_missing=True)


def train_teacher(
    docs: Iterable[Doc], folder: Path, *, epochs: int, rate: float, start: Path | None = None, size: int = 24
) -> Any:
    """The teacher, trained on documents that have names; kept in ``folder`` and read from there the next time."""
    config = AutoConfig.from_pretrained(base_folder(), num_labels=len(TAGS))
    torch.manual_seed(7)
    model = AutoModelForTokenClassification.from_pretrained(base_folder(), config=config)
    kept = folder / "teacher.safetensors"
    known = kept if kept.is_file() else start and start / "teacher.safetensors"
    if known:
        model.load_state_dict(load_file(known))
    if kept.is_file():
        return model
    reader = tokenizer(PIECES)
    rows = [_Row(reader, doc, *stretch) for doc in docs for stretch in _stretches(doc)]
    rows = [row for row in rows if any(goal != _SKIP for goal in row.goals)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    total = epochs * (len(rows) // size + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (total / 10), max(0.0, (total - step) / total))
    )
    for epoch in range(epochs):
        model.train()
        chance = random.Random(epoch)
        for rank in tqdm(
            list(batches([len(row.ids) for row in rows], size, chance)),
            desc=f"teacher {epoch + 1}/{epochs}",
            mininterval=10,
        ):
            part = [rows[i] for i in rank]
            longest = max(len(row.ids) for row in part)
            goals = torch.tensor([row.goals + [_SKIP] * (longest - len(row.goals)) for row in part])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = model(**tensors(part)).logits
            loss = torch.nn.functional.cross_entropy(scores.float().flatten(0, 1), goals.flatten(), ignore_index=_SKIP)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, kept)
    return model


@torch.inference_mode()
def mark_names(model: Any, docs: Sequence[Doc], *, only_missing: bool = False, size: int = 48) -> None:
    """Write the teacher's names into documents; tokens that it is not sure of stay missing.

    ``only_missing``: what a document says already stays as it is.
    """
    model.eval()
    reader = tokenizer(PIECES)
    places = [(d, *stretch) for d, doc in enumerate(docs) for stretch in _stretches(doc)]
    rows = [_Row(reader, docs[d], start, end) for d, start, end in places]
    guesses: list[list[tuple[int, float]]] = [[(0, 0.0)] * len(doc) for doc in docs]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i].ids))
    for at in tqdm(range(0, len(order), size), desc="marking names", mininterval=10):
        rank = order[at : at + size]
        scores = model(**tensors([rows[i] for i in rank])).logits.float().softmax(-1).numpy()
        for i, score in zip(rank, scores, strict=True):
            d, start, _ = places[i]
            for k, piece in enumerate(rows[i].first):
                guesses[d][start + k] = (int(np.argmax(score[piece])), float(score[piece].max()))
    for doc, guess in zip(docs, guesses, strict=True):
        _write(doc, guess, only_missing=only_missing)


def _write(doc: Doc, guess: Sequence[tuple[int, float]], *, only_missing: bool) -> None:
    known = list(doc.ents) if only_missing else []
    fixed = {i for i, token in enumerate(doc) if only_missing and token.ent_iob != 0}
    spans: list[Span] = list(known)
    unsure: set[int] = {i for i, (_, p) in enumerate(guess) if p < SURE and i not in fixed}
    start, kind = 0, ""
    for i, tag in enumerate([*(TAGS[g] for g, _ in guess), "O"]):
        head, _, name = tag.partition("-")
        stop = i < len(doc) and i in fixed
        if kind and (name != kind or head == "B" or stop):
            if not unsure & set(range(start, i)):
                spans.append(Span(doc, start, i, label=kind))
            else:
                unsure |= set(range(start, i))
            kind = ""
        if name and not kind and not stop:
            start, kind = i, name
    doc.set_ents(spans, missing=[doc[i : i + 1] for i in sorted(unsure)], default="outside")
