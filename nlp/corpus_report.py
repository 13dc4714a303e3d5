"""What a gold corpus holds and how varied its prose is: ``python -m nlp.corpus_report corpora/gold``.

Variety is measured on the texts: distinct 4-grams over all 4-grams, the likest pair of articles by the
Jaccard index of their 5-grams, and the commonest shape of an opening and of a closing sentence.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.annotations import GoldDocument, read_gold, read_splits
from nlp.sentences import split_sentences

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_SMALL = re.compile(
    r"a|an|the|of|to|in|on|at|by|for|from|and|or|but|with|as|is|are|was|were|be|been|has|have|had|it|its|this|that|he"
    r"|she|they|we|i|his|her|their|our|you|not|no|said|says"
)
SHAPE_WORDS = 6


@dataclass(frozen=True, slots=True)
class Variety:
    """Shares between 0 and 1; ``likest`` names the two articles that share most 5-grams."""

    distinct_4grams: float
    likest: tuple[str, str]
    likeness: float
    commonest_opening: float
    commonest_closing: float


def grams(text: str, size: int) -> list[tuple[str, ...]]:
    """Every run of ``size`` words, in lower case."""
    words = [word.lower() for word in _WORD.findall(text)]
    return list(zip(*(words[i:] for i in range(size)), strict=False))


def sentence_shape(sentence: str) -> str:
    """The first words with what they name taken out: "X X has said that w"."""
    shape = []
    for i, word in enumerate(_WORD.findall(sentence)[:SHAPE_WORDS]):
        if _SMALL.fullmatch(word.lower()):
            shape.append(word.lower())
        else:
            shape.append("9" if word[0].isdigit() else "X" if word[0].isupper() and i else "w")
    return " ".join(shape)


def measure_variety(texts: Mapping[str, str]) -> Variety:
    """The variety of texts by name; time grows with the number of shared 5-grams, not of pairs of texts."""
    fours = Counter(gram for text in texts.values() for gram in grams(text, 4))
    likest, likeness = _likest(texts)
    edges = [_edges(text) for text in texts.values()]
    return Variety(
        distinct_4grams=len(fours) / max(1, fours.total()),
        likest=likest,
        likeness=likeness,
        commonest_opening=_commonest(first for first, _ in edges),
        commonest_closing=_commonest(last for _, last in edges),
    )


def _likest(texts: Mapping[str, str]) -> tuple[tuple[str, str], float]:
    fives = {name: set(grams(text, 5)) for name, text in texts.items()}
    owners: dict[tuple[str, ...], list[str]] = {}
    for name, found in fives.items():
        for gram in found:
            owners.setdefault(gram, []).append(name)
    shared = Counter((a, b) for names in owners.values() for i, a in enumerate(names) for b in names[i + 1 :])
    best = max(shared, key=lambda pair: _jaccard(fives, pair, shared[pair]), default=("", ""))
    return best, _jaccard(fives, best, shared[best]) if best[0] else 0.0


def _jaccard(fives: Mapping[str, set[tuple[str, ...]]], pair: tuple[str, str], shared: int) -> float:
    a, b = pair
    return shared / max(1, len(fives[a]) + len(fives[b]) - shared)


def _edges(text: str) -> tuple[str, str]:
    """The shapes of the first and the last sentence of the prose."""
    lines = [line for line in text.splitlines() if len(line.split()) >= 12] or [text]
    first = next(split_sentences(lines[0], 0, len(lines[0])), (0, len(lines[0])))
    *_, last = [*split_sentences(lines[-1], 0, len(lines[-1]))] or [(0, len(lines[-1]))]
    return sentence_shape(lines[0][slice(*first)]), sentence_shape(lines[-1][slice(*last)])


def _commonest(shapes: Iterable[str]) -> float:
    counts = Counter(shapes)
    return counts.most_common(1)[0][1] / counts.total() if counts else 0.0


def report(folder: Path) -> str:
    """The report on a gold folder as lines of text."""
    documents = read_gold(folder)
    splits = {name: split for split, names in read_splits(folder).items() for name in names}
    variety = measure_variety({d.name: d.text for d in documents})
    lines = [
        f"{folder}: {len(documents)} articles, {_sizes(documents)}",
        f"distinct 4-grams over all 4-grams      {variety.distinct_4grams:.3f} (at least 0.85)",
        f"likest two articles, 5-gram Jaccard    {variety.likeness:.3f} (at most 0.15): {' and '.join(variety.likest)}",
        f"commonest shape of an opening sentence {variety.commonest_opening:.1%} (at most 5 %)",
        f"commonest shape of a closing sentence  {variety.commonest_closing:.1%} (at most 5 %)",
    ]
    for title, groups in _TABLES.items():
        lines += ["", *_table(title, documents, splits, groups)]
    return "\n".join([*lines, "", *_pairs(folder)])


def _sizes(documents: Sequence[GoldDocument]) -> str:
    words = sorted(len(_WORD.findall(d.text)) for d in documents)
    found = [d.annotation for d in documents]
    return (
        f"{words[0]} to {words[-1]} words, {sum(len(a.statements) for a in found)} statements, "
        f"{sum(len(a.positions) for a in found)} positions, {sum(len(a.figures) for a in found)} figures"
    )


def _topics(document: GoldDocument) -> list[str]:
    return sorted({p.topic for p in document.annotation.positions}) or ["(no position)"]


def _stances(document: GoldDocument) -> list[str]:
    return [p.stance for p in document.annotation.positions]


_TABLES: Mapping[str, Callable[[GoldDocument], Sequence[str]]] = {
    "genre": lambda d: [d.genre],
    "era": lambda d: [d.era],
    "hard case": lambda d: d.tags,
    "stance (positions)": _stances,
    "proposal": _topics,
}


def _table(
    title: str,
    documents: Sequence[GoldDocument],
    splits: Mapping[str, str],
    groups: Callable[[GoldDocument], Sequence[str]],
) -> list[str]:
    rows = [(group, splits.get(document.name, "none")) for document in documents for group in groups(document)]
    return split_table(title, rows, len(documents))


def split_table(title: str, rows: Iterable[tuple[str, str]], total: int) -> list[str]:
    """Lines of a table of (group, split) rows: all, their share of ``total``, and by split; the largest group first."""
    counts: dict[str, Counter[str]] = {}
    for group, split in rows:
        counts.setdefault(group, Counter())[split] += 1
    head = f"{title:38}" + "".join(f"{column:>7}" for column in ("all", "share", "train", "dev", "test"))
    ordered = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    return [
        head,
        *(
            f"{name:38}{c.total():>7}{c.total() / total:>7.1%}{c['train']:>7}{c['dev']:>7}{c['test']:>7}"
            for name, c in ordered
        ),
    ]


def _pairs(folder: Path) -> list[str]:
    path = folder / "pairs.jsonl"
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    by_split = Counter(row["split"] for row in rows)
    return [f"minimal pairs: {len(rows)} ({', '.join(f'{n} {split}' for split, n in sorted(by_split.items()))})"]


if __name__ == "__main__":
    print(report(Path(sys.argv[1] if len(sys.argv) > 1 else "corpora/gold")))
