"""How good and how quick search is: nDCG@10 of every mode on judged queries, and the time of hybrid search.

Quality is measured on a store made of the gold corpus (``--store FOLDER`` reads one that is there). The best ten of
every mode were judged 0 to 3 by reading, in an order that hides the mode (``--pool`` prints what no one has judged
yet): 3 says what was asked, 2 speaks of it, 1 touches it, 0 does not. nDCG is given with linear gains, as trec_eval
has it, and with exponential ones (2^grade - 1). Speed is measured on synthetic statements (``--statements N``).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from shutil import copy

import numpy as np
from sqlalchemy import insert, text

from api.store import Filters, Store, engines, tables
from api.store.questions import FoundHit, Mode, Question
from api.store.vectors import to_codes
from nlp.encoders import Floats
from nlp.sentence_encoder import load_encoder

ROOT = Path(__file__).resolve().parent.parent
JUDGED = ROOT / "tests" / "api" / "search_judgements.jsonl"
BEST = 10
#: Letters of a passage by which it is known again.
KNOWN = 90
#: A passage whose words changed a little since it was judged has its grade still, from this share of common words on.
ALIKE = 0.6
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A query and the grades of what was judged for it, by file, kind and first words."""

    query: str
    grades: Mapping[Key, int]

    def grade(self, key: Key) -> int | None:
        """The grade of a passage, or of the one most like it in the same file; None when nothing alike was judged."""
        if key in self.grades:
            return self.grades[key]
        near = [(_alike(key[2], other[2]), grade) for other, grade in self.grades.items() if other[:2] == key[:2]]
        best = max(near, default=(0.0, 0))
        return best[1] if best[0] >= ALIKE else None


def _alike(one: str, two: str) -> float:
    first, second = set(one.lower().split()), set(two.lower().split())
    return len(first & second) / max(len(first | second), 1)


def read_judged() -> list[Judged]:
    lines = map(json.loads, JUDGED.read_text(encoding="utf-8").splitlines())
    return [Judged(line["query"], {(a, b, c): grade for a, b, c, grade in line["judged"]}) for line in lines]


def key_of(hit: FoundHit, words: str) -> Key:
    return Path(hit.article.source).name, hit.kind.value, " ".join(words.split())[:KNOWN]


def ndcg(grades: Sequence[int], judged: Judged, gain: Callable[[int], float]) -> float:
    """The discounted gain of the first ten over the best that any order of what was judged would have."""

    def dcg(found: Sequence[int]) -> float:
        return sum(gain(grade) / np.log2(place + 2) for place, grade in enumerate(found[:BEST]))

    ideal = dcg(sorted(judged.grades.values(), reverse=True))
    return dcg(grades) / ideal if ideal else 0.0


def best_of(store: Store, query: str, mode: Mode) -> list[Key]:
    """The first ten hits of a query as a page would show them, with their passages' words."""
    found = store.searcher.search(Question(query=query, mode=mode), limit=BEST)
    return [key_of(hit, _words(store, hit)) for hit in found.items]


def _words(store: Store, hit: FoundHit) -> str:
    if hit.statement:
        return hit.statement.text
    passages, seq = tables.passages.c, 0
    with engines.reading(store._engine) as connection:
        if hit.figure:
            row = connection.execute(text("SELECT seq FROM figures WHERE id = :id"), {"id": hit.figure.id}).one()
            seq = row.seq
        here = (passages.article_id == hit.article.id, passages.kind == hit.kind.value, passages.seq == seq)
        return str(connection.scalar(tables.passages.select().with_only_columns(passages.text).where(*here)))


def measure_quality(store: Store) -> None:
    judged = read_judged()
    print(f"{len(judged)} queries, {sum(len(each.grades) for each in judged)} judgements")
    for mode in Mode:
        linear, exponential, unknown = [], [], 0
        for each in judged:
            grades = [each.grade(key) for key in best_of(store, each.query, mode)]
            unknown += grades.count(None)
            known = [grade or 0 for grade in grades]
            linear.append(ndcg(known, each, float))
            exponential.append(ndcg(known, each, lambda grade: 2.0**grade - 1))
        print(
            f"{mode.value:9} nDCG@10 {statistics.mean(linear):.3f}, with gains 2^g - 1 "
            f"{statistics.mean(exponential):.3f}; {unknown} of {BEST * len(judged)} not judged (counted as 0)"
        )


def print_pool(store: Store) -> None:
    """What nobody has judged, of all modes together, in an order that does not tell which found it."""
    for each in read_judged():
        pool = {key for mode in Mode for key in best_of(store, each.query, mode)}
        for key in sorted(pool, key=lambda key: sha256(repr((each.query, key)).encode()).hexdigest()):
            if each.grade(key) is None:
                print(json.dumps([each.query, *key], ensure_ascii=False))


def gold_store(folder: Path) -> Path:
    """The gold corpus, all of it, read as a user would read it."""
    texts = folder / "texts"
    texts.mkdir()
    for path in (ROOT / "corpora" / "gold").glob("*.txt"):
        copy(path, texts)
    command = [sys.executable, "-m", "api.cli", "--data", str(folder / "data"), "ingest", str(texts)]
    subprocess.run(command, check=True, cwd=ROOT)
    return folder / "data"


#: Statements of one synthetic article.
SAID = 10


def synthetic_store(folder: Path, number: int) -> Store:
    """A store of that many statements: words and holders as skewed as in life, vectors at random."""
    store = Store.open(folder, create=True)
    chance = random.Random(7)
    vectors = np.random.default_rng(7)
    with engines.writing(store._engine) as connection:
        connection.execute(insert(tables.runs), {"id": "r", "version": "0", "digest": "d", "models": []})
        people = [_person(place) for place in range(800)]
        connection.execute(insert(tables.stakeholders), people)
        connection.execute(text("UPDATE search_state SET encoder = :name"), {"name": load_encoder().name})
    for first in range(0, number // SAID, 1000):
        lot = range(first, min(first + 1000, number // SAID))
        with engines.writing(store._engine) as connection:
            for table, rows in _synthetic_rows(lot, chance):
                connection.execute(insert(table), rows)
            numbers = connection.execute(
                text("SELECT number FROM passages WHERE number NOT IN (SELECT passage FROM vectors)")
            )
            passages = [row.number for row in numbers]
            made: Floats = vectors.normal(size=(len(passages), 384)).astype(np.float32)
            codes = to_codes(made / np.linalg.norm(made, axis=1, keepdims=True))
            connection.execute(
                insert(tables.vectors),
                [{"passage": passage, "code": bytes(code)} for passage, code in zip(passages, codes, strict=True)],
            )
    return store


def _person(place: int) -> dict[str, object]:
    name = f"Holder {place}"
    return {"id": f"h{place}", "sort_name": name, "name": name, "kind": "person", "successors": []}


VOCABULARY = [f"w{place}" for place in range(30_000)]
WEIGHTS = list(accumulate(1 / (place + 3) for place in range(30_000)))
HOLDERS = list(accumulate(1 / (place + 1) for place in range(800)))


def _synthetic_rows(lot: range, chance: random.Random) -> Iterator[tuple[object, list[dict[str, object]]]]:
    from datetime import UTC, date, datetime

    articles, passages, statements, stances = [], [], [], []
    evidence = {"method": "m", "reason": "r", "evidence_spans": []}
    for place in lot:
        id, day = f"a{place}", date.fromordinal(date(2010, 1, 1).toordinal() + chance.randrange(5800))
        title = " ".join(chance.choices(VOCABULARY, cum_weights=WEIGHTS, k=8))
        whole = " ".join(chance.choices(VOCABULARY, cum_weights=WEIGHTS, k=300))
        articles.append(
            {
                "id": id, "source": id, "text": whole, "reader": "x", "title": title, "story_id": id, "run_id": "r",
                "publisher": f"Paper {chance.randrange(40)}", "published": day, "precision": "day", "day": day,
                "last_day": day, "digest": id, "added_at": datetime.now(UTC), "hints": [], "blocks": [], "issues": [],
            }
        )  # fmt: skip
        passages.append(
            {"kind": "article", "article_id": id, "seq": 0, "about": "", "title": title, "text": whole[:300]}
        )
        for seq in range(SAID):
            words = " ".join(chance.choices(VOCABULARY, cum_weights=WEIGHTS, k=25))
            holder = f"h{chance.choices(range(800), cum_weights=HOLDERS)[0]}"
            sure = {**evidence, "confidence": chance.uniform(0.3, 1.0)}
            row = {"article_id": id, "seq": seq, "holder": holder}
            local = {"id": f"{id}:s{seq}", "local_id": f"s{seq}", "manner": "direct", "capacity": "unspecified"}
            statements.append({**row, **local, **sure, "text": words, "spans": [], "repeats": [], "chain": []})
            about = f"Holder {holder[1:]}"
            passages.append(
                {"kind": "statement", "article_id": id, "seq": seq, "about": about, "title": title, "text": words}
            )
            label = chance.choice(["support", "oppose", "conditional", "neutral"])
            topic = {"topic": f"t{chance.randrange(12)}", "label": label, "strength": "plain", "rationales": []}
            stances.append({**row, **topic, **sure, "statement_id": f"{id}:s{seq}"})
    yield tables.articles, articles
    yield tables.statements, statements
    yield tables.stances, stances
    yield tables.passages, passages


def measure_speed(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        store = synthetic_store(Path(folder), number)
        print(f"{number:,} synthetic statements made in {time.perf_counter() - start:.0f} s")
        store.searcher.load_encoder = load_encoder
        start = time.perf_counter()
        store.searcher.search(Question(query="w50 w60"))
        print(f"first search, everything read into memory: {time.perf_counter() - start:.1f} s; {_memory()}")
        chance = random.Random(11)
        narrow = Filters(stakeholder=("h3",), topic=("t2",))
        asked: dict[str, Callable[[], Question]] = {
            "typical words": lambda: Question(query=" ".join(f"w{chance.randrange(40, 4000)}" for _ in range(3))),
            "common words": lambda: Question(query=" ".join(f"w{chance.randrange(0, 40)}" for _ in range(3))),
            "worst word": lambda: Question(query=f'w0 -"w{chance.randrange(9000)}"'),
            "common words, filtered": lambda: Question(query=f"w{chance.randrange(0, 40)} w50", filters=narrow),
        }
        for name, ask in asked.items():
            print(f"hybrid, {name:23} {_times(store, ask)}")
        store.close()


def _times(store: Store, ask: Callable[[], Question], runs: int = 100) -> str:
    taken, work = [], time.process_time()
    for _ in range(runs):
        question = ask()
        start = time.perf_counter()
        store.searcher.search(question)
        taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    # On a machine that others use too, the work says more than the time.
    spent = 1000 * (time.process_time() - work) / runs
    return f"median {statistics.median(taken):4.0f} ms, p99 {taken[int(runs * 0.99) - 1]:4.0f} ms, work {spent:4.0f} ms"


def _memory() -> str:
    status = Path("/proc/self/status")
    if not status.exists():
        return "memory unknown here"
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return (
        f"memory {int(lines['VmRSS'].split()[0]) // 1024:,} MB, at most {int(lines['VmHWM'].split()[0]) // 1024:,} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a data folder made of the gold corpus")
    parser.add_argument("--pool", action="store_true", help="print what is to be judged, and nothing else")
    parser.add_argument("--statements", type=int, default=100_000)
    given = parser.parse_args()
    if given.statements and not given.pool:
        measure_speed(given.statements)
    with tempfile.TemporaryDirectory() as folder, Store.open(given.store or gold_store(Path(folder))) as store:
        store.searcher.load_encoder = load_encoder
        (print_pool if given.pool else measure_quality)(store)


if __name__ == "__main__":
    main()
