"""The place in a name that no list holds: where it starts before a head, and where it ends after one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nlp.register.spellings import Head
from nlp.register.words import Gap, Passage, Token, fold, fold_bare

REACH = 12  # words: the longest place in the registry has nine


class Spot(NamedTuple):
    """A head in a text: its first word, the word after it and its last offset; ``places``: known places only."""

    head: Head
    at: int
    stop: int
    end: int
    places: bool


def _joins(passage: Passage, at: int, any_words: bool) -> bool:
    """Whether the small word at ``at`` can stand inside a place, by the word before it."""
    if not at or passage.tokens[at].gap > Gap.COMMA:
        return False
    left, key = passage.tokens[at - 1], passage.tokens[at].key
    if key == "of":
        return left.key in passage.words["before_of"]
    if key == "the":
        return left.key in {"of", "and"}
    if key == "and":
        return left.capital and (any_words or left.key in passage.words["places"] or _stands_alone(passage, at - 1))
    return f"{left.key} {key}" in passage.words["pairs"]


def _stands_alone(passage: Passage, at: int) -> bool:
    """Whether an unknown capitalised word is all of its name ("the Wharfe and Craven CCG"), as people's seldom are."""
    token, before = passage.tokens[at], passage.tokens[at - 1] if at else None
    if token.opens or token.possessive or token.key in passage.words["never"] or token.text.isupper() or before is None:
        return False
    return token.gap > Gap.PLAIN or not before.capital or before.key in {"nhs", "the"}


def _in_place(passage: Passage, at: int, head: Head) -> bool:
    """Whether the word at ``at`` can belong to the place before a head."""
    token, places = passage.tokens[at], passage.words["places"]
    if token.key in passage.words["connectors"]:
        return _joins(passage, at, head.any)
    if token.possessive and (fold(token.text[:-2]) in places or not (head.any or token.key in places)):
        return False
    return token.key == "nhs" or (token.capital and token.key not in passage.words["never"])


def find_furthest(passage: Passage, taken: set[int], spot: Spot) -> int:
    """The first word that could belong to the place before a head; the head itself when there is none."""
    first = spot.at
    for at in range(spot.at - 1, max(-1, spot.at - 1 - REACH), -1):
        if passage.tokens[at + 1].gap > Gap.COMMA or at in taken:
            break
        key = passage.tokens[at].key
        if not _in_place(passage, at, spot.head):
            return _after_person(passage, first, spot.at) if key in passage.words["titles"] else first
        first = first if key in passage.words["connectors"] else at
    return first


def _after_person(passage: Passage, first: int, stop: int) -> int:
    """Past the name that follows a title: "Dr Amir Jones, Kent LMC" names no place called Amir Jones."""
    for at in range(first + 1, stop):
        if passage.tokens[at].gap is Gap.COMMA or passage.tokens[at - 1].key == "and":
            return at
    return first


def find_first(passage: Passage, spot: Spot, first: int) -> int | None:
    """Where a place that no list holds starts: after commas, sentence openers and "NHS"; None for no place."""
    tokens, places, small = passage.tokens, passage.words["places"], passage.words["connectors"]
    if not (spot.head.commas and _listed_places(tokens[first : spot.at], places | small)):
        commas = [at for at in range(first + 1, spot.at) if tokens[at].gap is Gap.COMMA or tokens[at].key == "nhs"]
        first = commas[-1] if commas else first
    unsure = not spot.head.any and first < spot.at and (tokens[first].opens or passage.title_case(first))
    if spot.places or unsure:
        known = next((at for at in range(first, spot.at) if _all_in(places | small, tokens[at : spot.at])), spot.at)
        first = known if spot.places or known < spot.at else first
    while first < spot.at and tokens[first].key in small | {"nhs"}:
        first += 1
    own = {token.key for token in tokens[first : spot.at]} - small
    return None if own <= passage.words["generic"] | passage.words["directions"] else first


def _listed_places(tokens: Sequence[Token], known: frozenset[str]) -> bool:
    """As in "Ashton, Leigh and Wigan", with no word that is not of a place."""
    commas = [at for at, token in enumerate(tokens) if token.gap is Gap.COMMA]
    return bool(commas) and len(tokens) > 1 and _all_in(known, tokens) and tokens[-2].key == "and"


def _all_in(known: frozenset[str], tokens: Sequence[Token]) -> bool:
    return all(token.key in known for token in tokens)


def find_last(passage: Passage, taken: set[int], spot: Spot, first: int) -> int | None:
    """The last word of the place that follows a head, such as "the West of England" after "University of"."""
    tokens, places = passage.tokens, passage.words["places"]
    if first >= len(tokens) or first in taken or tokens[first].gap is not Gap.PLAIN or not tokens[first].capital:
        return None
    known_only = spot.places or first > spot.stop
    if tokens[first].key in passage.words["never"] or (known_only and fold_bare(tokens[first]) not in places):
        return None
    last = first
    for at in range(first + 1, min(len(tokens), first + REACH)):
        small = tokens[at].key in passage.words["connectors"]
        if tokens[at].gap is not Gap.PLAIN or at in taken or tokens[at - 1].possessive:
            break
        if small and tokens[at].key == "and" and not spot.head.places:
            break
        known = fold_bare(tokens[at]) in places or tokens[at - 1].key in passage.words["directions"]
        if not (_joins(passage, at, False) if small else tokens[at].capital and known):
            break
        last = last if small else at
    return last
