"""How good, fast and light are the models? Run by ``make bench-models``: asked and measured, nothing asserted.

Speed and memory are of the machine that it runs on; ratios are measured in one run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

from nlp.annotations import read_gold
from nlp.encoders import CrossEncoder, MiniLM
from nlp.language import LANGUAGE, STANCE, folder_of, load_language
from nlp.sentence_encoder import ENCODER

SHARED = Path(os.environ.get("STANDPOINT_SHARED", "../shared"))
GOLD, BANK = Path(str(files("corpora") / "gold")), Path(str(files("corpora") / "bank"))
_COLD = """
import resource, time
start = time.perf_counter()
from nlp.language import load_models
from nlp.pipeline import analyse
from nlp.readers import read_bytes
load_models()
seconds = time.perf_counter() - start
(article,) = read_bytes(open({text!r}, "rb").read(), source="a.txt")
analyse(article)
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def row(what: str, asked: str, measured: str) -> None:
    print(f"{what:58} {asked:>12} {measured:>14}", flush=True)


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def gold_lines() -> list[str]:
    return [line for d in read_gold(GOLD, "train") for line in d.text.split("\n") if line.strip()]


def language_rows() -> None:
    """Scores on public and project dev, and words a second on one core."""
    from nlp.learn import language as learn
    from nlp.learn.mentions import mention_scores

    pipeline = load_language()
    data = SHARED / "datasets" / "train"
    if data.is_dir():
        dev = {name: learn.treebanks.examples(g, pipeline) for name, g in learn.dev_docs(pipeline, data, GOLD).items()}
        found = learn.measure(pipeline, dev)
        row("UD EWT dev: tag accuracy / LAS", "0.93 / 0.81", f"{found['tag']:.3f} / {found['las']:.3f}")
        row("UNER EWT dev: entity F1", "0.72", f"{found['uner']:.3f}")
    else:
        print(f"{data} is not there: EWT and UNER are skipped (set STANDPOINT_SHARED)")
    mentions = mention_scores(pipeline, read_gold(GOLD, "dev"))
    row("project dev: stakeholder mentions F1", "0.90", f"{mentions.f1:.3f}")
    lines = gold_lines()
    words = sum(len(pipeline.make_doc(line)) for line in lines)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    taken = seconds(lambda: list(pipeline.pipe(lines, batch_size=64)))
    row("language pipeline, one core, words a second", "5,000", f"{words / taken:,.0f}")


def encoder_rows() -> None:
    """Fidelity and speed of the sentence encoder, beside PyTorch in the same run."""
    from nlp.learn import encoder as learn

    sentences = learn.gold_sentences(GOLD)
    shipped, original = MiniLM(folder_of(ENCODER)), learn.original()
    shipped.encode(sentences[:32])
    fast = min(seconds(lambda: shipped.encode(sentences)) for _ in range(3))
    slow = min(seconds(lambda: original.encode(sentences, show_progress_bar=False)) for _ in range(2))
    found = learn.compare(learn.original_vectors(sentences), shipped.encode(sentences))
    row("encoder: mean cosine / top-10 overlap", "0.985 / 0.9", f"{found.cosine:.3f} / {found.neighbours:.3f}")
    row(
        "encoder, sentences a second / ratio to PyTorch fp32",
        "600 / 4",
        f"{len(sentences) / fast:,.0f} / {slow / fast:.1f}",
    )


def stance_rows() -> None:
    """The cross-encoder on every dev set, and its passes a second."""
    from nlp.learn.measure import measure
    from nlp.learn.stance import dev_sets

    model = CrossEncoder(folder_of(STANCE))
    sets = dev_sets(SHARED, GOLD, BANK)
    found = measure(model.logits, sets)
    for what, asked in (
        ("perspectrum: sides", "0.72"),
        ("ibm30k: sides", "0.78"),
        ("both: sides, core", "0.88"),
        ("both: sides, unseen", "0.78"),
        ("gold: sides, core", ""),
        ("gold: sides, unseen", ""),
        ("bank: sides, core", ""),
        ("bank: sides, unseen", ""),
        ("both: macro-F1 of five", ""),
        ("VAST: macro-F1 of three", "0.50"),
        ("pairs: both sides", "0.60"),
    ):
        row(f"cross-encoder: {what}", asked, f"{found[what]:.3f}" if what in found else "no data")
    pairs = [(e.premise, e.claim) for e in (*sets.gold, *sets.bank)][:600]
    model.logits(pairs[:32])
    row("cross-encoder, passes a second", "250", f"{len(pairs) / seconds(lambda: model.logits(pairs)):,.0f}")


def weight_rows() -> None:
    """A cold start in a process of its own, and what the weights weigh."""
    text = str(next(iter(read_gold(GOLD, "dev"))).path.with_suffix(".txt"))
    command = [sys.executable, "-c", _COLD.format(text=text)]
    load, memory = map(float, subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    row("load of everything, cold, s / memory of a worker, MB", "4 / 900", f"{load:.1f} / {memory:.0f}")
    sizes = [path.stat().st_size for name in (LANGUAGE, ENCODER, STANCE) for path in _files(folder_of(name))]
    row("weights, MB, together / largest", "80 / 30", f"{sum(sizes) / 1e6:.1f} / {max(sizes) / 1e6:.1f}")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def main() -> None:
    row("what", "asked", "measured")
    weight_rows()
    encoder_rows()
    stance_rows()
    language_rows()
    scores = json.loads((folder_of(STANCE) / "manifest.json").read_bytes())["scores"]
    print(f"\nscores in the card of the stance model: {json.dumps(scores)}")


if __name__ == "__main__":
    main()
