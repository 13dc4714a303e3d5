"""A shallow reading of the clause around an amount: noun phrases, the verb to the left and its subject.

Every look-around is bounded, so a line of any length is read in linear time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.words import HARD_MARKS, Word, change_of_noun, is_mark, is_verb, lower_at

#: How many words a reading looks to the left of an amount.
REACH_LEFT = 45
_BREAKS = frozenset(
    {"while", "whilst", "whereas", "but", "although", "though", "because", "if", "when", "unless", "where"}
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: its class ("money", "other", "transparent", "pronoun" or ""), its change, where it stands."""

    first: int
    last: int
    kind: str = ""
    change: str = ""
    nouns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What governs an amount. ``relation`` says how it was found, ``kind`` is as in Phrase."""

    relation: str
    kind: str
    phrase: Phrase | None = None
    change: str = ""
    verb: int = -1
    delta: bool = False


def noun_kind(words: Sequence[Word], at: int) -> str:
    word = words[at]
    ends = _phrase_ends()
    if word.lower in ends or word.stem in ends:
        kinds = _phrase_kinds()
        for last in (word.lower, word.stem):
            if (kind := kinds.get(f"{words[at - 1].lower} {last}" if at else last)) is not None:
                return kind
    if word.tags.isdisjoint(_CLASSED):
        return ""
    if "always" in word.tags:
        return "money"
    return "transparent" if "transparent" in word.tags else "money" if "money" in word.tags else "other"


_CLASSED = frozenset({"always", "transparent", "money", "other"})


@cache
def _phrase_kinds() -> Mapping[str, str]:
    """The kinds of phrases of two words; of two lists the first holds."""
    tables = corpora.lexicon("money")["classes"]
    lists = (("money", "phrases_money"), ("other", "phrases_other"), ("", "phrases_of_nothing"))
    return {phrase: kind for kind, name in lists for phrase in tables[name]}


@cache
def _phrase_ends() -> frozenset[str]:
    """The words that phrases of a kind end with: most words need no look at the one before."""
    return frozenset(phrase.split()[-1] for phrase in _phrase_kinds())


def _list_goes_on(words: Sequence[Word], at: int) -> bool:
    """After "and": whether the same noun phrase goes on to a noun of money ("health and social care budgets")."""
    if at and words[at - 1].tags & {"prepositions", "adverb"}:
        return False
    for index in range(at + 1, min(at + 6, len(words))):
        word = words[index]
        if (
            word.amount >= 0
            or is_mark(word)
            or not word.tags.isdisjoint({"determiners", "prepositions"})
            or is_verb(words, index)
        ):
            return False
        if noun_kind(words, index) == "money":
            return True
    return False


def noun_phrase(words: Sequence[Word], first: int, stop: int | None = None) -> Phrase:
    """Read one noun phrase from ``first`` on, with the complement that its head needs ("share of spending")."""
    stop = min(len(words) if stop is None else stop, first + 18)
    kind, change, nouns, at, opened = "", "", list[int](), first, False
    while at < stop:
        word = words[at]
        if word.amount >= 0 or is_mark(word):
            break
        if "determiners" in word.tags and not (word.lower == "that" and at > first):
            if (kind or change) and not opened:
                break
        elif "prepositions" in word.tags:
            opened = word.lower == "of" or (bool(change) and word.lower in {"in", "to", "on"})
            if not (opened and kind in {"", "transparent"}) and (nouns or kind):
                break
            kind = ""
        elif "conjunctions" in word.tags or "relatives" in word.tags:
            if not _list_goes_on(words, at):
                break
        elif "pronouns" in word.tags and word.lower != "one":
            return Phrase(first, at + 1, kind or "pronoun", change, tuple(nouns))
        elif is_verb(words, at):
            break
        else:
            found, moved = noun_kind(words, at), change_of_noun(word)
            if found or moved:
                nouns.append(at)
                opened = False
            change = moved or change
            if moved and found != "money":
                found = ""
            if word.possessive:
                kind = ""
            elif found == "transparent":
                kind = kind or "transparent"
            elif found:
                kind = found
        at += 1
    return Phrase(first, at, kind, change, tuple(nouns))


def left_bound(words: Sequence[Word], at: int) -> int:
    """Where the clause of ``at`` begins: after a hard mark or a conjunction that opens a clause."""
    for index in range(at - 1, max(-1, at - REACH_LEFT - 1), -1):
        if is_mark(words[index], HARD_MARKS) or words[index].lower in _BREAKS:
            return index + 1
    return max(0, at - REACH_LEFT)


def verb_left(words: Sequence[Word], at: int, bound: int) -> int:
    """The nearest verb that an amount can hang on, to its left; -1 when there is none."""
    auxiliary = -1
    for index in range(at - 1, bound - 1, -1):
        word = words[index]
        if word.lower in {"up", "down"} and index >= at - 3 and not is_verb(words, index) and word.tags:
            return index
        if not is_verb(words, index):
            if auxiliary >= 0 and "adverb" not in word.tags:
                return auxiliary
            continue
        if "auxiliaries" not in word.tags:
            return index
        auxiliary = index if auxiliary < 0 else auxiliary
    return auxiliary


def _subject_start(words: Sequence[Word], verb: int, bound: int) -> int:
    """Walk left over what stands between a verb and the end of its subject: auxiliaries and adverbs."""
    at = verb - 1
    while at >= bound and (
        (words[at].tags & {"auxiliaries", "adverb"} and not words[at].tags & {"money", "other"})
        or words[at].lower.endswith("ly")
    ):
        at -= 1
    return at


def stretch_start(words: Sequence[Word], last: int, bound: int) -> int:
    """First word of the stretch without a verb, comma or clause word that ends at ``last``."""
    at = last
    while at >= bound:
        word = words[at]
        if word.lower == ")":
            at = next((i for i in range(at - 1, bound - 1, -1) if words[i].lower == "("), bound) - 1
            continue
        if (
            is_mark(word)
            or word.lower in _BREAKS
            or is_verb(words, at)
            or word.tags & {"relatives"}
            or word.amount >= 0
        ):
            break
        if word.lower in {"and", "or"} and not _list_goes_on(words, at):
            break
        at -= 1
    return at + 1


def _of_stretch(words: Sequence[Word], first: int, last: int) -> Phrase:
    """The phrase that leads a stretch of words; an adverbial in front ("for patients", "in 2014") is passed over."""
    parts, at = list[Phrase](), first
    while at <= last:
        parts.append(noun_phrase(words, at, last + 1))
        at = max(parts[-1].last, at + 1)
    classed = [part for part in parts if part.kind in {"money", "other", "transparent"} or part.change]
    if not classed:
        points = any(p.kind == "pronoun" for p in parts) or all(
            w.tags & {"determiners", "pronouns"} for w in words[first : last + 1]
        )
        return Phrase(first, last + 1, "pronoun" if points else "")
    adverbial = "prepositions" in words[first].tags and not _dated(words, first)
    return classed[-1] if adverbial else classed[0]


def _dated(words: Sequence[Word], first: int) -> bool:
    """ "in 2014 spending …", "in real terms funding …": an adverbial that no noun of its own follows."""
    after = lower_at(words, first + 1)
    return after[:1].isdigit() or after in {"real", "cash", "recent", "april", "march", "total", "general"}


def subject(words: Sequence[Word], verb: int, bound: int, depth: int = 0) -> Phrase | None:
    """The phrase a verb says something about; follows relative words, brackets and joined verbs to the left."""
    last = _subject_start(words, verb, bound)
    first = stretch_start(words, last, bound)
    phrase = _of_stretch(words, first, last) if first <= last else None
    classed = phrase is not None and (phrase.kind in {"money", "other", "transparent"} or bool(phrase.change))
    if phrase and classed and not _hangs_on_verb(words, first, bound):
        return _joined_subject(words, first, bound, phrase)
    if depth >= 4 or first - 1 < bound:
        return phrase
    before = first - 1
    if words[before].lower == ",":
        before = _before_aside(words, before, bound)
    if is_verb(words, before):
        if words[before].tags & {"spending_verbs"} and phrase and "prepositions" in words[first].tags:
            return Phrase(before, first, "money")
        passive = any("auxiliaries" in word.tags for word in words[max(bound, before - 2) : before])
        raised = passive and lower_at(words, before + 1) == "to"
        if "reporting" in words[before].tags and not raised:
            return phrase
    elif phrase and phrase.kind == "pronoun":
        return phrase
    return subject(words, before, bound, depth + 1) or phrase


def _joined_subject(words: Sequence[Word], first: int, bound: int, phrase: Phrase) -> Phrase:
    """In "the support given by the Department and NHS England was …" the subject starts before the "and"."""
    if phrase.kind != "other" or first - 1 <= bound or words[first - 1].lower != "and":
        return phrase
    start = stretch_start(words, first - 2, bound)
    left = _of_stretch(words, start, first - 2) if start <= first - 2 else None
    opens = start == bound or not is_verb(words, start - 1)
    return left if left and left.kind == "money" and opens else phrase


def _before_aside(words: Sequence[Word], comma: int, bound: int) -> int:
    """The comma that opens "…, excluding the reimbursement of drugs, …", given the one that closes it."""
    for index in range(comma - 1, max(bound, comma - 15) - 1, -1):
        if words[index].lower == ",":
            opener = words[index + 1]
            aside = opener.tags & {"prepositions", "relatives", "determiners"} or opener.lower.endswith(("ing", "ed"))
            aside = aside or any("reporting" in word.tags for word in words[index + 1 : index + 6])
            return index if aside else comma
    return comma


def _hangs_on_verb(words: Sequence[Word], first: int, bound: int) -> bool:
    """ "spent on GPs", "going to trusts": a stretch that starts with the preposition of the verb before it."""
    return (
        first - 1 >= bound
        and is_verb(words, first - 1)
        and "prepositions" in words[first].tags
        and not words[first - 1].tags & {"reporting"}
    )


def leading_kind(words: Sequence[Word]) -> str:
    """Whether a sentence is about money: the class of its first noun phrase that has one."""
    at = 0
    while at < min(len(words), REACH_LEFT):
        phrase = noun_phrase(words, at)
        if phrase.kind in {"money", "other"}:
            return phrase.kind
        at = max(phrase.last, at + 1)
    return ""
