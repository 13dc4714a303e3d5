"""A model folder proves what it is before it is loaded.

``manifest.json`` holds the SHA-256 and the size of every file beside it but the card. Nothing is read by a model
library until every byte agrees, every file is of an allowed kind and none is there that the manifest
does not name. This guards against damage and mix-ups; who can write the folder can write its manifest too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import file_digest, sha256
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from nlp.errors import NotSetUpError

MANIFEST = "manifest.json"
CARD = "README.md"
#: The layout of folders that this program reads.
FORMAT = 1
#: What a model folder may hold: data, never code. spaCy writes several files without a suffix.
SUFFIXES = frozenset({".json", ".cfg", ".bin", ".onnx", ".skops", ".md", ".txt"})
BARE_NAMES = frozenset({"tokenizer", "model", "cfg", "moves", "trees", "vectors", "key2row"})
#: The largest file that a model folder may hold, in bytes.
LARGEST = 30_000_000


class FileSeal(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str
    bytes: int


class Manifest(BaseModel):
    """What a model is: its kind and version, what it reads, its scores, and the seal of every file.

    ``features`` are the names of what the model reads or tells apart, in order; who loads it compares
    them with its own. ``corpora`` maps what it was measured on to the digest of that corpus.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    name: str
    kind: str
    version: str
    features: tuple[str, ...]
    scores: Mapping[str, float]
    corpora: Mapping[str, str]
    files: Mapping[str, FileSeal]

    @property
    def digest(self) -> str:
        """SHA-256 over the seals: it changes when any byte of the model does."""
        return sha256(repr(sorted((name, seal.sha256) for name, seal in self.files.items())).encode()).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(seal.bytes for seal in self.files.values())


def read_manifests(folder: Path) -> tuple[Manifest, ...]:
    """The manifests of all model folders in ``folder``, by name; nothing is checked against them and nothing loaded."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"*/{MANIFEST}"))]
    return tuple(Manifest.model_validate_json(text) for text in texts)


def verify(folder: Path, *, kind: str, features: tuple[str, ...] | None = None) -> Manifest:
    """The manifest of a folder that is whole and of the right kind.

    Raises NotSetUpError that names the file: missing, changed, of a kind that is not allowed, or not
    in the manifest; and where the model reads other ``features`` than the program gives it.
    """
    manifest = _manifest(folder)
    if manifest.format != FORMAT:
        raise _broken(folder / MANIFEST, f"has format {manifest.format}, this program reads {FORMAT}")
    if manifest.kind != kind:
        raise _broken(folder / MANIFEST, f"is of a model of kind {manifest.kind!r}, not {kind!r}")
    if features is not None and manifest.features != features:
        odd = sorted(set(manifest.features) ^ set(features)) or ["their order"]
        raise _broken(folder / MANIFEST, f"was trained on other features: {', '.join(odd)}")
    present = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if not path.is_dir()}
    for name, path in present.items():
        if path.is_symlink() or not _allowed(path):
            raise _broken(path, "is a file of a kind that no model may hold")
        if name not in manifest.files and name not in (MANIFEST, CARD):
            raise _broken(path, "is not in the manifest")
    for name, seal in manifest.files.items():
        if name not in present:
            raise _broken(folder / name, "is missing")
        if present[name].stat().st_size != seal.bytes or digest_of(present[name]) != seal.sha256:
            raise _broken(present[name], "is not the file that the manifest names")
    return manifest


def seal(
    folder: Path,
    *,
    name: str,
    kind: str,
    version: str,
    features: tuple[str, ...],
    scores: Mapping[str, float],
    corpora: Mapping[str, str],
) -> Manifest:
    """Write the manifest of a folder that is complete but for it.

    Raises NotSetUpError for a file that may not be there.
    """
    files: dict[str, FileSeal] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or path.name in (MANIFEST, CARD):
            continue
        if not _allowed(path):
            raise _broken(path, "is a file of a kind that no model may hold")
        if path.stat().st_size > LARGEST:
            raise _broken(path, f"is larger than {LARGEST:,} bytes")
        files[path.relative_to(folder).as_posix()] = FileSeal(sha256=digest_of(path), bytes=path.stat().st_size)
    manifest = Manifest(
        format=FORMAT,
        name=name,
        kind=kind,
        version=version,
        features=features,
        scores=scores,
        corpora=corpora,
        files=files,
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return manifest


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def digest_of_all(paths: Iterable[Path]) -> str:
    """One SHA-256 over the names and contents of files, in the order given."""
    digest = sha256()
    for path in paths:
        digest.update(f"{path.name}\0{digest_of(path)}\n".encode())
    return digest.hexdigest()


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise NotSetUpError("holds no manifest", where=str(folder), do="install Standpoint anew") from error
    except ValidationError as error:
        raise _broken(path, f"is no manifest: {error.errors()[0]['msg']}") from error


def _allowed(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES or path.name in BARE_NAMES


def _broken(path: Path, what: str) -> NotSetUpError:
    return NotSetUpError(what, where=str(path), do="install Standpoint anew, or train the model again")
