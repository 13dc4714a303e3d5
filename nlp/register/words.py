"""The words of a text, with what stands between them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")
_PLAIN = re.compile(r"['’]?[ \t\u00a0]{1,3}|[-‐‑]|\s?\+\s?|")
_COMMA = re.compile(r"['’]?,\s+|\s\(|\)\s")
_LOOSE = re.compile(r"[ \t]*\n[ \t]*|\.")
_OPENING = frozenset('.!?:;\n“‘"•*')
_DOTTED = frozenset({"st", "no"})

Words = Mapping[str, frozenset[str]]


class Gap(IntEnum):
    """What stands before a word: a space or hyphen, a comma or bracket, a line end, or the end of any name."""

    PLAIN = 0
    COMMA = 1
    LOOSE = 2
    BREAK = 3


class Token(NamedTuple):
    start: int
    end: int
    text: str
    key: str
    gap: Gap
    opens: bool

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def possessive(self) -> bool:
        return self.text[-2:] in ("'s", "’s")


def straighten(text: str) -> str:
    return text.replace("’", "").replace("'", "")


def fold(word: str) -> str:
    return "and" if word == "&" else straighten(word).lower()


def slugify(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", straighten(name).lower().replace("&", " and ")).strip("-")


def fold_name(name: str) -> str:
    """A name with what two spellings may differ in out of the way: case, apostrophes, "&", a leading "the"."""
    keys = [fold(match[0]) for match in _WORD.finditer(name)]
    return " ".join(keys[1:] if len(keys) > 1 and keys[0] == "the" else keys)


def initials(name: str) -> str:
    """The capitals that the words of a name begin with: "GPC" of "General Practitioners Committee"."""
    return "".join(match[0][0] for match in _WORD.finditer(name) if match[0][0].isupper())


def _gap(between: str, before: str, after: str) -> tuple[Gap, bool]:
    """What separates the words ``before`` and ``after``, and whether that opens a sentence, a line or a quotation."""
    if between == " " or _PLAIN.fullmatch(between):
        return Gap.PLAIN, False
    if _COMMA.fullmatch(between):
        return Gap.COMMA, False
    # "St. Helens", and "Which? said": a small letter goes on with the sentence.
    if (between.strip() == "." and before in _DOTTED) or (between == "? " and after.islower()):
        return Gap.PLAIN, False
    if _LOOSE.fullmatch(between):
        return Gap.LOOSE, True
    return Gap.BREAK, not _OPENING.isdisjoint(between) or between.endswith(" '")


_SPACED = (Gap.PLAIN, False)


def split_words(text: str, start: int, end: int) -> list[Token]:
    found: list[Token] = []
    last, key = start, ""
    gap, opens = Gap.BREAK, True
    for match in _WORD.finditer(text, start, end):
        word, (begin, stop) = match[0], match.span()
        if found:
            between = text[last:begin]
            gap, opens = _SPACED if between == " " else _gap(between, key, word)
        key, last = word.lower() if word.isalnum() else fold(word), stop
        found.append(Token(begin, stop, word, key, gap, opens))
    return found


class Passage(NamedTuple):
    """A text, its words, and what is known of the language around names."""

    text: str
    tokens: Sequence[Token]
    words: Words

    def left(self, first: int) -> list[str]:
        """Up to three words before a name, nearest first, "," for a comma, without "the"."""
        keys: list[str] = []
        for at in range(first, max(0, first - 4), -1):
            if self.tokens[at].gap is Gap.BREAK:
                break
            if self.tokens[at].gap is Gap.COMMA:
                keys.append(",")
            if at < first or self.tokens[at - 1].key != "the":
                keys.append(self.tokens[at - 1].key)
        return keys

    def right(self, stop: int) -> list[str]:
        """Up to six words after a name, nearest first, "," for a comma."""
        keys: list[str] = []
        for token in self.tokens[stop : stop + 6]:
            if token.gap is Gap.BREAK:
                break
            keys += [",", token.key] if token.gap is Gap.COMMA else [token.key]
        return keys

    def title_case(self, at: int) -> bool:
        """Whether the words around are a headline in capitals, where a capital says nothing."""
        first, stop = at, at + 1
        while first > max(0, at - 8) and self.tokens[first].gap < Gap.LOOSE:
            first -= 1
        while stop < min(len(self.tokens), at + 8) and self.tokens[stop].gap < Gap.LOOSE:
            stop += 1
        near = [token for token in self.tokens[first:stop] if len(token.text) > 3]
        return len(near) > 3 and all(token.capital for token in near)

    def name(self, first: int, stop: int) -> str:
        """The words from ``first`` up to ``stop``, written as the name of a place and without a possessive ending."""
        last = self.tokens[stop - 1]
        text = self.text[self.tokens[first].start : last.end - 2 * last.possessive]
        return re.sub(r"\s+", " ", text).replace("’", "'").replace("&", "and")

    def in_address(self, start: int, end: int) -> bool:
        """Whether the word is a piece of an e-mail address, a web address or a handle."""
        before, after = self.text[max(0, start - 1) : start], self.text[end : end + 2]
        return before in {"@", "#", "_"} or bool(re.match(r"[@_]|\.[a-z]", after))

    def goes_on(self, stop: int, end: int) -> bool:
        """Whether a capitalised word such as "Trust" goes on with the name that ends at ``end``."""
        if stop == len(self.tokens) or end < self.tokens[stop - 1].end:
            return False
        after = self.tokens[stop]
        return after.gap is Gap.PLAIN and after.capital and after.key in self.words["enclosing"]


def fold_bare(token: Token) -> str:
    return fold(token.text[:-2]) if token.possessive else token.key
