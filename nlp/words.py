"""The words of a line with what the money lexicon says of each, and whether a word acts as a verb where it stands.

Made for version 1, which has no parser: "cut", "rise", "pay" and "cost" are nouns or verbs by their neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import corpora
from nlp.inflections import forms, stem
from nlp.money import Amount

_WORD = re.compile(
    r"[^\W\d_]+(?:[.’'‘&‑-][^\W\d_]+){0,6}(?:[’'](?=\s+[^\W\d_]))?|\d[\d,./–-]{0,20}|[;:—–()\[\],.!?…•▪●|]|[-−]"
)
PUNCTUATION = frozenset(";:—–()[],.!?…-−•▪●|")
#: Marks that no clause runs over.
HARD_MARKS = frozenset(";:—.!?…•▪●|")
CHANGES = ("noun up", "noun down", "noun flat", "noun any")
NOUN_TAGS = frozenset({"money", "other", "transparent", "always", "paid", *CHANGES})
_VERB_TAGS = frozenset({"verb up", "verb down", "verb flat", "linking", "spending_verbs", "giving_verbs", "reporting"})
_NOTHING: frozenset[str] = frozenset()
_ARTICLES = frozenset({"the", "a", "an", "its", "their", "our", "his", "her", "my", "your", "no"})
_BE = frozenset({"is", "are", "was", "were", "be", "been"})
# Of verbs that are nouns too: these are verbs only after "to", an auxiliary, a pronoun.
_MOSTLY_NOUNS = frozenset({"spend", "budget", "fund", "grant", "award", "levy", "tax", "bill"})


class Word(NamedTuple):
    """One word, mark or amount of a line; ``lower`` is folded, ``stem`` also singular and without possessive,
    ``root`` without endings ("" of a mark or an amount). A tuple: it is made in a fifth of a dataclass's time.
    """

    start: int
    end: int
    lower: str
    stem: str
    tags: frozenset[str]
    amount: int = -1
    possessive: bool = False
    capital: bool = False
    root: str = ""


@cache
def _tags() -> Mapping[str, frozenset[str]]:
    """Word -> its tags, from every list of the lexicon that classes words."""
    lexicon, found = corpora.lexicon("money"), dict[str, set[str]]()

    def put(tag: str, words: Sequence[str]) -> None:
        for word in words:
            found.setdefault(word, set()).add(tag)

    classes, change, grammar = lexicon["classes"], lexicon["change"], lexicon["grammar"]
    for name in ("money", "other", "transparent", "always", "paid"):
        put(name, classes[name])
    for name in ("up", "down", "flat"):
        put(f"verb {name}", [form for entry in change[name] for form in forms(entry)])
        put(f"noun {name}", change[f"nouns_{name}"])
    put("noun any", change["nouns_any"])
    for name in ("more", "less"):
        put(name, change[name])
    put("adverb", change["adverbs"])
    for name in (
        "determiners",
        "prepositions",
        "auxiliaries",
        "conjunctions",
        "relatives",
        "pronouns",
        "adjectives",
        "noun_verbs",
    ):
        put(name, grammar[name])
    for name in ("reporting", "linking", "shares", "spending_verbs", "giving_verbs", "answering"):
        put(name, [form for entry in grammar[name] for form in forms(entry)])
    return {word: frozenset(tags) for word, tags in found.items()}


@cache
def _look_up(lower: str) -> tuple[str, frozenset[str]]:
    root, table = stem(lower), _tags()
    own = table.get(lower, _NOTHING)
    return root, own | (table.get(root, _NOTHING) & NOUN_TAGS if root != lower else _NOTHING)


@cache
def _bases() -> dict[str, str]:
    """Every form of a verb of the lexicon to its first form."""
    lexicon = corpora.lexicon("money")
    lists = [*lexicon["kinds"]["verbs"].values(), *(lexicon["change"][n] for n in ("up", "down", "flat", "moved"))]
    lists += [lexicon["grammar"][n] for n in ("reporting", "linking", "spending_verbs", "giving_verbs")]
    return {form: forms(entry)[0] for entries in lists for entry in entries for form in forms(entry)}


@cache
def root(lower: str) -> str:
    """A word without its endings, roughly: "promised" and "promises" are one."""
    if lower in _bases():
        return _bases()[lower]
    for ending, instead in (("'s", ""), ("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if lower.endswith(ending) and len(lower) - len(ending) >= 3 and not lower.endswith("ss"):
            lower = lower[: -len(ending)] + instead
            break
    return lower.rstrip("e") if len(lower) > 4 else lower


@lru_cache(maxsize=20_000)
def _read(text: str) -> tuple[str, str, frozenset[str], bool, bool, str]:
    """Lower case, stem, tags, whether possessive, whether capital, and root of a word as printed."""
    lower = text.lower().replace("’", "'").replace("‘", "'")
    possessive = text.endswith(("’s", "'s", "’", "'")) and lower not in {"it's", "that's", "there's"}
    known = text[0] not in PUNCTUATION and text not in {"US", "IT"}
    singular, tags = _look_up(lower) if known else (lower, _NOTHING)
    return lower, singular, tags, possessive, text[0].isupper(), "" if lower in PUNCTUATION else root(lower)


def _word(match: re.Match[str]) -> Word:
    lower, singular, tags, possessive, capital, bare = _read(match[0])
    return Word(match.start(), match.end(), lower, singular, tags, -1, possessive, capital, bare)


def read_words(text: str, amounts: Sequence[Amount] = ()) -> tuple[Word, ...]:
    """The words of a line in order; each amount, with its modifier and rate, is one word that points to it."""
    words: list[Word] = []
    at = 0
    for index, amount in enumerate(amounts):
        lead = max(at, amount.lead)
        words += [_word(m) for m in _WORD.finditer(text, at, lead)]
        words.append(Word(lead, amount.tail, "", "", _NOTHING, amount=index))
        at = amount.tail
    words += [_word(m) for m in _WORD.finditer(text, at)]
    return tuple(words)


def is_mark(word: Word, marks: frozenset[str] = PUNCTUATION) -> bool:
    return word.lower in marks


def has_tag(words: Sequence[Word], at: int, *tags: str) -> bool:
    return 0 <= at < len(words) and not words[at].tags.isdisjoint(tags)


def lower_at(words: Sequence[Word], at: int) -> str:
    return words[at].lower if 0 <= at < len(words) else ""


def change_of_noun(word: Word) -> str:
    """ "up", "down", "flat" or "any" for a noun of change, "" for another word."""
    return next((tag.split()[1] for tag in CHANGES if tag in word.tags), "")


def change_of_verb(word: Word) -> str:
    """ "up", "down" or "flat" for a verb of change (and for "up" and "down" themselves), "" for another word."""
    if word.lower in {"up", "down"}:
        return word.lower
    return next((name for name in ("up", "down", "flat") if f"verb {name}" in word.tags), "")


def _plural_noun(word: Word) -> bool:
    plural = (word.lower.endswith("s") and word.stem != word.lower) or word.lower in {"staff", "people", "police"}
    return plural and not word.possessive and not word.tags.isdisjoint({"other", "money", "paid"})


def _participle_before_noun(words: Sequence[Word], at: int) -> bool:
    """ "increased funding", "the proposed cut": a participle that belongs to the noun after it."""
    if not words[at].lower.endswith(("ed", "ing", "en")) or at + 1 >= len(words):
        return False
    after = words[at + 1].tags
    if after.isdisjoint(NOUN_TAGS) or not after.isdisjoint({"prepositions", "determiners"}):
        return False
    return at == 0 or has_tag(words, at - 1, "determiners", "prepositions", "adjectives") or is_mark(words[at - 1])


_MAYBE_NO_VERB = NOUN_TAGS | {"adjectives", "more", "less", "noun_verbs"}


def is_verb(words: Sequence[Word], at: int) -> bool:
    """Whether the word acts as a verb here, as far as its neighbours tell."""
    word = words[at]
    if "auxiliaries" in word.tags:
        return True
    before = words[at - 1] if at else None
    if word.tags.isdisjoint(_VERB_TAGS) or (before and (before.lower in _ARTICLES or before.possessive)):
        return False
    if word.tags.isdisjoint(_MAYBE_NO_VERB):
        return not _participle_before_noun(words, at)
    return _noun_as_verb(words, at)


def _noun_as_verb(words: Sequence[Word], at: int) -> bool:
    """Whether a word that may be a noun is a verb: after "to", an auxiliary, a pronoun, a plural; before an object."""
    word, before, after = words[at], lower_at(words, at - 1), lower_at(words, at + 1)
    if has_tag(words, at - 1, "auxiliaries", "pronouns") and not has_tag(words, at - 1, "determiners"):
        noun = word.lower.endswith("ing") and "money" in word.tags and after in {"for", "on"}
        return not (noun and before not in _BE)
    if before == "to":
        return not has_tag(words, at - 2, *CHANGES) and lower_at(words, at - 2) not in {"due", "thanks", "compared"}
    if before in {"which", "who"} or (before.endswith("ly") and after in {"by", "to", "from"}):
        return True
    if "noun_verbs" in word.tags and word.tags.isdisjoint(NOUN_TAGS):
        takes_object = has_tag(words, at + 1, "determiners", "more") or (
            at + 1 < len(words) and words[at + 1].amount >= 0
        )
        return takes_object or (word.lower.endswith("ed") and not _participle_before_noun(words, at))
    if word.lower.endswith("ing") and at + 1 < len(words) and words[at + 1].amount >= 0:
        return True
    if word.lower.endswith("ing") or word.lower in _MOSTLY_NOUNS:
        return False
    if at and _plural_noun(words[at - 1]):
        return not (word.lower.endswith("s") and after not in {"by", "to", "from"}) and after not in {"of", "in"}
    return _moves(words, at)


def _moves(words: Sequence[Word], at: int) -> bool:
    """ "funding increases by", "income fell": a word of change as a verb after a singular noun."""
    word, after = words[at], lower_at(words, at + 1)
    if word.tags.isdisjoint({"verb up", "verb down"}) or has_tag(words, at - 1, "determiners", "adjectives"):
        return False
    if at + 1 < len(words) and words[at + 1].amount >= 0:
        return True
    if has_tag(words, at + 1, "determiners") and has_tag(words, at - 1, "paid", "other"):  # "the council cut its grant"
        return True
    if after == "by" or (after in {"to", "from"} and word.lower.endswith("s")):
        return True
    return word.lower.endswith(("ed", "ell", "rew", "ose")) and not _participle_before_noun(words, at)
