"""What the block model reads of each line of a page: named numbers of the line, of its place and of its neighbours."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

import corpora
from nlp.page_lines import Line
from nlp.records import EVIDENCE_KINDS, BlockKind

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

#: Dates, names and counts tell something of lines up to so many words; in prose they tell nothing.
SHORT_WORDS = 16
#: The share of words such as "more", "us" and "next" that prose holds too.
USUAL_SITE_WORDS = 0.12
#: Lines on either side over which the page around a line is averaged.
WINDOW = 4
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}(?!\d)|\b\d{1,2} ?[ap]\.?m\b", re.IGNORECASE)
_DAY = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b")
_AGO = re.compile(
    r"\b(?:\d+|an?|one|two) ?(?:mo|y|yr|h|hr|m|min|d|w|wk|second|minute|hour|day|week|month|year)s?\b(?: ago)?", re.I
)
_ADDRESS = re.compile(r"https?:|www\.|\w@\w|\w\.(?:co|com|org|net|uk|example)\b")
_HANDLE = re.compile(r"(?:^|\s)[@#][A-Za-z]\w+|\b[ru]/\w+")
_COUNT = re.compile(r"^\W*\d[\d,.]*\W*$|[\[(]\d[\d,]*[\])]\W*$")
_SEPARATORS = frozenset("|·•»›>←→△▽▼►★☆/")
_QUOTES = frozenset("‘’“”\"'")
_CONTRACTIONS = tuple(f"{mark}{rest}" for mark in "'’" for rest in ("t ", "m ", "re ", "ve ", "ll "))
_ENUMERATED = re.compile(r"\(?(?:[a-z]|[ivx]+|\d{1,2}(?:\.\d{1,2})*)[.)]\s|\d{1,2}\.\d{1,2}\s")
#: "Dr Ann Lee is a GP in Hull": who wrote it, which says whose views a comment piece holds.
_SIGN_OFF = re.compile(
    r"[•*\s]*(?:Dr |Prof |Professor |Sir |Dame )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){1,3}"
    r" (?:is|was|are|writes|chairs|runs)\b"
)
_LETTERS_PAGE = re.compile(
    r"\W*(?:(?:your|our|the|readers['’]?)\s+)?(?:letters?(?: page| to the editor)?|post ?bag|feedback)\W*",
    re.IGNORECASE,
)
_SALUTATION = re.compile(r"(?:dear\s+)?(?:sir|madam|editor)\b\s*[-,–—:]", re.IGNORECASE)
#: So many letters open with "Sir", or so many lines are a time of day: a page of letters, a page that was written live.
SALUTATIONS, TIMES = 2, 3
TOP_LINES = 6
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")

_LINE = (
    "log words", "words 1-2", "words 3-6", "words 7-14", "prose", "ends in a stop", "full stop", "question", "colon",
    "lower case first", "bullet", "digit first", "quote first", "quote last", "quotation", "share of capitals",
    "all capitals first", "upper case", "share of numbers", "separator", "address", "handle", "copyright sign",
    "count", "date", "clock", "time ago", "name", "shouts", "contractions", "pounds", "site words above the usual",
    "share of site words", "reply words", "share of reply words", "share of poster words", "talk", "speech", "self",
    "you", "chatty", "share of chatty", "plain sentence", "furniture", "opens comments", "opens links", "byline",
    "caption", "poster line", "reply line", "enumerated", "sign-off",
)  # fmt: skip
_PLACE = (
    "first", "last", "from top", "from bottom", "share above", "prose above", "prose below", "log prose above",
    "from prose above", "to prose below", "words shared with prose", "short and shared", "same text again",
    "same shape again", "below comments", "from comments", "reply lines above", "reply lines below", "to reply line",
    "poster lines above", "poster lines below", "from poster line", "from links header", "from talk", "talk above",
    "letters page", "live page", "rule: evidence", "rule: comment", "rule: furniture",
)  # fmt: skip
#: What is averaged over the lines around.
_AROUND = (
    "prose", "ends in a stop", "speech", "self", "chatty", "share of site words", "furniture", "poster line",
    "reply line", "plain sentence",
)  # fmt: skip
#: What is read of the neighbours one by one.
_NEAR = (
    "log words", "ends in a stop", "prose", "date", "name", "share of site words", "share of reply words",
    "self", "furniture", "opens comments", "opens links", "chatty", "speech", "poster line", "plain sentence",
    "talk", "rule: evidence", "rule: comment", "rule: furniture",
)  # fmt: skip
_OFFSETS = (-2, -1, 1, 2)
FEATURES = (
    *_LINE,
    *_PLACE,
    *(f"{name} around" for name in _AROUND),
    *(f"{name} at {offset:+d}" for offset in _OFFSETS for name in _NEAR),
)


@cache
def _column(name: str) -> int:
    return FEATURES.index(name)


@cache
def _word_lists() -> dict[str, tuple[int, ...]]:
    """A word -> the indexes of the lists that hold it, in the order of ``_LISTS``."""
    lists = corpora.lexicon("blocks")["words"]
    table: dict[str, tuple[int, ...]] = {}
    for index, name in enumerate(_LISTS):
        for word in lists[name].split():
            table[word] = (*table.get(word, ()), index)
    return table


_LISTS = ("site", "reply", "poster", "speech", "talk", "self", "you", "chatty", "months")


def features(lines: Sequence[Line], guess: Sequence[BlockKind], opened: int) -> Floats:
    """A row of ``FEATURES`` for each line; ``guess`` are the kinds by rule, ``opened`` opens the comments."""
    if not lines:
        return np.zeros((0, len(FEATURES)))
    own = np.array([_of_line(line) for line in lines], dtype=np.float64)
    placed = np.hstack([own, _of_place(lines, guess, own, opened)])
    near = placed[:, [_column(name) for name in _NEAR]]
    n, edge = len(lines), np.zeros((2, near.shape[1]))
    padded = np.vstack([edge, near, edge])
    around = _around(own[:, [_column(name) for name in _AROUND]])
    return np.hstack([placed, around, *(padded[2 + offset : 2 + offset + n] for offset in _OFFSETS)])


def plain_sentences(read: Floats) -> list[bool]:
    """Which rows of features are of lines that end as a sentence does and hold few words of furniture."""
    return [bool(value) for value in read[:, _column("plain sentence")]]


def is_serial(read: Floats) -> bool:
    """Whether features are of a page of letters or of one written live: short pieces with names or times between."""
    return bool(len(read)) and bool(read[0, _column("letters page")] or read[0, _column("live page")])


def _of_line(line: Line) -> list[float]:
    """The numbers of one line, in the order of ``_LINE``."""
    text, words = line.text, line.words
    n = max(len(words), 1)
    short = len(words) <= SHORT_WORDS
    hits = _hits(line)
    site, reply, poster, speech, talk, self_, you, chatty, months = hits
    capitals = sum(1 for word in words if word[0].isupper())
    digits = sum(1 for word in words if word[0].isdigit()) if short else 0
    clock = short and digits > 0 and bool(_CLOCK.search(text))
    ago = short and bool(_AGO.search(text))
    date = (months > 0 and digits > 0) or (digits > 2 and bool(_DAY.search(text)))
    quotes = _QUOTES.intersection(text)
    reply_line = short and (reply / n >= 0.3 or (line.is_furniture and reply > 0))
    poster_line = len(words) <= 14 and not reply_line and (date or clock or ago or poster / n >= 0.2)
    plain = line.stopped and len(words) >= 4 and site / n < 0.2 and text[-1] not in ":;"
    return [
        math.log1p(len(words)),
        len(words) <= 2,
        3 <= len(words) <= 6,
        7 <= len(words) <= 14,
        line.is_prose,
        line.stopped,
        text[-1] == ".",
        text[-1] == "?",
        text[-1] == ":",
        text[0].islower(),
        text[0] in "•-*–·",
        text[0].isdigit(),
        text[0] in _QUOTES,
        text[-1] in _QUOTES,
        len(words) > 6 and bool(quotes.intersection('‘“"')),
        capitals / n,
        len(words) > 0 and capitals == len(words) and not line.stopped,
        short and text.isupper(),
        digits / n,
        short and not _SEPARATORS.isdisjoint(text),
        "." in text and (short or "@" in text or "www" in text) and bool(_ADDRESS.search(text)),
        ("@" in text or "#" in text or "/" in text) and bool(_HANDLE.search(text)),
        "©" in text,
        short and digits > 0 and bool(_COUNT.search(text)),
        date,
        clock,
        ago,
        2 <= len(words) <= 4 and capitals == len(words) and digits == 0,
        min(text.count("!") + text.count("...") + text.count("…") + text.count("??"), 3),
        min(sum(text.count(form) for form in _CONTRACTIONS), 3) if "'" in quotes or "’" in quotes else 0,
        "£" in text,
        math.log1p(max(site - USUAL_SITE_WORDS * n, 0)),
        site / n,
        math.log1p(reply),
        reply / n if short else 0.0,
        poster / n if short else 0.0,
        talk > 0 and len(words) <= 10 and text[-1] != ".",
        speech > 0 and len(words) > 5,
        math.log1p(self_),
        math.log1p(you),
        math.log1p(chatty),
        chatty / n,
        plain,
        line.is_furniture,
        line.opens_comments,
        line.opens_links,
        line.is_byline,
        line.is_caption,
        poster_line,
        reply_line,
        bool(_ENUMERATED.match(text)),
        3 <= len(words) <= 30 and bool(_SIGN_OFF.match(text)),
    ]


def _hits(line: Line) -> list[int]:
    """How many words of the line stand in each of ``_LISTS``."""
    counts = [0] * len(_LISTS)
    table = _word_lists()
    for word in line.lower:
        for index in table.get(word, ()):
            counts[index] += 1
    return counts


def _of_place(lines: Sequence[Line], guess: Sequence[BlockKind], own: Floats, opened: int) -> Floats:
    """The numbers of the page around each line, in the order of ``_PLACE``."""
    n = len(lines)
    index = np.arange(n)
    words = np.array([len(line.words) for line in lines], dtype=np.float64)
    prose, links = own[:, _column("prose")] > 0, own[:, _column("opens links")] > 0
    above = np.concatenate([[0.0], np.cumsum(words * prose)])
    total, below_body = max(above[-1], 1.0), above[:-1] > 0
    reply = (own[:, _column("reply line")] > 0) & below_body
    poster = (own[:, _column("poster line")] > 0) & below_body
    talk = (own[:, _column("talk")] > 0) & below_body
    shared = _shared(lines, prose)
    letters, live = _is_letters_page(lines), sum(1 for line in lines if line.is_time) >= TIMES
    kinds = np.array([(k in EVIDENCE_KINDS, k is BlockKind.READER_COMMENT, k is BlockKind.BOILERPLATE) for k in guess])
    return np.column_stack([
        index == 0,
        index == n - 1,
        np.log1p(index),
        np.log1p(n - 1 - index),
        index / n,
        above[:-1] / total,
        1 - above[1:] / total,
        np.log1p(above[:-1]),
        _since(prose, 9),
        _since(prose[::-1], 9)[::-1],
        shared,
        shared * (words <= SHORT_WORDS),
        _again([line.text for line in lines]),
        _again([_shape(line) for line in lines]),
        index > opened,
        np.clip(index - opened, 0, 20) / 20,
        np.log1p(np.cumsum(reply) - reply),
        np.log1p(reply.sum() - np.cumsum(reply)),
        _since(reply[::-1], 6)[::-1],
        np.log1p(np.cumsum(poster) - poster),
        np.log1p(poster.sum() - np.cumsum(poster)),
        _since(poster, 6),
        _since(links, 8),
        _since(talk, 12),
        np.minimum(np.cumsum(talk) - talk, 3),
        np.full(n, letters),
        np.full(n, live),
        kinds,
    ])  # fmt: skip


def _is_letters_page(lines: Sequence[Line]) -> bool:
    """Letters to the editor are the article; they read like comments and have names below them."""
    if sum(1 for line in lines if _SALUTATION.match(line.text)) >= SALUTATIONS:
        return True
    return any(_LETTERS_PAGE.fullmatch(line.text) for line in lines[:TOP_LINES])


def _since(marks: Marks, most: int) -> Floats:
    """How many lines ago the last mark stood, before each line: 0 to 1, which is ``most`` lines and more."""
    index = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, index, -99))
    before = np.concatenate([[-99], last[:-1]])
    ago: Floats = np.minimum(index - before, most) / most
    return ago


def _around(columns: Floats) -> Floats:
    """Means over ``WINDOW`` lines on either side, the line itself among them."""
    n = len(columns)
    sums = np.vstack([np.zeros((1, columns.shape[1])), np.cumsum(columns, axis=0)])
    start = np.maximum(np.arange(n) - WINDOW, 0)
    end = np.minimum(np.arange(n) + WINDOW + 1, n)
    means: Floats = (sums[end] - sums[start]) / (end - start)[:, None]
    return means


def _again(keys: Sequence[str]) -> Floats:
    """How often each key stands elsewhere, as a logarithm."""
    counts = Counter(keys)
    return np.log1p(np.array([counts[key] - 1 for key in keys], dtype=np.float64))


def _shape(line: Line) -> str:
    """What a short line looks like: digits and words give way to signs, so that lines of one make look alike."""
    if len(line.words) > SHORT_WORDS:
        return str(line.start)
    return _LETTERS.sub("a", _DIGITS.sub("0", line.text))


def _shared(lines: Sequence[Line], prose: Marks) -> Floats:
    """The share of a line's longer words that stand in prose elsewhere on the page."""
    bags = [{word for word in line.lower if len(word) > 3} for line in lines]
    counts: Counter[str] = Counter()
    for bag, is_prose in zip(bags, prose, strict=True):
        if is_prose:
            counts.update(bag)
    shares = [
        sum(1 for word in bag if counts[word] > is_prose) / len(bag) if bag else 0.0
        for bag, is_prose in zip(bags, prose.tolist(), strict=True)
    ]
    return np.array(shares)
