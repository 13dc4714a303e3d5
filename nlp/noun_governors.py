"""What a percentage measures by the nouns beside it: "8% of the budget", "a 3% pay rise", "a cut of 3%"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.clauses import REACH_LEFT, Phrase, Reading, left_bound, noun_kind, noun_phrase, stretch_start, verb_left
from nlp.money import PERCENT, POINT, Amount, Form
from nlp.words import Word, has_tag, is_mark, is_verb, lower_at

KNOWN = frozenset({"money", "other"})


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence as words and amounts; ``before`` is what the sentence before it was about."""

    text: str
    words: Sequence[Word]
    amounts: Sequence[Amount]
    before: str = ""

    def amount(self, at: int) -> Amount:
        return self.amounts[self.words[at].amount]


def nearest_left(words: Sequence[Word], at: int, stop: int = 0) -> str:
    """The class of the nearest known noun to the left: what "it" and "of which" point back to."""
    for index in range(at - 1, max(stop, at - REACH_LEFT) - 1, -1):
        if words[index].amount >= 0 or words[index].possessive:
            continue
        kind = noun_kind(words, index)
        if kind in KNOWN and not is_verb(words, index):
            return kind
    return ""


def pointed_back(line: Line, at: int) -> str:
    kind = nearest_left(line.words, at)
    sums = any(
        w.amount >= 0 and line.amounts[w.amount].unit not in {PERCENT, POINT, ""}
        for w in line.words[max(0, at - 20) : at]
    )
    return kind or ("money" if sums else line.before)


def read_share(line: Line, at: int) -> Reading | None:
    """ "8.4% of the NHS budget", "half its income", "a third of what they spend"."""
    words, half = line.words, line.amount(at).form is Form.PART
    if lower_at(words, at + 1) == "(":
        at = next((i for i in range(at + 2, min(at + 10, len(words))) if words[i].lower == ")"), at)
    if lower_at(words, at + 1) == "of":
        first = at + 2
    elif half and has_tag(words, at + 1, "determiners"):
        first = at + 1
    else:
        return None
    if lower_at(words, first) == "what":
        clause = range(first, min(first + 7, len(words)))
        spends = any(has_tag(words, i, "spending_verbs", "giving_verbs") or words[i].lower == "worth" for i in clause)
        spends = spends or any(has_tag(words, i, "spending_verbs") for i in range(max(0, at - 3), at))
        return Reading("share", "money" if spends else "other", Phrase(first, first + 1))
    if sum_at := _sum_at(line, first):
        return Reading("share", "money", noun_phrase(words, sum_at + 1))
    phrase = noun_phrase(words, first)
    kind = phrase.kind
    pointing = lower_at(words, first) in {"which", "that", "this", "it"} and kind not in KNOWN
    if kind in {"pronoun", "transparent"} or pointing:
        kind = pointed_back(line, at)
    elif not kind:
        verb = verb_left(words, at, left_bound(words, at))
        kind = "money" if verb >= at - 3 and has_tag(words, verb, "spending_verbs") else "unknown"
    return Reading("share", kind, phrase)


def read_paid_part(line: Line, at: int) -> Reading | None:
    """ "£600m, of which councils receive half", "asked to meet half": a part of the sum named before."""
    words = line.words
    given = has_tag(words, at - 1, "spending_verbs", "giving_verbs") or lower_at(words, at - 1) in {
        "meet",
        "meets",
        "met",
    }
    ends = at + 1 >= len(words) or is_mark(words[at + 1]) or has_tag(words, at + 1, "conjunctions")
    if line.amount(at).form is not Form.PART or not given or not ends:
        return None
    sums = any(w.amount >= 0 and line.amounts[w.amount].unit not in {PERCENT, POINT, ""} for w in words[:at])
    return Reading("share", "money") if sums else None


def _sum_at(line: Line, first: int) -> int:
    """Where the sum of "a quarter of the £8m fund" stands; 0 for "a third of £50,000-a-year earners" and no sum."""
    at = first + has_tag(line.words, first, "determiners")
    if at >= len(line.words) or line.words[at].amount < 0 or line.amount(at).unit in {PERCENT, POINT, ""}:
        return 0
    earners = line.amount(at).per and noun_kind(line.words, at + 1) == "other" if at + 1 < len(line.words) else False
    return 0 if earners else at


def read_more(line: Line, at: int) -> Reading | None:
    """ "10% more funding", "8% cheaper", "3% above target"."""
    words = line.words
    word = words[at + 1] if at + 1 < len(words) else None
    if word is None or word.tags.isdisjoint({"more", "less"}) or word.lower in {"over", "under"}:
        return None
    change = "up" if "more" in word.tags else "down"
    if "always" in word.tags:
        return Reading("more", "money", None, change)
    phrase = noun_phrase(words, at + 2) if not has_tag(words, at + 2, "prepositions") else None
    beside = word.lower in {"above", "below", "beneath", "up", "down"}
    if phrase and (phrase.kind == "money" or (phrase.kind == "other" and not beside)):
        return Reading("more", phrase.kind, phrase, change)
    return Reading("more", "", phrase, change)


def read_compound(line: Line, at: int) -> Reading | None:
    """ "a 3% pay rise", "a 4% fall in the number of partners", "a 1% award for nurses"."""
    words = line.words
    following = at + 1
    if (
        following >= len(words)
        or is_mark(words[following])
        or words[following].tags & {"prepositions", "determiners", "conjunctions", "relatives"}
    ):
        return None
    if is_verb(words, following) and not words[following].tags & {"noun up", "noun down", "noun flat", "money"}:
        return None
    if has_tag(words, following, "more", "less") and has_tag(words, following + 1, "prepositions"):
        return None
    phrase = noun_phrase(words, following)
    if not phrase.nouns:
        return None
    kind = phrase.kind
    if kind not in KNOWN and phrase.change and lower_at(words, phrase.last) == "for":
        who = noun_phrase(words, phrase.last + 1)
        kind = "money" if any(has_tag(words, i, "paid") for i in who.nouns) else who.kind if who.kind in KNOWN else kind
    return Reading("compound", kind, phrase, phrase.change)


def read_left_noun(line: Line, at: int) -> Reading | None:
    """ "a funding cut of 3%", "a response rate of 40%", "a rise of 2% in costs", "… but income by 2%"."""
    words = line.words
    gapped = lower_at(words, at - 1) == "by" and _has_no_verb(words, at)
    if lower_at(words, at - 1) not in {"of", "to", "at", "worth", "totalling"} and not gapped:
        return None
    phrase = phrase_before(words, at)
    if phrase is None or (lower_at(words, at - 1) in {"to", "at"} and not (phrase.change or phrase.kind)):
        return None
    kind = phrase.kind
    if (
        kind not in KNOWN
        and phrase.change
        and has_tag(words, at + 1, "prepositions")
        and lower_at(words, at + 1) in {"in", "to", "on", "for"}
    ):
        kind = noun_phrase(words, at + 2).kind
    return Reading("noun", kind, phrase, phrase.change)


def _has_no_verb(words: Sequence[Word], at: int) -> bool:
    """In "bus use is down by 8%, bus subsidy by 43%" the second clause borrows the verb of the first."""
    for index in range(at - 2, max(-1, at - 12), -1):
        if is_verb(words, index) or words[index].lower in {"up", "down"}:
            return False
        if is_mark(words[index]) or words[index].lower in {"and", "but", "while"}:
            return True
    return False


def phrase_before(words: Sequence[Word], at: int) -> Phrase | None:
    """The noun phrase whose last words touch the preposition before ``at``."""
    at -= lower_at(words, at - 2) == ","  # "the cut, of £4m, …"
    start = stretch_start(words, at - 2, left_bound(words, at))
    while start < at - 1:
        phrase = noun_phrase(words, start, at)
        heads = (
            lower_at(words, at - 1) in {"at", "to"}
            and phrase.kind == "other"
            and has_tag(words, phrase.last, "prepositions")
        )
        if phrase.last >= at - 1 or heads:
            return phrase if phrase.nouns else None
        start = max(phrase.last, start + 1)
    return None
