"""Cuts text into sentences, by rules made for the UK press: initials, "Dr.", "£1.2bn.", marks after the stop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import corpora
from nlp.marks import MARKS
from nlp.records import Article, Block, Sentence

# A stop, what may close a quotation after it, white space, and the start of something new.
_BREAK = re.compile(
    rf"(?P<stop>[.…!?](?:(?<=\.)\.{{0,2}}|(?<=[!?])[!?]*|))(?P<close>[{re.escape(MARKS)})\]]*)(?P<space>\s+)(?=(?P<next>\S))"
)
_OPENERS = MARKS + "([£$€•–—-"
# "contract.Their plans": a lost space after a full stop between a lower-case word and a capitalised one.
_GLUED = re.compile(r"(?P<stop>\.)(?<=[a-z]{3}\.)(?P<close>[\"”’]?)(?P<space>)(?=(?P<next>[A-Z][a-z]+\s))")


_INITIALS = re.compile(r"[a-z](\.[a-z])*")


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(word.lower() for word in corpora.lexicon("abbreviations")["before_names"])


@cache
def _weak_abbreviations() -> frozenset[str]:
    return frozenset(word.lower() for word in corpora.lexicon("abbreviations")["may_end"])


def _is_abbreviated(printed: str, following: str) -> bool:
    """Whether a word stands before a name or number: "Rep. Hale", "no. 5"; but "their union rep. He" ends one."""
    capital_only = printed[:1].islower() and printed not in corpora.lexicon("abbreviations")["before_names"]
    return printed.lower() in _abbreviations() and (following.isdigit() or not capital_only)


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the stop of ``match`` ends a sentence in ``text`` (from ``start``)."""
    following = match["next"]
    if match["stop"] != ".":
        # "What next?" she asked: a lower-case word goes on with the sentence.
        return not following.islower()
    if following.islower() or following in ",;:":
        return False
    word = text[start : match.start()].rsplit(None, 1)[-1:] or [""]
    printed = word[0].lstrip(_OPENERS)
    last = printed.lower()
    if _is_abbreviated(printed, following) or (_INITIALS.fullmatch(last) and last not in {"i", "a"}):
        return False
    return not (last in _weak_abbreviations() and not following.isupper() and following not in _OPENERS)


def _skip_space(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield half-open offsets of the sentences of ``text[start:end]``, without white space around them."""
    begin = _skip_space(text, start, end)
    breaks = sorted((*_BREAK.finditer(text, start, end), *_GLUED.finditer(text, start, end)), key=lambda m: m.start())
    for match in breaks:
        if _ends_sentence(text, begin, match):
            stop = match.end("close")
            if stop > begin:
                yield begin, stop
            begin = match.end("space")
    begin = _skip_space(text, begin, end)
    stop = end
    while stop > begin and text[stop - 1].isspace():
        stop -= 1
    if stop > begin:
        yield begin, stop


def sentences(article: Article) -> tuple[Sentence, ...]:
    """The sentences of every block of a segmented article, in order."""
    return tuple(
        Sentence(article.span(start, end), index)
        for index, block in enumerate(article.blocks)
        for start, end in _block_sentences(article.text, block)
    )


def _block_sentences(text: str, block: Block) -> Iterator[tuple[int, int]]:
    return split_sentences(text, block.start, block.end)
