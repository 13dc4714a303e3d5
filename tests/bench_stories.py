"""How many copies are found to be one story, and how many different articles falsely: ``make bench-stories``.

Copies are made of the articles of gold (train and dev): trimmed by a fifth at head, tail and in the middle, under a new
headline and byline, with a paragraph rewritten, in other quotation marks, and several of these at once. Different
articles are all pairs of gold, and pairs made to be hard: a press release and an article that quotes half of it, a
round-up of three stories and each of them, the next article with a third of the last one's background, letters pages
with letters in common, one form filled in for two places. Last, the time of 100,000 signatures in a database.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from api.store import Store
from nlp.records import Analysis, Article, Block, BlockKind, PartialDate, Precision, Run
from nlp.stories import Body, are_copies, bands_of, body_of, signature_of

GOLD = Path(__file__).resolve().parents[1] / "corpora" / "gold"
#: A headline and the paragraphs below it.
Told = tuple[str, tuple[str, ...]]
Pair = tuple[str, Told, Told]
_MARKS = str.maketrans({"‘": '"', "’": "'", "“": "'", "”": "'"})


def gold_texts(limit: int | None = None) -> list[Told]:
    """The articles of gold's train and dev parts."""
    splits = json.loads((GOLD / "splits.json").read_text(encoding="utf-8"))
    names = sorted([*splits["train"], *splits["dev"]])[:limit]
    return [_told((GOLD / f"{name.removesuffix('.txt')}.txt").read_text(encoding="utf-8")) for name in names]


def _told(text: str) -> Told:
    first, *rest = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return first, tuple(rest)


def article_of(told: Told, source: str, *, publisher: str = "The Local Paper", day: date | None = None) -> Article:
    """An article that is cut into blocks."""
    headline, paragraphs = told
    text = "\n\n".join((headline, *paragraphs))
    blocks, start = [Block(BlockKind.HEADLINE, 0, len(headline))], len(headline) + 2
    for paragraph in paragraphs:
        blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(paragraph)))
        start += len(paragraph) + 2
    return Article(
        id=Article.identify(source, text),
        source=source,
        text=text,
        reader="bench/1",
        title=headline,
        publisher=publisher,
        published=PartialDate(day, Precision.DAY) if day else None,
        blocks=tuple(blocks),
    )


def analysis_of(article: Article) -> Analysis:
    """An analysis that found nothing."""
    return Analysis(article, Run("bench", "bench-1"))


def trimmed(told: Told, where: str, share: float = 0.2) -> Told:
    """Without a share of its words at the head, the tail or in the middle."""
    words = [(number, word) for number, paragraph in enumerate(told[1]) for word in paragraph.split()]
    cut = round(share * len(words))
    start = {"head": 0, "middle": (len(words) - cut) // 2, "tail": len(words) - cut}[where]
    kept = [*words[:start], *words[start + cut :]]
    parts: dict[int, list[str]] = {}
    for number, word in kept:
        parts.setdefault(number, []).append(word)
    return told[0], tuple(" ".join(part) for part in parts.values())


def renamed(told: Told) -> Told:
    return "What the county heard this week", told[1]


def signed(told: Told) -> Told:
    return told[0], ("By Rowan Adeyemi, health reporter, and Press Desk", *told[1])


def updated(told: Told, other: Told, random: Random) -> Told:
    """With one paragraph told anew."""
    at = random.randrange(len(told[1]))
    new = max(other[1][: len(other[1]) // 2 + 1], key=len)
    return told[0], (*told[1][:at], new, *told[1][at + 1 :])


def remarked(told: Told) -> Told:
    return told[0], tuple(paragraph.translate(_MARKS) for paragraph in told[1])


def copies(texts: list[Told]) -> Iterator[Pair]:
    """Copies of each text, by what was done to them."""
    random = Random(1)
    for number, told in enumerate(texts):
        other = texts[(number + 7) % len(texts)]
        for where in ("head", "tail", "middle"):
            yield f"trimmed by 20 %, {where}", told, trimmed(told, where)
            worn = remarked(signed(renamed(updated(trimmed(told, where), other, random))))
            yield f"all at once, trimmed at the {where}", told, worn
        yield "two copies, trimmed at head and tail", trimmed(told, "head"), trimmed(told, "tail")
        yield "new headline", told, renamed(told)
        yield "other byline", told, signed(told)
        yield "a paragraph rewritten", told, updated(told, other, random)
        yield "other quotation marks", told, remarked(told)


def different(texts: list[Told]) -> Iterator[Pair]:
    """Different articles, those of gold and harder ones."""
    for first, second in combinations(texts, 2):
        yield "any two of gold", first, second
    for number, told in enumerate(texts):
        a, b, c = (texts[(number + step) % len(texts)][1] for step in (1, 2, 3))
        half, third = len(told[1]) // 2, max(1, len(told[1]) // 3)
        yield (
            "a release, and an article that quotes half of it",
            told,
            (told[0], (*a[:half], *told[1][:half], *a[half:])),
        )
        yield "a round-up of three, and one of them", told, (told[0], (*told[1], *a, *b))
        yield "the next article, a third of the last as background", told, (told[0], (*a, *told[1][-third:]))
        page = (*a[:third], *b[:third], *told[1][:third])
        yield "letters pages with a letter in common", (told[0], page), (told[0], (*c[:third], *b[-third:], *a[:third]))
        yield "one form, filled in twice", *(("Local surgeries: the figures", form(number, at)) for at in (0, 1))


def form(number: int, place: int) -> tuple[str, ...]:
    """A report that is the same for every place but for its names and numbers."""
    random = Random(number * 2 + place)
    name = ("Fenmoor", "Ashwick")[place]
    sums = [str(random.randint(100, 9999)) for _ in range(8)]
    return (
        f"General practices in {name} gave {sums[0]} appointments last month, of which {sums[1]} were on the same day.",
        f"The figures, printed once a month, show that {sums[2]} patients waited for more than two weeks to be seen.",
        f"In {name} there were {sums[3]} doctors and {sums[4]} nurses, against {sums[5]} and {sums[6]} before.",
        f"A spokesman for the health service in {name} said that {sums[7]} more were planned for the spring.",
    )


@dataclass(frozen=True, slots=True)
class _Sketched:
    body: Body | None
    bands: frozenset[int]


def sketched(told: Told, known: dict[Told, _Sketched]) -> _Sketched:
    if told not in known:
        article = article_of(told, "bench")
        body = body_of(article.text, article.blocks, article.title)
        signature = signature_of(body) if body else None
        known[told] = _Sketched(body, frozenset(bands_of(signature)) if signature else frozenset())
    return known[told]


def are_one_story(first: Told, second: Told, known: dict[Told, _Sketched] | None = None) -> bool:
    """As the store tells it: they meet in a band, and their shingles decide."""
    seen = {} if known is None else known
    one, two = sketched(first, seen), sketched(second, seen)
    if one.body is None or two.body is None:
        return False
    return one.body.digest == two.body.digest or (bool(one.bands & two.bands) and are_copies(one.body, two.body))


def rates(pairs: Iterator[Pair]) -> dict[str, tuple[int, int]]:
    """By kind of pair, how many are taken for one story, and how many there are."""
    known: dict[Told, _Sketched] = {}
    found: dict[str, tuple[int, int]] = {}
    for kind, first, second in pairs:
        hits, total = found.get(kind, (0, 0))
        found[kind] = (hits + are_one_story(first, second, known), total + 1)
    return found


def synthetic(number: int) -> Told:
    """A text of its own of some 120 words: every fiftieth is a copy of the one before with its end trimmed."""
    random = Random(number - 1 if number % 50 == 49 else number)
    words = [f"{random.choice('bcdfglmnprst')}{random.choice('aeiou')}{random.randint(10, 999)}" for _ in range(120)]
    kept = words[: 96 if number % 50 == 49 else 120]
    return f"Report {number}", tuple(" ".join(kept[at : at + 30]) for at in range(0, len(kept), 30))


def fill(store: Store, first: int, last: int) -> None:
    """Keep so many synthetic articles."""
    for number in range(first, last):
        store.writer.write_analysis(analysis_of(article_of(synthetic(number), f"{number}.txt", day=date(2015, 3, 2))))


def _say(title: str, found: dict[str, tuple[int, int]], judge: Callable[[int, int], str]) -> None:
    print(title)
    for kind, (hits, total) in found.items():
        print(f"  {kind:54}{hits:>8}{total:>8}  {judge(hits, total)}")
    hits, total = (sum(each[place] for each in found.values()) for place in (0, 1))
    print(f"  {'together':54}{hits:>8}{total:>8}  {judge(hits, total)}")


def main(signatures: int) -> None:
    texts = gold_texts()
    _say("Copies found", rates(copies(texts)), lambda hits, total: f"{hits / total:.3f}")
    _say(
        "Different articles taken for one", rates(different(texts)), lambda hits, total: f"{1000 * hits / total:.2f} ‰"
    )
    with TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        step = max(1, signatures // 10)
        for first in range(0, signatures, step):
            began = time.perf_counter()
            fill(store, first, first + step)
            print(f"{first + step:>8} articles: {1e3 * (time.perf_counter() - began) / step:.2f} ms each", flush=True)
        began = time.perf_counter()
        told = store.holdings.regroup()
        took = time.perf_counter() - began
        print(f"regroup: {took:.0f} s, {told.now} stories of {told.articles} articles, {told.changed} changed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
