"""Whether a figure is in cash or real terms, and paid once or again: cues of a sentence, each of its nearest amount.

Neither is guessed: without a cue a figure is ``UNSPECIFIED``, and so is a total over years ("£5m over five years").
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import corpora
from nlp.money import PERCENT, POINT, Amount
from nlp.records import Recurrence, Terms
from nlp.steps.figure_fields import Place
from nlp.words import Word, has_tag, is_mark, is_verb, lower_at

#: No cue is farther from its amount, in characters: "in real terms" may open a sentence, "each year" stands near.
_FARTHEST, _NEAR = 90, 45
# What parts a cue from an amount: "£8m in cash terms, but a cut of 2% in real terms".
_PARTING = re.compile(
    r"[;:—–?!]|\.\s|\b(?:but|while|whilst|whereas|although|though|compared|against|versus|because)\b", re.I
)
_JOINING = re.compile(r",|\band\b", re.I)
# "In real terms the £8m budget …": a sum that is known already, of which something is then told in real terms.
_KNOWN = re.compile(r"\b(?:the|its|their|our|his|her|this|that)\s$", re.I)
_PREDICATIVE = frozenset({"is", "was", "be", "are", "were", "a", "as", "being", "purely", "entirely", "only", "all"})


@dataclass(frozen=True, slots=True)
class _Cue:
    start: int
    end: int
    label: str
    adjective: bool = False
    reach: int = _FARTHEST
    percent: bool = False


def read_terms(place: Place) -> Terms:
    """Cash or real terms, where a cue beside the amount says so."""
    cue = next((cue for cue in _cues(place.text, "terms") if _is_of(place, cue)), None)
    return Terms(cue.label) if cue else Terms.UNSPECIFIED


def read_recurrence(place: Place, per: str | None) -> Recurrence:
    """One-off or recurring, by a cue beside the amount, else by its rate ("£5m a year"), which is ``per``."""
    for cue in _cues(place.text, "recurrence"):
        if (not cue.adjective or _of_money(place.words, cue)) and _is_of(place, cue):
            return Recurrence(cue.label)
    return Recurrence.RECURRING if per in _paid("rates") else Recurrence.UNSPECIFIED


@cache
def _patterns(field: str) -> Mapping[tuple[str, bool], re.Pattern[str]]:
    """The cues by label, adjectives apart."""
    found: dict[tuple[str, bool], list[str]] = {}
    for label, entry in corpora.lexicon("terms")[field].items():
        for kind in ("adverbs", "adjectives") if field == "recurrence" else ("",):
            found[label, kind == "adjectives"] = entry[kind] if kind else entry
    return {key: re.compile(rf"\b(?:{'|'.join(words)})\b", re.I) for key, words in found.items()}


@lru_cache(maxsize=64)
def _cues(text: str, field: str) -> tuple[_Cue, ...]:
    """The cues of a sentence in order, none inside another. A label "cash percent" is said of percentages only."""
    lower = text.lower()
    if not any(sign in lower for sign in corpora.lexicon("terms")["signs"][field]):
        return ()
    reach = _NEAR if field == "recurrence" else _FARTHEST
    found = [
        _Cue(m.start(), m.end(), label.split()[0], adjective, reach, "percent" in label)
        for (label, adjective), pattern in _patterns(field).items()
        for m in pattern.finditer(text)
    ]
    kept: list[_Cue] = []
    for cue in sorted(found, key=lambda c: (c.start, -c.end)):
        if not kept or cue.start >= kept[-1].end:
            kept.append(cue)
    return tuple(kept)


def _is_of(place: Place, cue: _Cue) -> bool:
    """Whether of all amounts of the sentence this one is the cue's."""
    costs = dict(_costs(place, cue))
    own = place.words[place.at].amount
    return own in costs and costs[own] == min(costs.values())


def _costs(place: Place, cue: _Cue) -> Iterator[tuple[int, int]]:
    """How far each amount beside the cue is from it; the cue may stand in the amount's own rate or modifier."""
    amounts = place.line.amounts
    after = bisect_left(amounts, cue.end, key=lambda amount: amount.start)
    leads = after == 0
    nearest = range(max(0, after - 1), min(len(amounts), after + (2 if leads else 1)))
    percent = leads and any(_of_change(amounts[index]) for index in nearest)
    for index in nearest:
        amount = amounts[index]
        before = amount.end <= cue.start
        gap = place.text[amount.end : cue.start] if before else place.text[cue.end : amount.start]
        # In "this year only £5m was spent" the "only" is the amount's.
        if len(gap) > cue.reach or _PARTING.search(gap) or cue.start < amount.lead < cue.end:
            continue
        # "He pays every year, and then there is £38": behind its cue an amount is in the same breath.
        if (cue.percent and not _of_change(amount)) or (not before and cue.reach == _NEAR and _JOINING.search(gap)):
            continue
        if not before and not _of_change(amount) and (percent or _KNOWN.search(gap)):
            continue
        yield index, len(gap) + 30 * len(_JOINING.findall(gap))


def _of_change(amount: Amount) -> bool:
    return amount.unit in {PERCENT, POINT}


@cache
def _paid(name: str) -> frozenset[str]:
    return frozenset(corpora.lexicon("terms")["paid"][name])


def _of_money(words: Sequence[Word], cue: _Cue) -> bool:
    """Whether "one-off" or "annual" is said of money: "one-off costs", "a one-off £5m", "the £5m was one-off"."""
    at = bisect_left(words, cue.end, key=lambda word: word.end if word.amount >= 0 else word.start)
    while has_tag(words, at, "adjectives", "more") and not _is_noun(words, at):
        at += 1
    if at < len(words) and words[at].amount >= 0:
        return True
    if at >= len(words) or is_mark(words[at]) or has_tag(words, at, "prepositions", "conjunctions"):
        before = bisect_left(words, cue.start, key=lambda word: word.start) - 1
        return before >= 0 and (words[before].amount >= 0 or lower_at(words, before) in _PREDICATIVE)
    if _is_noun(words, at):
        return True
    named = at + 1 < len(words) and _is_noun(words, at + 1) and not is_verb(words, at + 1)
    after = at + 2
    ends = after >= len(words) or is_mark(words[after]) or has_tag(words, after, "prepositions", "auxiliaries")
    return named and ends and not is_verb(words, at)


def _is_noun(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and ("money" in words[at].tags or words[at].stem in _paid("nouns"))
