"""The words that say what the money of a figure is of or for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import corpora
from nlp.clauses import Phrase
from nlp.money import Form
from nlp.steps.figure_fields import Place
from nlp.steps.figure_kind import left_noun, object_or_subject
from nlp.words import Word, has_tag, is_mark, is_verb, lower_at

_LITTLE = frozenset({"prepositions", "determiners", "conjunctions", "relatives", "pronouns", "auxiliaries"})
_LONGEST = 10

Range = tuple[int, int]


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(corpora.lexicon("money")["what"][name])


def _extent(words: Sequence[Word], first: int) -> int:
    """End of the phrase from ``first``: before a mark, a finite verb, a clause word or a period of time."""
    at = first
    while at < min(len(words), first + _LONGEST):
        word = words[at]
        if word.amount >= 0 or is_mark(word) or "auxiliaries" in word.tags or word.lower in _words("ends"):
            break
        if "relatives" in word.tags or _opens_period(words, at):
            break
        if at > first and is_verb(words, at) and lower_at(words, at - 1) != "to" and not word.lower.endswith("ing"):
            break
        at += 1
    while at > first and (
        words[at - 1].tags & {"prepositions", "determiners", "conjunctions"} or _numeral(words[at - 1])
    ):
        at -= 1
    return at


def _numeral(word: Word) -> bool:
    return word.lower[:1].isdigit()


def _opens_period(words: Sequence[Word], at: int) -> bool:
    """ "in 2014", "in the past year": what follows says when, not what."""
    if words[at].lower not in {"in", "for", "to", "of", "on"}:
        return False
    after = [lower_at(words, at + 1), lower_at(words, at + 2)]
    return after[0][:1].isdigit() or bool({"last", "past", "next", "coming", "current", "first"} & set(after))


def _trimmed(words: Sequence[Word], first: int, last: int) -> Range | None:
    while first < last and words[first].tags & {"determiners", "prepositions", "adverb", "conjunctions"}:
        if "adjectives" in words[first].tags:
            break
        first += 1
    while last > first and (
        words[last - 1].tags & {"prepositions", "determiners"}
        or is_mark(words[last - 1])
        or words[last - 1].lower in {"worth", "totalling"}
    ):
        last -= 1
    return (first, last) if first < last else None


def _of_phrase(words: Sequence[Word], phrase: Phrase) -> Range | None:
    """A phrase from the words that belong to its first known noun on."""
    first = phrase.nouns[0] if phrase.nouns else phrase.first
    while (
        first > phrase.first
        and not _numeral(words[first - 1])
        and not words[first - 1].tags & {"determiners", "conjunctions"}
    ):
        if "prepositions" in words[first - 1].tags:
            break
        first -= 1
    return _trimmed(words, first, phrase.last)


def _after(place: Place) -> Range | None:
    """ "£200m project to test …", "£350m for primary care"."""
    words, following = place.words, _past_rate(place.words, place.at + 1)
    if following >= len(words) or is_mark(words[following]):
        return None
    word = words[following]
    if word.lower in _words("places") and not _of_money(words, following + 1):
        return None
    if word.lower in _words("purpose"):
        first = following + 1 + (lower_at(words, following + 1) == "of")
        first += has_tag(words, first, "determiners")
        if _opens_period(words, following) or lower_at(words, first) in _words("no_purpose") or first >= len(words):
            return None
        return _trimmed(words, first, _extent(words, first))
    if word.tags & _LITTLE or word.tags & {"more", "less", "adverb"} or is_verb(words, following):
        return None
    return _trimmed(words, following, _extent(words, following))


def _past_rate(words: Sequence[Word], at: int) -> int:
    """Past "a year", "per patient", "last year" right behind an amount."""
    rate = lower_at(words, at) in _words("rates") and at + 1 < len(words) and words[at + 1].stem in _words("units")
    return at + 2 if rate else at


def _of_money(words: Sequence[Word], first: int) -> bool:
    """ "in savings", "to test clinics": what may follow an "in" or "to" that is neither place nor person."""
    if lower_at(words, first - 1) == "to":
        return (first < len(words) and is_verb(words, first)) or lower_at(words, first) in _words("aims")
    stop = min(len(words), first + 4)
    run = [words[index] for index in range(first, stop)]
    return any("money" in word.tags or word.stem in _words("made_in") for word in run) or lower_at(
        words, first
    ).endswith("ing")


def _passive(place: Place) -> Range | None:
    """ "£350m has been committed to ringfenced funds"."""
    words, acts = place.words, False
    for index in range(place.at + 1, min(place.at + 8, len(words) - 1)):
        if is_mark(words[index]) or words[index].amount >= 0:
            return None
        acts = acts or is_verb(words, index)
        ties = acts and words[index].lower in {"to", "for", "on", "in", "into", "towards", "from"}
        aim = not is_verb(words, index + 1) or lower_at(words, index + 1) in _words("aims")
        if ties and aim and not _opens_period(words, index):
            return _trimmed(words, index + 1, _extent(words, index + 1))
    return None


def _by_verb(place: Place) -> Range | None:
    words, bound = place.words, place.bound
    verb = next((i for i in range(place.at - 1, place.at - 4, -1) if lower_at(words, i) in _words("prices")), -1)
    verb = verb if verb > bound else place.verb
    if verb < 0 or has_tag(words, verb, "giving_verbs", "reporting"):
        return None
    phrase = object_or_subject(place, verb, place.at)
    if phrase is None or phrase.last > place.at:
        return None
    if phrase.nouns:
        return _of_phrase(words, phrase)
    told = words[verb].lower in _words("prices") or "auxiliaries" in words[verb].tags
    return _trimmed(words, phrase.first, phrase.last) if told and phrase.kind != "pronoun" else None


def read_what(place: Place) -> tuple[int, int] | None:
    """Offsets, in the sentence, of the words that say what the money is of or for; None when nothing does."""
    words = place.words
    if place.reading:
        phrase = place.reading.phrase
        known = phrase and (phrase.nouns or place.amount.form is Form.POINTER)
        found = _of_phrase(words, phrase) if phrase and known else None
    else:
        left = left_noun(place)
        beside = _of_phrase(words, left[1]) if left else None
        found = _after(place) or beside or _passive(place) or _by_verb(place)
    return (words[found[0]].start, words[found[1] - 1].end) if found else None
