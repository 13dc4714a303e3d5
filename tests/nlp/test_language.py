"""The shipped models load, stand together, and may be swapped for a user's own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import spacy

from nlp.artifacts import verify
from nlp.encoders import LABELS
from nlp.errors import NotSetUpError
from nlp.language import find_names, load_language, load_models, read_blocks
from nlp.readers import read_bytes
from nlp.records import NameKind
from nlp.steps.segment import segment

FOLDERS = {"language-en-1": "language", "encoder-minilm-int8": "encoder", "stance-minilm-int8": "stance"}
#: Megabytes, together and of one file.
ALL, ONE = 80, 30


@pytest.mark.parametrize(("name", "kind"), FOLDERS.items())
def test_shipped_models_are_whole_and_have_cards(name: str, kind: str) -> None:
    folder = Path(str(files("models") / name))
    manifest = verify(folder, kind=kind, features=LABELS if kind == "stance" else None)
    assert manifest.scores and manifest.corpora
    assert "licence" in (folder / "README.md").read_text(encoding="utf-8").lower()


def test_weights_are_light() -> None:
    sizes = [
        path.stat().st_size
        for name in FOLDERS
        for path in Path(str(files("models") / name)).rglob("*")
        if path.is_file()
    ]
    assert sum(sizes) <= ALL * 1e6 and max(sizes) <= ONE * 1e6


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Vane said no. He met St. John Ames.", ["Dr. Vane said no.", "He met St. John Ames."]),
        ("The fund is worth £1.2bn. It ends in 2015.", ["The fund is worth £1.2bn.", "It ends in 2015."]),
        ("GPs reject takeover of contracts", ["GPs reject takeover of contracts"]),
        (
            "“We will not sign,” said Dr. Ray. “It would be wrong.” The union agreed.",
            ["“We will not sign,” said Dr. Ray.", "“It would be wrong.”", "The union agreed."],
        ),
        ("‘It should go,’ he argued. ‘You should get it.’", ["‘It should go,’ he argued.", "‘You should get it.’"]),
    ],
)
def test_sentences_survive_the_press(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in load_models().language(text).sents] == sentences


def test_names_are_found_where_they_stand_and_without_titles() -> None:
    text = "Plans rejected\n\nDr Asha Menon of Leeds North CCG met NHS England’s Tom Vane in York on Monday."
    (article,) = read_bytes(text.encode(), source="a.txt")
    article = segment(article)
    names = find_names(article, read_blocks(load_models().language, article))
    assert all(article.text[name.span.start : name.span.end] == name.span.text for name in names)
    people = {name.span.text for name in names if name.kind is NameKind.PERSON}
    assert {"Asha Menon", "Tom Vane"} <= people
    assert "Leeds North CCG" in {name.span.text for name in names if name.kind is NameKind.ORGANISATION}


def _small_pipeline(folder: Path, *, without: str = "") -> Path:
    """A pipeline made on the spot: a few untrained steps, enough to load and run."""
    language = spacy.blank("en")
    for name in ("tagger", "parser", "ner"):
        if name != without:
            language.add_pipe(name)
    if "tagger" in language.pipe_names:
        language.get_pipe("tagger").add_label("NN")  # type: ignore[attr-defined]
    if "parser" in language.pipe_names:
        language.get_pipe("parser").add_label("dep")  # type: ignore[attr-defined]
    if "ner" in language.pipe_names:
        language.get_pipe("ner").add_label("ORG")  # type: ignore[attr-defined]
    language.initialize()
    language.to_disk(folder)
    return folder


def test_another_language_pipeline_is_taken(tmp_path: Path) -> None:
    folder = _small_pipeline(tmp_path / "own")
    models = load_models(str(folder), "")
    assert models.language("One two.").has_annotation("TAG")
    kinds = [manifest.kind for manifest in models.manifests]
    assert kinds == ["blocks", "encoder", "stance", "attribution", "stance-head", "figures"]


@pytest.mark.parametrize(("without", "named"), [("tagger", "tags"), ("parser", "a parse"), ("ner", "names")])
def test_a_pipeline_without_a_needed_component_is_refused_by_name(tmp_path: Path, without: str, named: str) -> None:
    with pytest.raises(NotSetUpError, match=named):
        load_language(str(_small_pipeline(tmp_path / "own", without=without)))


def test_a_pipeline_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotSetUpError, match="STANDPOINT_LANGUAGE=no_such_pipeline"):
        load_language("no_such_pipeline")


def test_a_paragraph_longer_than_spacy_takes_is_read() -> None:
    (article,) = read_bytes(b"Plans\n\n" + b"Dr Asha Menon of Fenland LMC met Tom Vane. " * 24_000, source="a.txt")
    article = segment(article)
    (name, *_) = find_names(article, read_blocks(load_models().language, article))
    assert article.text[name.span.start : name.span.end] == name.span.text
