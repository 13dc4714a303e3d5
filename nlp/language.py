"""Loads the models of one worker, once: the language pipeline and the two small encoders.

A user may name another language pipeline (any installed spaCy pipeline with tagger, parser and names)
and another sentence encoder; both are read from this machine, and nothing is ever fetched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nlp.artifacts import Manifest, verify
from nlp.block_model import BLOCKS
from nlp.encoders import CrossEncoder, MiniLM, SentenceEncoder
from nlp.errors import NotSetUpError
from nlp.linear import Choice, Choices, LinearModel, read_choice, read_linear
from nlp.records import EVIDENCE_KINDS, Article, Name, NameKind
from nlp.sentence_encoder import ENCODER
from nlp.stance_head import read_head
from nlp.stance_reader import StanceReader
from nlp.user_encoder import UserEncoder

#: The folders of the shipped models.
LANGUAGE, STANCE = "language-en-1", "stance-minilm-int8"
STANCE_HEAD = "stance-head-1"
ATTRIBUTION = "attribution-1"
#: The linear models of the attribution folder.
HEADS = ("reported", "holder", "source")
#: The folder of the figure models, and the field that each of them reads.
FIGURES, FIGURE_FIELDS = "figures-1", ("kind", "direction", "status")
#: What a language pipeline must be able to do, by the attribute that each component writes.
_NEEDED = {"tags": "token.tag", "a parse": "token.dep", "names": "doc.ents"}
#: Names of kinds of entity, in the pipelines that people have, by the one that is used here.
_KINDS = {
    "PERSON": NameKind.PERSON,
    "PER": NameKind.PERSON,
    "ORG": NameKind.ORGANISATION,
    "PLACE": NameKind.PLACE,
    "GPE": NameKind.PLACE,
    "LOC": NameKind.PLACE,
    "FAC": NameKind.PLACE,
}
#: What a name is in its clause when that is about it, in the labels that pipelines have.
_ACTING = frozenset({"nsubj", "nsubjpass", "nsubj:pass", "appos"})
#: Characters that the pipeline reads at once; a paragraph of prose is far shorter, and spaCy refuses a million.
LONGEST = 100_000
#: Words before a name that are none of it.
_NO_PART = frozenset(
    [
        "the",
        "dr",
        "dr.",
        "prof",
        "prof.",
        "professor",
        "sir",
        "dame",
        "lord",
        "lady",
        "mr",
        "mr.",
        "mrs",
        "mrs.",
        "ms",
        "ms.",
        "miss",
        "cllr",
        "cllr.",
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """What one worker holds. ``manifests`` are those of the shipped models in use.

    Without a ``reader`` the rules alone say who stands where, without ``heads`` who said what, and without
    ``figures`` of what kind and how firm a figure is: the baseline.
    """

    language: Language
    encoder: SentenceEncoder
    reader: StanceReader | None
    heads: Mapping[str, LinearModel]
    manifests: tuple[Manifest, ...]
    figures: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """What each model is, for the run: its kind, and its name, version and digest."""
        shipped = {m.kind: f"{m.name}-{m.version} {m.digest[:12]}" for m in self.manifests}
        own = {
            "language": f"{self.language.meta['lang']}_{self.language.meta['name']}-{self.language.meta['version']}",
            "encoder": self.encoder.name,
        }
        return tuple((own | shipped).items())


def folder_of(name: str) -> Path:
    """Where a shipped model lies."""
    return Path(str(files("models") / name))


@cache
def load_models(language: str = "", encoder: str = "") -> Models:
    """The models, loaded once a process; empty names mean the shipped ones.

    Raises NotSetUpError where a model is missing, changed or unable to do what is needed of it.
    """
    manifests: list[Manifest] = [verify(folder_of(BLOCKS), kind="blocks")]
    if not language:
        manifests.append(verify(folder_of(LANGUAGE), kind="language"))
    stance = CrossEncoder(folder_of(STANCE))
    shipped = MiniLM(folder_of(ENCODER))
    found: SentenceEncoder = UserEncoder(encoder) if encoder else shipped
    heads, sealed = load_heads()
    stance_head, joined = read_head(folder_of(STANCE_HEAD))
    figures, sealed_figures = load_figure_models()
    manifests += [shipped.manifest, stance.manifest, sealed, joined, sealed_figures]
    pipeline = load_language(language)
    reader = StanceReader(found, shipped, stance, stance_head, pipeline)
    return Models(pipeline, found, reader, heads, tuple(manifests), figures)


def load_heads() -> tuple[dict[str, LinearModel], Manifest]:
    """The linear models of attribution by name. Raises NotSetUpError when the folder is not what it names."""
    folder = folder_of(ATTRIBUTION)
    manifest = verify(folder, kind="attribution", features=HEADS)
    return {name: read_linear(folder / f"{name}.json") for name in HEADS}, manifest


def load_figure_models() -> tuple[Choices, Manifest]:
    """The models of figures by field. Raises NotSetUpError when the folder is not what it names."""
    folder = folder_of(FIGURES)
    manifest = verify(folder, kind="figures", features=FIGURE_FIELDS)
    return Choices({name: read_choice(folder / f"{name}.json") for name in FIGURE_FIELDS}), manifest


def load_language(name: str = "") -> Language:
    """The language pipeline: the shipped one, or an installed one by name or folder.

    Raises NotSetUpError for one that is not there, and, by name, for a component that it lacks.
    """
    try:
        language = spacy.load(name or folder_of(LANGUAGE))
    except (OSError, ValueError, ImportError) as error:
        raise NotSetUpError(
            f"no spaCy pipeline of this name can be loaded: {error}",
            where=f"STANDPOINT_LANGUAGE={name}",
            do="name an installed pipeline or its folder",
        ) from error
    can = {attribute for pipe in language.pipe_names for attribute in language.get_pipe_meta(pipe).assigns}
    lacking = [what for what, attribute in _NEEDED.items() if attribute not in can]
    if lacking:
        raise NotSetUpError(
            f"the pipeline has no component for {' and '.join(lacking)}",
            where=f"STANDPOINT_LANGUAGE={name}",
            do="name one with tagger, parser and ner",
        )
    return language


@dataclass(frozen=True, slots=True)
class Read:
    """A stretch of the text as the language pipeline reads it; ``start`` is where it begins in the article."""

    start: int
    end: int
    doc: Doc


def read_blocks(language: Language, article: Article) -> tuple[Read, ...]:
    """The blocks of a segmented article that may hold evidence, parsed. One article is one batch."""
    places = [
        (at, min(at + LONGEST, block.end))
        for block in article.blocks
        if block.kind in EVIDENCE_KINDS
        for at in range(block.start, block.end, LONGEST)
    ]
    docs = language.pipe((article.text[start:end] for start, end in places), batch_size=len(places) or 1)
    return tuple(Read(start, end, doc) for (start, end), doc in zip(places, docs, strict=True))


def find_names(article: Article, reads: Sequence[Read]) -> tuple[Name, ...]:
    """The names of people, bodies and places; an honorific and a possessive ending are no part of a name."""
    found: list[Name] = []
    for read in reads:
        for entity in read.doc.ents:
            kind = _KINDS.get(entity.label_)
            if kind is None:
                continue
            words = [token for token in entity if not token.is_space]
            while words and (words[-1].tag_ == "POS" or words[-1].is_punct):
                words.pop()
            while words and (words[0].is_punct or words[0].lower_ in _NO_PART):
                words.pop(0)
            if words:
                start = read.start + words[0].idx
                span = article.span(start, read.start + words[-1].idx + len(words[-1]))
                found.append(Name(span, kind, acts=entity.root.dep_ in _ACTING))
    return tuple(found)
