"""What the words around a name show: a body, a common word, or a longer name."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.register.spellings import Alias
from nlp.register.words import Gap, Passage, Words

#: What stands behind a common word that is no name: "Community council", "Community health".
_OF_PLACES = frozenset(
    {"council", "councillor", "hospital", "centre", "health", "care", "nursing", "pharmacy", "services"}
)


def _is_told(words: Words, left: Sequence[str]) -> bool:
    """As in "told Pulse" and "speaking to Pulse"."""
    first, second, *_ = [*left, "", ""]
    return first in words["tells"] or (first in {"to", "with"} and second in words["speaks"])


def _acts(words: Words, right: Sequence[str]) -> bool:
    """As in "Mind said", "Mind has also warned" and "Mind and Rethink said"."""
    rest = right[2:] if right[:1] == ["and"] else right
    verbs = [key for key in rest[:3] if key not in {"has", "have", "had", "also"}]
    return bool(verbs) and verbs[0] in words["speech"]


def _is_described(words: Words, left: Sequence[str], right: Sequence[str]) -> bool:
    """As in "the charity Mind" and "Shelter, the housing charity"."""
    noun = left[1:2] if left[:1] == [","] else left[:1]
    after = right[2:] if right[:1] == [","] and right[1] in {"the", "a", "an", "which", "who"} else []
    return not words["kinds"].isdisjoint([*noun, *after])


def _is_in_bracket(passage: Passage, first: int, stop: int) -> bool:
    """As in "Cllr Ann Orde (Lab, Felby North)"."""
    begin, end = passage.tokens[first].start, passage.tokens[stop - 1].end
    named = first > 0 and passage.tokens[first - 1].capital and passage.text.startswith("(", begin - 1)
    return named and passage.text.startswith((")", ","), end)


def _is_of_office(passage: Passage, first: int, stop: int) -> bool:
    """As in "Lib Dem leader Ann Orde" and "Ann Orde, the Lib Dem planning spokeswoman": an adjective with a name."""
    tokens, words = passage.tokens, passage.words
    near = range(stop, min(stop + 4, len(tokens)))
    office = next((at for at in near if tokens[at].key in words["offices"]), None)
    if office is None or any(tokens[at].gap is not Gap.PLAIN for at in range(stop, office + 1)):
        return False
    behind = tokens[office + 1] if office + 1 < len(tokens) else None
    if behind and behind.capital and behind.gap is Gap.PLAIN:
        return True
    if behind and behind.capital and behind.gap is Gap.COMMA and first and tokens[first - 1].key == "the":
        return True  # "The Lib Dem spokeswoman, Ann Orde, said"
    opens = first - 1 if first and tokens[first - 1].key == "the" else first
    return opens > 0 and tokens[opens].gap is Gap.COMMA and tokens[opens - 1].capital


def _is_of_member(passage: Passage, first: int, stop: int) -> bool:
    """As in "Lib Dem Ann Orde said": an adjective with a name that speaks."""
    name = passage.tokens[stop : stop + 2]
    capital = len(name) == 2 and all(token.capital and token.gap is Gap.PLAIN for token in name)
    return capital and _acts(passage.words, passage.right(stop + 2))


def shows_body(passage: Passage, alias: Alias, first: int, stop: int, end: int) -> bool:
    """Whether the words around a name that is also a common word show that a body is meant."""
    words, tokens = passage.words, passage.tokens
    left, right = passage.left(first), passage.right(stop)
    if alias.manner in {"party", "bracket"} and _is_in_bracket(passage, first, stop):
        return True
    if alias.manner == "cautious" and (right or [""])[0] in _OF_PLACES:
        return False  # "Community council chairwoman Ann Orde" is of no union
    if alias.manner in {"party", "opening", "cautious"} and _is_of_office(passage, first, stop):
        return True
    one_of_many = left[:1] in (["a"], ["one"]) and (right or [""])[0] in words["offices"]
    if alias.manner == "party" and _is_of_member(passage, first, stop):
        return True
    if alias.manner in {"party", "bracket"} or (alias.manner == "opening" and one_of_many):
        return False  # "a Labour councillor" speaks for nobody else
    told, after = _is_told(words, left), (right or [""])[0]
    if alias.manner == "told":
        return told and (after in words["after_told"] or after in {"", ","})
    if told or _acts(words, right) or alias.manner == "voice":
        return told or _acts(words, right)
    owns = end < tokens[stop - 1].end
    opens = tokens[first].opens
    if alias.manner == "opening" and (not opens or owns or after == "," or after in words["auxiliaries"]):
        return True
    opens = opens or (first > 0 and tokens[first - 1].key == "the" and tokens[first - 1].opens)
    if _is_described(words, left, right) or (after in words["roles"] and (owns or not opens)):
        return True
    return not opens and not alias.text.isupper() and _follows_preposition(passage, first, stop)


def _follows_preposition(passage: Passage, first: int, stop: int) -> bool:
    """As in "a survey by Mind": inside a sentence the capital itself tells, but not in a headline."""
    tokens = passage.tokens
    at = first - 1 - (first > 1 and tokens[first - 1].key == "the")
    if at < 0 or tokens[at].key not in passage.words["prepositions"] or tokens[first].gap > Gap.COMMA:
        return False
    following = tokens[stop] if stop < len(tokens) and tokens[stop].gap < Gap.LOOSE else None
    if following and following.gap is Gap.PLAIN and following.capital:
        return False
    if tokens[at].opens:
        return following is not None and following.text.islower()
    # "Research by Mind" opens a sentence; "NHS in Crisis" is a headline.
    inside = at > 0 and (tokens[at - 1].text.islower() or (tokens[at - 1].opens and tokens[at].key in {"by", "from"}))
    return inside and tokens[at].text.islower()


def is_part_of_longer(passage: Passage, first: int, stop: int, end: int, last: int) -> bool:
    """Whether a name stands inside another capitalised one: "Leeds Law Society", "Labour Exchange"."""
    words, tokens = passage.words, passage.tokens
    if passage.goes_on(stop, end):
        return True
    acronym = stop == first + 1 and tokens[first].text[1:2].isupper()
    if acronym or first <= last or tokens[first].gap is not Gap.PLAIN:
        return False
    before = tokens[first - 1]
    if before.key in words["titles"]:
        return True
    shouted = before.text.isupper() and len(before.text) > 3
    if not before.capital or before.possessive or shouted or before.key in words["never"]:
        return False
    telling = not before.opens or before.key in words["places"] or before.key in words["foreign"]
    return telling and not passage.title_case(first)
