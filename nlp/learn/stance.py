"""Trains the stance cross-encoder: `python -m nlp.learn.stance` (make train-stance).

Steps, each a choice of sources, each beginning from the weights of the one before: *public* (NLI, claims, directed
stance) teaches reading a text against a claim; *statements* (bank and minimal pairs) what the annotation guide calls a
stance; *articles* (gold, and as much of the bank again) to tell what bears on a proposal from all else that an article
holds. The last step runs twice more, each time without one half of the articles: what reads those halves must not
know them (``nlp.learn.stance_head``). Seeded, resumable after any epoch; weights are kept as safetensors.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from tqdm import tqdm
from transformers import AutoConfig, AutoModel

from nlp.annotations import corpus_digest, read_gold
from nlp.artifacts import seal
from nlp.bank import bank_digest
from nlp.encoders import LABELS, LENGTH, PAIRS, CrossEncoder, Floats, equal_batches, load_tokenizer, pad
from nlp.errors import UsageError
from nlp.learn.base import base_folder
from nlp.learn.cards import STANCE, read_notes, write_card
from nlp.learn.examples import Example, public_examples
from nlp.learn.export import export
from nlp.learn.measure import DevSets, measure
from nlp.learn.stance_data import dev_sets, project_examples


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one step is trained.

    ``rate`` is the peak learning rate, reached after a tenth of the steps; it falls to nothing at the end of
    ``horizon`` epochs, by default the last.
    """

    name: str
    epochs: int
    rate: float
    batch: int = 32
    seed: int = 7
    horizon: int = 0


class PairReader(torch.nn.Module):
    """MiniLM over statement and claim together, and a head over the means of the two.

    MiniLM was made to be read by the mean of its token vectors: the mean of the statement's tokens, each of
    which has seen the claim, starts from what it knows; its first token starts from nothing.
    """

    def __init__(self, body: Any) -> None:
        super().__init__()
        self.body = body
        width = body.config.hidden_size
        self.head = torch.nn.Sequential(
            torch.nn.Dropout(0.1),
            torch.nn.Linear(4 * width, width),
            torch.nn.GELU(),
            torch.nn.Dropout(0.1),
            torch.nn.Linear(width, len(LABELS)),
        )

    def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
        """Scores before softmax, of shape (pairs, labels)."""
        tokens = self.body(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        claim = (attention_mask * token_type_ids).unsqueeze(-1).to(tokens.dtype)
        text = (attention_mask * (1 - token_type_ids)).unsqueeze(-1).to(tokens.dtype)
        a = (tokens * text).sum(1) / text.sum(1).clamp(min=1)
        b = (tokens * claim).sum(1) / claim.sum(1).clamp(min=1)
        return self.head(torch.cat([a, b, a * b, (a - b).abs()], dim=-1))


VERSION = "2"
#: Measurements that take many trainings, and that the card quotes.
NOTES = Path(__file__).with_name("stance_notes.md")
PUBLIC = Recipe("public", epochs=1, rate=1e-4, horizon=2)
STATEMENTS = Recipe("statements", epochs=3, rate=1e-4)
ARTICLES = Recipe("articles", epochs=2, rate=5e-5)
#: The train articles are read in so many parts, each by a model that was trained without it.
HALVES = 2
Report = Callable[["PairReader"], dict[str, float]]
#: Public examples that stand among the project's own: without them what was learnt there is lost in one epoch
#: (IBM dev 0.84 before, 0.58 after).
MIXED_IN = 2_500


def load(weights: Path | None) -> PairReader:
    """The cross-encoder, with MiniLM's weights or with those of an earlier step."""
    torch.manual_seed(7)
    if weights is None:
        return PairReader(AutoModel.from_pretrained(base_folder(), add_pooling_layer=False))
    model = PairReader(AutoModel.from_config(AutoConfig.from_pretrained(base_folder()), add_pooling_layer=False))
    model.load_state_dict(load_file(weights))
    return model


def tokenizer(length: int = LENGTH) -> Tokenizer:
    """MiniLM's tokenizer, as the shipped model uses it."""
    return load_tokenizer(base_folder() / "tokenizer.json", length)


def batches(lengths: Sequence[int], size: int, chance: random.Random) -> Iterator[list[int]]:
    """Batches of about equal lengths, in random order: little padding, and no order by length."""
    order = list(range(len(lengths)))
    chance.shuffle(order)
    chunk = size * 40
    cut: list[list[int]] = []
    for at in range(0, len(order), chunk):
        part = sorted(order[at : at + chunk], key=lambda i: lengths[i])
        cut += [part[i : i + size] for i in range(0, len(part), size)]
    chance.shuffle(cut)
    yield from cut


def tensors(encodings: Sequence[Any]) -> dict[str, torch.Tensor]:
    """Input ids, segments and mask, padded to the longest."""
    return {name: torch.from_numpy(array) for name, array in pad(encodings).items()}


def fit(
    model: Any,
    examples: Sequence[Example],
    recipe: Recipe,
    folder: Path,
    *,
    report: Report | None = None,
) -> Any:
    """Train on the examples; a checkpoint after each epoch stands in ``folder`` and is gone on from."""
    folder.mkdir(parents=True, exist_ok=True)
    _refuse_other_work(folder, examples, recipe)
    encoder = tokenizer()
    pairs = [(e.premise, e.claim) for e in examples]
    encodings = encoder.encode_batch(pairs)
    lengths = [len(e.ids) for e in encodings]
    goals = torch.tensor([LABELS.index(e.label) for e in examples])
    total = max(recipe.epochs, recipe.horizon) * math.ceil(len(examples) / recipe.batch)
    warm = max(1, total // 10)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: (step + 1) / warm if step < warm else max(0.0, (total - step) / (total - warm))
    )
    done = _resume(folder, model, optimizer, schedule)
    mixed = _has_bf16()
    for epoch in range(done, recipe.epochs):
        chance = random.Random(recipe.seed * 1000 + epoch)
        torch.manual_seed(recipe.seed * 1000 + epoch)
        model.train()
        rows = list(batches(lengths, recipe.batch, chance))
        loss_sum = 0.0
        for count, rank in enumerate(
            bar := tqdm(rows, desc=f"{recipe.name} {epoch + 1}/{recipe.epochs}", mininterval=10), 1
        ):
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=mixed):
                scores = model(**tensors([encodings[i] for i in rank]))
            loss = torch.nn.functional.cross_entropy(scores.float(), goals[rank])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            loss_sum += float(loss.detach())
            bar.set_postfix(loss=f"{loss_sum / count:.3f}", refresh=False)
        _keep(folder, model, optimizer, epoch + 1)
        if report:
            print(json.dumps({"step": recipe.name, "epoch": epoch + 1} | report(model)), flush=True)
    return model


def _refuse_other_work(folder: Path, examples: Sequence[Example], recipe: Recipe) -> None:
    """A folder is gone on from by the same recipe over the same examples alone."""
    mark = sha256(repr((recipe, examples)).encode()).hexdigest()
    path = folder / "examples.sha256"
    if path.is_file() and path.read_text(encoding="utf-8") != mark:
        raise UsageError("holds a training on other data", where=str(folder), do="remove it or give another --work")
    path.write_text(mark, encoding="utf-8")


def _keep(folder: Path, model: Any, optimizer: torch.optim.AdamW, epoch: int) -> None:
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, folder / "weights.safetensors")
    moments = {f"{i}.{k}": v for i, state in optimizer.state_dict()["state"].items() for k, v in state.items()}
    save_file(moments, folder / "moments.safetensors", metadata={"epoch": str(epoch)})
    (folder / "epoch").write_text(str(epoch))


def _resume(folder: Path, model: Any, optimizer: torch.optim.AdamW, schedule: Any) -> int:
    """Weights, moments and schedule of the last finished epoch; 0 when there is none."""
    if not (folder / "epoch").is_file():
        return 0
    epoch = int((folder / "epoch").read_text())
    model.load_state_dict(load_file(folder / "weights.safetensors"))
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, value in load_file(folder / "moments.safetensors").items():
        index, name = key.split(".", 1)
        state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict(optimizer.state_dict() | {"state": state})
    if state:
        for _ in range(int(state[0]["step"])):
            schedule.step()
    return epoch


@torch.inference_mode()
def score(model: Any, pairs: Sequence[tuple[str, str]]) -> Floats:
    """Scores of (premise, claim) pairs: shape (pairs, labels), float32, before softmax."""
    model.eval()
    found = np.zeros((len(pairs), len(LABELS)), dtype=np.float32)
    for rank, feed in equal_batches(tokenizer().encode_batch(list(pairs)), PAIRS):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_has_bf16()):
            out = model(**{name: torch.from_numpy(array) for name, array in feed.items()})
        found[rank] = out.float().numpy()
    return found


def _has_bf16() -> bool:
    """Whether this processor multiplies bfloat16 natively; on others it is slower than float32."""
    return bool(torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported())


@dataclass(frozen=True, slots=True)
class Data:
    """What is trained on. ``share`` is a random share of the project's own, for a learning curve; no ``batches`` means
    all of the bank; ``limit`` is for the smoke test.
    """

    shared: Path
    gold: Path
    bank: Path
    share: float = 1.0
    batches: frozenset[str] = frozenset()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Recipes:
    public: Recipe = PUBLIC
    statements: Recipe = STATEMENTS
    articles: Recipe = ARTICLES


def train(work: Path, data: Data, recipes: Recipes = Recipes(), report: Report | None = None) -> PairReader:
    """All steps, each kept under ``work`` and gone on from. The model of the last one."""
    model, statements = _before_articles(work, data, recipes, report)
    rows = _article_rows(data, statements)
    return fit(model, rows, recipes.articles, work / "articles", report=report) if recipes.articles.epochs else model


def train_half(work: Path, data: Data, half: int, recipes: Recipes = Recipes()) -> PairReader:
    """The model that was trained without one half of the gold articles (each second one)."""
    model, statements = _before_articles(work, data, recipes, None)
    known = {document.name for i, document in enumerate(read_gold(data.gold, "train")) if i % HALVES != half}
    return fit(model, _article_rows(data, statements, known), recipes.articles, work / f"without-{half}")


def _before_articles(
    work: Path, data: Data, recipes: Recipes, report: Report | None
) -> tuple[PairReader, Sequence[Example]]:
    known = public_examples(data.shared / "datasets" / "train", "train") if recipes.public.epochs else []
    model = load(None)
    if known:
        model = fit(model, known[: data.limit], recipes.public, work / "public")
    rows = _statement_rows(data)
    chance = random.Random(recipes.statements.seed)
    mixed = rows + chance.sample(known, min(MIXED_IN, len(known)))[: data.limit]
    if recipes.statements.epochs:
        model = fit(model, mixed, recipes.statements, work / "statements", report=report)
    return model, rows


def _statement_rows(data: Data) -> list[Example]:
    own = project_examples(data.gold, data.bank, "train", sources=("pairs", "bank"))
    if data.batches:
        own["bank"] = [row for row in own["bank"] if row.group[:3] in data.batches]
    chance = random.Random(STATEMENTS.seed)
    return [row for group in own.values() for row in group if chance.random() < data.share][: data.limit]


def _article_rows(data: Data, statements: Sequence[Example], known: Collection[str] | None = None) -> list[Example]:
    """The examples of the articles that may be known, and as many of the bank and the pairs."""
    rows = project_examples(data.gold, data.bank, "train", sources=("gold",))["gold"]
    chance = random.Random(ARTICLES.seed)
    rows = [row for row in rows if chance.random() < data.share and (known is None or row.group in known)]
    return rows[: data.limit] + chance.sample(statements, min(len(rows), len(statements)))[: data.limit]


def write_stance(model: PairReader, folder: Path, sets: DevSets, gold: Path, bank: Path) -> dict[str, float]:
    """Export the model, measure what was exported, and seal the folder."""
    export(model, base_folder() / "tokenizer.json", folder, output=None)
    digests = {"gold dev": corpus_digest(read_gold(gold, "dev")), "bank": bank_digest(bank)}
    _seal(folder, {}, digests)
    scores = measure(CrossEncoder(folder).logits, sets)
    _seal(folder, scores, digests)
    write_card(folder, replace(STANCE, more=read_notes(NOTES)), scores, digests)
    return scores


def _seal(folder: Path, scores: dict[str, float], corpora: dict[str, str]) -> None:
    seal(
        folder,
        name="stance-minilm-int8",
        kind="stance",
        version=VERSION,
        features=LABELS,
        scores=scores,
        corpora=corpora,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("STANDPOINT_SHARED", "../shared")))
    parser.add_argument("--gold", type=Path, default=Path("corpora/gold"))
    parser.add_argument("--bank", type=Path, default=Path("corpora/bank"))
    parser.add_argument("--work", type=Path, default=Path("build/stance"))
    parser.add_argument("--out", type=Path, help="write the model there (models/stance-minilm-int8 is the shipped one)")
    parser.add_argument("--batches", default="", help="batches of the bank to train on; all by default")
    parser.add_argument(
        "--share", type=float, default=1.0, help="share of the project's examples, for a learning curve"
    )
    parser.add_argument("--halves", action="store_true", help="train the two models that know half of the articles")
    options = parser.parse_args()
    data = Data(
        options.shared, options.gold, options.bank, options.share, frozenset(filter(None, options.batches.split(",")))
    )
    sets = dev_sets(options.shared, options.gold, options.bank)
    own = replace(sets, public=(), vast=())
    model = train(options.work, data, report=lambda model: measure(lambda pairs: score(model, pairs), own))
    scores = measure(lambda pairs: score(model, pairs), sets)
    if options.out:
        scores = write_stance(model, options.out, sets, options.gold, options.bank)
    print(json.dumps(scores, indent=1), flush=True)
    for half in range(HALVES if options.halves else 0):
        train_half(options.work, data, half)


if __name__ == "__main__":
    main()
