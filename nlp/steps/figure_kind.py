"""The kind and direction of a figure: the noun it is joined to decides, else its verb, else the nearest noun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import corpora
from nlp.clauses import Phrase, Reading, left_bound, noun_phrase, subject, verb_left
from nlp.inflections import forms
from nlp.money import Form
from nlp.noun_governors import phrase_before
from nlp.records import Direction, FigureKind
from nlp.steps.figure_direction import read_direction
from nlp.steps.figure_fields import Place
from nlp.words import HARD_MARKS, Word, change_of_noun, change_of_verb, has_tag, is_mark, is_verb, lower_at

_UP_MODIFIERS = frozenset({"extra", "additional", "further", "another"})
#: "A further £3m of savings" is no growth of savings: these kinds go up or down only by a verb.
_PLAIN_KINDS = frozenset({FigureKind.SAVING, FigureKind.DEFICIT, FigureKind.BAILOUT})
_REACH_VERB = 10
#: Verbs that rate a sum, and how many words before it they may stand.
_RATES, _REACH_RATED = (
    frozenset({"put", "puts", "putting", "estimate", "estimates", "estimated", "values", "valued"}),
    24,
)
_NEVER_NEAR = frozenset({None, FigureKind.CHANGE, FigureKind.SHARE})
_LITTLE = frozenset({"prepositions", "determiners", "conjunctions", "relatives", "pronouns"})


@dataclass(frozen=True, slots=True)
class Kind:
    """Kind and direction of a figure and the word that decided."""

    kind: FigureKind
    direction: Direction = Direction.NONE
    word: str = ""


@cache
def _noun_kinds() -> Mapping[str, FigureKind]:
    table = corpora.lexicon("money")["kinds"]["nouns"]
    return {word: FigureKind(kind) for kind, words in table.items() for word in words}


@cache
def _verb_kinds() -> Mapping[str, FigureKind]:
    table = corpora.lexicon("money")["kinds"]["verbs"]
    return {form: FigureKind(kind) for kind, entries in table.items() for entry in entries for form in forms(entry)}


def kind_of_verb(word: Word) -> FigureKind | None:
    """The kind that a verb of the lexicon speaks of, None for any other word."""
    return _verb_kinds().get(word.lower)


def _direction(change: str) -> Direction:
    return Direction(change) if change in {"up", "down", "flat"} else Direction.NONE


def kind_of_noun(words: Sequence[Word], at: int) -> FigureKind | None:
    """The kind that a noun of the lexicon speaks of, None for any other word."""
    kinds = _noun_kinds()
    return kinds.get(words[at].stem) or kinds.get(words[at].lower)


def head_kind(words: Sequence[Word], first: int, last: int) -> tuple[FigureKind, int] | None:
    """The kind of the head of a phrase: its last noun with a kind before a preposition, else the first after one."""
    found = None
    for index in range(first, min(last, len(words))):
        if "prepositions" in words[index].tags and found:
            break
        if (kind := kind_of_noun(words, index)) and not words[index].possessive:
            found = (kind, index)
    return found


def _of_head(words: Sequence[Word], head: tuple[FigureKind, int] | None) -> Kind | None:
    if head is None:
        return None
    kind, index = head
    change = change_of_noun(words[index]) if kind is FigureKind.CHANGE else ""
    return Kind(kind, _direction(change), words[index].lower)


def _stop_right(words: Sequence[Word], at: int) -> int:
    """Where the run of words after an amount ends: at a mark, a little word or a verb."""
    stop = at + 1
    while stop < min(len(words), at + 8):
        word = words[stop]
        ends = is_mark(word) or word.amount >= 0 or bool(word.tags & (_LITTLE | {"auxiliaries"}))
        if ends or (stop > at + 1 and is_verb(words, stop)):
            break
        stop += 1
    return stop


def _right_noun(place: Place) -> Kind | None:
    """ "£200m project", "£5m in savings", "£20m worth of cuts", "£3.7bn short of"."""
    words, at = place.words, place.at
    after = lower_at(words, at + 1)
    if after in {"short", "adrift"}:
        return Kind(FigureKind.DEFICIT, Direction.NONE, after)
    if has_tag(words, at + 1, "more", "less") and not has_tag(words, at + 1, "prepositions"):
        head = head_kind(words, at + 2, _stop_right(words, at + 1))
        change = "up" if has_tag(words, at + 1, "more") else "down"
        return Kind(head[0], _direction(change), words[head[1]].lower) if head else None
    head = head_kind(words, at + 1, _stop_right(words, at))
    if head is None and after in {"in", "of", "worth"}:
        first = at + 2 + (after == "worth" and lower_at(words, at + 2) == "of")
        if not lower_at(words, first)[:1].isdigit():
            head = head_kind(words, first, noun_phrase(words, first).last)
    return _of_head(words, head)


def left_noun(place: Place) -> tuple[Kind, Phrase] | None:
    """ "bailouts to the tune of £1.2bn", "a cut of £20m", "a deficit, put at £3m"; the noun's phrase beside it."""
    words, at = place.words, place.at
    before = lower_at(words, at - 1)
    phrase = None
    if (place.amount.modifier or "").startswith("to the tune of"):
        phrase = _touching(words, at)
    elif before in {":", "("}:
        phrase = _touching(words, at - 1)
    elif before in {"at", "between", "nearer"} and (put := _put_before(words, at)):
        phrase = put
    elif before in {"of", "worth", "totalling", "at"} or (before == "to" and has_tag(words, at - 2, "money")):
        phrase = phrase_before(words, at)
    found = _of_head(words, head_kind(words, phrase.first, phrase.last)) if phrase else None
    return (found, phrase) if found and phrase else None


def _put_before(words: Sequence[Word], at: int) -> Phrase | None:
    """ "Puts the saving to the prison budget at £65m": what stands behind the verb that rates a sum."""
    for index in range(at - 2, max(-1, at - _REACH_RATED), -1):
        if is_mark(words[index], HARD_MARKS) or words[index].amount >= 0:
            return None
        if words[index].lower in _RATES and not has_tag(words, index - 1, "determiners"):
            return Phrase(index + 1, at - 1)
    return None


def _touching(words: Sequence[Word], at: int) -> Phrase | None:
    first = at
    while first > 0 and not is_mark(words[first - 1]) and not is_verb(words, first - 1) and at - first < 6:
        first -= 1
    return Phrase(first, at) if first < at else None


def _start_of_pair(words: Sequence[Word], at: int) -> int:
    """In "rose from £2m to £3m" the verb is that of the first amount."""
    return at - 2 if lower_at(words, at - 1) == "to" and at > 1 and words[at - 2].amount >= 0 else at


def _left_verb(place: Place) -> Kind | None:
    """The verb that has the amount as its object, or whose subject the amount describes."""
    words, at = place.words, _start_of_pair(place.words, place.at)
    verb = place.verb if at == place.at else verb_left(words, at, left_bound(words, at))
    if verb < 0 or at - verb > _REACH_VERB:
        return None
    change, own = change_of_verb(words[verb]), kind_of_verb(words[verb])
    level = lower_at(words, at - 1) in {"to", "from", "at"}
    if own and verb == at - 1 and not (change and own is FigureKind.COST):
        return Kind(own, Direction.NONE, words[verb].lower)
    if change and not level:
        return Kind(FigureKind.CHANGE, _direction(change), words[verb].lower)
    if not change and own and not (level and has_tag(words, verb, "linking")):
        return Kind(own, Direction.NONE, words[verb].lower)
    phrase = object_or_subject(place, verb, at)
    head = head_kind(words, phrase.first, phrase.last) if phrase else None
    if head:
        kind = FigureKind.OTHER if head[0] is FigureKind.CHANGE else head[0]
        return Kind(kind, _direction(change), words[head[1]].lower)
    return Kind(own or FigureKind.OTHER, _direction(change), words[verb].lower) if own or change else None


def object_or_subject(place: Place, verb: int, at: int) -> Phrase | None:
    """What a verb before an amount at ``at`` is said of: its object when that has a kind, else its subject."""
    words = place.words
    if verb + 1 < at and "prepositions" not in words[verb + 1].tags:
        phrase = noun_phrase(words, verb + 1, at)
        if head_kind(words, phrase.first, phrase.last):
            return phrase
    return place.subject if (verb, at) == (place.verb, place.at) else subject(words, verb, left_bound(words, at))


def _right_verb(place: Place) -> Kind | None:
    """ "£350m has been committed", "£8m was cut from the service"."""
    words, at, table = place.words, place.at, _verb_kinds()
    for index in range(at + 1, min(at + 14, len(words))):
        word = words[index]
        if (is_mark(word) and word.lower != ",") or word.amount >= 0:
            return None
        moves = is_verb(words, index) or word.lower == "cut"
        if moves and (change := change_of_verb(word)):
            return Kind(FigureKind.CHANGE, _direction(change), word.lower)
        relative = any(w.lower in {"that", "which"} for w in words[at + 1 : at + 3]) and is_verb(words, index)
        if word.lower in table and (relative or index == at + 1 or has_tag(words, index - 1, "auxiliaries", "adverb")):
            return Kind(table[word.lower], Direction.NONE, word.lower)
        if moves and "auxiliaries" not in word.tags and not word.lower.endswith("ed"):
            return None
    return None


def _near(place: Place) -> Kind | None:
    words, at = place.words, place.at
    for index in (i for step in range(1, 13) for i in (at + step, at - step) if 0 <= i < len(words)):
        kind = kind_of_noun(words, index) if words[index].amount < 0 else None
        if kind not in _NEVER_NEAR and not is_verb(words, index):
            return Kind(kind or FigureKind.OTHER, Direction.NONE, words[index].lower)
    return None


#: Name of a reader -> what it makes of a sum.
Candidates = Mapping[str, Kind | None]
_FIRST = ("right noun", "left noun", "left verb", "right verb")


def _sum_kind(place: Place, candidates: Candidates) -> Kind:
    if place.amount.per == "pound":
        return Kind(FigureKind.SHARE, Direction.NONE, "pound")
    found = next(filter(None, (candidates[name] for name in _FIRST)), None)
    if found is None or found.kind is FigureKind.OTHER:
        purpose = lower_at(place.words, place.at + 1) in {"for", "towards"}
        guess = Kind(FigureKind.ALLOCATION, Direction.NONE, "for") if purpose else candidates["near"]
        found = replace(guess, direction=found.direction if found else Direction.NONE) if guess else found
    found = found or Kind(FigureKind.OTHER)
    if found.direction is Direction.NONE:
        more = "" if found.kind in _PLAIN_KINDS else _said_more(place)
        if (direction := _direction(more or _change_around(place))) is not Direction.NONE:
            found = replace(found, direction=direction)
    return found


def _said_more(place: Place) -> str:
    """Direction from "an extra £5m" and "£5m more"."""
    after = lower_at(place.words, place.at + 1)
    if _UP_MODIFIERS & set((place.amount.modifier or "").split()) or after in {"more", "extra", "higher"}:
        return "up"
    return "down" if after in {"less", "lower", "cheaper", "off"} else ""


def _change_around(place: Place) -> str:
    """Direction from the verb of "rose from £2m to £3m" and from the sums themselves."""
    words = place.words
    if lower_at(words, place.at - 1) not in {"to", "from"} and not (place.at and words[place.at - 1].amount >= 0):
        return ""
    first = _start_of_pair(words, place.at)
    verb = verb_left(words, first, left_bound(words, first))
    return (change_of_verb(words[verb]) if verb >= 0 else "") or _change_in_pair(place, first)


def _change_in_pair(place: Place, first: int) -> str:
    """ "went from £8m to £14m": where the verb says no direction the two sums do."""
    words = place.words
    if lower_at(words, first - 1) != "from" or lower_at(words, first + 1) != "to" or first + 2 >= len(words):
        return ""
    second = place.line.amount(first + 2) if words[first + 2].amount >= 0 else None
    before, after = place.line.amount(first).value, second.value if second else None
    if before is None or after is None or before == after:
        return ""
    return "up" if before < after else "down"


def _is_lost(place: Place) -> bool:
    """ "Lost 15 per cent of their takings", "cutting a tenth of its budget": the share is what went."""
    words, at = place.words, place.at - 1
    while at > 0 and words[at].tags & {"adverb", "determiners", "adjectives"}:
        at -= 1
    return is_verb(words, at) and change_of_verb(words[at]) == "down" and not has_tag(words, at - 1, "determiners")


def _share_kind(place: Place, reading: Reading) -> Kind:
    words, phrase, change = place.words, reading.phrase, _direction(reading.change)
    if place.amount.form is Form.FACTOR:
        return Kind(FigureKind.CHANGE, Direction.DOWN if (place.amount.value or 0) < 0 else Direction.UP)
    head = head_kind(words, phrase.first, phrase.last) if phrase else None
    word = words[head[1]].lower if head else words[reading.verb].lower if reading.verb >= 0 else ""
    if reading.relation == "share" and _is_lost(place):
        return Kind(FigureKind.CHANGE, Direction.DOWN, word)
    if reading.relation == "share":
        return Kind(FigureKind.SHARE, _direction(_said_more(place) or _change_around(place)), word)
    if phrase and any(words[i].stem in {"share", "proportion", "slice"} for i in phrase.nouns):
        return Kind(FigureKind.SHARE, change, word)
    if head and head[0] in {FigureKind.SAVING, FigureKind.DEFICIT} and reading.relation in {"compound", "noun"}:
        return Kind(head[0], Direction.NONE, word)
    if reading.relation == "spending" and reading.verb >= 0:
        verb = words[reading.verb].lower
        return Kind(_verb_kinds().get(verb, FigureKind.SHARE), Direction.NONE, verb)
    if not reading.delta and lower_at(words, place.at - 1) in {"to", "from"} and not (phrase and phrase.change):
        level = head[0] if head and head[0] in {FigureKind.COST, FigureKind.SAVING} else FigureKind.SHARE
        return Kind(level, change, word)
    if change is not Direction.NONE or (phrase and phrase.change):
        return Kind(FigureKind.CHANGE, change, word)
    if reading.relation in {"passive", "near"} or (reading.verb >= 0 and has_tag(words, reading.verb, "shares")):
        return Kind(FigureKind.SHARE, Direction.NONE, word)
    return Kind(head[0] if head else FigureKind.OTHER, Direction.NONE, word)


def read_kind(place: Place, candidates: Candidates | None = None) -> Kind:
    """Kind and direction; a sum saved, owed or lent has a direction only when the text says that it changed.

    ``candidates`` are those of the place, where they are known already.
    """
    if place.reading:
        found = _share_kind(place, place.reading)
    else:
        found = _sum_kind(place, read_candidates(place) if candidates is None else candidates)
    direction = read_direction(place, found.direction)
    return found if direction is found.direction else replace(found, direction=direction)


def read_candidates(place: Place) -> Candidates:
    """What each reader by itself makes of a sum: the noun behind it and before it, the verbs, the nearest noun."""
    left = left_noun(place)
    return {
        "right noun": _right_noun(place),
        "left noun": left[0] if left else None,
        "left verb": _left_verb(place),
        "right verb": _right_verb(place),
        "near": _near(place),
    }
