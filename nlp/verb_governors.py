"""What a percentage measures by the verb it hangs on: "cut funding by 3%", "funding fell 3%", "8% is spent on"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nlp.clauses import Reading, left_bound, noun_phrase, subject, verb_left
from nlp.money import PERCENT, POINT, Form
from nlp.noun_governors import KNOWN, Line, nearest_left, pointed_back
from nlp.words import change_of_verb, has_tag, is_mark, is_verb, lower_at

_POINTING = frozenset({"the", "that", "this"})
_BE = frozenset({"is", "are", "was", "were", "be", "been"})
_GOES = frozenset({"go", "goes", "went", "going", "gone"})
_GOES_TO = frozenset({"to", "on", "into", "towards", "straight"})
_REACH_SPENT, _REACH_GIVEN = 5, 6


@dataclass(frozen=True, slots=True)
class _Hold:
    """A verb that an amount hangs on; ``delta``: the amount says by how much, not to what."""

    verb: int
    bound: int
    change: str
    delta: bool


def _object(line: Line, at: int, hold: _Hold) -> Reading | None:
    """ "cut GP funding by 3%"."""
    words, first = line.words, hold.verb + 1
    if first >= at or is_mark(words[first]) or has_tag(words, first, "prepositions", "adverb"):
        return None
    phrase = noun_phrase(words, first, at)
    given = has_tag(words, hold.verb, "giving_verbs", "reporting")
    if phrase.kind == "money" or (phrase.kind == "other" and not given):
        return Reading("object", phrase.kind, phrase, hold.change or phrase.change, hold.verb, hold.delta)
    return Reading("object", "", phrase, phrase.change, hold.verb) if phrase.change and not phrase.kind else None


def _spent(line: Line, at: int, hold: _Hold) -> Reading | None:
    """ "spends 10% on locums"."""
    if has_tag(line.words, hold.verb, "spending_verbs") and not hold.change and at - hold.verb <= _REACH_SPENT:
        return Reading("spending", "money", None, "", hold.verb)
    return None


def _taken_from(line: Line, at: int, hold: _Hold) -> Reading | None:
    """ "shaved 3% off prices"."""
    if not hold.change or at - hold.verb > 2 or lower_at(line.words, at + 1) not in {"from", "off", "to", "on"}:
        return None
    phrase = noun_phrase(line.words, at + 2)
    return Reading("object", phrase.kind, phrase, hold.change, hold.verb, True) if phrase.kind in KNOWN else None


def _said_of(line: Line, at: int, hold: _Hold) -> Reading | None:
    """ "funding fell 3%", "nurses were offered 1%"."""
    words = line.words
    if has_tag(words, hold.verb, "reporting") and not hold.change:
        return None
    phrase = subject(words, hold.verb, hold.bound)
    if has_tag(words, hold.verb, "giving_verbs") and at - hold.verb <= _REACH_GIVEN:
        paid = [*range(hold.verb + 1, at), *(range(phrase.first, phrase.last) if phrase else ())]
        if any(has_tag(words, index, "paid") for index in paid):
            return Reading("giving", "money", phrase, hold.change, hold.verb)
    if phrase is None:
        return Reading("subject", "", None, hold.change, hold.verb, hold.delta) if hold.change else None
    pointing = phrase.kind in {"pronoun", "transparent"}
    kind = (nearest_left(words, phrase.first) or line.before) if pointing else phrase.kind
    if not kind and phrase.change and words[phrase.first].lower in _POINTING and line.before == "money":
        kind = "money"  # "The increase was 4.4 per cent."
    return Reading("subject", kind, phrase, hold.change or phrase.change, hold.verb, hold.delta)


_HOLDS: tuple[Callable[[Line, int, _Hold], Reading | None], ...] = (_object, _spent, _taken_from, _said_of)


def read_verb(line: Line, at: int) -> Reading | None:
    """ "cut GP funding by 3%", "funding fell 3%", "spends 10% on locums", "nurses were offered 1%"."""
    words, bound = line.words, left_bound(line.words, at)
    verb = at if line.amount(at).form is Form.FACTOR else verb_left(words, at, bound)
    if verb < 0:
        return None
    delta = verb == at or lower_at(words, at - 1) == "by" or at - 1 == verb
    hold = _Hold(verb, bound, change_of_verb(words[verb]), delta)
    for read in _HOLDS:
        reading = read(line, at, hold)
        if reading and reading.relation == "object" and not reading.kind:  # "saw a rise of 3%": a change of the subject
            hold = _Hold(verb, bound, hold.change or reading.change, delta)
        elif reading:
            return reading
    return None


def read_right_verb(line: Line, at: int) -> Reading | None:
    """ "8% is spent on locums", "10% was cut from the budget"."""
    words = line.words
    for index in range(at + 1, min(at + 6, len(words))):
        if is_mark(words[index]) or words[index].amount >= 0:
            return None
        if not is_verb(words, index) or "auxiliaries" in words[index].tags:
            continue
        if has_tag(words, index, "spending_verbs") and has_tag(words, index - 1, "auxiliaries", "adverb"):
            return Reading("passive", "money", None, "", index)
        if change := change_of_verb(words[index]):
            phrase = noun_phrase(words, index + 1)
            return Reading("passive", phrase.kind, phrase, change, index)
        if words[index].lower in _GOES and lower_at(words, index + 1) in _GOES_TO:
            return Reading("passive", pointed_back(line, at), None, "", index)
        return None
    return None


def read_doubled(line: Line, at: int) -> Reading | None:
    """ "doubled funding", "double the budget", "a doubling of spending", else what the verb says it of."""
    words = line.words
    if not _doubles(line, at):
        return None
    after = at + 1 + (lower_at(words, at + 1) == "of")
    if after < len(words) and words[after].amount < 0 and not has_tag(words, after, "prepositions"):
        phrase = noun_phrase(words, after)
        if phrase.kind in KNOWN:
            return Reading("object", phrase.kind, phrase)
    sums = at + 2 < len(words) and words[at + 1].lower in {"from", "to"} and words[at + 2].amount >= 0
    if sums and line.amount(at + 2).unit not in {PERCENT, POINT, ""}:
        return Reading("object", "money", None)
    return read_verb(line, at)


def _doubles(line: Line, at: int) -> bool:
    """Whether "double" is a verb: "double taxation" and "more than double the number" say no change."""
    words, amount = line.words, line.amount(at)
    printed = line.text[amount.start : amount.end].lower()
    if "than" in (amount.modifier or "") or lower_at(words, at - 1) in _BE | {"than"}:
        return "ed" in printed
    verb = has_tag(words, at + 1, "determiners") or has_tag(words, at - 1, "auxiliaries")
    return printed != "double" or verb or lower_at(words, at - 1) == "to"
