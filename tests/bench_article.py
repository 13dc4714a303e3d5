"""How long do one article, the register and ``standpoint --help`` take? Run by ``make bench``: medians in ms."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import corpora
from nlp.pipeline import analyse
from nlp.readers import read_bytes
from nlp.records import Article
from nlp.register import load

WORDS = 600
#: What each may take, in seconds.
LIMIT_SECONDS = {"one article": 0.3, "the register": 0.5, "standpoint --help": 0.5}
ROUNDS = 15
HELP = [sys.executable, "-m", "api.cli", "--help"]

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
    print(f"the article has {len(article.text.split())} words")
    taken = {
        "one article": median_seconds(lambda: analyse(article)),
        "the register": median_seconds(lambda: load(corpora.folder("register"))),
        "standpoint --help": median_seconds(lambda: subprocess.run(HELP, capture_output=True, check=True)),
    }
    for name, seconds in taken.items():
        print(f"{name}: {seconds * 1000:.1f} ms (limit {LIMIT_SECONDS[name] * 1000:.0f} ms)")
    return int(any(seconds > LIMIT_SECONDS[name] for name, seconds in taken.items()))


if __name__ == "__main__":
    sys.exit(main())
