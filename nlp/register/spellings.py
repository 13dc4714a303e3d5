"""The spellings of bodies and the trie that finds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from nlp.records import Stakeholder, StakeholderKind
from nlp.register.words import Gap, Token, fold, slugify, straighten


@dataclass(frozen=True, slots=True, eq=False)
class Alias:
    """One spelling of one body. ``manner`` says where it counts as a name: "" is everywhere.

    ``short`` marks "NHS Dorset": the place of a commissioner, whichever stood at the time.
    """

    text: str
    words: tuple[str, ...]
    commas: frozenset[int]
    body: Stakeholder
    manner: str = ""
    after_the: bool = False
    called: frozenset[str] = frozenset()
    short: bool = False

    @property
    def exact(self) -> str:
        """What two spellings share when they are the same: case counts in one word only."""
        return straighten(self.words[0]) if len(self.words) == 1 else " ".join(map(fold, self.words))

    @property
    def mark(self) -> str:
        """The question mark that is part of a name such as "Which?"."""
        return "?" if self.text[-1] == "?" else ""

    def spells(self, tokens: Sequence[Token], end: int, common: frozenset[str]) -> bool:
        """Whether ``tokens``, the last of them cut at ``end``, are this name with its capitals.

        A ``common`` noun inside a name may go without: "Labour party".
        """
        given = [token.text for token in tokens]
        given[-1] = given[-1][: end - tokens[-1].start]
        if len(given) == 1:
            return straighten(given[0]) == self.exact
        if any(token.gap is Gap.COMMA and at not in self.commas for at, token in enumerate(tokens) if at):
            return False
        return given[0][0].isupper() >= self.words[0][0].isupper() and all(
            word[0].isupper() or not own[0].isupper() or fold(own) in common
            for word, own in zip(given[1:], self.words[1:], strict=True)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """The part of a name that says what kind of body it is; the keys are explained in ``patterns.toml``."""

    forms: tuple[str, ...]
    names: tuple[str, ...]
    side: str = "before"
    nhs: bool = False
    places: bool = False
    any: bool = False
    commas: bool = False
    not_before: frozenset[str] = frozenset()
    start: date | None = None
    end: date | None = None

    def build(self, place: str) -> Stakeholder:
        name = self.names[0].replace("{place}", place)
        return Stakeholder(slugify(name), name, StakeholderKind.ORGANISATION, start=self.start, end=self.end)

    def printed(self, form: str, tokens: Sequence[Token], end: int) -> str:
        """How ``tokens`` print a form: "as is", "small" (a common word, as in "Leeds council"), or "" for not."""
        if len(tokens) > 1:
            return "as is"
        text = tokens[0].text[: end - tokens[0].start]
        return "as is" if text == form else "small" if text == form.lower() else ""


class Node:
    """A trie over folded words, so that all names at one place cost no more than the longest of them."""

    __slots__ = ("aliases", "heads", "next")

    def __init__(self) -> None:
        self.next: dict[str, Node] = {}
        self.aliases: list[Alias] = []
        self.heads: list[tuple[str, Head]] = []

    def grow(self, keys: Iterable[str]) -> Node:
        node = self
        for key in keys:
            node = node.next.setdefault(key, Node())
        return node

    def reach(self, keys: Iterable[str]) -> Node | None:
        node: Node | None = self
        for key in keys:
            node = node.next.get(key) if node else None
        return node

    def starts(self, tokens: Sequence[Token]) -> list[int]:
        """Where a name may start: at a word that one starts with, with or without a possessive ending."""
        known = self.next
        return [
            at
            for at, token in enumerate(tokens)
            if token.key in known or (token.key[-1] == "s" and token.possessive and fold(token.text[:-2]) in known)
        ]

    def paths(self, tokens: Sequence[Token], first: int) -> list[tuple[int, int, Node]]:
        """Every name that starts at ``first``, longest first: the word after it, its last offset, its node."""
        found: list[tuple[int, int, Node]] = []
        node: Node | None = self
        for at in range(first, len(tokens)):
            token = tokens[at]
            if node is None or (at > first and token.gap is Gap.BREAK):
                break
            if token.possessive and (bare := node.next.get(fold(token.text[:-2]))):
                found.append((at + 1, token.end - 2, bare))
            if node := node.next.get(token.key):
                found.append((at + 1, token.end, node))
        return found[::-1]
