"""Quoted money: how well and how fast, and beside two libraries? Run by ``make bench-figures``; nothing is asserted.

The sentences of the money table (``tests/nlp/money_*.jsonl``) are read by this program, by quantulum3 and by
Recognizers-Text in one run. A figure is right when value or both ends, and unit, are; what is given besides is wrong,
what is not given is missed. The libraries know neither what a percentage is of nor which pounds are weights, so sums
of money are counted alone too. quantulum3 says a range as a middle and a half width: it is read as both ends.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from nlp import pipeline
from nlp.evaluate import evaluate, predict
from nlp.language import Models, load_models
from nlp.readers import read_file
from nlp.records import Analysis, Article, Block, BlockKind, Genre, Topic
from nlp.sentences import sentences
from nlp.steps.figure_labels import labeller_of
from nlp.steps.figures import find_figures
from nlp.topics import load_topics, shipped_topics

SHARED = Path(os.environ.get("STANDPOINT_SHARED", "../shared"))
GOLD = Path(str(files("corpora") / "gold"))
TABLES = sorted((Path(__file__).parent / "nlp").glob("money_*.jsonl"))
INSTALL = ".venv/bin/python -m pip install -c constraints.txt -e '.[bench]'"
#: Field of a figure -> what it is asked to reach on dev; on the shared articles every field 0.80.
FIELDS = {"kind": "0.90", "direction": "0.90", "status": "0.90", "per": "", "period": "0.90", "cited_by": "0.90",
          "payer": "", "recipient": ""}  # fmt: skip
PERCENT = ("percent", "percentage_point")
HOSTILE = ("1", "1,", ",£1", "£1,234,", "€9$", "£12,3.4€5,$6")
MEGABYTE = 1_000_000
ROUNDS = 3

#: Value, low, high and unit of a figure, rounded so that a third of a percent equals itself.
Amount = tuple[float | None, float | None, float | None, str]
Reader = Callable[[str], list[Amount]]


@dataclass(frozen=True, slots=True)
class Answers:
    """What a reader found in each sentence, and the processor time of all."""

    amounts: Sequence[Sequence[Amount]]
    seconds: float


@dataclass(frozen=True, slots=True)
class Tally:
    """How one reader did on sentences: sentences without a fault of it, and figures."""

    sentences: int
    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def row(what: str, asked: str, *measured: str) -> None:
    print(f"{what:60} {asked:>12} " + " ".join(f"{cell:>24}" for cell in measured), flush=True)


def amount(value: object, low: object, high: object, unit: str) -> Amount:
    """Percent to one decimal, sums to a millionth of a pound."""
    digits = 1 if unit == "percent" else 6
    numbers = [None if n is None else round(float(str(n)), digits) for n in (value, low, high)]
    return numbers[0], numbers[1], numbers[2], unit


# ---- the table of money, by three readers


def table() -> list[Mapping[str, Any]]:
    return [json.loads(line) for path in TABLES for line in path.read_text(encoding="utf-8").splitlines()]


def wanted(sentence: Mapping[str, Any]) -> list[Amount]:
    return [amount(f["value"], f["low"], f["high"], f["unit"]) for f in sentence["figures"]]


def read_here(text: str) -> list[Amount]:
    blocks = (Block(BlockKind.PARAGRAPH, 0, len(text)),)
    article = Article(Article.identify("table", text), "table", text, "test", blocks=blocks, genre=Genre.NEWS)
    found = find_figures(article, sentences(article), (), ())
    return [amount(f.value, f.low, f.high, f.unit) for f in found for _ in f.spans]


def quantulum() -> Reader | None:
    """quantulum3; a unit with a currency or percent in it is a figure, pence are pounds."""
    try:
        from quantulum3 import classifier, parser
    except ImportError:
        return None
    classifier.USE_CLF = False  # its model is a pickle of another scikit-learn; without it it goes by frequency
    pounds = {"pound sterling": "GBP", "penny": "GBP"}
    units = {
        **pounds,
        "dollar": "USD",
        "united states dollar": "USD",
        "cent": "USD",
        "euro": "EUR",
        "per cent": "percent",
        "percentage": "percent",
    }

    def read(text: str) -> list[Amount]:
        found = []
        for quantity in parser.parse(text):
            name = quantity.unit.name
            unit = next((code for word, code in units.items() if name.startswith(word)), None)
            if unit is None:
                continue
            scale = Decimal("0.01") if name.startswith(("penny", "cent")) else Decimal(1)
            value, width = Decimal(str(quantity.value)) * scale, quantity.uncertainty
            ends = (None, value - Decimal(str(width)), value + Decimal(str(width))) if width else (value, None, None)
            # "pound sterling metre" is what it makes of £5m: money, with a wrong unit.
            found.append(amount(*ends, unit if name in units or " per " in name else f"{unit}?"))
        return found

    return read


def recognizers() -> Reader | None:
    """Recognizers-Text: its currencies and its percentages, in English."""
    try:
        from recognizers_number import recognize_percentage
        from recognizers_number_with_unit import recognize_currency
    except ImportError:
        return None
    units = {"Pound": ("GBP", 1), "British pound": ("GBP", 1), "Penny": ("GBP", 0.01), "Pence": ("GBP", 0.01),
             "Dollar": ("USD", 1), "United States dollar": ("USD", 1), "Euro": ("EUR", 1)}  # fmt: skip

    def read(text: str) -> list[Amount]:
        found = []
        for result in recognize_currency(text, "en-us"):
            value, unit = result.resolution.get("value"), result.resolution.get("unit")
            if value is not None:
                code, scale = units.get(unit, (str(unit), 1))
                found.append(amount(float(value) * scale, None, None, code))
        for result in recognize_percentage(text, "en-us"):
            found.append(amount(result.resolution["value"].rstrip("%"), None, None, "percent"))
        return found

    return read


def answers(read: Reader, rows: Sequence[Mapping[str, Any]]) -> Answers:
    began = time.process_time()
    found = [read(line["text"]) for line in rows]
    return Answers(found, time.process_time() - began)


def tally(found: Answers, rows: Sequence[Mapping[str, Any]], *, sums: bool) -> Tally:
    """``sums``: percent are left out on both sides."""
    right = wrong = missed = clean = 0
    for line, answer in zip(rows, found.amounts, strict=True):
        want, got = (Counter(a for a in side if not (sums and a[3] in PERCENT)) for side in (wanted(line), answer))
        hits = (want & got).total()
        right, wrong, missed = right + hits, wrong + got.total() - hits, missed + want.total() - hits
        clean += want == got
    return Tally(clean, right, wrong, missed)


def table_rows() -> None:
    rows = table()
    readers = {"Standpoint": read_here, "quantulum3": quantulum(), "Recognizers-Text": recognizers()}
    known = {name: read for name, read in readers.items() if read}
    row(f"the money table, {len(rows)} sentences", "reach", *known)
    found = [answers(read, rows) for read in known.values()]
    for sums in (False, True):
        of = "sums of money alone" if sums else "figures"
        tallies = [tally(one, rows, sums=sums) for one in found]
        row(f"{of}: sentences right", "" if sums else ">= 0.99", *(f"{t.sentences / len(rows):.3f}" for t in tallies))
        row(f"{of}: right / wrong / missed", "", *(f"{t.right} / {t.wrong} / {t.missed}" for t in tallies))
        row(f"{of}: F1", "", *(f"{t.f1:.3f}" for t in tallies))
    row("sentences a second", "", *(f"{len(rows) / max(one.seconds, 1e-6):,.0f}" for one in found))
    for name in sorted(readers.keys() - known.keys()):
        print(f"{name} is not installed: it is left out (get it with: {INSTALL})")


# ---- annotated articles


def gold_rows(
    name: str, folder: Path, split: str | None, topics: Sequence[Topic], models: Models, reach: str, fields: str
) -> None:
    """Figures and their fields, as ``standpoint evaluate`` counts them."""
    ids = [topic.id for topic in topics]
    read = partial(pipeline.analyse, topics=tuple(topics), models=models)
    scores = evaluate(folder, predict(folder, read, split), ids, declared=ids, split=split)
    f1 = scores.metric("figures.f1")
    row(f"{name}: figures F1", reach, "-" if f1 is None else f"{f1:.3f}")
    for field, asked in FIELDS.items():
        accuracy = scores.total.accuracies[f"figure.{field}"]
        row(f"  {field}", fields or asked, f"{accuracy.right / max(1, accuracy.total):.3f} of {accuracy.total}")


# ---- speed


def step_seconds(analyses: Sequence[Analysis], models: Models) -> float:
    began = time.process_time()
    for found in analyses:
        find_figures(
            found.article,
            sentences(found.article),
            found.mentions,
            found.statements,
            found.stakeholders,
            labeller_of(models.figures),
        )
    return time.process_time() - began


def speed_rows(models: Models, topics: Sequence[Topic]) -> None:
    """The figure step on one core, the best of some rounds; then on a megabyte of hostile text."""
    paths = [GOLD / f"{name}.txt" for name in json.loads((GOLD / "splits.json").read_text("utf-8"))["dev"]]
    analyses = [pipeline.analyse(a, topics, models) for path in paths for a in read_file(path)]
    for name, asked, step in (
        ("figures after parsing, one core, articles a second", "300", models),
        ("  by rules alone", "", replace(models, figures={})),
    ):
        best = min(step_seconds(analyses, step) for _ in range(ROUNDS))
        row(name, asked, f"{len(analyses) / best:,.0f}")
    for unit in HOSTILE:
        quarter, whole = (hostile_seconds(unit, size) for size in (MEGABYTE // 4, MEGABYTE))
        row(
            f"1 MB of {unit!r}: seconds, and times a quarter of it",
            "< 1 s, <= 4",
            f"{whole:.2f} s, {whole / quarter:.1f}",
        )


def hostile_seconds(unit: str, size: int) -> float:
    text = (unit * size)[:size]
    article = Article("hostile", "hostile", text, "test", blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),))
    began = time.process_time()
    find_figures(article, sentences(article), (), ())
    return time.process_time() - began


def main() -> int:
    table_rows()
    models = replace(load_models(), reader=None)
    topics = tuple(load_topics(GOLD / "topics.json"))
    row("what", "reach", "measured")
    gold_rows("gold dev", GOLD, "dev", topics, models, "0.97", "")
    if (SHARED / "gold").is_dir():
        gold_rows("shared gold", SHARED / "gold", None, tuple(shipped_topics()), models, "1.00", "0.80")
    else:
        print(f"{SHARED / 'gold'} is not there: it is skipped (set STANDPOINT_SHARED)")
    speed_rows(models, topics)
    return 0


if __name__ == "__main__":
    sys.exit(main())
