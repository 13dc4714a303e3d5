"""What a figure shows of its kind, direction and status, as named features: the rules' answers, the words around it,
its verb and that verb's subject, the amounts beside it and its time.

Every look-around is bounded by the sentence, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import chain
from math import log10

import corpora
from nlp.linear import Features
from nlp.money import PERCENT, POINT, Amount
from nlp.records import Direction, FigureKind, FigureStatus, Period
from nlp.steps.figure_direction import compare
from nlp.steps.figure_fields import Place
from nlp.steps.figure_kind import Candidates, Kind, head_kind, kind_of_noun, kind_of_verb
from nlp.steps.figure_status import Status, clause_of, find_cue, sentence_cue
from nlp.words import HARD_MARKS, Word, change_of_verb, is_mark, is_verb, lower_at, root

#: How much more than a single word a rule or list counts: a weaker penalty on its weights.
STRONG = 1.5
#: Words read on each side, and words of a sentence.
_LEFT, _RIGHT, _SENTENCE = 30, 14, 120
_CUES = ("hypothetical", "proposed", "committed", "claimed", "forecast_verbs")
_WORDS = re.compile(r"[a-z']+")
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "am", "'s", "it's", "that's"})
_TENSES = {"will": "future", "'ll": "future", "would": "would", "could": "may", "might": "may", "may": "may"}
_TENSES |= {"should": "should", "must": "should", "has": "perfect", "have": "perfect", "had": "past", "can": "may"}
_TENSES |= {"was": "past", "were": "past", "did": "past", "is": "present", "are": "present", "does": "present"}


@dataclass(frozen=True, slots=True)
class Labels:
    """What a figure is taken for."""

    kind: FigureKind
    direction: Direction
    status: FigureStatus


@dataclass(frozen=True, slots=True)
class Case:
    """A figure to label: where it stands, and what the rules say of it.

    ``start`` is its offset in the article, ``before`` the text of the sentence before.
    """

    start: int
    place: Place
    kind: Kind
    status: Status
    candidates: Candidates
    per: str | None = None
    period: Period | None = None
    published: date | None = None
    genre: str = ""
    block: str = ""
    before: str = ""

    @property
    def by_rules(self) -> Labels:
        """What the rules take it for."""
        return Labels(self.kind.kind, self.kind.direction, self.status.status)


def read_features(case: Case) -> Features:
    """The features of a case: 1 for a word that stands there, ``STRONG`` for what rules and lists make of it."""
    around = _Around(case)
    plain = (_amount, _window, _stretches, _verb, _nouns, _pairs, _cues, _time)
    found = dict.fromkeys(chain.from_iterable(read(around) for read in plain), 1.0)
    strong = chain.from_iterable(read(around) for read in (_rules, _hints, _compared))
    return found | dict.fromkeys(strong, STRONG)


class _Around:
    """A case with what several readers look at."""

    def __init__(self, case: Case) -> None:
        self.case, self.place = case, case.place
        self.words, self.at = case.place.words, case.place.at
        self.first = self.place.bound
        self.last = self._last()
        self.verb = self.place.verb
        self.subject = self._subject()
        self.party = self._party()

    def _last(self) -> int:
        last = self.at + 1
        while last < min(len(self.words), self.at + _RIGHT) and not is_mark(self.words[last], HARD_MARKS):
            last += 1
        return last

    def _subject(self) -> Sequence[Word]:
        phrase = self.place.subject
        within = self.words[phrase.first : phrase.last] if phrase else ()
        return [word for word in within if word.amount < 0 and not is_mark(word)]

    def _party(self) -> str:
        return next((_parties()[w.stem] for w in reversed(self.subject) if w.stem in _parties()), "")

    def token(self, index: int) -> str:
        """The word at a place, amounts and numbers as signs."""
        if not 0 <= index < len(self.words):
            return "^" if index < 0 else "$"
        word = self.words[index]
        if word.amount >= 0:
            return "%" if self.place.line.amounts[word.amount].unit in {PERCENT, POINT} else "£"
        return "#" if word.lower[:1].isdigit() else word.lower


@cache
def _parties() -> dict[str, str]:
    return {word: name for name, words in corpora.lexicon("money")["parties"].items() for word in words}


def _rules(around: _Around) -> Iterator[str]:
    kind, status, reading = around.case.kind, around.case.status, around.place.reading
    yield f"rule kind={kind.kind}"
    yield f"rule direction={kind.direction}"
    yield f"rule status={status.status}"
    yield f"rule kind={kind.kind} direction={kind.direction}"
    yield f"rule kind={kind.kind} status={status.status}"
    yield f"rule word={kind.word}"
    yield f"rule cue={status.cue.lower()}"
    for name, found in around.case.candidates.items():
        yield f"{name} kind={found.kind if found else ''}"
        if found and found.direction is not Direction.NONE:
            yield f"{name} direction={found.direction}"
    if reading:
        yield f"relation={reading.relation}"
        yield f"relation change={reading.change} {reading.delta}"


def _amount(around: _Around) -> Iterator[str]:
    amount, case = around.place.amount, around.case
    yield f"unit={amount.unit}"
    yield f"form={amount.form}"
    yield f"per={case.per}"
    yield from (f"modifier={word}" for word in (amount.modifier or "").split())
    size = amount.value if amount.value is not None else amount.high
    if size and amount.unit not in {PERCENT, POINT, ""}:
        yield f"digits={min(10, int(log10(max(1.0, float(size)))))}"
    if amount.low is not None:
        yield "range"
    yield f"block={case.block}"
    yield f"genre={case.genre}"


def _window(around: _Around) -> Iterator[str]:
    token, at = around.token, around.at
    for step in (-3, -2, -1, 1, 2, 3):
        yield f"{step:+}={token(at + step)}"
    yield f"-2-1={token(at - 2)} {token(at - 1)}"
    yield f"+1+2={token(at + 1)} {token(at + 2)}"


def _plain(words: Iterable[Word]) -> Iterator[str]:
    return (word.root for word in words if word.root)


def _stretches(around: _Around) -> Iterator[str]:
    words, at = around.words, around.at
    yield from (f"left {name}" for name in _plain(words[max(around.first, at - _LEFT) : at]))
    right = next((i for i in range(at + 1, around.last) if words[i].amount >= 0), around.last)
    yield from (f"right {name}" for name in _plain(words[at + 1 : right]))


def _verb(around: _Around) -> Iterator[str]:
    words, verb, before = around.words, around.verb, around.token(around.at - 1)
    yield f"party={around.party}"
    if verb < 0:
        yield "verb="
        return
    base = words[verb].root
    passive = "passive" if _passive(words, verb) else "active"
    yield f"verb={base} {passive}"
    yield f"verb={base} party={around.party} {passive}"
    yield f"verb kind={kind_of_verb(words[verb])} party={around.party} {passive}"
    yield f"verb={base} {before}"
    yield f"verb change={change_of_verb(words[verb])} {before}"
    yield f"tense={_tense(words, verb)}"
    yield f"tense={_tense(words, verb)} rule kind={around.case.kind.kind}"
    yield from (f"subject {name}" for name in _plain(around.subject))
    if around.subject:
        last = around.subject[-1]
        yield f"subject last={last.root}"
        yield f"subject pronoun={'pronouns' in last.tags}"
    head = head_kind(around.subject, 0, len(around.subject))
    yield f"subject kind={head[0] if head else ''} verb kind={kind_of_verb(words[verb])}"


def _passive(words: Sequence[Word], verb: int) -> bool:
    ends = words[verb].lower.endswith(("ed", "en", "id", "t", "ft"))
    return ends and any(word.lower in _BE for word in words[max(0, verb - 3) : verb])


def _tense(words: Sequence[Word], verb: int) -> str:
    """Tense or mood of a verb group, by its first auxiliary, else by the form of the verb."""
    for index in range(max(0, verb - 4), verb + 1):
        word = words[index]
        if word.lower in _TENSES:
            return _TENSES[word.lower]
        if word.lower.endswith("'ll"):
            return "future"
        if word.lower.endswith("'d"):
            return "would"
    lower = words[verb].lower
    if lower_at(words, verb - 1) == "to":
        return "infinitive"
    return (
        "past"
        if lower.endswith("ed")
        else "gerund"
        if lower.endswith("ing")
        else "third"
        if lower.endswith("s")
        else "plain"
    )


def _nouns(around: _Around) -> Iterator[str]:
    """The two nearest nouns with a kind on each side."""
    words, at = around.words, around.at
    sides = {"left": range(at - 1, around.first - 1, -1), "right": range(at + 1, around.last)}
    for side, places in sides.items():
        found = 0
        for index in places:
            if words[index].amount >= 0 or found == 2:
                break
            kind = kind_of_noun(words, index)
            if kind and not is_verb(words, index):
                found += 1
                yield f"{side} noun {found}={kind}"
                yield f"{side} noun {found}={kind} close={abs(index - at) <= 4}"
        if not found:
            yield f"{side} noun="


@cache
def _hint_lists() -> dict[str, frozenset[str]]:
    """The lists that a root stands in."""
    found: dict[str, set[str]] = {}
    for name, roots in corpora.lexicon("money")["hints"].items():
        for one in roots:
            found.setdefault(one, set()).add(name)
    return {one: frozenset(names) for one, names in found.items()}


def _hints(around: _Around) -> Iterator[str]:
    """Which lists of hints have a word beside the amount, in its clause, its sentence and the one before."""
    words, at, lists = around.words, around.at, _hint_lists()
    right = next((i for i in range(at + 1, around.last) if words[i].amount >= 0), around.last)
    listed = [(i, names) for i, word in enumerate(words[:_SENTENCE]) if (names := lists.get(word.root))]
    far = [(i, names) for i in range(max(_SENTENCE, at - _LEFT), right) if (names := lists.get(words[i].root))]
    regions = {
        "left": (max(around.first, at - _LEFT), at),
        "close left": (max(around.first, at - 6), at),
        "right": (at + 1, right),
        "verb": (around.verb, around.verb + 1 if around.verb >= 0 else -1),
    }
    found = {
        region: {name for i, names in (*listed, *far) if first <= i < last for name in names}
        for region, (first, last) in regions.items()
    }
    found["sentence"] = {name for _, names in listed for name in names}
    found["subject"] = {name for word in around.subject for name in lists.get(word.root, ())}
    # In one order: scores are sums, and the last digit of a sum in another order has turned a label.
    for region in ("left", "close left", "right", "sentence"):
        yield from (f"hint {region}={name}" for name in sorted(found[region]))
    pointing = not around.subject or "pronouns" in around.subject[-1].tags
    for name in _hints_before(around.case.before):
        yield f"hint before={name}"
        yield f"hint before={name} pointing={pointing}"
    for region in ("subject", "verb"):
        yield from (f"hint {region}={name}" for name in sorted(found[region]))


@lru_cache(maxsize=8)
def _hints_before(text: str) -> tuple[str, ...]:
    """The lists that have a word of the end of a sentence."""
    lists = _hint_lists()
    return tuple(sorted({name for word in _WORDS.findall(_end(text)) for name in lists.get(root(word), ())}))


def _end(text: str) -> str:
    return text[-300:].lower().replace("’", "'")


def _compared(around: _Around) -> Iterator[str]:
    beside = compare(around.place)
    yield f"compared={beside}"
    yield f"compared={beside} rule direction={around.case.kind.direction}"


def _pairs(around: _Around) -> Iterator[str]:
    """The amount beside it in the sentence, how the two are joined, and which is larger."""
    own = around.words[around.at].amount
    places = [i for i, word in enumerate(around.words) if word.amount >= 0]
    nth = places.index(around.at)
    yield f"nth={min(nth, 2)} of {min(len(places), 3)}"
    for side, other in (("before", nth - 1), ("after", nth + 1)):
        if not 0 <= other < len(places):
            continue
        first, last = sorted((places[other], around.at))
        gap = [around.token(i) for i in range(first + 1, last)]
        joint = " ".join(gap) if len(gap) <= 3 else _joint(gap)
        sign = _sign(around.place.amount, around.place.line.amounts[own + (1 if side == "after" else -1)])
        yield f"{side} {joint}"
        yield f"{side} {joint} {sign}"
        yield f"{side} {sign}"


_JOINTS = ("against", "compared", "up", "down", "from", "to", "than", "of", "which", "but", "now", "and")


def _joint(gap: Sequence[str]) -> str:
    """The word that joins two amounts, where more than three stand between them."""
    return next((word for word in _JOINTS if word in gap), "far")


def _sign(one: Amount, other: Amount) -> str:
    if one.unit != other.unit or one.value is None or other.value is None:
        return "other"
    return "same" if one.value == other.value else "larger" if one.value > other.value else "smaller"


def _cues(around: _Around) -> Iterator[str]:
    before, after = clause_of(around.place)
    texts = {"left": before, "right": after[:80], "sentence": around.place.text, "before": around.case.before}
    for name in _CUES:
        whole = sentence_cue(name, around.place.text)
        for where, text in texts.items():
            looked = where == "before" or bool(whole)  # a clause has no cue that its sentence has not
            known = sentence_cue if where in {"sentence", "before"} else find_cue
            if looked and (cue := known(name, text)):
                yield f"cue {name} {where}"
                yield f"cue {name} {where} rule kind={around.case.kind.kind}"
                if where != "before":
                    yield f"cue {where} {cue.lower()}"


_CITED = re.compile(
    r"\b(?:said|says|say|told|tells|according to|reports?|argues?|puts?|thinks?|makes? it|reckons?|sums|considers?)\b"
)


@lru_cache(maxsize=8)
def _citing(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(_CITED.findall(text.lower()))))


def _time(around: _Around) -> Iterator[str]:
    case = around.case
    period, when = case.period, "none"
    if period:
        when = "words"
        if period.start and case.published:
            ended = period.end is not None and period.end < case.published
            when = "future" if period.start > case.published else "past" if ended else "now"
        yield from (f"period {word}" for word in re.findall(r"[a-z]+", period.text.lower()))
    yield f"period={when}"
    tense = _tense(around.words, around.verb) if around.verb >= 0 else ""
    yield f"period={when} tense={tense}"
    yield f"period={when} rule kind={case.kind.kind}"
    cited = _citing(case.place.text)
    yield from (f"cited {word}" for word in cited)
    yield f"cited={bool(cited)} rule kind={case.kind.kind}"
    quoted = sum(case.place.text.count(mark, 0, case.place.amount.start) for mark in '“”"') % 2
    yield f"quoted={quoted}"
