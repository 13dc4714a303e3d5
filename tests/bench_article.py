"""How long does one article take? Run by ``make bench``: the median of repeated analyses, in milliseconds."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from nlp.pipeline import analyse
from nlp.readers import read_bytes
from nlp.records import Article

WORDS = 600
LIMIT_SECONDS = 0.3
ROUNDS = 15

PARAGRAPHS = (
    "Northfield CCG has asked NHS England for full control of the budget for general practice from April 2015.",
    "Dr Alan Brook, the group's chair, said the move would bring £2.5m a year into practices in the town.",
    "‘We have waited too long for this,’ he said. ‘Nobody at a regional office knows which surgeries are short.’",
    "Northfield LMC said that pooling the core budget with hospital money was a red line that must not be crossed.",
    "Its secretary, Dr Mary Fenn, warned that spending on practices had fallen from 10.4% to 8.2% of the total.",
    "She added: ‘If the board sets up a committee with a lay majority we could work with it, but not to start with.’",
    "A spokesman for the department said that the plans would be looked at on their merits later in the year.",
)


def sample(words: int = WORDS) -> Article:
    """An article of about so many words."""
    body: list[str] = ["Board asks for control of practice budgets"]
    while len(" ".join(body).split()) < words:
        body.append(PARAGRAPHS[len(body) % len(PARAGRAPHS)])
    (article,) = read_bytes("\n\n".join(body).encode(), source="bench.txt")
    return article


def median_seconds(work: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """The median time of one call after a first one that loads what there is to load."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> int:
    article = sample()
    seconds = median_seconds(lambda: analyse(article))
    words = len(article.text.split())
    print(f"one article of {words} words: {seconds * 1000:.1f} ms (limit {LIMIT_SECONDS * 1000:.0f} ms)")
    return int(seconds > LIMIT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
