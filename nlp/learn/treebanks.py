"""Training and measuring data of the language pipeline, as spaCy documents.

Everything is marked with what its source knows and no more: a treebank without entities leaves them
missing, a list of entities leaves heads missing, and spaCy then learns nothing from the gap.
"""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import filter_spans
from spacy.vocab import Vocab

from nlp.annotations import GoldDocument
from nlp.errors import DataError

#: Names of the kinds of entity, by those of the sources.
KINDS = {"PER": "PERSON", "ORG": "ORG", "LOC": "PLACE", "Person": "PERSON", "Organisation": "ORG", "Location": "PLACE"}
_GUM = {"person": "PERSON", "organization": "ORG", "place": "PLACE"}
_QUOTES = (("“", "”"), ("‘", "’"))
_HONORIFIC = re.compile(
    r"^(?:Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Mr|Mrs|Ms|Miss|Cllr|Councillor|Commissioner)\.?\s+"
)
#: Small words inside names, and kinds of body that are no name by themselves.
_JOINING = frozenset(
    ["of", "for", "and", "the", "in", "on", "&", "de", "van", "der", "von", "du", "da", "di", "la", "le", "upon"]
)
NO_NAMES = frozenset(
    [
        "CCG",
        "CCGs",
        "LMC",
        "LMCs",
        "PCT",
        "PCTs",
        "ICB",
        "ICBs",
        "ICS",
        "STP",
        "MP",
        "MPs",
        "GP",
        "GPs",
        "Government",
        "Department",
        "Centre",
        "Council",
        "Trust",
        "Board",
        "Committee",
        "Alliance",
        "Gazette",
        "Group",
        "Authority",
        "Chair",
        "Chairman",
        "Commission",
        "Union",
        "Association",
        "College",
        "Panel",
        "Federation",
    ]
)


@dataclass(slots=True)
class Word:
    """A token of a treebank; ``head`` counts from 1, 0 is the root; ``entity`` is an IOB tag or "" for unknown."""

    form: str
    lemma: str = ""
    pos: str = ""
    tag: str = ""
    head: int = -1
    dep: str = ""
    space: bool = True
    entity: str = ""


def lines_of(path: Path) -> Iterator[str]:
    if not path.is_file():
        raise DataError("is missing", where=str(path), do="set STANDPOINT_SHARED to the folder of the shared data")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (line.rstrip("\n") for line in lines)


def read_conllu(path: Path, *, entities: bool = False) -> Iterator[tuple[bool, list[Word]]]:
    """Sentences, each with whether it opens a document. A contraction is cut as the tokenizer cuts it: "do" "n't".

    With ``entities``, names are read off GUM's nested mentions (MISC column): those of persons,
    organisations and places that are headed by a proper noun, the outermost of each.
    """
    words: list[Word] = []
    marks: list[str] = []
    fresh = False
    joined: dict[int, tuple[int, str, bool]] = {}
    for line in (*lines_of(path), ""):
        if line.startswith("# newdoc"):
            fresh = True
        elif not line and words:
            _join(words, joined)
            if entities:
                _mark_names(words, marks)
            yield fresh, words
            words, marks, joined, fresh = [], [], {}, False
        elif line and not line.startswith("#"):
            cells = line.split("\t")
            glued = "SpaceAfter=No" in cells[9]
            if "-" in cells[0]:
                first, last = map(int, cells[0].split("-"))
                joined[first] = (last, cells[1], not glued)
            elif "." not in cells[0]:
                words.append(
                    Word(cells[1], cells[2], cells[3], cells[4], int(cells[6]), cells[7].split(":")[0], not glued)
                )
                marks.append(next((m[7:] for m in cells[9].split("|") if m.startswith("Entity=")), ""))


def _join(words: list[Word], joined: Mapping[int, tuple[int, str, bool]]) -> None:
    """Close up the parts of a contraction where they spell it; otherwise they stand as words of their own."""
    for first, (last, form, space) in joined.items():
        part = words[first - 1 : last]
        if "".join(word.form for word in part) == form:
            for word in part[:-1]:
                word.space = False
        part[-1].space = space


def _mark_names(words: list[Word], marks: list[str]) -> None:
    """Write IOB tags from "(1-person-…" and "1)" marks."""
    open_: list[tuple[str, str, int]] = []
    found: list[tuple[int, int, str]] = []
    for i, mark in enumerate(marks):
        for opened, closed in re.findall(r"\(([^()]+)|([^()]+)\)", mark):
            for part in (opened,) if opened else ():
                bits = part.split("-")
                open_.append((bits[0], bits[1] if len(bits) > 1 else "", i))
            if closed:
                _close(open_, closed.split("-")[0], i, found)
        for single in re.findall(r"\(([^()]+)\)", mark):
            _close(open_, single.split("-")[0], i, found)
    for word in words:
        word.entity = "O"
    for start, end, kind in sorted(found, key=lambda f: f[0] - f[1]):
        part = words[start:end]
        while part and (part[0].pos in {"DET", "PUNCT"} or re.fullmatch(_HONORIFIC.pattern, f"{part[0].form} ")):
            part = part[1:]
        heads = [w for w in part if not (start < w.head <= end)]
        proper = all(w.pos in {"PROPN", "ADP", "DET", "CCONJ", "NUM", "PART", "NOUN", "ADJ"} for w in part)
        if not part or not heads or heads[0].pos != "PROPN" or not proper or len(part) > 7:
            continue
        if all(w.entity == "O" for w in part):
            for k, word in enumerate(part):
                word.entity = ("I-" if k else "B-") + kind


def _close(open_: list[tuple[str, str, int]], name: str, at: int, found: list[tuple[int, int, str]]) -> None:
    for k in range(len(open_) - 1, -1, -1):
        if open_[k][0] == name:
            _, kind, start = open_.pop(k)
            if kind in _GUM:
                found.append((start, at + 1, _GUM[kind]))
            return


def read_iob(path: Path, *, word: int, tag: int, separator: str | None) -> Iterator[list[Word]]:
    """Sentences of a list of entities: the columns of word and tag are counted from 0."""
    words: list[Word] = []
    for line in (*lines_of(path), ""):
        if not line.strip():
            if words:
                yield words
            words = []
        elif not line.startswith("# "):
            cells = line.split(separator)
            words.append(Word(cells[word], entity=_kind(cells[tag])))
    _space(words)


def _kind(tag: str) -> str:
    head, _, name = tag.partition("-")
    return f"{head}-{KINDS[name]}" if name in KINDS else "O"


def _space(words: list[Word]) -> None:
    """Plain spacing for sources that keep none."""
    for word, following in itertools.pairwise(words):
        word.space = (
            not re.fullmatch(r"[.,;:!?)\]%]|n't|'s|'re|'ve|'ll|'d|'m", following.form) and word.form not in "([$£"
        )


def document(vocab: Vocab, sentences: Iterable[list[Word]]) -> Doc:
    """A spaCy document of some sentences."""
    words = [word for sentence in sentences for word in sentence]
    starts: list[bool | int | None] = []
    heads: list[int] = []
    at = 0
    parsed = all(word.head >= 0 for word in words)
    for sentence in sentences:
        for i, word in enumerate(sentence):
            starts.append(i == 0)
            heads.append(at + (word.head - 1 if word.head > 0 else i))
        at += len(sentence)
    known = {
        "heads": heads,
        "deps": [word.dep if word.dep != "root" else "ROOT" for word in words],
        "tags": [word.tag for word in words],
        "pos": [word.pos for word in words],
        "lemmas": [word.lemma for word in words],
    }
    doc = Doc(
        vocab,
        words=[word.form for word in words],
        spaces=[word.space for word in words],
        sent_starts=None if parsed else starts,
        **(known if parsed else {}),  # type: ignore[arg-type]
    )
    spans = list(_entities(doc, words))
    unknown = [doc[i : i + 1] for i, word in enumerate(words) if not word.entity]
    doc.set_ents(spans, missing=unknown, default="outside")
    return doc


def _entities(doc: Doc, words: list[Word]) -> Iterator[Span]:
    """IOB1 and IOB2 tags alike: a span begins where the kind changes."""
    start, kind = 0, ""
    for i, tag in enumerate([*(word.entity for word in words), "O"]):
        head, _, name = tag.partition("-")
        if kind and (name != kind or head == "B"):
            yield Span(doc, start, i, label=kind)
            kind = ""
        if name and not kind:
            start, kind = i, name


def treebank(vocab: Vocab, path: Path, *, entities: bool = False, group: int = 6, seed: int = 0) -> list[Doc]:
    """Documents of one to ``group`` sentences that follow each other, so that the parser learns where one ends."""
    chance = random.Random(seed)
    docs: list[Doc] = []
    held: list[list[Word]] = []
    size = 1
    for fresh, words in read_conllu(path, entities=entities):
        if held and (fresh or len(held) >= size):
            docs.append(document(vocab, held))
            held, size = [], chance.randint(1, group)
        held.append(words)
    if held:
        docs.append(document(vocab, held))
    return docs


def entity_list(vocab: Vocab, path: Path, *, word: int, tag: int, separator: str | None = None) -> list[Doc]:
    """One document a sentence, entities only."""
    found = []
    for words in read_iob(path, word=word, tag=tag, separator=separator):
        _space(words)
        found.append(document(vocab, [words]))
    return found


def press_quotes(doc: Doc, chance: random.Random) -> Doc:
    """The same document with the quotation marks and apostrophes of the British press for straight ones."""
    left, right = chance.choice(_QUOTES)
    words, inside = [], False
    for token in doc:
        if token.text in {'"', "``", "''"}:
            words.append(right if inside else left)
            inside = not inside
        else:
            words.append(token.text.replace("'", "’"))
    layers: list[int | str] = ["TAG", "POS", "HEAD", "DEP", "LEMMA", "SENT_START", "ENT_IOB", "ENT_TYPE"]
    data: Any = doc.to_array(layers)
    copy = Doc(doc.vocab, words=words, spaces=[bool(token.whitespace_) for token in doc])
    return copy.from_array(layers, data)


def gold_mentions(document: GoldDocument) -> list[tuple[int, int, str]]:
    """Where the persons and organisations of a gold article are named: start, end, kind; the longest name wins.

    A person's mention is without the honorific and may be the surname alone. Names without a capital
    ("the board", "member practices") are no names.
    """
    raw = json.loads(document.path.read_bytes())
    found: list[tuple[int, int, str]] = []
    for row in raw["stakeholders"]:
        kind = {"person": "PERSON", "organisation": "ORG"}.get(row["kind"])
        if kind is None:
            continue
        for name in _spellings(row["name"], row.get("aliases") or (), kind):
            found += [(*m.span(), kind) for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", document.text)]
    found.sort(key=lambda f: (f[0] - f[1], f[0]))
    taken: list[tuple[int, int, str]] = []
    for start, end, kind in found:
        if all(end <= s or start >= e for s, e, _ in taken):
            taken.append((start, end, kind))
    return sorted(taken)


def _spellings(name: str, aliases: Iterable[str], kind: str) -> set[str]:
    """The names among what somebody is called: "the chair", "CCG" and "a councillor in Barking" are none."""
    full = {word for word in without_title(name).split() if word[:1].isupper()}
    found = set()
    for written in (name, *aliases):
        bare = without_title(written)
        words = bare.split()
        proper = (
            bool(words) and all(word[:1].isupper() or word in _JOINING for word in words) and words[0][:1].isupper()
        )
        if not proper or bare in NO_NAMES or (kind == "PERSON" and len(words) == 1 and words[0] not in full):
            continue
        found.add(bare)
        if kind == "PERSON" and len(words) > 1:
            found.add(words[-1])
    return found


def without_title(name: str) -> str:
    """A name without what stands before it: articles, possessive pronouns, honorifics."""
    bare = re.sub(r"^(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Oo]ur|[Yy]our)\s+", "", name)
    while (cut := _HONORIFIC.sub("", bare)) != bare:
        bare = cut
    return bare


def gold_entities(language: Language, documents: Iterable[GoldDocument]) -> list[Doc]:
    """The paragraphs of gold articles with the names that their gold knows.

    A capitalised word that is in no known name may be a place or a body that the gold had no reason to
    list: it is left missing, unless it opens a sentence. Words in lower case are outside.
    """
    docs = []
    for gold in documents:
        mentions = gold_mentions(gold)
        at = 0
        for line in gold.text.split("\n"):
            if line.strip():
                doc = language.make_doc(line)
                spans = [
                    doc.char_span(start - at, end - at, label=kind, alignment_mode="contract")
                    for start, end, kind in mentions
                    if at <= start and end <= at + len(line)
                ]
                known = filter_spans([span for span in spans if span is not None and len(span)])
                inside = {i for span in known for i in range(span.start, span.end)}
                missing = [doc[t.i : t.i + 1] for t in doc if t.i not in inside and t.text[:1].isupper() and t.i]
                doc.set_ents(known, missing=missing, default="outside")
                docs.append(doc)
            at += len(line) + 1
    return docs


def examples(docs: Iterable[Doc], language: Language, *, own: bool = True) -> list[Example]:
    """Pairs of what the pipeline sees and what it should find.

    ``own``: the words are cut by the pipeline's tokenizer, as in use; otherwise they stand as the source cut them.
    """
    return [
        Example(
            language.make_doc(doc.text)
            if own
            else Doc(doc.vocab, [t.text for t in doc], [bool(t.whitespace_) for t in doc]),
            doc,
        )
        for doc in docs
    ]
