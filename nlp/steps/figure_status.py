"""How firm a figure is: hypothetical, proposed, committed, claimed or actual, by the cues of its clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import corpora
from nlp.inflections import forms
from nlp.records import FigureKind, FigureStatus
from nlp.steps.figure_fields import Place
from nlp.words import Word, is_verb, lower_at

_REACH_LEFT, _REACH_RIGHT, _CUE_RIGHT = 300, 160, 80
_CLAUSE_END = re.compile(
    r"[;:—]|,\s(?:but|while|whilst|although|though|whereas|which)\b|\s(?:but|while|whilst|although|whereas)\s"
)
_CLAUSE_END_RIGHT = re.compile(
    _CLAUSE_END.pattern + r"|,\s(?:despite|after|because|as|with|compared|against|and)\b|\sthan\s|[.?!]\s"
)
_PROMISED_WOULD = re.compile(
    r"\b(?:announc|pledg|promis|commit|confirm|agree|vow|guarante)\w*\b[^.;]{0,80}\bwould\b"
    r"|\bsaid\s(?:[\w\s]{1,25}?\s)?(?:that\s)?(?:it|they|he|she)\swould\s"
    r"(?:now\s|also\s)?(?:spend|pay|put|give|provide|invest|contribute|hand|set\saside|make)\b",
    re.I,
)
# "in need", "patients’ needs": the noun asks for no money.
_NOUN_BEFORE = re.compile(
    r"\b(?:in|of|the|a|unmet|health|care|with|their|growing|greater|local|patients?[’']?"
    r"|special|high|additional|complex|support|educational|basic|housing|everyday)\s$",
    re.I,
)
_MODAL = re.compile(r"\b(?:could|may|might|will|would|should|must|is|are|was|were|has|have|had)\b", re.I)
_MAY_BE_NOUN = frozenset({"need", "needs"})
_FUTURE = frozenset(
    {"will", "'ll", "won't", "set to", "is set to", "are set to", "plans to", "plan to", "planned", "planning to"}
)
_LISTS = ("hypothetical", "proposed", "committed", "claimed")
_FORECAST_KINDS = frozenset({FigureKind.COST, FigureKind.DEFICIT, FigureKind.SAVING, FigureKind.BAILOUT})


@dataclass(frozen=True, slots=True)
class Status:
    """How firm a figure is, and the words that say so."""

    status: FigureStatus
    cue: str = ""


@cache
def _cues(name: str) -> re.Pattern[str]:
    """The cues of a list in lower case, by their first letters: that reads a text in a tenth of the time."""
    letters: dict[str, list[str]] = {}
    for word in sorted(corpora.lexicon("money")["status"][name], key=len, reverse=True):
        letters.setdefault(word[0], []).append(re.escape(word[1:]).replace(r"\ ", r"\s"))
    printed = "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in letters.items())
    return re.compile(rf"(?<![\w-])(?:{printed})(?![\w-])")


@cache
def _bases() -> frozenset[str]:
    lexicon = corpora.lexicon("money")
    entries = [e for name in ("up", "down", "flat") for e in lexicon["change"][name]]
    entries += [e for kind in lexicon["kinds"]["verbs"].values() for e in kind]
    return frozenset(forms(entry)[0] for entry in entries)


def _own_verb(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether a finite verb stands in ``words[first:last]``; "and save" goes on with the verb before it."""
    for index in range(first, last):
        word = words[index]
        if not is_verb(words, index) or word.lower.endswith("ing") or lower_at(words, index - 1) == "to":
            continue
        if lower_at(words, index - 1) in {"and", "or", "then"} and word.lower in _bases():
            continue
        return True
    return False


def _clause_start(place: Place) -> int:
    """Where the clause of the amount starts: after an earlier amount when a verb of its own follows that one."""
    words = place.words
    for index in range(place.at - 1, max(-1, place.at - 30), -1):
        if words[index].amount >= 0:
            return words[index].end if _own_verb(words, index + 1, place.at) else 0
    return 0


def clause_of(place: Place) -> tuple[str, str]:
    """The text of the clause before and after the amount, within a bounded reach."""
    start = max(0, place.amount.start - _REACH_LEFT, _clause_start(place))
    before = place.text[start : place.amount.start]
    after = place.text[place.amount.end : place.amount.end + _REACH_RIGHT]
    breaks = [match.end() for match in _CLAUSE_END.finditer(before)]
    end = _CLAUSE_END_RIGHT.search(after)
    return before[breaks[-1] if breaks else 0 :], after[: end.start() if end else len(after)]


def _in_prepositional_phrase(place: Place) -> bool:
    """ "under a £200m project … could lead": what comes after says nothing of a sum that hangs on a preposition."""
    words, at = place.words, place.at - 1
    while at >= 0 and words[at].tags & {"determiners", "adjectives"}:
        at -= 1
    return at >= 0 and "prepositions" in words[at].tags and words[at].lower not in {"up", "down", "of"}


def _after_cues(place: Place, after: str) -> str:
    """What follows the amount as far as its cues speak of the amount."""
    if not _in_prepositional_phrase(place):
        return after
    modal = _MODAL.search(after)
    return after[: modal.start()] if modal else after


def find_cue(name: str, text: str) -> str:
    """The first cue of this list in a clause, without nouns that only look like one; "" when there is none."""
    for match in _cues(name).finditer(_lower(text)):
        noun = match[0] in _MAY_BE_NOUN and _NOUN_BEFORE.search(text[: match.start()])
        if not noun:
            return text[match.start() : match.end()]
    return ""


#: ``find_cue`` for what several amounts ask of: their sentence, and the one before.
sentence_cue = lru_cache(maxsize=256)(find_cue)


def _without(text: str, name: str) -> str:
    """The text with a space in place of every cue of a list."""
    kept, at = [], 0
    for match in _cues(name).finditer(_lower(text)):
        kept.append(text[at : match.start()])
        at = match.end()
    return " ".join((*kept, text[at:]))


@lru_cache(maxsize=64)
def _lower(text: str) -> str:
    """Lower case of the same length, so that offsets hold."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def read_status(place: Place, kind: FigureKind) -> Status:
    """The first of hypothetical, proposed, committed and claimed that the clause has a cue for; else actual."""
    before, after = clause_of(place)
    after = _after_cues(place, after)
    near = f"{before} · {after[:_CUE_RIGHT]}"
    told = [name for name in _LISTS if sentence_cue(name, place.text)]  # a clause has no cue that its sentence has not
    supposed = _without(f"{before} · {after}", "not_hypothetical") if "hypothetical" in told else ""
    if cue := supposed and find_cue("hypothetical", supposed):
        promised = cue.lower() == "would" and _PROMISED_WOULD.search(before)
        return Status(FigureStatus.COMMITTED if promised else FigureStatus.HYPOTHETICAL, cue)
    proposed, committed, claimed = (find_cue(name, near) if name in told else "" for name in _LISTS[1:])
    if proposed:
        return Status(FigureStatus.PROPOSED, proposed)
    forecast = kind in _FORECAST_KINDS or (bool(claimed) and bool(find_cue("forecast_verbs", near)))
    if committed and not (forecast and committed.lower() in _FUTURE):
        return Status(FigureStatus.COMMITTED, committed)
    if claimed or committed:
        return Status(FigureStatus.CLAIMED, claimed or committed)
    return Status(FigureStatus.ACTUAL)
