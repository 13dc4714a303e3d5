"""What a batch is made of: files on disk, and files that were sent. Nothing here looks into one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from stat import S_ISREG
from typing import Any, Protocol

from api.store.uploads import Upload
from nlp.errors import UnreadableError
from nlp.readers.reading import Reading
from nlp.records import Article, PartialDate


class Source(Protocol):
    """A file to be read: ``name`` is where its articles came from, ``where`` is what a person knows it by."""

    @property
    def name(self) -> str: ...

    @property
    def where(self) -> str: ...

    def load(self, most: int) -> bytes:
        """The bytes, at most so many. Raises UnreadableError."""
        ...

    def complete(self, reading: Reading) -> Reading:
        """The reading with what is known beside the file."""
        ...


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file on disk."""

    path: str

    @property
    def name(self) -> str:
        return Path(self.path).name

    @property
    def where(self) -> str:
        return self.path

    def load(self, most: int) -> bytes:
        try:
            with open(self.path, "rb", opener=_open_without_waiting) as file:
                if not S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise UnreadableError("is a device or pipe, not a file", do="save it to a file first")
                data = file.read(most + 1)
        except OSError as error:
            raise UnreadableError(
                f"cannot be read: {error.strerror}", do="check the file and its permissions"
            ) from None
        return _of_size(data, most)

    def complete(self, reading: Reading) -> Reading:
        return reading


@dataclass(frozen=True, slots=True)
class SentSource:
    """A file that was sent; what its sender says of its one article wins over what is found in it."""

    upload: Upload

    @property
    def name(self) -> str:
        return self.upload.name

    @property
    def where(self) -> str:
        return self.upload.name

    def load(self, most: int) -> bytes:
        return _of_size(self.upload.data, most)

    def complete(self, reading: Reading) -> Reading:
        given = self.upload.given
        if not given or len(reading.articles) != 1:
            return reading
        return replace(reading, articles=(_with(reading.articles[0], given),))


def key_of(source: Source, data: bytes) -> str:
    """What names a file among all that came: its name and its bytes, which a reading depends on."""
    name = source.name.encode("utf-8", "surrogatepass")
    given = repr(sorted(source.upload.given.items())) if isinstance(source, SentSource) and source.upload.given else ""
    parts = (name, given.encode("utf-8", "surrogatepass"), sha256(data).digest())
    return sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).hexdigest()


def uploaded(files: Iterable[Upload]) -> Iterator[SentSource]:
    """What was sent, as a batch takes it."""
    return (SentSource(file) for file in files)


def _open_without_waiting(path: str, flags: int) -> int:
    # A pipe is opened at once, and refused by what it is; opened as usual it would wait for a writer.
    return os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def _of_size(data: bytes, most: int) -> bytes:
    if len(data) > most:
        raise UnreadableError(f"is larger than {most / 1e6:g} MB", do="split it or give the article alone")
    return data


def _with(article: Article, given: Mapping[str, Any]) -> Article:
    texts = {name: given[name] for name in ("title", "publisher", "url") if given.get(name)}
    published = PartialDate.parse(given["published"]) if given.get("published") else article.published
    source = given.get("url") or article.source
    return replace(article, **texts, published=published, source=source, id=Article.identify(source, article.text))
