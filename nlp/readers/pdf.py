"""PDF with a text layer, by pypdf: lines in the order of reading, no running heads, no hyphens of line ends.

A page that is a picture alone is said to be one; a document of such pages is refused, never read as an empty article.
"""

from __future__ import annotations

import logging
import re
import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from math import hypot
from typing import Any

from pypdf import PageObject, PasswordType, PdfReader
from pypdf.errors import DependencyError, DeprecationError, PyPdfError

from nlp.errors import UnreadableError
from nlp.readers.documents import read_document
from nlp.readers.formats import ReadNested
from nlp.readers.pdf_lines import Fragment, lines_of, rows_of, without_running
from nlp.readers.pdf_paragraphs import paragraphs_of
from nlp.readers.reading import Reading, SkippedItem

READER = "pdf/1"
MOST_PAGES = 500
#: A page of a broadsheet has some 3,000 words; beyond these a file draws characters for some other end.
MOST_ON_PAGE = 50_000
MOST_FRAGMENTS = 1_000_000
MOST_CHARACTERS = 10_000_000
#: Below so many letters in all there is no text layer, but a stamp or a page number.
LEAST_LETTERS = 20
#: Below this share of letters and digits a text layer holds codes of glyphs, not characters.
LETTER_SHARE = 0.6

#: What pypdf raises on damaged files: its own family, and what Python raises where it trusts the file.
DAMAGE = (
    *(PyPdfError, DeprecationError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError),
    *(AssertionError, RecursionError, NotImplementedError, OSError, EOFError, struct.error, zlib.error),
)

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\ufffd": "", "\x00": ""}
)
_SHOWN = re.compile(r"\S")
# What it warns of damaged files is told by the error, or was repaired.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """A PDF: an article, or the many of an export. Raises UnreadableError when there is no text layer in it."""
    try:
        document = PdfReader(BytesIO(data), strict=False)
        _unlock(document)
        pages, pictures = _pages(document)
        title = _title(document)
    except DependencyError:
        raise _locked() from None
    except DAMAGE:
        raise UnreadableError("is a PDF that is damaged or cut off", do="get it again, or give its text") from None
    _refuse_without_text(pages)
    rows = without_running([rows_of(page) for page in pages])
    lines = [line for number, page in enumerate(rows) for line in lines_of(page, number)]
    return read_document(
        paragraphs_of(lines), format="pdf", reader=READER, source=source, named=title, skipped=_skipped(pictures)
    )


def _unlock(document: PdfReader) -> None:
    """A file locked against printing opens without a password; one locked against reading does not."""
    if document.is_encrypted and document.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise _locked()


def _locked() -> UnreadableError:
    return UnreadableError("is a PDF that is locked by a password", do="save it without one, or give its text")


def _pages(document: PdfReader) -> tuple[list[list[Fragment]], list[int]]:
    """The fragments of each page, and the numbers of pages that are pictures without text."""
    if len(document.pages) > MOST_PAGES:
        raise UnreadableError(f"is a PDF of more than {MOST_PAGES} pages", do="give the pages with the article")
    pages: list[list[Fragment]] = []
    pictures, fragments, letters = [], 0, 0
    for number, page in enumerate(document.pages, 1):
        pages.append(_fragments(page))
        fragments, letters = fragments + len(pages[-1]), letters + sum(len(each.text) for each in pages[-1])
        if fragments > MOST_FRAGMENTS or letters > MOST_CHARACTERS:
            raise _too_much()
        if not pages[-1] and _has_picture(page):
            pictures.append(number)
    return pages, pictures


def _too_much() -> UnreadableError:
    return UnreadableError("is a PDF with more text than pages hold", do="give the pages with the article")


def _fragments(page: PageObject) -> list[Fragment]:
    """What stands on a page, upright text only: what is written up the margin is no part of the article."""
    found: list[Fragment] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Mapping[str, Any] | None, size: float) -> None:
        if len(found) > MOST_ON_PAGE or len(text) > MOST_CHARACTERS:
            raise _too_much()
        shown = text.replace("\n", " ").translate(_LIGATURES)
        if _SHOWN.search(shown) and abs(tm[1]) <= abs(tm[0]):
            found.append(_fragment(shown, cm, tm, size))

    page.extract_text(visitor_text=visit)
    return found


def _fragment(text: str, cm: list[float], tm: list[float], size: float) -> Fragment:
    """Its place on the page: the text's own matrix, then that of what is drawn around it."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    scale = hypot(tm[2], tm[3]) * hypot(cm[2], cm[3])
    return Fragment(float(x), float(y), abs(float(size) * scale) or 1.0, text)


def _has_picture(page: PageObject) -> bool:
    resources = page.get("/Resources")
    drawn = resources.get_object().get("/XObject") if resources is not None else None
    return bool(drawn is not None and drawn.get_object())


def _title(document: PdfReader) -> str | None:
    information = document.metadata
    title = information.title if information else None
    return title if isinstance(title, str) else None


def _refuse_without_text(pages: list[list[Fragment]]) -> None:
    text = "".join(each.text for page in pages for each in page)
    shown = [letter for letter in text if not letter.isspace()]
    letters = sum(letter.isalnum() for letter in shown)
    if letters < LEAST_LETTERS:
        raise UnreadableError("is a PDF without a text layer, a picture of text", do="run text recognition (OCR) on it")
    if letters < LETTER_SHARE * len(shown):
        raise UnreadableError("is a PDF whose text layer holds no readable characters", do="give its text")


def _skipped(pictures: list[int]) -> list[SkippedItem]:
    return [SkippedItem(f"page {number}", "is a picture without a text layer") for number in pictures]
