"""Who said what: how well and how fast? Run by ``make bench-attribution``: asked and measured, nothing asserted.

Everything is read from the results of ``analyse``: the words, the cue, where the speaker stands, the holder and the
confidence. The cross-encoder is left out: it reads stances, and no statement depends on it. Indented rows have no
reach: they say more of the row above. PolNeAR is only measured on; nothing is trained on it.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from api.settings import Settings
from nlp import pipeline
from nlp.annotations import GoldDocument, Places, Row, read_annotation, read_gold
from nlp.calibration import Verdict, auroc, expected_calibration_error
from nlp.errors import NotSetUpError
from nlp.evaluate import evaluate, predict
from nlp.language import Models, load_models
from nlp.quotation_scores import (
    ROLES,
    Quotation,
    content_counts,
    match_contents,
    match_quotations,
    sum_counts,
    token_counts,
)
from nlp.readers import read_file
from nlp.records import Article, Manner, Span, Topic
from nlp.scoring import StatementPair, pair_statements
from nlp.tallies import Counts
from nlp.topics import load_topics, shipped_topics

SHARED = Path(os.environ.get("STANDPOINT_SHARED", "../shared"))
GOLD = Path(str(files("corpora") / "gold"))
POLNEAR = SHARED / "datasets" / "measure" / "quotes_polnear-dev.jsonl.gz"
#: From this confidence on a statement is shown by default.
SHOWN = float(Settings.model_fields["min_confidence"].default)
#: What ``analyse`` calls after the language pipeline to find holders and statements, by name.
STEPS = ("find_stakeholders", "find_authors", "attribute_statements", "author_statements")
OPENING = "“\"‘'«"
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder or split of gold articles, with its topics, and what was predicted for it."""

    name: str
    documents: tuple[GoldDocument, ...]
    folder: Path
    split: str | None
    topics: tuple[Topic, ...]
    predictions: Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Measured:
    """One PolNeAR article: its text, what people marked, what was found, and the manners of what was found."""

    text: str
    gold: tuple[Quotation, ...]
    found: tuple[Quotation, ...]
    manners: tuple[Manner, ...]


def row(what: str, asked: str, measured: str) -> None:
    print(f"{what:66} {asked:>18} {measured:>24}", flush=True)


def more(what: str, measured: str) -> None:
    row(f"  {what}", "", measured)


def percent(*shares: float) -> str:
    return " / ".join(f"{100 * share:.1f}" for share in shares)


def number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


# ---- the project's own annotations


def read_corpus(name: str, folder: Path, split: str | None, topics: Sequence[Topic], models: Models) -> Corpus:
    read = partial(pipeline.analyse, topics=tuple(topics), models=models)
    return Corpus(name, read_gold(folder, split), folder, split, tuple(topics), predict(folder, read, split))


def statement_rows(corpus: Corpus) -> None:
    """Statements with the right holder, and holders where the words are found, as ``standpoint evaluate`` counts."""
    ids = [topic.id for topic in corpus.topics]
    scores = evaluate(corpus.folder, corpus.predictions, ids, declared=ids, split=corpus.split)
    f1, holder = scores.metric("statements.f1"), scores.metric("holder.accuracy")
    row(f"{corpus.name}: statements F1 / holder accuracy", "0.85 / 0.95", f"{number(f1)} / {number(holder)}")
    spans = scores.total.counts["statement_spans"]
    more("words found, whoever the holder: precision / recall", f"{spans.precision:.3f} / {spans.recall:.3f}")
    more("statements given / in gold", f"{spans.tp + spans.fp} / {spans.gold}")


def pairs_of(corpus: Corpus) -> list[StatementPair]:
    """Gold statements whose words are found, with what was found."""
    return [
        pair
        for document in corpus.documents
        for pair in pair_statements(document, read_annotation(corpus.predictions[document.name], where=document.name))
    ]


def confidence(pair: StatementPair) -> float:
    return pair.predicted.confidence or 0.0


def tier_rows(name: str, pairs: Sequence[StatementPair]) -> None:
    """The shown tier among statements whose words are found.

    Shown is what has a holder and a confidence at the default threshold or above; precision is the share of
    it with the right holder, coverage its share of all whose words are found.
    """
    shown = [pair for pair in pairs if pair.predicted.holder and confidence(pair) >= SHOWN]
    right = sum(pair.right for pair in shown)
    row(
        f"{name}: shown tier (from {SHOWN}), holder precision / coverage",
        "0.99 / 0.75",
        f"{number(right / len(shown) if shown else None)} / {number(len(shown) / len(pairs) if pairs else None)}",
    )
    more("shown / wrong among them / words found", f"{len(shown)} / {len(shown) - right} / {len(pairs)}")
    more("unattributed, words found", f"{sum(pair.predicted.holder is None for pair in pairs)}")


def calibration_rows(name: str, pairs: Sequence[StatementPair]) -> None:
    """Confidence against "the holder is right", where the words are found; ten bins of equal mass."""

    def measures(chosen: Sequence[StatementPair]) -> str:
        verdicts = [Verdict(confidence(pair), pair.right) for pair in chosen]
        return f"{number(expected_calibration_error(verdicts))} / {number(auroc(verdicts))}"

    row(f"{name}: calibration error (10 equal-mass bins) / AUROC", "0.05 / 0.80", measures(pairs))
    more("the same without what is unattributed", measures([pair for pair in pairs if pair.predicted.holder]))


# ---- PolNeAR


def read_polnear(path: Path, models: Models) -> list[Measured]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [_measured(data, models) for data in rows]


def _measured(data: Mapping[str, Any], models: Models) -> Measured:
    # not through a reader: one may take the first lines for a header, and the offsets count from the first letter
    text = data["text"]
    article = Article(Article.identify(data["id"], text), data["id"], text, "text 1")
    found = [s for s in pipeline.analyse(article, (), models).statements if s.manner is not Manner.AUTHORIAL]
    return Measured(
        text=text,
        gold=tuple(Quotation(*(tuple(map(tuple, mark[role])) for role in ROLES)) for mark in data["attributions"]),
        found=tuple(
            Quotation(_places(s.evidence.spans[:1]), _places([s.cue] if s.cue else []), _places(s.spans)) for s in found
        ),
        manners=tuple(s.manner for s in found),
    )


def _places(spans: Sequence[Span]) -> Places:
    return tuple((span.start, span.end) for span in spans)


def polnear_rows(articles: Sequence[Measured]) -> None:
    """The measures of two other programs; ``nlp.quotation_scores`` defines them and says where they differ.

    What they reach on news of their own: the Gender Gap Tracker 83.7 and 76.1 of contents; Citron 85.3, 76.8 and 83.3
    of the words of sources, cues and contents (82.3 is its score of cues found to the letter).
    """
    found, marked = sum(len(a.found) for a in articles), sum(len(a.gold) for a in articles)
    contents = {
        (overlap, symmetric): sum_counts(
            content_counts(a.text, a.gold, a.found, overlap=overlap, symmetric=symmetric) for a in articles
        )
        for overlap in (0.3, 0.8)
        for symmetric in (False, True)
    }
    easy, hard = contents[0.3, False], contents[0.8, False]
    row("PolNeAR dev: content F1, overlap ≥ 0.3 / ≥ 0.8", "75 / 60", percent(easy.f1, hard.f1))
    more("precision", percent(easy.precision, hard.precision))
    more("recall", percent(easy.recall, hard.recall))
    more("F1, the overlap by Jaccard", percent(contents[0.3, True].f1, contents[0.8, True].f1))
    more("quotations found / marked", f"{found} / {marked}")
    for name, manner in (("direct", Manner.DIRECT), ("mixed", Manner.MIXED), ("indirect", Manner.INDIRECT)):
        more(f"{name}, ≥ 0.3: precision / recall", _by_manner(articles, manner))
    totals = _words(articles)
    row("PolNeAR dev: words of source / cue / content, F1", "70 / 70 / 72", _parts(totals, lambda c: c.f1))
    more("precision", _parts(totals, lambda c: c.precision))
    more("recall", _parts(totals, lambda c: c.recall))
    more("F1 as Citron adds it up, every pair", _parts(_words(articles, one_to_one=False), lambda c: c.f1))
    more("F1 in the quotations that are matched", _parts(_words(map(_matched, articles)), lambda c: c.f1))


def _words(articles: Iterable[Measured], *, one_to_one: bool = True) -> dict[str, Counts]:
    counts = [token_counts(a.text, a.gold, a.found, one_to_one=one_to_one) for a in articles]
    return {role: sum_counts(found[role] for found in counts) for role in ROLES}


def _matched(article: Measured) -> Measured:
    """The article with nothing but what was marked and found."""
    pairs = match_quotations(article.text, article.gold, article.found)
    return replace(
        article,
        gold=tuple(article.gold[pair.gold] for pair in pairs),
        found=tuple(article.found[pair.predicted] for pair in pairs),
    )


def _parts(totals: Mapping[str, Counts], score: Callable[[Counts], float]) -> str:
    return percent(*(score(totals[role]) for role in ROLES))


def _by_manner(articles: Sequence[Measured], manner: Manner) -> str:
    """Recall of the gold contents that look like this manner, and precision of the predictions that are said to."""
    marked = hits = given = good = 0
    for article in articles:
        pairs = match_contents(article.text, article.gold, article.found, overlap=0.3)
        looks = [_looks(article.text, quotation) for quotation in article.gold]
        marked += looks.count(manner)
        hits += sum(looks[pair.gold] is manner for pair in pairs)
        given += article.manners.count(manner)
        good += sum(article.manners[pair.predicted] is manner for pair in pairs)
    return percent(good / given if given else 0.0, hits / marked if marked else 0.0)


def _looks(text: str, quotation: Quotation) -> Manner:
    """Direct where every run of the content opens with a mark, mixed where one stands inside, else indirect."""
    runs = [text[start:end].strip() for start, end in quotation.content]
    if runs and all(run[:1] in OPENING for run in runs if run):
        return Manner.DIRECT
    return Manner.MIXED if any(mark in run for run in runs for mark in '“"«') else Manner.INDIRECT


# ---- speed


@contextmanager
def stopwatch(names: Sequence[str]) -> Iterator[dict[str, float]]:
    """Seconds of processor time spent in functions of ``nlp.pipeline``, by name, while the context is open.

    They are timed where ``analyse`` calls them, so that a new argument needs no change here. Raises NotSetUpError
    where the pipeline calls a step by another name.
    """
    if missing := [name for name in names if not hasattr(pipeline, name)]:
        raise NotSetUpError(f"has no {', '.join(missing)}", where="nlp.pipeline", do="correct STEPS")
    spent = dict.fromkeys(names, 0.0)
    steps = {name: getattr(pipeline, name) for name in names}
    for name, step in steps.items():
        setattr(pipeline, name, _timed(step, spent, name))
    try:
        yield spent
    finally:
        for name, step in steps.items():
            setattr(pipeline, name, step)


def _timed(step: Callable[..., object], spent: dict[str, float], name: str) -> Callable[..., object]:
    def run(*args: object, **options: object) -> object:
        start = time.process_time()
        try:
            return step(*args, **options)
        finally:
            spent[name] += time.process_time() - start

    return run


def speed_rows(corpus: Corpus, models: Models) -> None:
    """Articles a second of processor time on one core, the best of some rounds over the articles of a corpus."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:1])
    articles = [article for d in corpus.documents for article in read_file(d.path.with_suffix(".txt"))]
    rounds = []
    for _ in range(ROUNDS):
        with stopwatch(STEPS) as spent:
            for article in articles:
                pipeline.analyse(article, models=models)
        rounds.append(dict(spent))
    best = min(rounds, key=lambda spent: sum(spent.values()))
    row("holders and statements after parsing, one core, articles a second", "100",
        f"{len(articles) / sum(best.values()):,.0f}")  # fmt: skip
    for name in STEPS:
        more(f"{name}, ms an article", f"{1000 * best[name] / len(articles):.2f}")


def main() -> int:
    models = replace(load_models(), reader=None)
    topics = load_topics(GOLD / "topics.json")
    dev = read_corpus("gold dev", GOLD, "dev", topics, models)
    train = read_corpus("gold train", GOLD, "train", topics, models)
    row("what", "reach", "measured")
    if (SHARED / "gold").is_dir():
        statement_rows(read_corpus("shared gold", SHARED / "gold", None, shipped_topics(), models))
    else:
        print(f"{SHARED / 'gold'} is not there: it is skipped (set STANDPOINT_SHARED)")
    statement_rows(dev)
    statement_rows(train)
    for corpus in (dev, train):
        tier_rows(corpus.name, pairs_of(corpus))
    if POLNEAR.is_file():
        polnear_rows(read_polnear(POLNEAR, models))
    else:
        print(f"{POLNEAR} is not there: PolNeAR is skipped (set STANDPOINT_SHARED)")
    for corpus in (dev, train):
        calibration_rows(corpus.name, pairs_of(corpus))
    speed_rows(dev, models)
    return 0


if __name__ == "__main__":
    sys.exit(main())
