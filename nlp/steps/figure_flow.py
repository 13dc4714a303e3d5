"""Who pays and who gets the money of one figure, read from the verb or preposition between a name and the amount."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.described import noun_sort
from nlp.inflections import forms
from nlp.records import FigureKind
from nlp.steps.figure_fields import Place
from nlp.steps.figure_names import Name
from nlp.words import Word, change_of_verb, has_tag, is_mark, is_verb, lower_at

_BE = frozenset({"was", "were", "been", "be", "being", "is", "are", "get", "gets", "got"})
_PLACING = frozenset({"in", "across", "of", "throughout"})
_TAKING = frozenset({"save", "saved", "saving", "take", "taken", "took", "withheld", "withdrew", "withdrawn"})
#: A sum that nobody hands over.
_NO_FLOW = frozenset({FigureKind.SAVING, FigureKind.DEFICIT, FigureKind.SHARE})
_REACH = 16
#: So many characters are looked at between a name and an amount.
_NEAR = 100
#: "The board says that would raise £5m": another thing than who is named.
_OTHERS = frozenset({"it", "they", "that", "this"})
#: Who owes bears a debt; so many words before a sum the verb of one who bears it may stand.
_OWES, _REACH_BORNE = frozenset({"owe", "owes", "owed"}), 5
_GOES = frozenset({"go", "goes", "going", "went", "gone"})
_BY = frozenset({"by"})
_OUT_OF = re.compile(r"\s(?:a\syear\s)?(?:out\sof|away\sfrom)\b")
#: ", the primary care trust," behind a name.
_ASIDE = re.compile(r",\s(?:the|an?|its|whose|which)\s[^,;’']{1,60},\s")
_AND = re.compile(r"(?:\s[\w\s]{0,30})?,?\s(?:and|while|but)\s(?:the\s)?")
_RATING = frozenset({"put", "puts", "putting", "make", "makes", "made"})


@dataclass(frozen=True, slots=True)
class Flow:
    """Stakeholder ids of who gives and who gets the money, as far as the sentence says so."""

    payer: str | None = None
    recipient: str | None = None


_COSTING = re.compile(r"\bcost(?:s|ing)?\s(?:the\s)?$", re.I)
_BOUGHT = re.compile(r"\b(?:bought|paid|commissioned|funded)\s(?:for\s)?by\s(?:the\s)?$", re.I)
_FUND = r"(?:[\w-]+\s){0,4}?(?:budget|allocation|grant|contract|turnover|income)"
_HOLDS = re.compile(
    rf",?\s(?:(?:which|who)\s)?(?:also\s)?(?:has|have|had|holds?|held|receives?|gets?|with)\s(?:an?\s)?{_FUND}\s(?:of|worth)\s",
    re.I,
)
_HAS = re.compile(r",?\s(?:(?:which|who)\s)?(?:has|have|had|holds?|held|with)\san?\s", re.I)
_POT = re.compile(rf"\s{_FUND}\b")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(corpora.lexicon("money")["flow"][name])


@cache
def _verbs(name: str) -> frozenset[str]:
    return frozenset(form for entry in corpora.lexicon("money")["flow"][name] for form in forms(entry))


def _word_at(words: Sequence[Word], offset: int) -> int:
    """Index of the last word that starts at or before this offset."""
    return bisect_right(words, offset, key=lambda word: word.start) - 1


def _flow_verb(place: Place, kind: FigureKind) -> int:
    """The nearest verb of giving, funding or getting to the left, in the same clause; -1 when there is none."""
    words = place.words
    flow = _verbs("give") | _verbs("fund") | _verbs("get")
    flow |= _verbs("made") if kind is FigureKind.INCOME or _OUT_OF.match(place.text, place.amount.end) else frozenset()
    for index in range(place.at - 1, max(-1, place.at - _REACH - 1), -1):
        word = words[index]
        if is_mark(word) and word.lower != ",":
            return -1
        if word.lower in _RATING and _rates(words, index, place.at):
            return -1
        verb = word.lower not in _words("often_nouns") or has_tag(words, index - 1, "auxiliaries")
        if word.lower in flow and (verb or lower_at(words, index - 1) == "to"):
            # "Dr Hale added that the £420m figure was wrong": what is told is handed to nobody.
            return -1 if lower_at(words, index + 1) == "that" else index
    return -1


def _rates(words: Sequence[Word], verb: int, at: int) -> bool:
    """ "puts the cost at £5m", "makes it £6m": that tells a sum and hands none over."""
    return lower_at(words, at - 1) in {"at", "nearer", "between"} or lower_at(words, verb + 1) in {"it", "that", "this"}


def _is_passive(words: Sequence[Word], verb: int) -> bool:
    if words[verb].lower.endswith("ing"):
        return False
    before = verb - 1
    while before >= 0 and words[before].lower not in _BE and _is_adverb(words[before]):
        before -= 1
    return lower_at(words, before) in _BE


def _is_headline_passive(place: Place, names: Sequence[Name], verb: int) -> bool:
    """ "Pharmacies offered £4m by NHS England": the auxiliary is left out."""
    word = place.words[verb].lower
    return word in _verbs("give") and word.endswith(("ed", "en", "paid")) and _tied(place, names, _BY) is not None


def _is_adverb(word: Word) -> bool:
    return "adverb" in word.tags or word.lower.endswith("ly")


def _linked(words: Sequence[Word], name_end: int, verb: int) -> bool:
    """Whether only auxiliaries, "has pledged to", "said it would", "in Leeds" stand between a name and a verb."""
    placed = False
    for index in range(name_end, verb):
        word = words[index]
        small = word.lower in _words("between") or bool(word.tags & {"auxiliaries", "adverb", "reporting"})
        means = has_tag(words, index, "giving_verbs") and lower_at(words, index + 1) == "to"
        placed = placed or word.lower in _PLACING
        if not (small or means or word.lower in _PLACING or (placed and word.capital)):
            return False
    return verb - name_end <= 9


def _subject(place: Place, names: Sequence[Name], verb: int) -> str | None:
    words = place.words
    if (name := _left_out(place, names)) is not None:
        return name.stakeholder
    name = next((name for name in reversed(names) if name.end <= words[verb].start), None)
    if name is None:
        return None
    after = _word_at(words, name.end - 1) + 1
    aside = _ASIDE.match(place.text, name.end, words[verb].start)
    linked = _linked(words, _word_at(words, aside.end()) if aside else after, verb)
    return name.stakeholder if linked and not words[after - 1].possessive else None


def _left_out(place: Place, names: Sequence[Name]) -> Name | None:
    """In "the board will put in £33m and the council £5m" the verb is left out before the second sum."""
    own = place.words[place.at].amount
    gap = _last_gap(place, names)
    if not own or gap is None or gap[1].strip():
        return None
    between = place.text[place.line.amounts[own - 1].tail : gap[0].start]
    return gap[0] if _AND.fullmatch(between) else None


def _bearers(place: Place, names: Sequence[Name], kind: FigureKind) -> Flow:
    """Who bears a share of a cost, and who owes what to whom; a saving and a gap have neither."""
    words = place.words
    verbs = _verbs("bears") if kind is FigureKind.SHARE else _OWES if kind is FigureKind.DEFICIT else frozenset()
    near = range(place.at - 1, max(-1, place.at - _REACH_BORNE), -1)
    verb = next((i for i in near if words[i].lower in verbs), -1)
    if verb < 0 or _is_passive(words, verb):
        return Flow()
    payer = _subject(place, names, verb)
    tied = _tied(place, names, frozenset({"to"})) if kind is FigureKind.DEFICIT else None
    return Flow(payer, tied[0] if tied and tied[0] != payer else None)


def _object(place: Place, names: Sequence[Name], verb: int) -> str | None:
    """ "gave practices £5m": a name between the verb and the amount, with nothing but small words before it."""
    words = place.words
    inside = (name for name in names if words[verb].end <= name.start and name.end <= words[place.at].start)
    name = next(inside, None)
    if name is None:
        return None
    first, last = _word_at(words, name.start), _word_at(words, name.end - 1)
    lead = all(w.tags & {"determiners", "adjectives", "adverb"} or _is_kind(w) for w in words[verb + 1 : first])
    return name.stakeholder if lead and not words[last].possessive and _name_ends(words, last) else None


def _is_kind(word: Word) -> bool:
    """Whether the word says what body a name is of: "the charity Hollin Care"."""
    return noun_sort(word.lower) == "body"


def _name_ends(words: Sequence[Word], last: int) -> bool:
    """Whether the phrase ends with the name: "for CCGs in Kent", and not "for CCG budgets"."""
    after = last + 1
    if after >= len(words) or is_mark(words[after]) or words[after].amount >= 0:
        return True
    little = {"prepositions", "conjunctions", "auxiliaries", "relatives", "determiners", "adverb", "adjectives"}
    return not words[after].tags.isdisjoint(little) or is_verb(words, after)


def _tied(place: Place, names: Sequence[Name], prepositions: frozenset[str]) -> tuple[str, str] | None:
    """The first name that one of these prepositions ties to the amount on its right, and the preposition."""
    words = place.words
    for name in names:
        if name.start < place.amount.tail:
            continue
        first = _word_at(words, name.start)
        gap = words[place.at + 1 : first]
        if first - place.at > 12 or any(is_mark(w) or w.amount >= 0 for w in gap):
            return None
        at = first - 1
        while at > place.at and (words[at].tags & {"determiners", "adjectives"} or _is_kind(words[at])):
            at -= 1
        ends = _name_ends(words, _word_at(words, name.end - 1))
        if at > place.at and words[at].lower in prepositions and ends:
            return name.stakeholder, words[at].lower
    return None


def _recipient_after(place: Place, names: Sequence[Name], verb: int) -> str | None:
    """ "£5m for CCGs"; "£5m to CCGs" where the text speaks of giving."""
    tied = _tied(place, names, frozenset({"for", "to"}))
    if tied is None:
        return None
    words, handed = place.words, _verbs("give") | _verbs("fund")
    between = words[place.at + 1 : place.at + 9]
    gives = any(w.stem in _words("handed_nouns") or w.lower in _verbs("give") for w in between)
    gives = gives or (verb >= 0 and words[verb].lower in handed) or any(w.lower in _GOES for w in between)
    return tied[0] if tied[1] == "for" or gives else None


def _payer_after(place: Place, names: Sequence[Name], passive: bool) -> str | None:
    """ "£5m from NHS England", "£5m was paid by the council"; never "£5m cut from the trust"."""
    tied = _tied(place, names, frozenset({"from", "by"}))
    if tied is None:
        return None
    words = place.words
    after = words[place.at + 1 : place.at + 12]
    if tied[1] == "by":
        by = next(i for i, w in enumerate(after) if w.lower == "by")
        acts = (_verbs("give") | _verbs("fund")) - _words("often_nouns")
        near = (i for i, w in enumerate(after[:by]) if w.lower in acts)
        handed = any(i >= by - 2 or (i and after[i - 1].lower in _BE) for i in near)
        return tied[0] if passive or handed else None
    around = [*words[max(0, place.at - 4) : place.at], *after]
    taken = any(w.lower in _TAKING or (change_of_verb(w) == "down" and w.lower != "down") for w in around)
    return None if taken else tied[0]


def _owner(place: Place, names: Sequence[Name]) -> str | None:
    """ "NHS England's £500m transformation fund"."""
    words = place.words
    name = next((name for name in reversed(names) if name.end <= words[place.at].start), None)
    if name is None or not any(word.stem in _words("own_funds") for word in words[place.at + 1 : place.at + 5]):
        return None
    last = _word_at(words, name.end - 1)
    beside = all(word.tags & {"adjectives"} for word in words[last + 1 : place.at])
    return name.stakeholder if words[last].possessive and beside else None


def _bearer(place: Place, names: Sequence[Name]) -> str | None:
    """ "licences cost the board £5m": whom something costs."""
    gap = _last_gap(place, names)
    if gap is None:
        return None
    name, between = gap
    before = place.text[max(0, name.start - _NEAR) : name.start]
    return name.stakeholder if not between.strip(" an") and _COSTING.search(before) else None


def _buyer(place: Place, names: Sequence[Name]) -> str | None:
    """ "bought by the council for £5m"."""
    gap = _last_gap(place, names)
    if gap is None:
        return None
    name, between = gap
    return (
        name.stakeholder
        if between == " for " and _BOUGHT.search(place.text[max(0, name.start - _NEAR) : name.start])
        else None
    )


def _budget_holder(place: Place, names: Sequence[Name]) -> str | None:
    """ "the trust had a budget of £5m", "four trusts with a combined budget of £5m": who has it to spend."""
    gap = _last_gap(place, names)
    after = place.text[place.amount.tail :][:60]
    if gap is None:
        return None
    name, between = gap
    holds = _HOLDS.fullmatch(between) or (_HAS.fullmatch(between) and _POT.match(after))
    return name.stakeholder if holds else None


def _last_gap(place: Place, names: Sequence[Name]) -> tuple[Name, str] | None:
    """The last name before the amount, and what stands between."""
    name = next((name for name in reversed(names) if name.end <= place.amount.lead), None)
    near = name is not None and place.amount.lead - name.end <= _NEAR
    return (name, place.text[name.end : place.amount.lead]) if name and near else None


def read_flow(place: Place, names: Sequence[Name], kind: FigureKind) -> Flow:
    """Payer and recipient among the names of the sentence; what the money is spent on is neither."""
    if not names:
        return Flow()
    if kind in _NO_FLOW:
        return _bearers(place, names, kind)
    words, verb = place.words, _flow_verb(place, kind)
    payer = recipient = None
    passive = verb >= 0 and (_is_passive(words, verb) or _is_headline_passive(place, names, verb))
    if verb >= 0:
        lower = words[verb].lower
        who = _subject(place, names, verb)
        gets = lower in _verbs("give") if passive else lower in _verbs("get")
        made = kind is FigureKind.INCOME and lower in _verbs("made")  # "made a surplus of £3m"
        if gets or (made and not any(w.lower in _OTHERS for w in words[max(0, verb - 3) : verb])):
            recipient = who
        elif not passive and not made:
            payer = who
            recipient = _object(place, names, verb) if lower in _verbs("give") else None
    recipient = recipient or _recipient_after(place, names, verb)
    if kind not in {FigureKind.CHANGE, FigureKind.INCOME} or recipient:
        payer = payer or _payer_after(place, names, passive)
    payer = payer or _owner(place, names) or _bearer(place, names) or _buyer(place, names)
    recipient = recipient or (None if payer else _budget_holder(place, names))
    return Flow(payer, recipient if recipient != payer else None)
