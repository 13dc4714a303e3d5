"""Which texts are one story: the words of their bodies, sketches of them, and whether two are copies.

A body is what an article itself says (standfirst and paragraphs), without furniture, captions and headline: copies
get new headlines, and different articles the same one. Its words are read without case and marks, so that other
quotation marks change nothing. Copies share most of their runs of three words (shingles); the sketch is MinHash
(Broder 1997, by datasketch), its bands are those of locality-sensitive hashing (Leskovec, Rajaraman and Ullman, Mining
of Massive Datasets, chapter 3). What shares a band is only a candidate: the shingles themselves decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlp.records import BODY_KINDS, Block

if TYPE_CHECKING:
    from datasketch import MinHash

Hashes = NDArray[np.uint32]

#: Words a shingle has.
SHINGLE = 3
#: 32 bands of four: of two texts that share 0.6 of their shingles 99 in 100 meet in a band, of such that share a tenth
#: three in a thousand.
PERMUTATIONS, ROWS, SEED = 128, 4, 1
#: The share of shingles (of both together) that makes two texts copies. A copy trimmed by a fifth has 0.8 of them,
#: with a paragraph rewritten too 0.64; half of a press release in an article of one's own makes a third.
SAME = 0.55
#: Copies give the same numbers; a form that is filled in for every place or month does not. So many in common of the
#: fewer, where both give so many.
SAME_NUMBERS, FEW_NUMBERS = 0.5, 4
#: Shorter bodies are told by all their words with their title alone: a brief is too like another brief.
LEAST_WORDS = 40
_WORD = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"['’‘ʼ`]")


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The words of an article. ``digest`` names them all in their order, ``shingles`` are sorted, each once."""

    digest: str
    words: int
    shingles: Hashes
    numbers: frozenset[str]


def body_of(text: str, blocks: Sequence[Block], title: str | None) -> Body | None:
    """The body of an article; None when it has no words. What was never cut into blocks is all body."""
    parts = [text[block.start : block.end] for block in blocks if block.kind in BODY_KINDS] if blocks else [text]
    words = _WORD.findall(_APOSTROPHE.sub("", " ".join(parts).casefold()))
    if not words:
        return None
    named = words if len(words) >= LEAST_WORDS else [*_WORD.findall((title or "").casefold()), "|", *words]
    digest = sha256(" ".join(named).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    numbers = frozenset(word for word in words if word[0].isdecimal())
    return Body(digest, len(words), _shingles(words), numbers)


def _shingles(words: Sequence[str]) -> Hashes:
    runs = (" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)))
    return np.unique(np.fromiter((crc32(run.encode("utf-8", "surrogatepass")) for run in runs), np.uint32))


def signature_of(body: Body) -> bytes | None:
    """The sketch of a body in 512 bytes, the same on every machine; None for a body that is too short for one."""
    if body.words < LEAST_WORDS:
        return None
    sketch = _empty().copy()
    sketch.update_batch(body.shingles.tolist())
    return np.asarray(sketch.hashvalues).astype("<u4").tobytes()


@cache
def _empty() -> MinHash:
    # Half a second to import, and only what writes needs it.
    from datasketch import MinHash

    return MinHash(num_perm=PERMUTATIONS, seed=SEED, hashfunc=int, scheme="affine32")


def bands_of(signature: bytes) -> tuple[int, ...]:
    """The keys of a sketch, of 63 bits: similar bodies have one in common."""
    width = 4 * ROWS
    parts = (signature[start : start + width] for start in range(0, len(signature), width))
    digests = (sha256(bytes([number]) + part).digest() for number, part in enumerate(parts))
    return tuple(int.from_bytes(digest[:8], "big") >> 1 for digest in digests)


def likeness(first: Hashes, second: Hashes) -> float:
    """The share of two sets of shingles that both have (Jaccard)."""
    common = len(np.intersect1d(first, second, assume_unique=True))
    return common / (len(first) + len(second) - common)


def are_copies(first: Body, second: Body) -> bool:
    """Whether two bodies are of one story."""
    if first.digest == second.digest:
        return True
    if min(first.words, second.words) < LEAST_WORDS or likeness(first.shingles, second.shingles) < SAME:
        return False
    fewer = min(len(first.numbers), len(second.numbers))
    return fewer < FEW_NUMBERS or len(first.numbers & second.numbers) >= SAME_NUMBERS * fewer


def may_be_copies(first: bytes, second: bytes) -> bool:
    """The same by sketches alone, within about 0.04: for a text that is gone."""
    own, other = (np.frombuffer(each, "<u4") for each in (first, second))
    return float((own == other).mean()) >= SAME
