"""The form of a text to be analysed: from its fields to an article, or to what is wrong in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath

from starlette.datastructures import FormData

from api.contained import ContainedReader, ReaderEndedError
from api.pages.forms import Fault, file_in, text_in
from nlp.errors import UnreadableError
from nlp.readers import Reading, SkippedItem
from nlp.records import Article, PartialDate

#: The longest text in characters, and the largest file in bytes: a page carries far more than its text. 100,000
#: characters are some thirty press articles, and as long as anybody waits for a page.
MAX_TEXT, MAX_FILE = 100_000, 2_000_000
MAX_LINE = 500


@dataclass(frozen=True, slots=True)
class AnalyseForm:
    """What stands in the fields, as text; a browser never gives a file back."""

    text: str = ""
    title: str = ""
    publisher: str = ""
    published: str = ""

    @classmethod
    def read(cls, form: FormData) -> AnalyseForm:
        """The fields of a form that was sent; unknown ones are left alone."""
        lines = {name: " ".join(text_in(form, name).split()) for name in ("title", "publisher", "published")}
        return cls(text=text_in(form, "text"), **lines)

    def faults(self) -> list[Fault]:
        """What is wrong with the fields beside the text."""
        found = [
            Fault(name, f"The {name} is longer than {MAX_LINE} characters.")
            for name in ("title", "publisher")
            if len(getattr(self, name)) > MAX_LINE
        ]
        if self.published and _date(self.published) is None:
            found.append(Fault("published", "Write the date as 2014, 2014-05 or 2014-05-23, or leave it out."))
        return found

    def complete(self, article: Article) -> Article:
        """The article with what the form says of it, which wins over what was found in the text."""
        given = {name: getattr(self, name) for name in ("title", "publisher") if getattr(self, name)}
        published = _date(self.published) if self.published else None
        return replace(article, **given, published=published or article.published)


@dataclass(frozen=True, slots=True)
class Given:
    """The text that was pasted or sent as a file: its article and what else it held, or what is wrong with it."""

    article: Article | None
    faults: tuple[Fault, ...] = ()
    skipped: tuple[SkippedItem, ...] = ()


def read_given(form: FormData) -> Given:
    """Read what was given, as ``standpoint analyse`` reads a file. Nothing of it is kept."""
    text, file = text_in(form, "text"), file_in(form, "file")
    if file is not None and text.strip():
        return _wrong("file", "Give a text or a file, not both.")
    if file is not None:
        # The name says nothing of the format; it may be shown, so only its last part is kept.
        data, field, source = file.file.read(MAX_FILE + 1), "file", PurePath(file.filename or "file").name
        if len(data) > MAX_FILE:
            return _wrong("file", f"The file is larger than {size_words(MAX_FILE)}; give a shorter one.")
    elif text.strip():
        data, field, source = text.encode("utf-8", "replace"), "text", "pasted text"
    else:
        return _wrong("text", "Paste a text, or choose a file.")
    try:
        with ContainedReader() as reader:
            reading = reader.read_any(data, source=source)
    except (UnreadableError, ReaderEndedError) as error:
        return _wrong(field, f"The {field} {error.what}{f': {error.do}' if error.do else ''}.")
    if len(reading.articles) != 1:
        return _wrong(field, _not_one(reading, field))
    return _of_length(reading.articles[0], field, reading.skipped)


def _not_one(reading: Reading, field: str) -> str:
    if reading.articles:
        many = f"The {field} holds {len(reading.articles):,} articles, and one is read at once"
        return f"{many}; give one of them, or use `standpoint analyse`."
    why = [f": {each.where}: {each.reason}" for each in reading.skipped[:1]]
    return f"The {field} holds no article{''.join(why)}."


def size_words(size: int) -> str:
    """Bytes in words: "2 MB"."""
    return f"{size / 1_000_000:g} MB"


def _of_length(article: Article, field: str, skipped: tuple[SkippedItem, ...]) -> Given:
    if len(article.text) > MAX_TEXT:
        long = f"The text has {len(article.text):,} characters, and at most {MAX_TEXT:,} are read at once"
        return _wrong(field, f"{long}; give it in parts, or use `standpoint analyse`.")
    return Given(article, skipped=skipped)


def _wrong(field: str, text: str) -> Given:
    return Given(None, (Fault(field, text),))


def _date(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text) if len(text) in (4, 7, 10) else None
    except ValueError:
        return None
