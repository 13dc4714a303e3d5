"""Which of a writer's sentences judge a matter or give a funding figure: a sum of weights of what they show.

Method: logistic regression over named features of a sentence and its neighbours (scikit-learn, L2, C = 0.3), and of
the runs of sentences in a paragraph the one with the highest sum of log-odds (Bentley, "Algorithm design techniques",
Communications of the ACM 27(9), 1984). ``nlp.learn.judging`` sets the weights in ``lexicons/judging.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import corpora


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence in its place. ``bears`` on a given topic; ``spoken`` by somebody whom the writer reports."""

    text: str
    bears: bool
    spoken: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the paragraph stands: the article's genre ("letter"), and whether a body speaks."""

    genre: str
    by_body: bool


@cache
def _shows() -> Mapping[str, tuple[re.Pattern[str], bool]]:
    """What shows each thing, and whether case counts in it.

    Where it does not, the text is read in small letters: half the time of a pattern that ignores case.
    """
    found = {}
    for name, rows in corpora.lexicon("judging")["shows"].items():
        counts = any("(?-i:" in row for row in rows)
        pattern = "|".join(f"(?:{row})" for row in rows)
        found[name] = re.compile(pattern, re.IGNORECASE if counts else 0), counts
    return found


def _marks(text: str) -> frozenset[str]:
    small = text.lower()
    return frozenset(name for name, (shows, counts) in _shows().items() if shows.search(text if counts else small))


def features(paragraph: Sequence[Told], setting: Setting) -> list[frozenset[str]]:
    """What each sentence of the paragraph shows, by name."""
    marks = [frozenset[str](), *(_marks(told.text) for told in paragraph), frozenset[str]()]
    return [_shown(paragraph, at, marks[at : at + 3], setting) for at in range(len(paragraph))]


def _shown(paragraph: Sequence[Told], at: int, around: Sequence[frozenset[str]], setting: Setting) -> frozenset[str]:
    before, shown, after = around
    judging = frozenset({"ought", "judges", "sides"})
    first_person = shown & {"says I", "says we", "names itself"}
    tests = {
        "bears on a topic": paragraph[at].bears,
        "alone": len(paragraph) == 1,
        "opens": at == 0 and len(paragraph) > 1,
        "ends": at == len(paragraph) - 1 and len(paragraph) > 1,
        "money before": "money" in before,
        "money after": "money" in after,
        "judges before": bool(judging & before),
        "judges after": bool(judging & after),
        "judges twice": len(shown & {*judging, "opines"}) >= 2,
        "judges for itself": bool(first_person and shown & {*judging, "opines"}),
        "money of a body": setting.by_body and "money" in shown,
        "money reported": "reports" in shown and bool(shown & {"money", "share"}),
        f"in a {setting.genre}": True,
    }
    return frozenset(shown | {name for name, holds in tests.items() if holds})


def score(shown: frozenset[str], weights: Mapping[str, float]) -> float:
    """The log-odds that a sentence which shows this is the writer's own statement."""
    return weights["bias"] + sum(weights.get(name, 0.0) for name in sorted(shown))


def own_run(
    paragraph: Sequence[Told], setting: Setting, weights: Mapping[str, float] | None = None
) -> tuple[int, int] | None:
    """First and last sentence of the writer's statement in the paragraph, None when there is none.

    ``weights`` default to the shipped ones. Time is linear in the sentences.
    """
    if all(told.spoken for told in paragraph):
        return None
    weights = corpora.lexicon("judging")["weights"] if weights is None else weights
    shown = features(paragraph, setting)
    best, found, start, total = float(corpora.lexicon("judging")["threshold"]), None, 0, 0.0
    for at, told in enumerate(paragraph):
        if told.spoken:
            start, total = at + 1, 0.0
            continue
        if total <= 0:
            start, total = at, 0.0
        total += score(shown[at], weights)
        if total > best:
            best, found = total, (start, at)
    return found
