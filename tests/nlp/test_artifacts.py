"""A model folder is loaded only when it is, to the byte, what its manifest says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.artifacts import MANIFEST, seal, verify
from nlp.errors import NotSetUpError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sealed model of two files."""
    place = tmp_path / "model"
    (place / "ner").mkdir(parents=True)
    (place / "model.onnx").write_bytes(b"weights")
    (place / "ner" / "cfg").write_bytes(b"{}")
    (place / "README.md").write_text("a card", encoding="utf-8")
    seal(
        place,
        name="m",
        kind="stance",
        version="1",
        features=("support", "oppose"),
        scores={"dev": 0.5},
        corpora={"gold": "abc"},
    )
    return place


def test_whole_folder_is_accepted(folder: Path) -> None:
    manifest = verify(folder, kind="stance", features=("support", "oppose"))
    assert set(manifest.files) == {"model.onnx", "ner/cfg"}
    assert manifest.size == len(b"weights") + len(b"{}")


def test_a_changed_byte_is_refused_with_the_name_of_the_file(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"weightS")
    with pytest.raises(NotSetUpError, match=r"model\.onnx"):
        verify(folder, kind="stance")


def test_a_missing_file_is_refused_with_its_name(folder: Path) -> None:
    (folder / "ner" / "cfg").unlink()
    with pytest.raises(NotSetUpError, match=r"cfg: is missing"):
        verify(folder, kind="stance")


@pytest.mark.parametrize("name", ["extra.py", "weights.pkl", "ner/more.json", "model.pt", "__init__.py"])
def test_a_file_beside_the_manifest_is_refused_with_its_name(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"x")
    with pytest.raises(NotSetUpError, match=Path(name).name):
        verify(folder, kind="stance")


def test_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.onnx").write_bytes(b"weights")
    (folder / "model.onnx").unlink()
    (folder / "model.onnx").symlink_to(tmp_path / "outside.onnx")
    with pytest.raises(NotSetUpError, match=r"model\.onnx"):
        verify(folder, kind="stance")


def test_other_features_are_refused_by_name(folder: Path) -> None:
    with pytest.raises(NotSetUpError, match="mixed"):
        verify(folder, kind="stance", features=("support", "oppose", "mixed"))
    with pytest.raises(NotSetUpError, match="order"):
        verify(folder, kind="stance", features=("oppose", "support"))


def test_another_kind_is_refused(folder: Path) -> None:
    with pytest.raises(NotSetUpError, match="kind 'stance', not 'language'"):
        verify(folder, kind="language")


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"format": 1}'])
def test_a_manifest_that_is_none_is_refused(folder: Path, text: str) -> None:
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(NotSetUpError, match="is no manifest"):
        verify(folder, kind="stance")


def test_a_later_format_is_refused(folder: Path) -> None:
    data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps(data | {"format": 2}), encoding="utf-8")
    with pytest.raises(NotSetUpError, match="format 2"):
        verify(folder, kind="stance")


def test_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotSetUpError, match="holds no manifest"):
        verify(tmp_path / "none", kind="stance")


def test_code_cannot_be_sealed(tmp_path: Path) -> None:
    (tmp_path / "head.pkl").write_bytes(b"x")
    with pytest.raises(NotSetUpError, match=r"head\.pkl"):
        seal(tmp_path, name="m", kind="k", version="1", features=(), scores={}, corpora={})
